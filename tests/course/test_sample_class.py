"""The made-up class covers everything that a lesson's bank declares."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbjudge.authoring.sample_class import sample_class
from nbjudge.model import Course
from nbjudge.notebook.read import UnreadableNotebook, read_notebook
from nbjudge.suite.implementation import load_bank

LESSON = "m1_l05_layer_norm_formula"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def students():
    return sample_class(Course.load(ROOT), LESSON)


def handed_in(students, beginning):
    return {
        s.handed_in.removeprefix(beginning) for s in students if s.handed_in.startswith(beginning)
    }


def in_the_bank(kind):
    bank = load_bank(LESSON)
    known = bank.entries if kind == "misconception" else bank.alternatives
    return {f"{name} of {exercise}" for exercise, names in known.items() for name in names}


def test_somebody_hands_in_every_alternative(students):
    each = [what.split(", ") for what in handed_in(students, "alternative ")]

    assert {name for names in each for name in names} == in_the_bank("alternative")


def test_somebody_hands_in_every_misconception_of_the_largest_bank(students):
    known = {name for name in in_the_bank("misconception") if name.endswith(" of layer_norm")}

    assert known <= handed_in(students, "misconception ")


def test_every_exercise_has_somebody_with_a_misconception(students):
    named = handed_in(students, "misconception ")
    exercises = load_bank(LESSON).entries

    assert named <= in_the_bank("misconception")
    assert {name.partition(" of ")[2] for name in named} == set(exercises)


def test_somebody_makes_two_mistakes_at_once(students):
    assert len(handed_in(students, "misconceptions ")) == 1


def test_no_name_is_given_twice(students):
    assert len({student.name for student in students}) == len(students)


def test_one_notebook_cannot_be_read(students):
    unreadable = []
    for student in students:
        try:
            read_notebook(student.content)
        except UnreadableNotebook:
            unreadable.append(student.handed_in)

    assert unreadable == ["solution, but only half of the file"]


def test_an_answer_of_the_bank_runs_without_the_course(students):
    """A student's process cannot import it."""
    code = [
        cell["source"]
        for student in students
        if student.deserves != "no mark"
        for cell in read_notebook(student.content)["cells"]
        if cell["cell_type"] == "code"
    ]

    assert not [source for source in code if "grader_tests" in source or "solutions." in source]
