"""Reads submitted notebooks for nbgrader's autograde: one that is not there too.

nbgrader drops a student's whole assignment when one notebook cannot be read, and
gives a notebook with another file name a zero that nobody sees. Here both become
the released notebook, so that the batch goes on and the student gets a page; the
judge reads the submitted bytes itself and says what was wrong with them.
"""

from __future__ import annotations

import contextlib
import fnmatch
import json
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import NbGraderException

from nbjudge.errors import UserError
from nbjudge.grading import judge_for
from nbjudge.grading.cells import cell_runner_for
from nbjudge.model import Course
from nbjudge.nbgrader_adapter.cell_jobs import refuse_other_kernels
from nbjudge.nbgrader_adapter.restore import unique_id
from nbjudge.nbgrader_adapter.settings import NbJudge, Way
from nbjudge.nbgrader_adapter.submissions import submitted_bytes, submitted_folders
from nbjudge.notebook import UnreadableNotebook, read_notebook
from nbjudge.reports.cells import beside_the_tests

_INSTEAD = (
    "**The submitted notebook could not be read: {problem}.** "
    "What follows is the notebook as it was released, not what was handed in."
)


class SubmissionExporter(NotebookExporter):
    """`c.Autograde.exporter_class`; its parent is nbgrader's `Autograde`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._converter: Any = self.parent
        if hasattr(self.parent, "assignments"):
            self._check_settings()
            self._expect_missing_notebooks()

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **_kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Convert a notebook, or the released one if there is none to be read."""
        resources = {} if resources is None else resources
        path = Path(filename)
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        where = resources.get("nbgrader", {})
        assignment = where.get("assignment", "")
        if where and self._way(assignment, path.stem) is Way.NBGRADER:
            as_is: tuple[Any, dict[str, Any]] = super().from_filename(
                filename, resources, **_kwargs
            )
            return as_is
        notebook = shown_notebook(path, self._converter.coursedir, assignment)
        converted: tuple[Any, dict[str, Any]] = self.from_notebook_node(notebook, resources)
        return converted

    def _check_settings(self) -> None:
        """Stop before anything is touched, rather than once per student."""
        coursedir = self._converter.coursedir
        assignment = coursedir.assignment_id
        settings = NbJudge(parent=self).judge_settings(Path(coursedir.root))
        try:
            kernels = released_kernels(coursedir, assignment)
            ways = {name: self._way(assignment, name) for name in kernels}
            if not ways or Way.SUITE in ways.values():
                judge_for(settings)
            if Way.CELLS in ways.values():
                own = {name: spec for name, spec in kernels.items() if ways[name] is Way.CELLS}
                refuse_other_kernels(own, assignment)
                self.log.info("%s", beside_the_tests(cell_runner_for(settings).isolation, own))
        except UserError as error:
            self.log.error("%s", error)
            raise NbGraderException(str(error)) from None

    def _expect_missing_notebooks(self) -> None:
        """Have nbgrader convert what a folder should hold and does not."""
        coursedir, expected = self._converter.coursedir, self._converter.assignments
        assignment = coursedir.assignment_id
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            try:
                names = [entry.name for entry in gradebook.find_assignment(assignment).notebooks]
            except MissingEntry:
                return  # nbgrader says so better
        wanted = fnmatch.filter(names, coursedir.notebook_id)
        ways = {name: self._way(assignment, name) for name in wanted}
        for folder in submitted_folders(coursedir, assignment, coursedir.student_id):
            renamed = {path.stem for path in folder.path.glob("*.ipynb")} - set(names)
            paths = [
                str(folder.path / f"{name}.ipynb")
                for name in wanted
                if ways[name] is Way.SUITE or (ways[name] is Way.CELLS and renamed)
            ]
            if paths:
                there = expected.setdefault(str(folder.path), [])
                there += [path for path in paths if path not in there]

    def _way(self, assignment: str, notebook: str) -> Way:
        course = Course.find(Path(self._converter.coursedir.root))
        return NbJudge(parent=self).way(course, assignment, notebook)


def released_kernels(coursedir: Any, assignment: str) -> dict[str, dict[str, str]]:
    """Return the kernel specification of each released notebook; {} for no such assignment.

    Args:
        coursedir: nbgrader's `CourseDirectory`.
        assignment: Its name.
    """
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            entries = gradebook.find_assignment(assignment).notebooks
        except MissingEntry:
            return {}
        return {e.name: json.loads(e.kernelspec) if e.kernelspec else {} for e in entries}


def shown_notebook(path: Path, coursedir: Any, assignment: str) -> NotebookNode:
    """Read a submitted notebook for display.

    Args:
        path: Its file, which need not be there.
        coursedir: nbgrader's `CourseDirectory`.
        assignment: Whose release stands in for a notebook that cannot be read.
    """
    try:
        return _as_node(read_notebook(submitted_bytes(path)))
    except UnreadableNotebook as error:
        coursedir.log.warning("%s could not be read: %s", path, error)
        return _instead(Path(path.name), coursedir, assignment, str(error))


def _instead(name: Path, coursedir: Any, assignment: str, problem: str) -> NotebookNode:
    notebook: NotebookNode = new_notebook()
    folder = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
    # Without a release too, the cells with points are put back later, from the gradebook.
    with contextlib.suppress(OSError, UnreadableNotebook):
        notebook = _as_node(read_notebook((folder / name).read_bytes()))
    note = new_markdown_cell(_INSTEAD.format(problem=problem), id="not-what-was-handed-in")
    notebook.cells.insert(0, note)
    return notebook


def _as_node(notebook: dict[str, Any]) -> NotebookNode:
    taken: set[str] = set()
    for cell in notebook["cells"]:  # nbformat would draw random ones
        cell["id"] = unique_id(cell["id"], taken)
    node: NotebookNode = nbformat.from_dict(notebook)
    return node
