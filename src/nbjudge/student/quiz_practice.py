"""Practice: explained at once, any number of tries, new numbers on demand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nbjudge.errors import UserError
from nbjudge.naming.card import Card, Part, Status, draw
from nbjudge.questions.draw import paper_key, shuffled
from nbjudge.questions.expression import BadExpression
from nbjudge.questions.paper import DrawnQuestion, draw_question
from nbjudge.questions.question import AnswerKey, Question
from nbjudge.questions.quiz_file import Quiz
from nbjudge.questions.score import Scored, score
from nbjudge.student.quiz_folder import Progress, earlier_quizzes
from nbjudge.texts import say, say_many

REVIEW = "review"
_REVIEWED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class _Practised:
    question: Question
    key: AnswerKey
    quiz: Quiz
    progress: Progress


class PracticeSession:
    """Practice questions, of one lesson or of several, and how they went so far.

    Args:
        questions: What is practised, with whose keys and progress.
    """

    def __init__(self, questions: Iterable[_Practised]) -> None:
        self._own = {item.question.id: item for item in questions}
        self.questions: list[DrawnQuestion] = [self._drawn(item) for item in self._own.values()]

    def try_answer(self, question: str, answer: str | list[str]) -> Scored:
        """Mark an answer and count the try.

        Raises:
            KeyError: If no such question is practised here.
        """
        item = self._own[question]
        drawn = next(drawn for drawn in self.questions if drawn.id == question)
        try:
            scored = score(drawn, item.key, answer)
        except BadExpression as error:
            return Scored(
                fraction=0.0, problem=say("this question is broken: {error}", error=error)
            )
        item.progress.add(question, "tries")
        if scored.fraction == 1.0:
            item.progress.add(question, "right")
        return scored

    def draw_again(self, question: str) -> DrawnQuestion:
        """Draw new numbers and another order of options.

        Raises:
            KeyError: If no such question is practised here.
        """
        item = self._own[question]
        item.progress.add(question, "draws")
        place = next(i for i, drawn in enumerate(self.questions) if drawn.id == question)
        before = self.questions[place]
        for _ in range(20):
            self.questions[place] = self._drawn(item)
            if not before.numbers or self.questions[place].numbers != before.numbers:
                break
            item.progress.add(question, "draws")
        return self.questions[place]

    def has_other_draws(self, question: str) -> bool:
        """Say whether drawing again changes the numbers."""
        return bool(self._own[question].question.drawable.spreads)

    def how_it_went(self, question: str) -> str:
        """Say in a few words how often it was tried; empty for never."""
        progress = self._own[question].progress
        tries, right = progress.count(question, "tries"), progress.count(question, "right")
        if not tries:
            return ""
        return say_many(
            "{number} try so far, {right} right",
            "{number} tries so far, {right} right",
            tries,
            right=right,
        )

    def model_answer(self, question: str) -> str:
        """Return what a good text says, for a written question."""
        return self._own[question].key.model_answer

    def _drawn(self, item: _Practised) -> DrawnQuestion:
        draws = item.progress.count(item.question.id, "draws")
        key = paper_key(item.quiz.course, item.quiz.lesson, f"practice {draws}")
        return draw_question(item.question, key)


def practice_session(quiz: Quiz, folder: Path, only: Sequence[str] = ()) -> PracticeSession:
    """Practise a lesson's questions.

    Args:
        quiz: The lesson's.
        folder: Where its notebook is.
        only: Ids to choose; all without any.

    Raises:
        UserError: If one of them is no practice question, or there is none.
    """
    questions = {question.id: question for question in quiz.of_use("practice")}
    unknown = [name for name in only if name not in questions]
    if unknown or not questions:
        raise UserError(
            say(
                "There is no practice question {name!r} in {lesson}.",
                name=unknown[0],
                lesson=quiz.lesson,
            )
            if unknown
            else say("There is no practice question at all in {lesson}.", lesson=quiz.lesson),
            context=str(folder),
            hint=say("there are: {names}.", names=", ".join(questions) or say("none")),
        )
    progress = Progress(folder, quiz.lesson)
    chosen = [questions[name] for name in only] or list(questions.values())
    return PracticeSession(_practised(quiz, chosen, progress))


def review_session(folder: Path) -> PracticeSession:
    """Practise three questions of earlier lessons: missed ones first, then the least tried.

    Returns:
        A session without questions if no earlier lesson lies beside this one.
    """
    everything: list[_Practised] = []
    for quiz, place in earlier_quizzes(folder):
        questions = quiz.of_use("practice")
        everything += _practised(quiz, questions, Progress(place, quiz.lesson))
    # Another order each day, so that a review on two days is not the same.
    key = hashlib.sha256(date.today().isoformat().encode()).digest()
    order = shuffled(key, REVIEW, [_name(item) for item in everything])
    everything.sort(key=lambda item: (not _is_missed(item), _tries(item), order.index(_name(item))))
    # Lessons may use one id for two questions; a session knows its questions by id.
    distinct = {item.question.id: item for item in reversed(everything)}
    chosen = [item for item in everything if distinct[item.question.id] is item]
    return PracticeSession(chosen[:_REVIEWED])


def nothing_to_review(folder: Path) -> Card:
    """Draw the card of a review without questions, which is nobody's fault."""
    about = Part(
        title=say("That is fine: go on with this lesson."),
        text=say(
            "Questions of earlier lessons are asked here, those you missed first, as soon as the "
            "folder of such a lesson lies beside this one, in {folder}.",
            folder=folder.parent,
        ),
    )
    headline = say("nothing to review yet")
    return draw(REVIEW, Status.RIGHT, headline, [about], state=say("nothing to do"))


def _practised(quiz: Quiz, questions: Iterable[Question], progress: Progress) -> list[_Practised]:
    keys = quiz.practice_keys
    return [
        _Practised(question=question, key=keys[question.id], quiz=quiz, progress=progress)
        for question in questions
        if question.id in keys
    ]


def _name(item: _Practised) -> str:
    return f"{item.quiz.lesson} {item.question.id}"


def _is_missed(item: _Practised) -> bool:
    return item.progress.is_missed(item.question.id)


def _tries(item: _Practised) -> int:
    return item.progress.count(item.question.id, "tries")
