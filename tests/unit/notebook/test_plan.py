from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbjudge.notebook import JudgeExercise, RunCell, plan_cells, read_lesson, read_notebook
from tests.unit.notebook.cells import code


def solution(name: str, source: str) -> dict:
    return code(name, source, grade=False, solution=True, grade_id=name)


def points(name: str) -> dict:
    grade_id = f"test_{name}"
    return code(
        grade_id, f'check("{name}")', grade=True, solution=False, grade_id=grade_id, points=2
    )


def as_bytes(*cells: dict) -> bytes:
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": list(cells)}).encode()


TEXT = {"cell_type": "markdown", "id": "t", "metadata": {}, "source": "# Need"}
SETUP = code("setup", "import math", tags=("setup",))
SHOW = code("need-1", "math.pi")
F, TEST_F = solution("f", "def f(): return 1"), points("f")
G, TEST_G = solution("g", "def g(): return 2"), points("g")
LESSON = read_lesson(as_bytes(TEXT, SETUP, SHOW, F, TEST_F, G, TEST_G))


def plan(*cells: dict):
    return plan_cells(LESSON, read_notebook(as_bytes(*cells)))


def outline(*cells: dict) -> list[object]:
    """Positions of the cells that run, names of the exercises that are judged."""
    return [
        step.position if isinstance(step, RunCell) else step.exercise.id
        for step in plan(*cells).steps
    ]


def test_setup_and_solutions_run_and_each_exercise_is_judged_at_its_points_cell():
    assert outline(TEXT, SETUP, SHOW, F, TEST_F, G, TEST_G) == [2, 4, "f", 6, "g"]
    assert plan(TEXT, SETUP, SHOW, F, TEST_F, G, TEST_G).notes == ()


def test_an_added_cell_runs_and_an_empty_one_does_not():
    added, empty = code("x", "y = 1"), code("z", "  \n")

    assert outline(SETUP, added, empty, F, TEST_F, G, TEST_G) == [1, 2, 4, "f", 6, "g"]


def test_an_edited_demonstration_runs():
    assert outline(SETUP, code("need-1", "math.e"), F, TEST_F, G, TEST_G)[1] == 2


def test_a_demonstration_is_known_by_its_source_whatever_its_id_and_spaces():
    assert outline(SETUP, code("", "math.pi  \n\n"), F, TEST_F, G, TEST_G)[1] == 3


def test_forged_metadata_does_not_keep_code_from_running():
    forged = code("x", "f = max", tags=("setup",), grade=True, solution=False, grade_id="test_zz")

    assert outline(SETUP, F, forged, TEST_F, G, TEST_G) == [1, 2, 3, "f", 5, "g"]


def test_a_deleted_setup_cell_is_put_back():
    got = plan(F, TEST_F, G, TEST_G)

    assert got.steps[0] == RunCell(position=0, source="import math")
    assert got.notes == ("a setup cell was deleted; put back at the front",)


def test_an_edited_setup_cell_runs_as_it_is():
    assert outline(code("setup", "import math as m"), F, TEST_F, G, TEST_G)[0] == 1


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_setup_cell_that_is_no_code_any_more_is_put_back(kind):
    assert outline({**SETUP, "cell_type": kind}, F, TEST_F, G, TEST_G)[0] == 0


def test_a_deleted_points_cell_is_judged_after_its_solution():
    assert outline(SETUP, F, G, TEST_G) == [1, 2, "f", 3, "g"]
    assert plan(SETUP, F, G, TEST_G).notes == (
        "the points cell of f was deleted; judged after its solution cell",
    )


def test_without_both_cells_an_exercise_is_judged_at_the_end():
    assert outline(SETUP, G, TEST_G, code("x", "f = 1")) == [1, 2, "g", 4, "f"]
    assert plan(SETUP, G, TEST_G).notes == (
        "the solution cell of f was deleted",
        "the points cell of f was deleted; judged at the end",
    )


def test_of_two_points_cells_the_last_counts():
    assert outline(SETUP, F, TEST_F, G, TEST_G, TEST_F) == [1, 2, 4, "g", "f"]
    assert plan(SETUP, F, TEST_F, G, TEST_G, TEST_F).notes == (
        "the points cell of f is there 2 times; the last counts",
    )


def test_code_written_into_a_copy_of_a_points_cell_runs():
    copy = {**TEST_F, "source": "def f(): return 3"}

    assert outline(SETUP, F, copy, TEST_F, G, TEST_G) == [1, 2, 3, "f", 5, "g"]


def test_every_copy_of_a_solution_cell_runs():
    assert outline(SETUP, F, F, TEST_F, G, TEST_G) == [1, 2, 3, "f", 5, "g"]
    assert plan(SETUP, F, F, TEST_F, G, TEST_G).notes == (
        "the solution cell of f is there 2 times; all ran",
    )


def test_a_solution_cell_turned_into_text_is_read_as_code():
    got = plan(SETUP, {**F, "cell_type": "markdown"}, TEST_F, G, TEST_G)

    assert RunCell(position=2, source="def f(): return 1") in got.steps
    assert got.notes == ("the solution cell of f was turned into a markdown cell; read as code",)


def test_a_points_cell_turned_into_text_still_marks_the_place():
    assert outline(SETUP, F, {**TEST_F, "cell_type": "raw"}, G, TEST_G) == [1, 2, "f", 4, "g"]


def test_a_points_cell_above_its_solution_does_not_cost_the_marks():
    assert outline(SETUP, TEST_F, F, G, TEST_G) == [1, 3, "f", 4, "g"]
    assert plan(SETUP, TEST_F, F, G, TEST_G).notes == (
        "the points cell of f stands above its solution cell; judged below",
    )


def test_an_empty_notebook_has_every_exercise_judged():
    assert outline() == [0, "f", "g"]


def test_the_untouched_stub_is_told():
    stub = solution("f", "def f():\n    # YOUR CODE HERE\n    raise NotImplementedError()")

    steps = plan(SETUP, stub, TEST_F, G, TEST_G).steps

    assert [s.untouched for s in steps if isinstance(s, JudgeExercise)] == [True, False]


metadata_values = (
    st.none() | st.booleans() | st.just(3) | st.sampled_from(["setup", "f", ["setup"], ["f"], {}])
)
forged_cells = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "markdown", "raw"]),
        "id": st.sampled_from(["setup", "f", "test_f", "x", ""]),
        "source": st.sampled_from(["import math", "math.pi", "f = 1", 'check("f")', "", "(", "\0"]),
        "metadata": st.fixed_dictionaries(
            {},
            optional={
                "tags": metadata_values,
                "nbgrader": metadata_values
                | st.fixed_dictionaries(
                    {"grade_id": st.sampled_from(["f", "test_f", "g", "zz"]) | metadata_values}
                ),
            },
        ),
    }
)


@settings(deadline=None)
@given(st.lists(forged_cells, max_size=8))
def test_whatever_is_submitted_every_exercise_is_judged_once(cells):
    steps = plan(*cells).steps

    judged = [s.exercise.id for s in steps if isinstance(s, JudgeExercise)]
    positions = [s.position for s in steps if isinstance(s, RunCell) and s.position]
    assert sorted(judged) == ["f", "g"]
    assert positions == sorted(set(positions))
