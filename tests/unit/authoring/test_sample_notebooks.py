import json

import pytest

from nbjudge.authoring.sample_notebooks import (
    add_cell_after,
    delete_cell,
    duplicate_cell,
    fill_in,
    to_bytes,
)
from nbjudge.errors import LessonError
from nbjudge.notebook.read import read_notebook


def code(source, cell_id, **nbgrader):
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {"nbgrader": nbgrader} if nbgrader else {},
        "outputs": [],
        "source": source,
    }


@pytest.fixture
def released():
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            code("import numpy as np", "setup"),
            code("def f(x):\n    raise NotImplementedError", "f", grade_id="f", solution=True),
            code('check("f")', "test-f", grade_id="test_f", grade=True),
        ],
    }


def sources(notebook):
    return [cell["source"] for cell in notebook["cells"]]


def test_an_answer_of_two_cells_adds_one_before_the_solution_cell(released):
    filled = fill_in(released, {"f": ("def g(): pass", "def f(x): return g()")})

    assert sources(filled)[1:3] == ["def g(): pass", "def f(x): return g()"]
    assert filled["cells"][2]["metadata"] == released["cells"][1]["metadata"]


def test_the_released_notebook_stays_as_it_is(released):
    before = to_bytes(released)
    fill_in(released, {"f": ("def f(x): return x",)})

    assert to_bytes(released) == before


def test_a_deleted_cell_is_gone(released):
    assert sources(delete_cell(released, "test_f")) == sources(released)[:2]


def test_a_duplicated_cell_claims_the_same_grade_id_under_another_cell_id(released):
    first, second = duplicate_cell(released, "test_f")["cells"][2:]

    assert first["metadata"] == second["metadata"]
    assert first["id"] != second["id"]


def test_an_added_cell_is_an_ordinary_code_cell(released):
    added = add_cell_after(released, "f", "print(1)")["cells"][2]

    assert (added["source"], added["metadata"]) == ("print(1)", {})


def test_what_is_written_is_a_notebook(released):
    written = to_bytes(released)

    assert len(read_notebook(written)["cells"]) == 3
    assert json.loads(written)["nbformat_minor"] == 5


def test_a_cell_that_was_never_released_is_refused(released):
    with pytest.raises(LessonError) as error:
        delete_cell(released, "test_g")

    assert str(error.value) == (
        "The released notebook has no cell 'test_g'.\n"
        "  to cure it: build the lesson again: nbjudge build."
    )
