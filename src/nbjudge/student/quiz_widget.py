"""The quiz as buttons and fields: an anywidget between the browser and a session.

The browser shows and asks; every answer is saved or explained by the kernel, and the
browser says so only once the kernel has said so.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from nbjudge.questions.paper import DrawnQuestion
from nbjudge.questions.question import Words
from nbjudge.student.quiz_practice import PracticeSession
from nbjudge.student.quiz_session import GradedSession
from nbjudge.texts import say

_HERE = Path(__file__).parent
Reply = dict[str, Any]


class QuizWidget(anywidget.AnyWidget):
    """What the browser draws.

    Args:
        page: Gives what it shows now; see `graded_page` and `practice_page`.
        reply: Answers a message of the browser's.
        text: The same in plain text, for where no widget can be drawn.
    """

    _esm = _HERE / "quiz_widget.js"
    _css = _HERE / "quiz_widget.css"
    page = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        page: Callable[[], Reply],
        reply: Callable[[Mapping[str, Any]], Reply],
        text: str,
    ) -> None:
        super().__init__(page=page(), words=_words())
        self._current_page = page
        self._text = text
        self._reply = reply
        self.on_msg(self._answer)

    def _answer(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if isinstance(content, dict):
            self.send({**self._reply(content), "seq": content.get("seq")})
            # For a browser that is reloaded: it asks the kernel for the page as it is now.
            self.page = self._current_page()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, rest = (bundle[0], bundle[1:]) if isinstance(bundle, tuple) else (bundle, ())
        if data is None:
            return bundle
        data = {**data, "text/plain": self._text}
        return (data, *rest) if rest else data


def graded_page(session: GradedSession) -> Reply:
    """Return what the browser shows of a graded paper."""
    questions = [
        {**_question(drawn), "answer": session.answers.get(drawn.id)}
        for drawn in session.paper.questions
    ]
    return {
        "mode": "graded",
        "title": session.quiz.title,
        "student": session.paper.student,
        "questions": questions,
        "messages": list(session.messages),
        **saved_state(session),
    }


def saved_state(session: GradedSession) -> Reply:
    """Return what is saved, and whether the notebook carries it too."""
    return {
        "file": session.file_name,
        "answered": session.answered,
        "of": len(session.paper.questions),
        "receipt": session.receipt,
        "carried": session.carried,
    }


def graded_reply(session: GradedSession) -> Callable[[Mapping[str, Any]], Reply]:
    """Return what saves the browser's answers."""

    def reply(message: Mapping[str, Any]) -> Reply:
        question, answer = message.get("question"), message.get("answer")
        if message.get("type") != "answer" or not isinstance(question, str):
            return {"type": "unknown"}
        if not isinstance(answer, (str, list)):
            return {"type": "unknown"}
        try:
            session.answer(question, answer)
        except OSError as error:
            return {"type": "not-saved", "why": error.strerror or str(error)}
        return {
            "type": "saved",
            "question": question,
            "read": session.read_as(question),
            **saved_state(session),
        }

    return reply


def practice_page(session: PracticeSession, title: str) -> Reply:
    """Return what the browser shows of practice questions."""
    return {
        "mode": "practice",
        "title": title,
        "questions": [_practised(session, drawn) for drawn in session.questions],
        "messages": [],
    }


def practice_reply(session: PracticeSession) -> Callable[[Mapping[str, Any]], Reply]:
    """Return what explains the browser's answers."""

    def reply(message: Mapping[str, Any]) -> Reply:
        question, answer = message.get("question"), message.get("answer")
        try:
            if message.get("type") == "again":
                drawn = session.draw_again(str(question))
                return {"type": "drawn", "question": question, **_practised(session, drawn)}
            if message.get("type") != "try" or not isinstance(answer, (str, list)):
                return {"type": "unknown"}
            scored = session.try_answer(str(question), answer)
        except KeyError:
            return {"type": "unknown"}
        explanations = [[about, words.html] for about, words in _shown(session, question, scored)]
        return {
            "type": "explained",
            "question": question,
            "fraction": scored.fraction,
            "problem": scored.problem,
            "explanations": explanations,
            "went": session.how_it_went(str(question)),
        }

    return reply


def _shown(session: PracticeSession, question: Any, scored: Any) -> list[tuple[str, Words]]:
    """Explain; of a written answer, what a good one says."""
    drawn = next(drawn for drawn in session.questions if drawn.id == question)
    by_text = {entry.words.text: entry.words.html for entry in drawn.entries}
    said = [(by_text.get(about, ""), words) for about, words in scored.explanations]
    if scored.fraction is None:
        model = html.escape(session.model_answer(str(question)))
        said.append((say("A good answer says:"), Words(text="", html=model)))
    return said


def _practised(session: PracticeSession, drawn: DrawnQuestion) -> Reply:
    return {
        **_question(drawn),
        "answer": None,
        "again": session.has_other_draws(drawn.id),
        "went": session.how_it_went(drawn.id),
    }


def _question(drawn: DrawnQuestion) -> Reply:
    question = drawn.question
    return {
        "id": question.id,
        "kind": question.kind,
        "points": question.points,
        "prompt": drawn.prompt.html,
        "entries": [
            {"id": e.id, "html": e.words.html, "text": e.words.text} for e in drawn.entries
        ],
        "unit": question.unit,
        "words": question.words,
    }


def _words() -> dict[str, str]:
    """Return the browser's own words; what stands in braces is filled in there."""
    return {
        "no_kernel": say(
            "NOT saved: the kernel does not answer. Run this cell again, then answer once more."
        ),
        "not_known": say(
            "NOT saved: this quiz is not the one that the kernel knows. Run the cell again."
        ),
        "answer_long": say("Your answer, about {count} words"),
        "answer": say("Your answer"),
        "unit": say("in {unit}"),
        "move_up": say("Move up"),
        "move_down": say("Move down"),
        "take_out_label": say("Take out"),
        "put_in_label": say("Put in"),
        "take_out": say("take out"),
        "put_in": say("put in"),
        "order": say("Your order:"),
        "order_empty": say("Your order is still empty."),
        "not_in": say("Not in it:"),
        "all_in": say("Every line is in it."),
        "point": say("1 point"),
        "points": say("{points} points"),
        "question": say("Question {number} of {count}"),
        "saving": say("saving ..."),
        "saved": say("saved"),
        "not_saved": say("NOT saved: {why}"),
        "compare": say("Compare for yourself."),
        "right": say("right"),
        "partly": say("partly right"),
        "not_yet": say("not yet"),
        "check": say("Check"),
        "new_numbers": say("New numbers"),
        "whose": say(
            "Whose paper is this? Every student has their own questions and numbers. "
            "Give your id in the course, as your instructor knows it; it is asked "
            "once."
        ),
        "id": say("Your id"),
        "begin": say("Begin"),
        "nothing": say("Nothing answered yet, 0 of {count}."),
        "carried": say("The notebook carries these answers too: save it before you hand it in."),
        "not_carried": say(
            "The notebook itself does not carry them yet: run this cell again before you hand in."
        ),
        "saved_in": say("Saved in {file}: {answered} of {count} answered, receipt {receipt}."),
        "paper_of": say("The paper of {student}."),
    }
