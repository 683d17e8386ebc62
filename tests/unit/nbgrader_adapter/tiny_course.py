"""A whole course small enough to grade in a test: one lesson, two exercises."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader

LESSON = "m1_l01_tiny"
RIGHT = {
    "double": "def double(x):\n    return 2 * x",
    "total": "def total(values):\n    return float(sum(values))",
}
HALF_RIGHT = {
    "double": "def double(x):\n    return x * x if x == 2 else 2 * x if x > 0 else 0",
    "total": RIGHT["total"],
}

CONFIG = """
import nbjudge.nbgrader_adapter
c = get_config()
c.CourseDirectory.course_id = "tiny"
c.NbJudge.weakest_isolation = "limits"
{before}
nbjudge.nbgrader_adapter.install(c)
{after}
"""
COURSE = f"""
id = "tiny"
title = "Tiny"
[[modules]]
number = 1
title = "Only"
[[lessons]]
slug = "{LESSON}"
title = "Tiny"
"""
SUITES = {
    "double": '''
import pytest
from nbjudge.expect import expect_close


@pytest.mark.public()
def test_worked_example(student):
    """The worked example."""
    expect_close(student.double(3), 6, kind="the worked example")


@pytest.mark.parametrize("x", [2, 5])
def test_positive(student, x):
    """Positive numbers."""
    expect_close(student.double(x), 2 * x, kind="positive numbers")


def test_negative(student):
    """Negative numbers.

    SECRET-DOCSTRING is for whoever maintains the suite.
    """
    expect_close(student.double(-41), -82, kind="negative numbers")
''',
    "total": '''
from nbjudge.expect import expect_close


def test_some(student):
    """Some."""
    expect_close(student.total([1.0, 2.5]), 3.5, kind="a few values")


def test_none(student):
    """None."""
    expect_close(student.total([]), 0.0, kind="no values")
''',
}


def _about(name: str, **values: Any) -> dict[str, Any]:
    about = {"grade_id": name, "schema_version": 3, "task": False, "grade": False}
    return {"nbgrader": about | {"solution": False, "locked": False} | values}


def source_notebook() -> dict[str, Any]:
    """The instructor's notebook."""
    cells = [new_markdown_cell("# Tiny", id="title"), new_code_cell("import math", id="setup")]
    cells[1].metadata = {"tags": ["setup"]}
    for name, points in (("double", 4), ("total", 2)):
        body = RIGHT[name].split("\n")[1]
        stub = RIGHT[name].split("\n")[0]
        source = f"{stub}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        cells.append(new_code_cell(source, id=name, metadata=_about(name, solution=True)))
        about = _about(f"test_{name}", grade=True, locked=True, points=points)
        cells.append(new_code_cell(f'check("{name}")', id=f"test-{name}", metadata=about))
    notebook = new_notebook(cells=cells)
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "nbjudge": {"format": 1, "lesson": LESSON, "view": "numpy", "built": {"double": "0" * 16}},
    }
    return dict(notebook)


class TinyCourse:
    """The course in a folder, and shortcuts to what a test looks at."""

    def __init__(self, root: Path, *, before: str = "", after: str = "") -> None:
        self.root = root
        (root / "nbgrader_config.py").write_text(CONFIG.format(before=before, after=after))
        for folder in ("course", "solutions", f"grader_tests/{LESSON}", f"source/{LESSON}"):
            (root / folder).mkdir(parents=True)
        (root / "course" / "course.toml").write_text(COURSE)
        (root / "solutions" / f"{LESSON}.py").write_text("\n\n\n".join(RIGHT.values()) + "\n")
        for name, suite in SUITES.items():
            (root / "grader_tests" / LESSON / f"test_{name}.py").write_text(suite)
        path = root / "source" / LESSON / f"{LESSON}.ipynb"
        nbformat.write(nbformat.from_dict(source_notebook()), path)

    @property
    def released(self) -> dict[str, Any]:
        """A fresh copy of the released notebook."""
        path = self.root / "release" / LESSON / f"{LESSON}.ipynb"
        return dict(json.loads(path.read_text()))

    def api(self) -> NbGraderAPI:
        """nbgrader, with this course's configuration; the test stands in the folder."""
        app = NbGrader()
        app.initialize([])
        return NbGraderAPI(parent=app, coursedir=app.coursedir)

    def answers(self, sources: dict[str, str]) -> dict[str, Any]:
        """The released notebook with these answers."""
        notebook = self.released
        for cell in notebook["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in sources:
                cell["source"] = sources[name]
        return notebook

    def submit(self, student: str, notebook: dict[str, Any] | str, *, name: str = LESSON) -> Path:
        """Hand something in."""
        folder = self.root / "submitted" / student / LESSON
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.ipynb"
        path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook))
        return path

    def autograde(self, student: str = "*") -> dict[str, Any]:
        """Run stock nbgrader's autograde."""
        return dict(self.api().autograde(LESSON, student))

    def gradebook(self) -> Gradebook:
        """Open the gradebook."""
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "tiny")

    def grades(self, student: str) -> dict[str, Any]:
        """What the gradebook holds of one submission, in short."""
        with self.gradebook() as gradebook:
            entry = gradebook.find_submission_notebook(LESSON, LESSON, student)
            return {
                "scores": {grade.name: grade.auto_score for grade in entry.grades},
                "manual": {grade.name: grade.manual_score for grade in entry.grades},
                "needs": {grade.name for grade in entry.grades if grade.needs_manual_grade},
                "flagged": entry.flagged,
                "comments": {comment.name: comment.auto_comment for comment in entry.comments},
            }

    def autograded(self, student: str) -> dict[str, Any]:
        """The notebook that the formgrader shows."""
        path = self.root / "autograded" / student / LESSON / f"{LESSON}.ipynb"
        return dict(json.loads(path.read_text()))


def copy_of(course: TinyCourse, root: Path) -> TinyCourse:
    """A course of its own for one test, from one that is already released."""
    shutil.copytree(course.root, root, dirs_exist_ok=True)
    new = copy.copy(course)
    new.root = root
    return new
