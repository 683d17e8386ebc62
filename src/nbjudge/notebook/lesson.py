"""What the instructor's notebook says: exercises, setup and demonstrations.

This is the only authority on which cell is what: a submission's metadata is the
student's to forge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbjudge.errors import LessonError
from nbjudge.model import Exercise
from nbjudge.notebook.read import UnreadableNotebook, read_notebook

VIEWS = ("numpy", "torch")


@dataclass(frozen=True, kw_only=True, slots=True)
class SetupCell:
    """A cell that must have run before anything else makes sense."""

    id: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LessonNotebook:
    """An instructor's *source* notebook, by role. Holds answers: never for students."""

    slug: str
    """The lesson's slug; empty for a hand-made notebook."""
    view: str
    """What the student's process can import: `numpy` (no torch) or `torch`."""
    exercises: tuple[Exercise, ...]
    """In the order of their points cells."""
    setup: tuple[SetupCell, ...]
    demonstrations: frozenset[str]
    """Sources of the released demonstrations, as `comparable` gives them."""
    solutions: Mapping[str, str]
    """Exercise id -> source of its solution cell, answer included."""

    @property
    def points_cells(self) -> dict[str, Exercise]:
        """`grade_id` of a points cell -> its exercise."""
        return {exercise.points_cell: exercise for exercise in self.exercises}


def read_lesson(content: bytes) -> LessonNotebook:
    """Read an instructor's source notebook, built or hand-made.

    An exercise is a points cell `test_<name>` whose solution cell is `<name>`;
    other graded cells of a hand-made notebook are nbgrader's own business.

    Raises:
        LessonError: If it is no notebook, names an unknown view, or grades an exercise twice.
    """
    try:
        notebook = read_notebook(content)
    except UnreadableNotebook as error:
        raise LessonError(f"The source notebook cannot be read: {error}.") from None
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    about = notebook["metadata"].get("nbjudge")
    about = about if isinstance(about, dict) else {}
    view = about.get("view", "numpy")
    if view not in VIEWS:
        raise LessonError(
            f"The view {view!r} is not known.",
            context="metadata.nbjudge.view of the source notebook",
            hint=f"it is one of: {', '.join(VIEWS)}.",
        )
    solutions = {
        grade_id(cell): cell["source"] for cell in code if nbgrader(cell).get("solution") is True
    }
    return LessonNotebook(
        slug=str(about.get("lesson", "")),
        view=view,
        exercises=_exercises(code, solutions),
        setup=tuple(SetupCell(id=c["id"], source=c["source"]) for c in code if is_setup(c)),
        demonstrations=frozenset(
            comparable(c["source"]) for c in code if not is_setup(c) and not nbgrader(c)
        ),
        solutions=solutions,
    )


def nbgrader(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return a cell's nbgrader metadata, {} if it has none."""
    value = cell["metadata"].get("nbgrader")
    return value if isinstance(value, dict) else {}


def grade_id(cell: Mapping[str, Any]) -> str:
    """Return the `grade_id` a cell claims, "" if it claims none."""
    value = nbgrader(cell).get("grade_id")
    return value if isinstance(value, str) else ""


def is_setup(cell: Mapping[str, Any]) -> bool:
    """Say whether an instructor's cell has the tag `setup`."""
    tags = cell["metadata"].get("tags")
    return isinstance(tags, list) and "setup" in tags


def comparable(source: str) -> str:
    """Drop what editors change unasked: spaces at line ends, empty lines at both ends."""
    return "\n".join(line.rstrip() for line in source.split("\n")).strip("\n")


def _exercises(code: list[dict[str, Any]], solutions: Mapping[str, str]) -> tuple[Exercise, ...]:
    found: dict[str, Exercise] = {}
    for cell in code:
        own, name = nbgrader(cell), grade_id(cell)
        exercise = name.removeprefix("test_")
        if own.get("grade") is not True or own.get("solution") is True:
            continue
        if exercise == name or exercise not in solutions:
            continue
        if exercise in found:
            raise LessonError(
                f"The source notebook has two points cells {name!r}.",
                hint="each exercise has one.",
            )
        try:
            points = float(own.get("points", 0))
            found[exercise] = Exercise(id=exercise, points=points, points_cell=name)
        except (TypeError, ValueError) as error:
            raise LessonError(
                f"The points cell {name!r} is wrong: {error}.", context="the source notebook"
            ) from None
    return tuple(found.values())
