"""A course whose one lesson has a suite, a bank and alternatives, to be proved."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

from nbjudge.model import Course

TOML = """
    id = "halving"
    title = "Halving"
    [[modules]]
    number = 1
    title = "One"
    [[lessons]]
    slug = "{slug}"
    title = "Halving <things>"
"""
SOLUTION = '''
    """Halving."""


    def halve(x, *, offset=0.0):
        """Half of each number."""
        return _divided(x + offset)


    def _divided(x):
        """Divide."""
        return x / 2


    def double(x):
        """Twice each number."""
        return x * 2
'''
MISCONCEPTIONS = '''
    from nbjudge.naming.bank import misconception


    def halve_variant(x, *, offset=0.0, divisor=2, extra=0):
        """Halve, with mistakes behind switches."""
        return (x + offset) / divisor + extra


    TEXTS = dict(belief="b", explanation="e", question="q", hint="h")
    THIRD = misconception("third", exercise="halve", switches={"divisor": 3}, **TEXTS)
    PLUS = misconception("plus", exercise="halve", switches={"extra": 1}, **TEXTS)
'''
ALTERNATIVES = '''
    from nbjudge.naming.bank import alternative


    @alternative("halve")
    def times_half(x, *, offset=0.0):
        """Multiply."""
        return (x + offset) * 0.5
'''
SUITE = '''
    import numpy as np
    import pytest
    from nbjudge.expect import expect_close, expect_unchanged
    from solutions.{slug} import halve


    @pytest.mark.public
    def test_worked_example(student):
        """One, two, three."""
        x = np.array([1.0, 2.0, 3.0])
        expect_close(student.halve(x), np.array([0.5, 1.0, 1.5]))


    @pytest.mark.parametrize("n", [4, 5])
    def test_random(student, rng, n):
        """Random rows."""
        x = rng.standard_normal(n)
        expected = halve(x, offset=0.5)
        expect_close(student.halve(x, offset=0.5), expected)


    @pytest.mark.property
    def test_no_mutation(student):
        """The input stays what it was."""
        x = np.array([1.0, 2.0])
        before = x.copy()
        student.halve(x)
        expect_unchanged(x, before, name="x")
'''


def halving_course(folder: Path) -> Course:
    """Write the course and load it; imported lessons stay, so each has a slug of its own."""
    slug = f"m1_l01_{re.sub('[^a-z0-9]', '_', folder.name.lower())}"
    write(folder / "course" / "course.toml", TOML.format(slug=slug))
    write(folder / "solutions" / f"{slug}.py", SOLUTION)
    suites = folder / "grader_tests" / slug
    write(suites / "misconceptions.py", MISCONCEPTIONS)
    write(suites / "alternatives.py", ALTERNATIVES)
    write(suites / "test_halve.py", SUITE.format(slug=slug))
    return Course.load(folder)


def weaken(course: Course) -> None:
    """Let the suite forget the offset, so that mutants of it live."""
    suite = course.suite_folder(course.lessons[0].slug) / "test_halve.py"
    edit(suite, "expected = halve(x, offset=0.5)", "expected = halve(x)")
    edit(suite, "student.halve(x, offset=0.5)", "student.halve(x)")


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text).lstrip(), encoding="utf-8")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
