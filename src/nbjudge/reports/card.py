"""The card a learner finds in each points cell of the feedback page.

Of a hidden case it shows the kind of input and nothing else; of a public case
also the message. Whose problem it is - the submission's or the grader's - is
said in so many words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from nbjudge.model import CaseResult, CellRun, ExerciseResult, GradingResult, NamedMistake, Outcome
from nbjudge.naming.card import Card, Part, Status, draw
from nbjudge.naming.ladder import ladder
from nbjudge.reports.points import number_text
from nbjudge.reports.quiz_card import quiz_card
from nbjudge.texts import later, said, say, say_many

_WENT_WRONG = {
    Outcome.FAILED: later("another answer was expected"),
    Outcome.ERRORED: later("your code raised an error"),
    Outcome.TIMED_OUT: later("your code took too long"),
    Outcome.OUT_OF_MEMORY: later("your code took too much memory"),
    Outcome.NOT_RUN: later("did not run"),
}
_SHOWN_CASES = 3
"""Public messages on one card; the first one usually explains the others."""
_SHOWN_LINES = 12


def feedback_card(result: GradingResult, points_cell: str) -> Card:
    """Return the card of one points cell.

    Args:
        result: The judge's verdict on the notebook.
        points_cell: The cell's `grade_id`.
    """
    exercise = next((e for e in result.exercises if f"test_{e.exercise}" == points_cell), None)
    name = points_cell.removeprefix("test_")
    if result.fault or (exercise is not None and exercise.fault):
        return draw(name, Status.OPEN, say("no mark yet"), [_grader_failed()])
    if result.problem:
        return draw(name, Status.OPEN, say("no mark yet"), [_not_judged(result.problem)])
    if exercise is None:
        for quiz in result.quizzes:
            own = quiz_card(quiz, points_cell)
            if own is not None:
                return own
        return draw(
            name, Status.OPEN, say("no mark yet"), [Part(text=say("A person grades this cell."))]
        )
    parts = [*_notes(result, name), *_parts(exercise, result.cells)]
    return draw(name, _status(exercise), _headline(exercise), parts)


def _grader_failed() -> Part:
    return Part(
        title=say("The grader failed here, not your work"),
        text=say(
            "This is not about your code: nothing in it was found wrong. A person will "
            "look at it, and you need not do anything."
        ),
    )


def _not_judged(problem: str) -> Part:
    return Part(
        title=say("This notebook could not be judged"),
        text=say(
            "What was wrong with the file that you handed in: {problem}. A person will "
            "look at it. If you can still hand in, check that the file opens in Jupyter "
            "and has the name it was given, and hand it in again.",
            problem=said(problem),
        ),
    )


def _status(exercise: ExerciseResult) -> Status:
    if exercise.fraction == 1.0:
        return Status.RIGHT
    return Status.PARTLY if exercise.fraction else Status.NOT_YET


def _headline(exercise: ExerciseResult) -> str:
    return say(
        "{score} of {points} points",
        score=number_text(exercise.score),
        points=number_text(exercise.points),
    )


def _parts(exercise: ExerciseResult, cells: Iterable[CellRun]) -> list[Part]:
    if exercise.untouched:
        return [Part(text=say("The answer is still as it was released: nothing to judge yet."))]
    failed = [case for case in exercise.cases if case.outcome is not Outcome.PASSED]
    parts = [part for mistake in exercise.named for part in _mistake(mistake)]
    parts += [Part(text=said(note)) for note in exercise.notes]
    if exercise.problem:
        parts.append(Part(title=say("In the way"), text=_sentence(said(exercise.problem))))
    if failed:
        parts += _stopped_cells(cells)
    parts += _messages(failed, 1 if exercise.named else _SHOWN_CASES)
    for outcome, words in _WENT_WRONG.items():
        kinds = [case.kind for case in failed if case.outcome is outcome]
        parts += _listed(say("Not yet: {words}", words=say(words)), Status.NOT_YET, kinds)
    passed = [case.kind for case in exercise.cases if case.outcome is Outcome.PASSED]
    return parts + _listed(say("Passes"), Status.RIGHT, passed)


def _mistake(mistake: NamedMistake) -> list[Part]:
    """Say what it behaves like, and fold the rest away; what the course keeps back is empty."""
    named = Part(
        title=said(mistake.explanation),
        text=said(mistake.question),
        hint=said(mistake.hint),
        section=mistake.paragraph,
    )
    example = [rung for rung in ladder(mistake) if rung.text == mistake.example]
    return [named, *([Part(ladder=tuple(example))] if example else [])]


def _notes(result: GradingResult, exercise: str) -> list[Part]:
    """Say what was found about this exercise's cells: a cell that is gone explains a lot."""
    about = [_sentence(said(note)) for note in result.notes if f" of {exercise} " in f"{note} "]
    return (
        [Part(title=say("About the notebook you handed in"), items=tuple(about))] if about else []
    )


def _messages(failed: Iterable[CaseResult], most: int) -> list[Part]:
    """Show public cases; those about which there is only one thing to say, together."""
    said: dict[str, list[CaseResult]] = {}
    for case in failed:
        if case.is_public and case.message:
            said.setdefault(case.message, []).append(case)
    return [_message(message, cases) for message, cases in list(said.items())[:most]]


def _message(message: str, cases: list[CaseResult]) -> Part:
    # One array below the other is easier to compare than in one line.
    lines = said(message).replace("; expected ", "\nexpected ").replace(" (first ", "\n(first ")
    if len(cases) > 1:
        return Part(title=say("In {count} cases that you can see", count=len(cases)), code=lines)
    return Part(
        title=say("A case you can see: {case}", case=cases[0].kind or cases[0].id), code=lines
    )


def _stopped_cells(cells: Iterable[CellRun]) -> list[Part]:
    gone = say("did not end in time, or ended the whole process")
    lines = [
        say("cell {position}: {error}", position=cell.position, error=cell.error or gone)
        for cell in cells
        if cell.error or cell.killed
    ]
    if not lines:
        return []
    return [Part(title=say("Cells of yours that stopped"), items=tuple(lines[:_SHOWN_LINES]))]


def _listed(title: str, status: Status, kinds: list[str]) -> list[Part]:
    """List each kind of input once, with the number of its cases, in the suite's order."""
    counted = Counter(kind or say("other inputs") for kind in kinds)
    items = [
        kind if n == 1 else say("{kind} ({n} cases)", kind=kind, n=n) for kind, n in counted.items()
    ]
    if len(items) > _SHOWN_LINES:
        items = [
            *items[:_SHOWN_LINES],
            say_many("and one more kind", "and {number} more kinds", len(items) - _SHOWN_LINES),
        ]
    return [Part(title=title, items=tuple(items), mark=status)] if items else []


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
