"""A course with one lesson, small enough to read in one look."""

from pathlib import Path
from textwrap import dedent

import pytest

from nbjudge.model import Exercise, Limits
from nbjudge.notebook.plan import JudgeExercise, RunCell
from nbjudge.suite.client import SuiteHost
from nbjudge.suite.job import Job

SLUG = "m1_l01_halving"
SOLUTION = '''
    """Halving."""


    def halve(x):
        """Half of each number."""
        return x / 2
'''
MISCONCEPTIONS = '''
    from nbjudge.naming.bank import misconception


    def halve_variant(x, *, divisor=2, offset=0):
        """Halve, with mistakes behind switches."""
        return x / divisor + offset


    TEXTS = dict(belief="b", explanation="e", question="q", hint="h")
    THIRD = misconception("third", exercise="halve", switches={"divisor": 3}, **TEXTS)
    PLUS = misconception("plus", exercise="halve", switches={"offset": 1}, **TEXTS)
'''
ALTERNATIVES = '''
    from nbjudge.naming.bank import alternative


    @alternative("halve")
    def times_half(x):
        """Multiply."""
        return x * 0.5
'''
SUITE = '''
    import numpy as np
    import pytest
    from nbjudge.expect import expect_close, expect_unchanged
    from solutions.m1_l01_halving import halve


    @pytest.mark.public
    def test_worked_example(student):
        """One, two, three."""
        x = np.array([1.0, 2.0, 3.0])
        expect_close(student.halve(x), halve(x), kind="three numbers")


    @pytest.mark.weight(2)
    @pytest.mark.parametrize("n", [0, 5])
    def test_random(student, rng, n):
        """Random rows."""
        x = rng.standard_normal(n)
        expected = halve(x)
        expect_close(student.halve(x), expected, kind=f"{n} random numbers")


    @pytest.mark.property
    def test_no_mutation(student):
        """The input stays what it was."""
        x = np.array([1.0, 2.0])
        before = x.copy()
        student.halve(x)
        expect_unchanged(x, before, name="x")
'''


@pytest.fixture
def course_root(tmp_path):
    write(tmp_path / "solutions" / f"{SLUG}.py", SOLUTION)
    folder = tmp_path / "grader_tests" / SLUG
    write(folder / "misconceptions.py", MISCONCEPTIONS)
    write(folder / "alternatives.py", ALTERNATIVES)
    write(folder / "test_halve.py", SUITE)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text).lstrip())


@pytest.fixture
def host(course_root):
    with SuiteHost(course_root, SLUG, weakest_isolation="limits") as started:
        yield started


def job(*cells, untouched=False, exercise="halve", **limits):
    steps = [RunCell(position=i, source=dedent(c)) for i, c in enumerate(cells, start=1)]
    judged = Exercise(id=exercise, points=5.0, points_cell=f"test_{exercise}")
    return Job(
        student="ada",
        assignment="a",
        notebook=SLUG,
        steps=(*steps, JudgeExercise(exercise=judged, untouched=untouched)),
        view="numpy",
        limits=Limits(**limits),
        seed=b"round 1",
        probes="",
    )
