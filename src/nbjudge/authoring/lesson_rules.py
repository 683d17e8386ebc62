"""The rules that a lesson keeps as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from nbjudge.authoring.lesson_text import LessonText, TextCell
from nbjudge.authoring.names import bound_names, called_names, needed_names
from nbjudge.errors import LessonError
from nbjudge.questions.answers import is_quiz_cell


def check_roles(text: LessonText) -> None:
    """Check that every graded cell has a role and every cell an id of its own.

    Raises:
        LessonError: At the first broken rule; says the line and the cure.
    """
    for cell in text.cells:
        if cell.nbgrader:
            _check_role(text, cell)
    counts = Counter(cell.id for cell in text.cells)
    for cell in text.cells:
        if counts[cell.id] > 1:
            raise LessonError(
                f"Two cells have the id {cell.id!r}.",
                context=text.where(cell),
                hint="give one of them another grade_id.",
            )


def check_lesson(text: LessonText, sources: Sequence[str], suites: set[str]) -> None:
    """Check exercises, suites and names.

    Args:
        text: The lesson's text, its roles checked.
        sources: The built source of each of its cells, answers included.
        suites: Exercises that have a hidden suite.

    Raises:
        LessonError: At the first broken rule; says the line and the cure.
    """
    graded = [cell for cell in text.cells if cell.nbgrader]
    stubs = {cell.grade_id: cell for cell in graded if cell.nbgrader.get("solution")}
    points = {
        cell.grade_id: cell
        for cell in graded
        if "points" in cell.nbgrader
        and not is_quiz_cell(cell.grade_id)  # `quiz_cells` checks those
    }
    _check_partners(text, stubs, points)
    for name, cell in points.items():
        _check_points_cell(text, cell, name.removeprefix("test_"), suites)
    _check_names(text, sources, set(stubs))


def _check_role(text: LessonText, cell: TextCell) -> None:
    own = cell.nbgrader
    is_stub, is_points = own.get("solution") is True, "points" in own
    if cell.kind != "code" or not cell.grade_id or is_stub == is_points:
        raise LessonError(
            f"The graded cell {cell.grade_id or '(without a grade_id)'} is neither "
            "a stub nor a points cell.",
            context=text.where(cell),
            hint="a stub has `:nbgrader: {grade_id: f, solution: true}`, "
            "its points cell `:nbgrader: {grade_id: test_f, points: 6}`.",
        )
    points = own.get("points", 0)
    if isinstance(points, bool) or not isinstance(points, (int, float)) or not 0 <= points < 1e6:
        raise LessonError(
            f"The points of {cell.grade_id} must be a number >= 0; got {points!r}.",
            context=text.where(cell),
        )


def _check_partners(
    text: LessonText, stubs: dict[str, TextCell], points: dict[str, TextCell]
) -> None:
    for name, cell in stubs.items():
        if f"test_{name}" not in points:
            raise LessonError(
                f"The exercise {name} has no points cell.",
                context=text.where(cell),
                hint=f'put one below it: grade_id test_{name}, points, source check("{name}").',
            )
    for name, cell in points.items():
        stub = stubs.get(name.removeprefix("test_")) if name.startswith("test_") else None
        if stub is None or stub.start > cell.start:
            raise LessonError(
                f"The points cell {name} has no stub above it.",
                context=text.where(cell),
                hint="its grade_id is test_ and the grade_id of its stub.",
            )


def _check_points_cell(text: LessonText, cell: TextCell, exercise: str, suites: set[str]) -> None:
    if cell.source.strip() != f'check("{exercise}")':
        raise LessonError(
            f'The points cell test_{exercise} must say only check("{exercise}").',
            context=text.where(cell),
            hint="what decides the marks belongs into the hidden suite.",
        )
    if exercise not in suites:
        raise LessonError(
            f"The exercise {exercise} has no suite.",
            context=text.where(cell),
            hint=f"write grader_tests/{text.path.stem}/test_{exercise}.py.",
        )


def _check_names(text: LessonText, sources: Sequence[str], exercises: set[str]) -> None:
    """Answers need only setup and answers above; demonstrations need no answer."""
    known: set[str] = set()
    for cell, source in zip(text.cells, sources, strict=True):
        if cell.kind != "code":
            continue
        try:
            if cell.nbgrader:
                _check_needed(text, cell, needed_names(source) - known)
            elif not cell.is_setup and (called := called_names(source) & exercises):
                raise LessonError(
                    f"The demonstration uses {', '.join(sorted(called))}, which is an answer.",
                    context=text.where(cell),
                    hint="show the idea with other code: before the answer is written, "
                    "this cell would fail.",
                )
            if cell.nbgrader or cell.is_setup:
                known |= bound_names(source)
        except SyntaxError as error:
            raise LessonError(
                f"This cell is no Python: {error.msg}.",
                context=text.where(cell, error.lineno or 1),
            ) from None


def _check_needed(text: LessonText, cell: TextCell, missing: set[str]) -> None:
    if missing:
        raise LessonError(
            f"The cell {cell.grade_id} uses {', '.join(sorted(missing))}, "
            "which no setup cell or answer above defines.",
            context=text.where(cell),
            hint="import it in a cell with the tag setup, or inside the answer.",
        )
