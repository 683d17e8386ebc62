"""Takes the edits of a source notebook back into `course/` and `solutions/`.

Nothing is written unless a build of what would be written gives the notebook back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbjudge.authoring.answer_edits import edited_answers
from nbjudge.authoring.answers import Answers, parse_answers, read_answers
from nbjudge.authoring.hand_edits import SourceNotebook, read_source
from nbjudge.authoring.lesson_text import LessonText, parse_text, read_text
from nbjudge.authoring.quiz_cells import quiz_points, with_quiz_points
from nbjudge.authoring.source_notebook import digest, source_notebook, suites
from nbjudge.authoring.text_edits import edited_text
from nbjudge.errors import LessonError, UserError
from nbjudge.model import Course

Cell = Mapping[str, Any]


def absorb(course: Course, path: Path) -> list[str]:
    """Absorb one edited notebook.

    Args:
        course: The course.
        path: The notebook, in `source/`.

    Returns:
        What was done, a line each; [] if there was nothing to absorb.

    Raises:
        UserError: If the notebook was not built, if text or answer of an edited cell changed
            too since the build, or if the edits break a rule of the course.
    """
    name = _name(course, path)
    notebook = _edited_notebook(path, name)
    _check_is_no_translation(course, path, notebook.lesson, name)
    points = quiz_points(course, notebook.lesson)
    text = with_quiz_points(read_text(course.text(notebook.lesson)), points)
    answers = read_answers(course.solution(notebook.lesson))
    known = suites(course, notebook.lesson)
    built: list[dict[str, Any]] = source_notebook(text, answers, known)["cells"]
    if not notebook.edits() or notebook.says_the_same(built):
        return []
    _check_attachments(notebook, name)
    _check_conflicts(notebook, built, text, answers, name)
    solutions = _solution_cells(notebook)
    notebook = _with_course_changes(notebook, built)
    new_text = edited_text(text, built, notebook.cells)
    new_answers, added = edited_answers(answers, solutions, name)
    rebuilt_from = (text.path, new_text, points)
    _check_gives_back(notebook, rebuilt_from, (answers.path, new_answers), known, name)
    done = _write(text.path, new_text, text.lines, text.name)
    done += _write(answers.path, new_answers, answers.lines, answers.name)
    return [*done, *(f"{answers.name} has the new answer {item}: add its types" for item in added)]


def _name(course: Course, path: Path) -> str:
    path = path.resolve()
    if not path.is_file():
        raise UserError("There is no such notebook.", context=str(path))
    return (
        path.relative_to(course.root).as_posix() if path.is_relative_to(course.root) else str(path)
    )


def _edited_notebook(path: Path, name: str) -> SourceNotebook:
    notebook = read_source(path, name)
    if notebook.is_hand_made or not notebook.built:
        raise UserError(
            "No build made this notebook, so there is nothing to absorb it into.",
            context=name,
            hint="nbgrader uses a hand-made notebook in source/ as it is.",
        )
    return notebook


def _check_is_no_translation(course: Course, path: Path, slug: str, name: str) -> None:
    """A translation has no answers of its own to absorb, and its text is quickly edited."""
    language = course.language(path.resolve().parent.name)
    if language:
        raise UserError(
            "A translated notebook is not absorbed.",
            context=name,
            hint=f"edit course/{slug}.{language}.md, delete the notebook, and run nbjudge build.",
        )


def _check_attachments(notebook: SourceNotebook, name: str) -> None:
    for cell in notebook.cells:
        if cell.get("attachments"):
            raise UserError(
                "A pasted image cannot be absorbed: the lesson's text holds no files.",
                context=f"{name}, cell {cell['id']}",
                hint="save it as a file and link it.",
            )


def _check_conflicts(
    notebook: SourceNotebook,
    built: Sequence[Cell],
    text: LessonText,
    answers: Answers,
    name: str,
) -> None:
    if [cell["id"] for cell in built] != list(notebook.built):
        raise UserError(
            f"{text.name} has gained, lost or moved cells since the notebook was built.",
            context=name,
            hint=f"take that back in {text.name}, absorb, and then do it again.",
        )
    now = {cell["id"]: digest(cell) for cell in notebook.cells}
    for cell, own in zip(built, text.cells, strict=True):
        at_build, here = notebook.built[cell["id"]], digest(cell)
        if here != at_build and now.get(cell["id"]) not in {at_build, here}:
            answer = f" (or {answers.name})" if own.nbgrader.get("solution") else ""
            raise UserError(
                f"Cell {cell['id']} was changed in two places since the build.",
                context=f"{name}, cell {cell['id']}\n    {text.where(own)}{answer}",
                hint="take one of the two back, then absorb again.",
            )


def _with_course_changes(notebook: SourceNotebook, built: Sequence[Cell]) -> SourceNotebook:
    """Bring cells up to date that nobody edited here but somebody did in the course."""
    edited, added = notebook.edited(), notebook.added()
    fresh = {cell["id"]: dict(cell) for cell in built}
    return replace(
        notebook,
        cells=[
            cell if i in added or cell["id"] in edited else fresh[cell["id"]]
            for i, cell in enumerate(notebook.cells)
        ],
    )


def _solution_cells(notebook: SourceNotebook) -> list[Cell]:
    """The solution cells that were edited or added."""
    edited, added = notebook.edited(), notebook.added()
    return [
        cell
        for i, cell in enumerate(notebook.cells)
        if (i in added or cell["id"] in edited)
        and isinstance(own := cell["metadata"].get("nbgrader"), dict)
        and own.get("solution")
    ]


def _check_gives_back(
    notebook: SourceNotebook,
    text: tuple[Path, str, Mapping[str, float]],
    answers: tuple[Path, str],
    known: set[str],
    name: str,
) -> None:
    """Refuse edits after which a build would not give the notebook."""
    try:
        new_text = with_quiz_points(parse_text(text[1], text[0]), text[2])
        rebuilt = source_notebook(new_text, parse_answers(answers[1], answers[0]), known)
    except LessonError as error:
        raise UserError(
            f"The edits were not absorbed, because then: {error.message}",
            context=f"{name}\n    {error.context}".rstrip(),
            hint=error.hint or "correct the notebook, then absorb again.",
        ) from None
    if not notebook.says_the_same(rebuilt["cells"]):
        raise UserError(
            "The edits were not absorbed: MyST text cannot say what this notebook says.",
            context=_first_difference(notebook, rebuilt["cells"], name),
            hint="edit course/ and solutions/ instead.",
        )


def _first_difference(notebook: SourceNotebook, rebuilt: Sequence[Cell], name: str) -> str:
    for cell, other in zip(notebook.cells, rebuilt, strict=False):
        if digest(cell) != digest(other):
            return f"{name}, cell {cell['id']}"
    return f"{name}: {len(notebook.cells)} cells, of which {len(rebuilt)} would be left"


def _write(path: Path, content: str, before: Sequence[str], name: str) -> list[str]:
    if content == "\n".join(before):
        return []
    path.write_text(content, encoding="utf-8", newline="\n")
    return [f"{name} was changed"]
