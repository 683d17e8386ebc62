"""What the gradebook and the notebooks say about one student's mark."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry, SubmittedNotebook

from nbjudge.errors import UserError
from nbjudge.notebook import UnreadableNotebook, read_notebook
from nbjudge.notebook.lesson import grade_id, nbgrader

_MOST_LINES = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptGrade:
    """One cell's row in the gradebook."""

    name: str
    points: float
    auto: float | None
    manual: float | None
    extra: float | None
    needs_a_person: bool

    @property
    def line(self) -> str:
        """The row and its sum, in words."""
        parts = [f"automatic {_number(self.auto)}"]
        if self.manual is not None:
            parts.append(f"a person gave {self.manual:g}, which counts instead")
        if self.extra:
            parts.append(f"extra credit {self.extra:g}")
        if self.needs_a_person:
            parts.append("a person must look")
        base = self.manual if self.manual is not None else self.auto
        score = (base or 0.0) + (self.extra or 0.0)
        return f"gradebook: {', '.join(parts)} -> {score:g} of {self.points:g}"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptNotebook:
    """A notebook's rows in the gradebook."""

    grades: tuple[KeptGrade, ...]
    score: float
    points: float
    penalty: float
    flagged: bool


def kept_notebook(
    gradebook: Gradebook, assignment: str, student: str, notebook: str
) -> KeptNotebook | None:
    """Read a submitted notebook's rows; None if it was never graded.

    Args:
        gradebook: nbgrader's, open.
        assignment: The assignment.
        student: The student.
        notebook: The notebook's name.
    """
    try:
        row = gradebook.find_submission_notebook(notebook, assignment, student)
    except MissingEntry:
        return None
    return KeptNotebook(
        grades=tuple(_grades(row)),
        score=float(row.score),
        points=float(row.max_score),
        penalty=float(row.late_submission_penalty or 0.0),
        flagged=bool(row.flagged),
    )


def _grades(row: SubmittedNotebook) -> Iterator[KeptGrade]:
    for grade in row.grades:
        yield KeptGrade(
            name=grade.name,
            points=float(grade.max_score),
            auto=grade.auto_score,
            manual=grade.manual_score,
            extra=grade.extra_credit,
            needs_a_person=bool(grade.needs_manual_grade),
        )


def answer_of(content: bytes, exercise: str) -> list[str]:
    """Return the code of an exercise as it was handed in, with its cell's position.

    Args:
        content: The submitted notebook.
        exercise: The `grade_id` of its solution cell.
    """
    try:
        cells = read_notebook(content)["cells"]
    except UnreadableNotebook as error:
        return [f"the notebook cannot be read: {error}"]
    lines: list[str] = []
    for position, cell in enumerate(cells, start=1):
        if grade_id(cell) == exercise:
            lines += [f"cell {position} as handed in:", *_indented(cell["source"])]
    return lines or [f"there is no cell {exercise!r} in what was handed in"]


@dataclass(frozen=True, kw_only=True, slots=True)
class GradedCell:
    """An answer or a test cell of a graded notebook without a suite."""

    name: str
    is_test: bool
    lines: tuple[str, ...]
    """Its source; of a test cell also its outputs, which decided."""


def graded_cells(autograded: Path) -> list[GradedCell]:
    """Return answers and test cells of a graded notebook, in its order.

    Raises:
        UserError: If the notebook was not graded, or cannot be read.
    """
    try:  # not by read_notebook, which drops outputs
        document = json.loads(autograded.read_bytes())
        cells = [cell for cell in document["cells"] if cell["cell_type"] == "code"]
        return [
            _graded_cell(cell)
            for cell in cells
            if nbgrader(cell).get("grade") or nbgrader(cell).get("solution")
        ]
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(
            "There is no graded notebook to explain.",
            context=str(autograded),
            hint="grade it first: nbjudge grade ASSIGNMENT --student STUDENT",
        ) from None


def _graded_cell(cell: dict[str, Any]) -> GradedCell:
    is_test = bool(nbgrader(cell).get("grade"))
    source = _indented(_joined(cell["source"]))
    outputs = _outputs(cell) if is_test and not nbgrader(cell).get("solution") else []
    return GradedCell(name=grade_id(cell), is_test=is_test, lines=(*source, *outputs))


def _outputs(cell: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for output in cell.get("outputs", []):
        kind = output["output_type"]
        if kind == "stream":
            text = f"{output['name']}: {_joined(output['text'])}"
        elif kind == "error":
            text = f"error: {output['ename']}: {output['evalue']}"
        else:
            text = f"value: {_joined(output['data'].get('text/plain', ''))}"
        lines += ["-> " + line for line in _indented(text)]
    return lines or ["-> no output: full marks"]


def _joined(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _indented(text: str) -> list[str]:
    lines = text.splitlines()
    shown = [f"    {_plain(line)}" for line in lines[:_MOST_LINES]]
    return shown + [f"    ... {len(lines) - _MOST_LINES} more lines"] * (len(lines) > _MOST_LINES)


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\t" else " " for c in text)[:300]


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"
