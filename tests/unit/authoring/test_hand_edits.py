from __future__ import annotations

import json
from pathlib import Path

import pytest

from nbjudge.authoring.hand_edits import read_source
from nbjudge.authoring.source_notebook import built_notebook, notebook_bytes


@pytest.fixture
def edits(course, slug, tmp_path: Path):
    """Change a fresh build's cells and return how the edits are described."""

    def described(change) -> list[str]:
        notebook = json.loads(notebook_bytes(built_notebook(course, slug)))
        change(notebook["cells"])
        path = tmp_path / "x.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return read_source(path, "x").edits()

    return described


def test_no_edit_is_no_edit(edits):
    assert edits(lambda cells: None) == []


def test_a_changed_cell(edits):
    assert edits(lambda cells: cells[5].update(source="x")) == ['changed: mean-of ("The mean")']


def test_changed_points(edits):
    def change(cells):
        cells[6]["metadata"]["nbgrader"]["points"] = 3

    assert edits(change) == ['changed: test-mean-of ("The mean")']


def test_a_changed_type(edits):
    assert edits(lambda cells: cells[4].update(cell_type="raw")) == [
        'changed: the-mean-3 ("The mean")'
    ]


def test_an_added_cell(edits):
    new = {"cell_type": "code", "id": "8f3a", "metadata": {}, "source": "1 + 1", "outputs": []}

    assert edits(lambda cells: cells.insert(1, new)) == ['added: a code cell ("Counting")']


def test_a_copied_cell(edits):
    assert edits(lambda cells: cells.append(cells[4])) == ['added: a code cell ("A counter")']


def test_an_empty_cell_that_jupyter_left_behind_is_no_edit(edits):
    empty = {"cell_type": "code", "id": "8f3a", "metadata": {}, "source": " \n", "outputs": []}

    assert edits(lambda cells: cells.append(empty)) == []


def test_a_deleted_cell(edits):
    assert edits(lambda cells: cells.pop(4)) == ["deleted: the-mean-3"]


def test_a_moved_cell(edits):
    assert edits(lambda cells: cells.insert(0, cells.pop(4))) == ["moved: some cells"]
