"""A submitted notebook with nothing forged in it.

Of a student's cell only its source, its id and the `grade_id` that it claims are
kept. What a known `grade_id` means - type, points, lock, checksum, the source of
a locked cell - comes from the gradebook, so no edit of the metadata can stop
nbgrader's own checks, which abort the batch for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import SCHEMA_VERSION
from nbgrader.preprocessors import (
    ClearOutput,
    DeduplicateIds,
    NbGraderPreprocessor,
    OverwriteCells,
)

from nbjudge.nbgrader_adapter.cell_jobs import SKIP
from nbjudge.nbgrader_adapter.settings import Way, way_here
from nbjudge.notebook.lesson import grade_id

_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_IMAGES = ("image/png", "image/jpeg", "image/gif")
"""Attachments that no browser runs."""
_PYTHON = {"name": "python", "pygments_lexer": "ipython3"}
_PUT_BACK = "# This cell was missing from the submission; it was put back.\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleasedCell:
    """What the gradebook knows about one cell of the released notebook."""

    name: str
    cell_type: str
    source: str
    checksum: str
    locked: bool
    is_solution: bool
    is_task: bool
    points: float | None
    """None for a cell that carries none."""

    @property
    def metadata(self) -> NotebookNode:
        """The cell's whole metadata."""
        about: dict[str, Any] = {
            "grade": self.points is not None and not self.is_task,
            "solution": self.is_solution,
            "locked": self.locked,
            "task": self.is_task,
            "grade_id": self.name,
            "cell_type": self.cell_type,
            "checksum": self.checksum,
            "schema_version": SCHEMA_VERSION,
        }
        if self.points is not None:
            about["points"] = self.points
        return NotebookNode(nbgrader=NotebookNode(about))


class RestoreCells(NbGraderPreprocessor):
    """Replaces nbgrader's ClearOutput, DeduplicateIds and OverwriteCells."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Rebuild every cell; see `restored`."""
        where = resources["nbgrader"]
        way = way_here(self, where)
        if way is Way.NBGRADER:
            as_is: tuple[NotebookNode, dict[str, Any]] = restore_as_nbgrader(
                nb, resources, self.parent
            )
            return as_is
        if way is Way.CELLS:
            restore_cells(nb, where, self.parent)
            return nb, resources
        with Gradebook(where["db_url"]) as gradebook:
            released = released_cells(gradebook, where["assignment"], where["notebook"])
        nb.cells = restored(nb.cells, released)
        # Widget states, titles and lexers in it end up in the feedback page.
        nb.metadata = NotebookNode()
        return nb, resources


def released_cells(gradebook: Gradebook, assignment: str, notebook: str) -> list[ReleasedCell]:
    """Read the released notebook's nbgrader cells from the gradebook, in its order."""
    entry = gradebook.find_notebook(notebook, assignment)
    points = {cell.name: float(cell.max_score) for cell in (*entry.grade_cells, *entry.task_cells)}
    solutions = {cell.name for cell in entry.solution_cells}
    tasks = {cell.name for cell in entry.task_cells}
    return [
        ReleasedCell(
            name=cell.name,
            cell_type=cell.cell_type,
            source=cell.source or "",
            checksum=cell.checksum,
            locked=bool(cell.locked),
            is_solution=cell.name in solutions,
            is_task=cell.name in tasks,
            points=points.get(cell.name),
        )
        for cell in entry.source_cells
    ]


def restore_as_nbgrader(
    nb: NotebookNode, resources: dict[str, Any], parent: Any
) -> tuple[NotebookNode, dict[str, Any]]:
    """Take nbgrader's own steps before execution."""
    for step in (ClearOutput, DeduplicateIds, OverwriteCells):
        nb, resources = step(parent=parent)(nb, resources)
    return nb, resources


def restore_cells(nb: NotebookNode, where: Mapping[str, Any], parent: Any) -> None:
    """Restore a notebook as nbgrader does, for every submission that it manages to restore.

    Args:
        nb: As submitted; changed in place.
        where: nbgrader's `db_url`, `assignment` and `notebook`.
        parent: Whose configuration says whether missing cells are put back.
    """
    with Gradebook(where["db_url"]) as gradebook:
        released = released_cells(gradebook, where["assignment"], where["notebook"])
    put_back = OverwriteCells(parent=parent).add_missing_cells
    skipped = [SKIP in _tags(cell) for cell in nb.cells]
    kept = restored(nb.cells, released, put_back=False)
    for cell, skip in zip(kept, skipped, strict=True):
        if skip:
            cell.metadata.tags = [SKIP]
    nb.cells = restored(kept, released, put_back=True) if put_back else kept
    if put_back:
        _tag_again(nb.cells, kept)
    nb.metadata = NotebookNode(language_info=NotebookNode(_PYTHON))


def restored(
    cells: Iterable[NotebookNode], released: Iterable[ReleasedCell], *, put_back: bool = True
) -> list[NotebookNode]:
    """Return clean copies of a student's cells, and the cells with points that are gone.

    Of several cells that claim one `grade_id` the last is it, as in nbgrader; the
    others stay as ordinary cells. Outputs are dropped, all of them.
    """
    known = {cell.name: cell for cell in released}
    submitted = list(cells)
    claims = {grade_id(cell): position for position, cell in enumerate(submitted)}
    result: list[NotebookNode] = []
    ids: set[str] = set()
    found: dict[str, NotebookNode] = {}
    for position, cell in enumerate(submitted):
        name = grade_id(cell)
        is_it = name in known and claims[name] == position
        clean = _restored_cell(cell, known[name]) if is_it else _plain_cell(cell)
        clean.id = unique_id(str(cell.get("id", "")), ids)
        result.append(clean)
        if is_it:
            found[name] = clean
    return _with_missing(result, list(known.values()), found, ids) if put_back else result


def _restored_cell(cell: NotebookNode, released: ReleasedCell) -> NotebookNode:
    source = released.source if released.locked else cell.source
    return _new_cell(released.cell_type, source, released.metadata, _attachments(cell))


def _plain_cell(cell: NotebookNode) -> NotebookNode:
    return _new_cell(cell.cell_type, cell.source, NotebookNode(), _attachments(cell))


def _new_cell(
    cell_type: str, source: str, metadata: NotebookNode, attachments: dict[str, Any]
) -> NotebookNode:
    # nbformat's own constructors check each cell against the schema: a class's time adds up.
    new = NotebookNode(cell_type=cell_type, source=source, metadata=metadata)
    if cell_type == "code":
        new.update(execution_count=None, outputs=[])
    if attachments and cell_type == "markdown":
        new.attachments = attachments
    return new


def _attachments(cell: NotebookNode) -> dict[str, Any]:
    kept = {}
    for name, data in cell.get("attachments", {}).items():
        pictures = data if isinstance(data, dict) else {}
        pictures = {k: v for k, v in pictures.items() if k in _IMAGES and isinstance(v, str)}
        if pictures:
            kept[name] = pictures
    return kept


def unique_id(wanted: str, taken: set[str]) -> str:
    """Return a valid cell id that is not taken yet, `wanted` if possible, and take it."""
    name = wanted if _CELL_ID.fullmatch(wanted) else "cell"
    while name in taken:
        name = f"{name[:50]}-{len(taken) + 1}"
    taken.add(name)
    return name


def _with_missing(
    cells: list[NotebookNode],
    released: list[ReleasedCell],
    found: dict[str, NotebookNode],
    ids: set[str],
) -> list[NotebookNode]:
    """Put back missing cells that carry points, each behind the cell it followed."""
    before: NotebookNode | None = cells[-1] if cells else None
    for cell in released:
        if cell.name not in found and cell.points is not None:
            source = (_PUT_BACK if cell.cell_type == "code" else "") + cell.source
            found[cell.name] = _new_cell(cell.cell_type, source, cell.metadata, {})
            found[cell.name].id = unique_id(cell.name.replace("_", "-"), ids)
            place = next((i for i, other in enumerate(cells) if other is before), -1)
            cells.insert(place + 1, found[cell.name])
        before = found.get(cell.name, before)
    return cells


def _tags(cell: NotebookNode) -> list[str]:
    tags = cell.metadata.get("tags")
    return tags if isinstance(tags, list) else []


def _tag_again(cells: list[NotebookNode], tagged: list[NotebookNode]) -> None:
    skipped = {cell.id for cell in tagged if SKIP in _tags(cell)}
    for cell in cells:
        if cell.id in skipped:
            cell.metadata.tags = [SKIP]
