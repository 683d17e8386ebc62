"""One course twice: graded by stock nbgrader and by nbjudge."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
import nbgrader
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook

from tests.parity.gradebooks import Rows, gradebook_rows

NBGRADER = Path(nbgrader.__file__).parent
EXAMPLES = NBGRADER / "docs" / "source" / "user_guide"

STOCK = """
c = get_config()
c.CourseDirectory.course_id = "parity"
c.Execute.timeout = 4
c.LateSubmissionPlugin.penalty_method = "zero"
"""
OURS = (
    STOCK
    + """
import nbjudge.nbgrader_adapter
c.NbJudge.weakest_isolation = "limits"
{more}
nbjudge.nbgrader_adapter.install(c)
"""
)


@dataclass(frozen=True)
class Course:
    """A course's folder, and commands typed there."""

    root: Path

    def run(self, *words: str, ok: tuple[int, ...] = (0,)) -> str:
        """Type a command; return what it says."""
        tools = Path(sys.executable).parent
        environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
        # With it, ipykernel does not see what libraries write past Python.
        environment.pop("PYTEST_CURRENT_TEST", None)
        done = subprocess.run(  # noqa: S603 - our own tools
            [str(tools / words[0]), *words[1:]],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in ok, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def source(self, assignment: str, notebooks: Mapping[str, NotebookNode]) -> None:
        """Write an assignment's source and release it."""
        folder = self.root / "source" / assignment
        folder.mkdir(parents=True, exist_ok=True)
        for name, notebook in notebooks.items():
            nbformat.write(notebook, folder / f"{name}.ipynb")

    def released(self, assignment: str, name: str) -> NotebookNode:
        """Read a released notebook."""
        return nbformat.read(self.root / "release" / assignment / f"{name}.ipynb", 4)

    def submit(
        self,
        student: str,
        assignment: str,
        notebooks: Mapping[str, NotebookNode | Path],
        *,
        files: Mapping[str, str] | None = None,
        timestamp: str = "",
    ) -> Path:
        """Put a submission into `submitted/`."""
        folder = self.root / "submitted" / student / assignment
        folder.mkdir(parents=True, exist_ok=True)
        for name, notebook in notebooks.items():
            if isinstance(notebook, Path):
                shutil.copy(notebook, folder / f"{name}.ipynb")
            else:
                nbformat.write(notebook, folder / f"{name}.ipynb")
        for path, text in (files or {}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        if timestamp:
            (folder / "timestamp.txt").write_text(timestamp)
        return folder

    @property
    def rows(self) -> Rows:
        """Everything in the gradebook."""
        return gradebook_rows(self.root / "gradebook.db")

    def gradebook(self) -> Gradebook:
        """Open the gradebook, to be closed by the caller."""
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}", "parity")


def new_course(root: Path) -> Course:
    """Begin a course of stock nbgrader."""
    root.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(STOCK)
    return Course(root)


def both_ways(course: Course, more: str = "c.NbJudge.stock_scores = True") -> tuple[Course, Course]:
    """Return (stock, nbjudge): copies of a released course with its submissions."""
    stock = Course(course.root.with_name(f"{course.root.name}-stock"))
    shutil.copytree(course.root, stock.root)
    return stock, with_nbjudge(course, "nbjudge", more=more)


def with_nbjudge(course: Course, name: str, *, more: str) -> Course:
    """Return a copy of a released course that nbjudge grades.

    Args:
        course: Whose.
        name: Of the copy.
        more: Lines of its configuration.
    """
    ours = Course(course.root.with_name(f"{course.root.name}-{name}"))
    shutil.copytree(course.root, ours.root)
    (ours.root / "nbgrader_config.py").write_text(OURS.format(more=more))
    return ours


def autograded_files(course: Course, skip: Iterable[str] = ()) -> set[tuple[str, str, int]]:
    """Return the files in `autograded/`: path, mode and, but for notebooks, content.

    Args:
        course: The course.
        skip: Names of files, and of folders with all that is in them.
    """
    folder, left_out = course.root / "autograded", frozenset(skip)
    found = set()
    for path in folder.rglob("*"):
        if path.is_file() and not left_out.intersection(path.relative_to(folder).parts):
            text = "" if path.suffix == ".ipynb" else path.read_bytes().hex()
            found.add((str(path.relative_to(folder)), text, path.stat().st_mode & 0o777))
    return found
