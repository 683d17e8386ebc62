"""A lesson's text, `course/<slug>.md`, cell by cell with its lines.

Read one way through jupytext, which knows MyST; what is added here is where each
cell lies in the file (for messages and for `absorb`) and a derived, stable id.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupytext.myst import myst_to_notebook

from nbjudge.authoring.myst_traps import check_breaks, check_fences
from nbjudge.errors import LessonError

_HEADING = re.compile(r"#{1,6}\s+(.+?)\s*#*\s*$")
_FENCED = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.MULTILINE | re.DOTALL)
_SECTION_CHARACTERS = 48
"""nbformat allows 64 for an id; the ordinal needs some."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextCell:
    """One cell of the text."""

    id: str
    """Derived: the `grade_id` with `_` as `-`, else `<section>-<ordinal>`."""
    kind: str
    """`code`, `markdown` or `raw`."""
    source: str
    metadata: Mapping[str, Any]
    heading: str
    """The last heading before it, its own included if it begins with one."""
    start: int
    """First line, from 0; of a code cell its opening fence."""
    body: int
    """First line of the source: `start`, or after a code cell's options."""
    end: int
    """Line after the last one that is not blank."""

    @property
    def nbgrader(self) -> Mapping[str, Any]:
        """What the author wrote as nbgrader metadata; {} for none."""
        value = self.metadata.get("nbgrader")
        return value if isinstance(value, Mapping) else {}

    @property
    def grade_id(self) -> str:
        """The name that nbgrader knows the cell by; "" for none."""
        return str(self.nbgrader.get("grade_id", ""))

    @property
    def is_setup(self) -> bool:
        """Say whether everything after this cell may rely on it."""
        return "setup" in (self.metadata.get("tags") or ())


@dataclass(frozen=True, kw_only=True, slots=True)
class LessonText:
    """A whole lesson's text."""

    path: Path
    lines: tuple[str, ...]
    front: Mapping[str, Any]
    cells: tuple[TextCell, ...]

    @property
    def name(self) -> str:
        """The file, for messages."""
        return f"course/{self.path.name}"

    def where(self, cell: TextCell, line: int = 1) -> str:
        """Name a cell's line for a message; lines of its source count from 1."""
        return f"{self.name}, line {cell.body + line}"


def read_text(path: Path) -> LessonText:
    """Read `course/<slug>.md`.

    Raises:
        LessonError: If it is missing or MyST would not read it as it is meant.
    """
    try:
        return parse_text(path.read_text(encoding="utf-8"), path)
    except FileNotFoundError:
        raise LessonError(
            "The lesson has no text.", context=str(path), hint="write it, or take the lesson out."
        ) from None


def parse_text(text: str, path: Path) -> LessonText:
    """Read a lesson's text that need not be on disk; `path` is for messages.

    Raises:
        LessonError: If MyST would not read it as it is meant.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    name = f"course/{path.name}"
    check_breaks(lines, name)
    try:
        notebook = myst_to_notebook("\n".join(lines), add_source_map=True)
    except Exception as error:  # MyST and YAML word a typo in a dozen classes
        raise LessonError(f"The lesson's text cannot be read: {error}", context=name) from None
    starts = notebook.metadata.pop("source_map")
    cells = tuple(_cells(notebook.cells, starts, lines))
    check_fences(lines, [cell.start for cell in cells if cell.kind == "code"], name)
    return LessonText(path=path, lines=tuple(lines), front=dict(notebook.metadata), cells=cells)


def grade_id_as_id(grade_id: str) -> str:
    """Derive a cell's id from its `grade_id`."""
    return re.sub(r"[^A-Za-z0-9-]", "-", grade_id)[:64]


def _cells(cells: list[Any], starts: list[int], lines: list[str]) -> Iterator[TextCell]:
    # jupytext counts a fenced cell from the line after its fence.
    firsts = [
        _skip_blank(lines, start) if cell.cell_type == "markdown" else start - 1
        for cell, start in zip(cells, starts, strict=True)
    ]
    ids = _ids(cells)
    for i, cell in enumerate(cells):
        heading, derived = ids[i]
        first, limit = firsts[i], [*firsts, len(lines)][i + 1]
        is_text = cell.cell_type == "markdown"
        yield TextCell(
            id=derived,
            kind=cell.cell_type,
            source=cell.source,
            metadata=cell.metadata,
            heading=heading,
            start=first,
            body=first if is_text else _find(cell.source.split("\n"), lines, first + 1),
            end=_without_blank_end(lines, first, limit),
        )


def _ids(cells: Sequence[Any]) -> list[tuple[str, str]]:
    """Return each cell's heading and id."""
    names = [_grade_id(cell) for cell in cells]
    taken = {grade_id_as_id(name) for name in names if name}
    heading, counts, found = "", dict[str, int](), []
    for cell, name in zip(cells, names, strict=True):
        headings = _headings(cell.source) if cell.cell_type == "markdown" else []
        if headings and cell.source.startswith("#"):
            heading = headings[0]
        found.append((heading, grade_id_as_id(name) if name else _next_id(heading, counts, taken)))
        heading = headings[-1] if headings else heading
    return found


def _grade_id(cell: Any) -> str:
    own = cell.metadata.get("nbgrader")
    return str(own.get("grade_id") or "") if isinstance(own, Mapping) else ""


def _next_id(heading: str, counts: dict[str, int], taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    section = re.sub(r"[^a-z0-9]+", "-", plain)[:_SECTION_CHARACTERS].strip("-") or "start"
    while True:
        counts[section] = counts.get(section, 0) + 1
        derived = f"{section}-{counts[section]}"
        if derived not in taken:
            taken.add(derived)
            return derived


def _headings(source: str) -> list[str]:
    """Headings of a markdown cell; a # inside a fenced block is none."""
    matches = (_HEADING.match(line) for line in _FENCED.sub("", source).split("\n"))
    return [match.group(1) for match in matches if match]


def _skip_blank(lines: list[str], start: int) -> int:
    while start < len(lines) and not lines[start].strip():
        start += 1
    return start


def _find(wanted: list[str], lines: list[str], start: int) -> int:
    """Find a cell's source in the file: where its options end is jupytext's business."""
    for first in range(start, len(lines) - len(wanted) + 1):
        if lines[first : first + len(wanted)] == wanted:
            return first
    return start


def _without_blank_end(lines: list[str], first: int, limit: int) -> int:
    while limit > first + 1 and (
        not lines[limit - 1].strip() or lines[limit - 1].startswith("+++")
    ):
        limit -= 1
    return limit
