from __future__ import annotations

import json

import pytest

from nbjudge.errors import LessonError
from nbjudge.model import Exercise
from nbjudge.notebook import SetupCell, read_lesson
from tests.unit.notebook.cells import code


def lesson_bytes(*cells: dict, **about: object) -> bytes:
    metadata = {"nbjudge": about} if about else {}
    return json.dumps({"nbformat": 4, "metadata": metadata, "cells": list(cells)}).encode()


SETUP = code("setup", "import numpy as np", tags=("setup",))
SHOW = code("need-1", "np.arange(3)  \n")
SOLUTION = code("f", "def f():\n    return 1", grade=False, solution=True, grade_id="f")
POINTS = code("test-f", 'check("f")', grade=True, solution=False, grade_id="test_f", points=6)


def test_a_lesson_is_read_by_role():
    lesson = read_lesson(
        lesson_bytes(SETUP, SHOW, SOLUTION, POINTS, lesson="m1_l05_topic", view="torch")
    )

    assert lesson.slug == "m1_l05_topic"
    assert lesson.view == "torch"
    assert lesson.exercises == (Exercise(id="f", points=6.0, points_cell="test_f"),)
    assert lesson.setup == (SetupCell(id="setup", source="import numpy as np"),)
    assert lesson.demonstrations == {"np.arange(3)"}
    assert lesson.solutions == {"f": "def f():\n    return 1"}
    assert lesson.points_cells == {"test_f": lesson.exercises[0]}


def test_a_hand_made_notebook_has_the_numpy_view_and_no_slug():
    lesson = read_lesson(lesson_bytes(SOLUTION, POINTS))

    assert (lesson.slug, lesson.view) == ("", "numpy")


def test_graded_cells_without_a_solution_cell_of_that_name_are_no_exercise():
    stock = code("x", "assert f()", grade=True, solution=False, grade_id="cell-1", points=1)
    lonely = code("y", "assert g()", grade=True, solution=False, grade_id="test_g", points=1)

    assert read_lesson(lesson_bytes(SOLUTION, stock, lonely)).exercises == ()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"{", "The source notebook cannot be read: unreadable JSON, line 1."),
        (
            lesson_bytes(SOLUTION, view="jax"),
            "The view 'jax' is not known.\n"
            "  where: metadata.nbjudge.view of the source notebook\n"
            "  to cure it: it is one of: numpy, torch.",
        ),
        (
            lesson_bytes(SOLUTION, POINTS, POINTS),
            "The source notebook has two points cells 'test_f'.\n"
            "  to cure it: each exercise has one.",
        ),
        (
            lesson_bytes(
                SOLUTION,
                code("p", "", grade=True, solution=False, grade_id="test_f", points=-1),
            ),
            "The points cell 'test_f' is wrong: points of f must be >= 0; got -1.0.\n"
            "  where: the source notebook",
        ),
    ],
)
def test_a_wrong_source_notebook_is_explained(content, text):
    with pytest.raises(LessonError) as caught:
        read_lesson(content)

    assert str(caught.value) == text
