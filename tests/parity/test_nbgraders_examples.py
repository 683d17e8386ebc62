"""Every row of both gradebooks, on the notebooks that nbgrader brings along."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from tests.parity.gradebooks import differences
from tests.parity.two_ways import EXAMPLES, TEST_FILES, Course, both_ways, new_course

pytestmark = pytest.mark.long

_FILES: Mapping[str, tuple[str, ...]] = {
    "submitted-unchanged": (
        "submitted-unchanged",
        "submitted-changed",
        "submitted-locked-cell-changed",
        "submitted-grade-cell-changed",
        "submitted-cheat-attempt",
        "submitted-cheat-attempt-alternative",
    ),
    "test": ("test", "test-with-output"),
    "side-effects": ("side-effects",),
    "open_relative_file": ("open_relative_file",),
    "validation-zero-points": ("validation-zero-points",),
    "test-hidden-tests": ("test-hidden-tests",),
    "infinite-loop": ("infinite-loop",),
    "validating-environment-variable": ("validating-environment-variable",),
    "autotest-simple": ("autotest-simple-unchanged", "autotest-simple-changed"),
    "autotest-hashed": ("autotest-hashed-unchanged", "autotest-hashed-changed"),
    "autotest-hidden": (
        "autotest-hidden-unchanged",
        "autotest-hidden-changed-right",
        "autotest-hidden-changed-wrong",
    ),
    "autotest-multi": ("autotest-multi-unchanged", "autotest-multi-changed"),
}
"""An assignment's source -> what is handed in for it, of nbgrader's own test files."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = new_course(tmp_path_factory.mktemp("examples") / "course")
    for source, submissions in _FILES.items():
        course.source(source, {"p1": _read(TEST_FILES / f"{source}.ipynb")})
        for name in ("data.txt", "autotests.yml"):
            shutil.copy(TEST_FILES / name, course.root / "source" / source)
        course.run("nbgrader", "generate_assignment", source)
        course.submit("released", source, {"p1": course.released(source, "p1")})
        for submitted in submissions:
            course.submit(submitted, source, {"p1": TEST_FILES / f"{submitted}.ipynb"})
    _quickstart(course)
    return course


def _quickstart(course: Course) -> None:
    """The course of nbgrader's own guide, with its two students."""
    shutil.copytree(EXAMPLES / "source" / "ps1", course.root / "source" / "ps1")
    shutil.copy(EXAMPLES / "source" / "header.ipynb", course.root / "source")
    course.run("nbgrader", "generate_assignment", "ps1")
    for student in ("bitdiddle", "hacker"):
        target = course.root / "submitted" / student / "ps1"
        shutil.copytree(EXAMPLES / "submitted" / student / "ps1", target)


def _read(path: Path) -> NotebookNode:
    return nbformat.read(path, 4)


def test_every_row_of_both_gradebooks_is_equal(course: Course) -> None:
    stock, ours = both_ways(course)
    for assignment in (*_FILES, "ps1"):
        for either in (stock, ours):
            either.run("nbgrader", "autograde", assignment, ok=(0, 1))

    assert differences(ours.rows, stock.rows) == []
