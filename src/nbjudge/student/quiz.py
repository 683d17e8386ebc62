"""`quiz("m1_l05")`: a lesson's questions in the learner's own notebook.

Graded questions are answered here and marked elsewhere: no key of theirs is on this
machine. Practice questions explain themselves at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display

from nbjudge.errors import UserError
from nbjudge.naming.card import Card
from nbjudge.questions.answers import UnreadableAnswers, checked_answers
from nbjudge.questions.draw import same_student
from nbjudge.questions.quiz_file import Quiz
from nbjudge.student.cards import problem_card
from nbjudge.student.check import NBGRADER_VARIABLE, SANDBOX_VARIABLE
from nbjudge.student.quiz_cell import cell_source, write_into_cell
from nbjudge.student.quiz_folder import find_quiz
from nbjudge.student.quiz_identity import (
    LONGEST,
    is_settled_by_environment,
    known_student,
    remember_student,
)
from nbjudge.student.quiz_practice import (
    REVIEW,
    PracticeSession,
    nothing_to_review,
    practice_session,
    review_session,
)
from nbjudge.student.quiz_session import GradedSession
from nbjudge.student.quiz_text import quiz_text
from nbjudge.texts import say


def quiz(
    lesson: str,
    *,
    practice: bool = False,
    only: Sequence[str] = (),
    student: str = "",
    paper: str = "",
    receipt: str = "",
    answers: Mapping[str, Any] | None = None,
    numbers: Mapping[str, Any] | None = None,
) -> None:
    """Show a lesson's quiz.

    The graded quiz saves every answer in a file beside the notebook. Running its cell
    again writes them into the cell as well. Without buttons, answer by code:
    `quiz("m1_l05", answers={"why-eps": "no-zero-divisor"})`.

    Args:
        lesson: The lesson, `m1_l05`; or `review`, for three questions of earlier lessons.
        practice: Whether to show the practice questions instead of the graded ones.
        only: Ids of the practice questions to show; all without any.
        student: Whose paper: your id in the course, if the server does not know it.
        paper: Written by the quiz itself: whose answers these are.
        receipt: Written by the quiz itself: tells its own lines from edited ones.
        answers: Answers by question id.
        numbers: Written by the quiz itself: the numbers in your questions.
    """
    if NBGRADER_VARIABLE in os.environ or SANDBOX_VARIABLE in os.environ:
        return  # nobody is there to answer
    folder = Path.cwd()
    try:
        if lesson == REVIEW:
            _show_review(folder, answers or {})
            return
        found = find_quiz(lesson, folder)
        if practice:
            session = practice_session(found, folder, only)
            _show_practice(session, f"{found.title}: practice", lesson, answers or {})
            return
        fields: dict[str, Any] = {"student": student, "paper": paper, "receipt": receipt}
        fields |= {"answers": dict(answers or {}), "numbers": dict(numbers or {})}
        _Graded(found, lesson, folder, fields).show()
    except UserError as error:
        about = (error.message, error.context, error.hint)
        _display_card(
            problem_card("quiz", *about, headline=say("could not be shown"), state=say("not shown"))
        )


class _Graded:
    """The graded quiz of one cell, before and after it is known whose it is."""

    def __init__(self, quiz: Quiz, name: str, folder: Path, fields: Mapping[str, Any]) -> None:
        self._quiz, self._name, self._folder, self._fields = quiz, name, folder, fields
        self._session: GradedSession | None = None

    def show(self) -> None:
        own = known_student()
        if not own and self._fields["student"]:
            own = str(self._fields["student"])[:LONGEST]
            remember_student(own)
        if own:
            self._begin(own)
            self._carry()
        self._draw()

    def _begin(self, student: str) -> None:
        session = GradedSession(self._quiz, student, self._folder)
        claimed = same_student(str(self._fields["student"]))
        if claimed and claimed != session.paper.student and is_settled_by_environment():
            session.messages.append(
                say("This is the paper of {student}.", student=session.paper.student)
            )
        session.take_from_cell(self._fields)
        self._session = session

    def _carry(self) -> None:
        """Write the answers into the cell; only while it runs, for the editor's next reply."""
        carried = self._session.carried_answers() if self._session else None
        if self._session is not None and carried is not None:
            write_into_cell(cell_source(self._name, carried))
            self._session.carried = carried.receipt

    def _reply(self, message: Mapping[str, Any]) -> dict[str, Any]:
        from nbjudge.student.quiz_widget import graded_reply  # noqa: PLC0415

        if message.get("type") == "student" and self._session is None:
            said = str(message.get("answer") or "").strip()[:LONGEST]
            if not said:
                return {"type": "unknown"}
            remember_student(said)
            self._begin(said)
            return {"type": "begun"}
        if self._session is None:
            return {"type": "unknown"}
        return graded_reply(self._session)(message)

    def _draw(self) -> None:
        text = self._text()
        try:
            from nbjudge.student.quiz_widget import QuizWidget, graded_page  # noqa: PLC0415
        except ImportError:  # no anywidget here: the text says how to answer
            _display({"text/plain": text})
            return
        asked = {"mode": "student", "title": self._quiz.title, "questions": [], "messages": []}

        def page() -> dict[str, Any]:
            return graded_page(self._session) if self._session else asked

        _display_widget(QuizWidget(page, self._reply, text), text)

    def _text(self) -> str:
        call = f'quiz("{self._name}"'
        title = f"{self._quiz.title}: quiz"
        session = self._session
        if session is None:
            said = [
                say('Whose paper is this? Run {call}, student="your id in the course")', call=call)
            ]
            return quiz_text(title, [], {}, call, said)
        said = [say("The paper of {student}.", student=session.paper.student), *session.messages]
        if session.answered:
            said.append(
                say(
                    "Saved in {file_name}: {answered} of {questions} answers, receipt {receipt}.",
                    file_name=session.file_name,
                    answered=session.answered,
                    questions=len(session.paper.questions),
                    receipt=session.receipt,
                )
            )
        return quiz_text(title, session.paper.questions, session.answers, call, said)


def _show_review(folder: Path, answers: Mapping[str, Any]) -> None:
    session = review_session(folder)
    if not session.questions:
        _display_card(nothing_to_review(folder))
        return
    _show_practice(session, say("Three questions of earlier lessons"), REVIEW, answers)


def _show_practice(
    session: PracticeSession, title: str, name: str, answers: Mapping[str, Any]
) -> None:
    call = f'quiz("{name}"' if name == REVIEW else f'quiz("{name}", practice=True'
    said = [line for question, own in answers.items() for line in _tried(session, question, own)]
    text = quiz_text(title, session.questions, {}, call, said)
    if said:  # whoever answers by code reads the answer as text
        _display({"text/plain": "\n".join(said)})
    try:
        from nbjudge.student.quiz_widget import (  # noqa: PLC0415
            QuizWidget,
            practice_page,
            practice_reply,
        )
    except ImportError:
        _display({"text/plain": text})
        return
    widget = QuizWidget(lambda: practice_page(session, title), practice_reply(session), text)
    _display_widget(widget, text)


def _tried(session: PracticeSession, question: str, answer: Any) -> list[str]:
    """Mark an answer given by code, in words."""
    try:
        given = checked_answers({"answers": {question: answer}}).answers[question]
        scored = session.try_answer(question, given if isinstance(given, str) else list(given))
    except UnreadableAnswers as error:
        return [f"{question}: {error}."]
    except KeyError:
        return [say("No question {question!r} is shown here.", question=str(question)[:60])]
    if scored.fraction is None:
        return [
            say(
                "{question}: compare. A good answer says: {model_answer}",
                question=question,
                model_answer=session.model_answer(question),
            )
        ]
    words = {0.0: say("not yet"), 1.0: say("right")}.get(scored.fraction, say("partly right"))
    lines = [f"{question}: {scored.problem or words}."]
    for about, explanation in scored.explanations:
        lines.append(f"  {f'{about}: ' if about else ''}{explanation.text}")
    return lines


def _display_widget(widget: Any, text: str) -> None:
    if get_ipython() is None:
        sys.stdout.write(text + "\n")
        return
    display(widget)  # type: ignore[no-untyped-call]


def _display_card(card: Card) -> None:
    _display({"text/html": card.html, "text/plain": card.text})


def _display(data: dict[str, str]) -> None:
    if get_ipython() is None:
        sys.stdout.write(data["text/plain"] + "\n")
        return
    display(data, raw=True)  # type: ignore[no-untyped-call]
