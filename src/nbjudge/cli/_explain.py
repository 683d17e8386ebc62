"""What `nbjudge explain` does: collects what is known about one student's marks, and prints it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nbjudge.errors import UserError
from nbjudge.grading import judge_for
from nbjudge.model import ExerciseResult, GradingResult, Submission
from nbjudge.nbgrader_adapter.course import NbgraderCourse
from nbjudge.nbgrader_adapter.explaining import (
    GradedCell,
    KeptNotebook,
    answer_of,
    graded_cells,
    kept_notebook,
)
from nbjudge.nbgrader_adapter.settings import Way
from nbjudge.nbgrader_adapter.submissions import SubmittedFolder
from nbjudge.reports.explanation import how_it_was_judged, how_the_mark_came_about


def explain(assignment: str, student: str, exercise: str, *, weakest_isolation: str | None) -> int:
    """Print the explanation; return the exit code.

    Raises:
        UserError: If nothing was handed in, or there is no such exercise.
    """
    course = NbgraderCourse(weakest_isolation=weakest_isolation)
    course.notebooks(assignment)  # says what is wrong with the name
    ways = course.cells_class(assignment).ways
    (folder,) = course.submissions(assignment, student)
    known: list[str] = []
    shown = False
    for notebook, way in sorted(ways.items()):
        with course.open_gradebook(Path.cwd()) as gradebook:
            kept = kept_notebook(gradebook, assignment, student, notebook)
        explained = (
            _by_suite(course, folder, notebook, exercise, kept)
            if way is Way.SUITE
            else _by_cells(course, folder, notebook, exercise, kept)
        )
        known += explained
        shown = shown or not exercise or exercise in explained
        if kept is not None and (not exercise or exercise in explained):
            _print_sum(notebook, kept)
    if not shown:
        raise UserError(
            f"There is no exercise {exercise!r} in {assignment!r}.",
            hint=f"the exercises are: {', '.join(known) or 'none'}.",
        )
    return 0


def _by_suite(
    course: NbgraderCourse,
    folder: SubmittedFolder,
    notebook: str,
    exercise: str,
    kept: KeptNotebook | None,
) -> list[str]:
    found = folder.read(notebook)
    # What was judged is kept; only what changed since is judged again.
    result = (
        judge_for(course.judge_settings).judge(found) if isinstance(found, Submission) else found
    )
    names = [each.exercise for each in result.exercises]
    if exercise and exercise not in names and names:
        return names
    print(f"{folder.student}, {folder.assignment}/{notebook}")
    _print_lines(how_it_was_judged(result), "  ")
    for each in result.exercises:
        if exercise in ("", each.exercise):
            _print_exercise(each, found, kept)
    _print_difference(result, kept)
    return names or [exercise]


def _print_exercise(
    each: ExerciseResult, found: Submission | GradingResult, kept: KeptNotebook | None
) -> None:
    print(f"\n{each.exercise}")
    if isinstance(found, Submission):
        _print_lines(answer_of(found.content, each.exercise), "  ")
    _print_lines(how_the_mark_came_about(each), "  ")
    _print_row(f"test_{each.exercise}", kept)


def _by_cells(
    course: NbgraderCourse,
    folder: SubmittedFolder,
    notebook: str,
    exercise: str,
    kept: KeptNotebook | None,
) -> list[str]:
    graded = course.autograded_folder(folder.student, folder.assignment) / f"{notebook}.ipynb"
    cells = graded_cells(graded)
    names = [cell.name for cell in cells if cell.is_test]
    if exercise and exercise not in names:
        return names
    print(f"{folder.student}, {folder.assignment}/{notebook}: no suite; its own cells decide")
    answer: GradedCell | None = None
    for cell in cells:
        if not cell.is_test:
            answer = cell
        if exercise == cell.name and answer is not None:
            print(f"\n{answer.name}")
            _print_lines(answer.lines, "  ")
        if exercise in ("", cell.name):
            print(f"\n{cell.name}")
            _print_lines(cell.lines, "  ")
            if cell.is_test:
                _print_row(cell.name, kept)
    return names


def _print_difference(result: GradingResult, kept: KeptNotebook | None) -> None:
    """Say if the gradebook is from another judging than what is explained."""
    if kept is None or not result.has_mark:
        return
    auto = {grade.name: grade.auto for grade in kept.grades}
    stale = [
        each.exercise
        for each in result.exercises
        if (was := auto.get(f"test_{each.exercise}")) is None or abs(was - each.score) > 1e-6
    ]
    if stale:
        print(
            f"\nThe gradebook says something else about {', '.join(stale)}: what was handed in or "
            f"the suite has changed since.\nTo write these marks: nbjudge grade "
            f"{result.assignment} --student {result.student}"
        )


def _print_row(name: str, kept: KeptNotebook | None) -> None:
    rows = [grade.line for grade in kept.grades if grade.name == name] if kept else []
    _print_lines(rows or ["gradebook: no mark yet"], "  ")


def _print_sum(notebook: str, kept: KeptNotebook) -> None:
    flag = "; flagged for a person" if kept.flagged else ""
    penalty = f", less {kept.penalty:g} for lateness" if kept.penalty else ""
    print(f"\n{notebook} in the gradebook: {kept.score:g} of {kept.points:g}{penalty}{flag}")


def _print_lines(lines: Iterable[str], indent: str) -> None:
    for line in lines:
        print(f"{indent}{line}")
