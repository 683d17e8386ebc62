"""The demonstration is the whole loop: one run of it, read from every side."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LESSON = "m1_l05_layer_norm_formula"

pytestmark = pytest.mark.long


class Demonstration:
    def __init__(self, folder):
        self.folder = folder
        finished = subprocess.run(  # noqa: S603 - our own command
            [
                sys.executable,
                "-m",
                "nbjudge.cli.main",
                "demo",
                "--lesson",
                LESSON,
                "--folder",
                str(folder),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        self.exit_code = finished.returncode
        self.screen = finished.stdout
        self.errors = finished.stderr

    def handed_in(self, student):
        return self._register()[student]

    def students(self, handed_in):
        """Names of those who handed in something that begins so."""
        return [name for name, what in self._register().items() if what.startswith(handed_in)]

    def line(self, student):
        """The student's row of the table."""
        return next(line for line in self.screen.splitlines() if line.startswith(f"{student} "))

    def mark(self, student):
        return self.line(student).split()[1]

    def _register(self):
        with (self.folder / "class.csv").open(encoding="utf-8", newline="") as file:
            return {row["student"]: row["handed_in"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    return Demonstration(tmp_path_factory.mktemp("demo"))


def test_every_notebook_gets_what_it_deserves(demonstration):
    assert demonstration.exit_code == 0, demonstration.screen + demonstration.errors
    assert "right answers got full marks, and nobody else did." in demonstration.screen


def test_the_weaker_sandbox_is_allowed_by_name_on_the_screen(demonstration):
    assert 'c.NbJudge.weakest_isolation = "limits"' in demonstration.screen


def test_every_misconception_is_named(demonstration):
    students = demonstration.students("misconception ")
    unnamed = [s for s in students if "behaves like" not in demonstration.line(s)]

    assert students
    assert unnamed == []


def test_two_mistakes_together_are_both_named(demonstration):
    (pair,) = demonstration.students("misconceptions ")
    names, _, exercise = (
        demonstration.handed_in(pair).removeprefix("misconceptions ").partition(" of ")
    )
    beliefs = [
        demonstration.line(
            *demonstration.students(f"misconception {name} of {exercise}")
        ).partition("like ")[2]
        for name in names.split(" + ")
    ]

    assert len(beliefs) == 2
    assert [belief for belief in beliefs if belief not in demonstration.line(pair)] == []


@pytest.mark.parametrize(
    ("handed_in", "mark", "remark"),
    [
        ("solution, and a cell with a syntax error", "100", "SyntaxError; the rest judged"),
        ("solution, but only half of the file", "-", "unreadable JSON, line "),
        ("solution, under another file name", "-", f"expected {LESSON}.ipynb, found"),
        ("the released notebook, untouched", "0", "not started"),
        # The other three exercises are right, and a third of the quiz.
        ("a loop without end", "64", "too slow"),
        ("solution, points cell deleted", "100", ""),
        ("solution, points cell duplicated", "100", ""),
    ],
)
def test_a_broken_notebook_has_its_own_clear_row(demonstration, handed_in, mark, remark):
    (student,) = demonstration.students(handed_in)

    assert demonstration.mark(student) == mark
    assert remark in demonstration.line(student)


def test_everybody_whose_notebook_could_be_read_gets_a_page(demonstration):
    missing = [
        student
        for student in demonstration.students("misconception")
        if not (demonstration.folder / "feedback" / student / LESSON / f"{LESSON}.html").exists()
    ]

    assert missing == []


def test_the_checkout_stays_clean(demonstration):
    """The folder is elsewhere, and nothing else may appear among the tracked folders."""
    assert (demonstration.folder / "gradebook.db").exists()
    assert not (ROOT / "submitted" / "ada").exists()
