"""Editing a released notebook the way students do, well and badly."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any

from nbjudge.errors import LessonError
from nbjudge.notebook.lesson import grade_id

Cell = dict[str, Any]
Notebook = dict[str, Any]
Answer = tuple[str, ...]
"""Sources of the cells that answer one exercise; the last one is its solution cell."""


def fill_in(notebook: Notebook, answers: Mapping[str, Answer]) -> Notebook:
    """Return the notebook with its solution cells answered, by `grade_id`.

    Raises:
        LessonError: If the notebook has no such cell.
    """
    for name, answer in answers.items():
        notebook = change_cell(notebook, name, _answering(answer))
    return notebook


def change_cell(notebook: Notebook, name: str, change: Callable[[Cell], list[Cell]]) -> Notebook:
    """Return a copy in which other cells, or none, stand for the cell with `grade_id` `name`.

    Raises:
        LessonError: If the notebook has no such cell.
    """
    copied = copy.deepcopy(notebook)
    for index, cell in enumerate(copied["cells"]):
        if grade_id(cell) == name:
            copied["cells"][index : index + 1] = change(cell)
            return copied
    raise LessonError(
        f"The released notebook has no cell {name!r}.",
        hint="build the lesson again: nbjudge build.",
    )


def delete_cell(notebook: Notebook, name: str) -> Notebook:
    """Return the notebook without the cell."""
    return change_cell(notebook, name, lambda cell: [])


def duplicate_cell(notebook: Notebook, name: str) -> Notebook:
    """Return the notebook with the cell copied as JupyterLab does: a new id, equal metadata."""
    return change_cell(notebook, name, lambda cell: [cell, {**cell, "id": f"{cell['id']}-copy"}])


def add_cell_after(notebook: Notebook, name: str, source: str) -> Notebook:
    """Return the notebook with a code cell of the student's own."""
    return change_cell(notebook, name, lambda cell: [cell, _code_cell(source, "my-own")])


def to_bytes(notebook: Notebook) -> bytes:
    """Write the notebook as Jupyter does."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def _answering(answer: Answer) -> Callable[[Cell], list[Cell]]:
    *added, last = answer

    def change(cell: Cell) -> list[Cell]:
        cells = [_code_cell(source, f"added-{i}") for i, source in enumerate(added, start=1)]
        return [*cells, {**cell, "source": last}]

    return change


def _code_cell(source: str, cell_id: str) -> Cell:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {},
        "outputs": [],
        "source": source,
    }
