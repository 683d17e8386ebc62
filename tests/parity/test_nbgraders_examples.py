"""Every row of both gradebooks, on the notebooks that nbgrader brings along."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from tests.parity.gradebooks import differences
from tests.parity.two_ways import (
    EXAMPLES,
    NBGRADER,
    Course,
    both_ways,
    new_course,
)

pytestmark = pytest.mark.long

_FILES: Mapping[str, tuple[str, ...]] = {
    "apps/submitted-unchanged": (
        "apps/submitted-unchanged",
        "apps/submitted-changed",
        "apps/submitted-locked-cell-changed",
        "apps/submitted-grade-cell-changed",
        "apps/submitted-cheat-attempt",
        "apps/submitted-cheat-attempt-alternative",
        "preprocessors/submitted-changed",
        "preprocessors/submitted-locked-cell-changed",
        "preprocessors/submitted-grade-cell-changed",
        "ui-tests/submitted-changed",
        "ui-tests/submitted-locked-cell-changed",
        "ui-tests/submitted-grade-cell-changed",
    ),
    "apps/test": ("apps/test", "apps/test-with-output", "preprocessors/test"),
    "apps/test-v0": ("apps/test",),
    "apps/test-v2": ("apps/test",),
    "apps/side-effects": ("apps/side-effects",),
    "apps/open_relative_file": ("apps/open_relative_file", "ui-tests/open_relative_file"),
    "apps/validation-zero-points": ("apps/validation-zero-points",),
    "apps/test-hidden-tests": ("apps/test-hidden-tests",),
    "apps/infinite-loop": ("apps/infinite-loop",),
    "apps/infinite-loop-with-output": ("apps/infinite-loop-with-output",),
    "apps/timeout": ("apps/timeout",),
    "apps/validating-environment-variable": ("apps/validating-environment-variable",),
    "apps/autotest-simple": ("apps/autotest-simple-unchanged", "apps/autotest-simple-changed"),
    "apps/autotest-hashed": ("apps/autotest-hashed-unchanged", "apps/autotest-hashed-changed"),
    "apps/autotest-hidden": (
        "apps/autotest-hidden-unchanged",
        "apps/autotest-hidden-changed-right",
        "apps/autotest-hidden-changed-wrong",
    ),
    "apps/autotest-multi": ("apps/autotest-multi-unchanged", "apps/autotest-multi-changed"),
    "preprocessors/infinite-recursion": ("preprocessors/infinite-recursion",),
    "preprocessors/long-output": ("preprocessors/long-output",),
    "preprocessors/manually-graded-code-cell": ("preprocessors/manually-graded-code-cell",),
    "preprocessors/no-cell-type": ("preprocessors/no-cell-type",),
    "preprocessors/test_taskcell": ("preprocessors/test_taskcell",),
    "preprocessors/warning-pattern": ("preprocessors/warning-pattern",),
    "ui-tests/empty": ("ui-tests/blank", "ui-tests/task"),
    "ui-tests/old-schema": ("ui-tests/empty",),
}
"""A source -> what is handed in for it, of nbgrader's own test files."""

_OLD = ("apps/test-v0", "apps/test-v2", "ui-tests/old-schema")
"""Sources that nbgrader releases only after `nbgrader update`."""

_REFUSED: Mapping[str, Mapping[str, float]] = {
    "apps/submitted-unchanged": {
        "preprocessors/submitted-answer-cell-type-changed": 1.0,
        "preprocessors/submitted-grade-cell-type-changed": 1.0,
    },
    "apps/test": {"apps/test-v1": 3.0, "preprocessors/test_taskcell": 3.0},
}
"""What nbgrader fails as a whole, and what its test cells earn."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = new_course(tmp_path_factory.mktemp("examples") / "course")
    for source, submissions in _FILES.items():
        folder = course.root / "source" / _label(source)
        course.source(_label(source), {"p1": _read(source)})
        if source in _OLD:
            shutil.copy(_path(source), folder / "p1.ipynb")
            course.run("nbgrader", "update", str(folder))
        for name in ("data.txt", "autotests.yml"):
            shutil.copy(NBGRADER / "tests" / "apps" / "files" / name, folder)
        course.run("nbgrader", "generate_assignment", _label(source))
        course.submit("released", _label(source), {"p1": course.released(_label(source), "p1")})
        for submitted in submissions:
            course.submit(_label(submitted), _label(source), {"p1": _path(submitted)})
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


def _path(name: str) -> Path:
    room, _, file = name.partition("/")
    return NBGRADER / "tests" / room / "files" / f"{file}.ipynb"


def _read(name: str) -> NotebookNode:
    return nbformat.read(_path(name), 4)


def _label(name: str) -> str:
    return name.replace("/", "-")


def test_every_row_of_both_gradebooks_is_equal(course: Course) -> None:
    stock, ours = both_ways(course)
    for assignment in (*map(_label, _FILES), "ps1"):
        for either in (stock, ours):
            either.run("nbgrader", "autograde", assignment, ok=(0, 1))

    assert differences(ours.rows, stock.rows) == []


def test_what_nbgrader_fails_as_a_whole_earns_what_its_tests_say(
    course: Course, tmp_path: Path
) -> None:
    again = Course(tmp_path / "course")
    shutil.copytree(course.root, again.root)
    shutil.rmtree(again.root / "submitted")
    for source, submissions in _REFUSED.items():
        for submitted in submissions:
            again.submit(_label(submitted), _label(source), {"p1": _path(submitted)})
    stock, ours = both_ways(again)
    for source, submissions in _REFUSED.items():
        for submitted, earned in submissions.items():
            words = ("nbgrader", "autograde", _label(source), "--student", _label(submitted))
            stock.run(*words, ok=(1,))
            ours.run(*words)

            assert _scores(stock, source, submitted) == {None}
            with ours.gradebook() as gradebook:
                found = gradebook.find_submission(_label(source), _label(submitted))
                assert found.score == earned


def _scores(course: Course, source: str, submitted: str) -> set[float | None]:
    with course.gradebook() as gradebook:
        notebook = gradebook.find_submission_notebook("p1", _label(source), _label(submitted))
        return {grade.auto_score for grade in notebook.grades}
