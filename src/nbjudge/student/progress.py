"""`check()`: how far the notebook is, and what it still lacks before it is handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbjudge.naming.card import Card, Part, Status, draw
from nbjudge.notebook.read import UnreadableNotebook, read_notebook
from nbjudge.student.cards import HIDDEN, STATES, Tried
from nbjudge.student.quiz_state import QuizState, quiz_state
from nbjudge.student.released import open_notebook
from nbjudge.texts import later, say

_LACKS = later("Before you hand in")
_POINTS_GONE = later(
    'The cell `check("{exercise}")` is gone from the saved notebook, and with it the points of '
    "the exercise. Open the notebook as it was released, and copy your answers into it."
)
_ANSWER_GONE = later(
    "The cell for your answer to {exercise} is gone from the saved notebook. Open the notebook "
    "as it was released, and copy your answers into it."
)
_NO_ANSWER = later("The quiz has no answer yet.")
_NOT_CARRIED = later("Run the quiz cell again: the notebook then carries your answers, too.")
_SAVE = later("Save the notebook: what is handed in is the file, not what you see.")


def progress_card(
    lesson: str, every: Sequence[Tried], names: Mapping[str, object], folder: Path
) -> Card:
    """Draw the card of a lesson: a line per exercise, the quiz, and what is lacking.

    Args:
        lesson: Its slug.
        every: What was tried, in the lesson's order.
        names: The learner's names, where editors leave the notebook's path.
        folder: Where the notebook lies.
    """
    cells = _grade_ids(folder / f"{open_notebook(names) or lesson}.ipynb")
    if cells:  # in the notebook's order
        every = sorted(every, key=lambda tried: _place(cells, tried.exercise))
    quiz = quiz_state(names)
    done = sum(tried.passes for tried in every)
    status = _overall(done, len(every))
    lines = [(tried.status, f"{tried.exercise}: {tried.headline}") for tried in every]
    if quiz is not None:
        lines.append((quiz.status, say("quiz: {headline}", headline=quiz.headline)))
    lacks = [*_missing_cells(every, cells), *([] if quiz is None else _lacks_of_quiz(quiz))]
    parts = [Part(items=(text,), mark=mark) for mark, text in lines]
    parts.append(Part(title=say(_LACKS), items=(*lacks, say(_SAVE)), mark=Status.OPEN))
    headline = say(
        "{done} of {count} exercises pass their public examples", done=done, count=len(every)
    )
    return draw(
        lesson, status, headline, [*parts, Part(text=say(HIDDEN))], state=say(STATES[status])
    )


def _overall(done: int, count: int) -> Status:
    if done == count:
        return Status.RIGHT
    return Status.PARTLY if done else Status.NOT_YET


def _grade_ids(path: Path) -> list[str]:
    """Return the grade ids of the saved notebook, in order; none if it cannot be read."""
    try:
        cells = read_notebook(path.read_bytes())["cells"]
    except (OSError, UnreadableNotebook):
        return []
    return [grade_id for cell in cells if (grade_id := _grade_id(cell))]


def _grade_id(cell: Mapping[str, Any]) -> str:
    about = cell.get("metadata", {}).get("nbgrader", {})
    return str(about.get("grade_id", "")) if isinstance(about, Mapping) else ""


def _place(cells: Sequence[str], exercise: str) -> int:
    return cells.index(exercise) if exercise in cells else len(cells)


def _missing_cells(every: Sequence[Tried], cells: Sequence[str]) -> Iterator[str]:
    """Name what the saved notebook does not have any more; nothing if it never had a cell."""
    for tried in every if cells else ():
        if f"test_{tried.exercise}" not in cells:
            yield say(_POINTS_GONE, exercise=tried.exercise)
        elif tried.exercise not in cells:
            yield say(_ANSWER_GONE, exercise=tried.exercise)


def _lacks_of_quiz(quiz: QuizState) -> list[str]:
    if not quiz.answered:
        return [say(_NO_ANSWER)]
    open_ones = (
        [say("Quiz questions without an answer: {names}.", names=", ".join(quiz.open))]
        if quiz.open
        else []
    )
    return open_ones + ([] if quiz.is_carried else [say(_NOT_CARRIED)])
