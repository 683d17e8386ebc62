"""The card of a quiz on the feedback page: each question, the answer given, and why."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape

from nbjudge.errors import UserError
from nbjudge.model import QuestionResult, QuizResult
from nbjudge.naming.card import Card, Part, Status, draw
from nbjudge.questions.answers import QUIZ_CELL, written_cell
from nbjudge.questions.markup import to_html
from nbjudge.reports.points import number_text
from nbjudge.texts import said, say


def quiz_card(quiz: QuizResult, points_cell: str) -> Card | None:
    """Return the card of one of a quiz's points cells; None if the cell is not its own.

    Args:
        quiz: The verdict.
        points_cell: The cell's `grade_id`.
    """
    name = points_cell.removeprefix("test_")
    written = {written_cell(question.question): question for question in quiz.written}
    if points_cell != QUIZ_CELL and points_cell not in written:
        return None
    if quiz.fault:
        return draw(name, Status.OPEN, say("no mark yet"), [_grader_failed()])
    if quiz.held:
        return draw(name, Status.OPEN, say("no mark yet"), _held(quiz))
    if points_cell in written:
        question = written[points_cell]
        headline = say("a person marks this") if question.earned is None else say("not answered")
        return draw(name, Status.OPEN, headline, [*_question(question), *_rubric(question)])
    headline = say(
        "{score} of {points} points", score=number_text(quiz.score), points=number_text(quiz.points)
    )
    parts = [part for question in quiz.marked for part in _question(question)]
    return draw(name, _status(quiz.fraction), headline, [*_said(quiz), *parts])


def quiz_remarks(quiz: QuizResult) -> Iterator[str]:
    """Say in a few words what stands out about a quiz."""
    # In the instructor's table, in their language: English.
    if quiz.fault:
        yield f"quiz: grader fault: {quiz.fault.splitlines()[0]}"
    elif quiz.held:
        yield f"quiz held: {quiz.held}"
    elif quiz.problem:
        yield f"quiz: {quiz.problem}"
    if not quiz.fault:
        yield from (f"quiz: {note}" for note in quiz.notes)


def _grader_failed() -> Part:
    return Part(
        title=say("The grader failed here, not your work"),
        text=say(
            "This is not about your answers: nothing in them was found wrong. "
            "A person will look at it, and you need not do anything."
        ),
    )


def _held(quiz: QuizResult) -> list[Part]:
    # Not what the answers are worth: that is the instructor's, in the table of `nbjudge grade`.
    return [
        Part(
            title=say("These answers are not on your own paper"),
            text=say(
                "What was found: {held}. Nothing was marked and nothing was taken away; a "
                "person will look at it. If you can still hand in, open the quiz in your own "
                "folder, check that it shows your own name, answer it, and hand it in again.",
                held=said(quiz.held),
            ),
        ),
    ]


def _said(quiz: QuizResult) -> Iterator[Part]:
    if quiz.problem:
        problem = said(quiz.problem)
        yield Part(title=say("Nothing to mark"), text=f"{problem[:1].upper()}{problem[1:]}.")
    if quiz.notes:
        yield Part(title=say("How your answers were read"), items=tuple(map(said, quiz.notes)))
    if quiz.receipt:
        yield Part(
            text=say("The answers that counted have the receipt {receipt}.", receipt=quiz.receipt)
        )


def _status(fraction: float) -> Status:
    if fraction == 1.0:
        return Status.RIGHT
    return Status.PARTLY if fraction else Status.NOT_YET


def _question(question: QuestionResult) -> Iterator[Part]:
    earned = question.earned
    points = number_text(question.points)
    got = (
        say("{points} points", points=points)
        if earned is None
        else say("{earned} of {points}", earned=number_text(earned), points=points)
    )
    mark = Status.OPEN if earned is None else _status(earned / question.points)
    yield Part(items=(f"{question.question}: {got}",), mark=mark)
    yield _rich(question.prompt)
    yield from _given(question)
    if question.problem:
        yield Part(title=say("It could not be read"), text=f"{said(question.problem)}.")
    yield from (_explained(about, words) for about, words in question.explanations)
    if question.right and question.kind == "order":
        yield Part(title=say("Right would be"), code=question.right)
    elif question.right:
        yield _explained(say("Right would be:"), question.right)


def _given(question: QuestionResult) -> Iterator[Part]:
    if not question.given:
        yield Part(text=say("You gave no answer."))
    elif question.kind in ("single", "multiple"):  # the author's words, not the student's
        yield Part(title=say("Your answer"), text=question.given, rich=_html(question.given))
    else:
        yield Part(title=say("Your answer"), code=question.given)


def _explained(about: str, words: str) -> Part:
    if not about:
        return _rich(words)
    return Part(text=f"{about} {words}", rich=f"<strong>{_html(about)}</strong> {_html(words)}")


def _rich(words: str) -> Part:
    return Part(text=words, rich=_html(words))


def _rubric(question: QuestionResult) -> Iterator[Part]:
    items = tuple(f"{number_text(points)}: {text}" for points, text in question.rubric)
    yield Part(title=say("What it is marked by"), items=items)


# A class's pages show the same questions and explanations.
@lru_cache(maxsize=512)
def _html(text: str) -> str:
    try:
        return to_html(text)
    except UserError:  # lint has said so; the words are there all the same
        return escape(text)
