"""A class whose notebooks have no suite: what to run, and the writing of marks.

Cells run side by side beforehand; then nbgrader's own autograde writes everything,
one student after the other, with what came out at hand.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde

from nbjudge.cells import CellsJob, ExecutedCells
from nbjudge.model import Course, GradingResult
from nbjudge.nbgrader_adapter.autograde_writer import AutogradeJudged
from nbjudge.nbgrader_adapter.batch import LOCKED
from nbjudge.nbgrader_adapter.cell_jobs import cells_job, refuse_other_kernels
from nbjudge.nbgrader_adapter.cells import executions_at_hand
from nbjudge.nbgrader_adapter.exporter import released_kernels, shown_notebook
from nbjudge.nbgrader_adapter.restore import restore_cells
from nbjudge.nbgrader_adapter.settings import NbJudge, Way
from nbjudge.nbgrader_adapter.submissions import SubmittedFolder
from nbjudge.reports.comments import why_a_person


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What the gradebook says about one student."""

    student: str
    score: float
    points: float
    waiting: int
    """Cells that a person must look at."""
    remark: str
    """Why nbjudge asks for a person; empty if it does not. Plain text, untrusted."""


class CellsClass:
    """One assignment of the course in the current folder.

    Args:
        app: nbgrader with the course's configuration.
        assignment: Its name; it must be in the gradebook.

    Raises:
        UserError: If a notebook that would be isolated is not for Python.
    """

    def __init__(self, app: NbGrader, assignment: str) -> None:
        self._app = app
        self._coursedir: Any = app.coursedir
        self._coursedir.assignment_id = assignment
        self._assignment = assignment
        self._settings = NbJudge(parent=app)
        course = Course.find(Path(self._coursedir.root))
        kernels = released_kernels(self._coursedir, assignment)
        self.ways = {name: self._settings.way(course, assignment, name) for name in kernels}
        own = {name: kernels[name] for name, way in self.ways.items() if way is Way.CELLS}
        refuse_other_kernels(own, assignment)
        excluded = Autograde(coursedir=self._coursedir, parent=app).exclude_overwriting
        self._excluded = excluded.get(assignment, [])

    @property
    def needs_no_suite(self) -> bool:
        """Say whether a notebook of the assignment has none."""
        return any(way is not Way.SUITE for way in self.ways.values())

    @property
    def runs_cells(self) -> bool:
        """Say whether cells run in the sandbox."""
        return Way.CELLS in self.ways.values()

    def jobs(self, folders: Iterable[SubmittedFolder]) -> Iterator[CellsJob]:
        """Yield what is to be run; a notebook that cannot be read is none."""
        for folder in folders:
            for name, way in sorted(self.ways.items()):
                if way is Way.CELLS and not isinstance(folder.read(name), GradingResult):
                    yield self._job(folder, name)

    def write(
        self,
        folders: Iterable[SubmittedFolder],
        done: Sequence[tuple[CellsJob, ExecutedCells]],
    ) -> dict[str, str]:
        """Have nbgrader write marks and notebooks; return why somebody's are not written."""
        students = {folder.student for folder in folders}
        if _is_locked(self._coursedir.db_url):
            # nbgrader would remove the first student's folder before it finds out.
            return dict.fromkeys(sorted(students), LOCKED)
        self._coursedir.student_id = next(iter(students)) if len(students) == 1 else "*"
        autograde = AutogradeJudged(
            coursedir=self._coursedir, parent=self._app, force=True, judged=students
        )
        with executions_at_hand(done):
            return autograde.write()

    def standings(self, students: Iterable[str]) -> list[Standing]:
        """Read the marks of some students, sorted."""
        wanted = set(students)
        with Gradebook(self._coursedir.db_url, self._coursedir.course_id) as gradebook:
            entries = gradebook.assignment_submissions(self._assignment)
            found = [_standing(entry) for entry in entries if entry.student.id in wanted]
        return sorted(found, key=lambda standing: standing.student)

    def _job(self, folder: SubmittedFolder, name: str) -> CellsJob:
        where = {
            "student": folder.student,
            "assignment": self._assignment,
            "notebook": name,
            "db_url": self._coursedir.db_url,
        }
        path = folder.path / f"{name}.ipynb"
        notebook = shown_notebook(path, self._coursedir, self._assignment)
        restore_cells(notebook, where, self._app)
        return cells_job(
            notebook,
            where=where,
            coursedir=self._coursedir,
            settings=self._settings,
            excluded=self._excluded,
        )


def _is_locked(db_url: str) -> bool:
    """Say whether another program writes to the gradebook, for longer than nbgrader waits."""
    prefix, _, path = db_url.partition(":///")
    if prefix != "sqlite":
        return False
    with closing(sqlite3.connect(path)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
            database.rollback()
        except sqlite3.OperationalError as error:
            return "locked" in str(error)
    return False


def _standing(entry: SubmittedAssignment) -> Standing:
    grades = [grade for notebook in entry.notebooks for grade in notebook.grades]
    comments = [c.auto_comment for notebook in entry.notebooks for c in notebook.comments]
    reasons = dict.fromkeys(why for text in comments if (why := why_a_person(text)))
    return Standing(
        student=entry.student.id,
        score=float(entry.score),
        points=float(entry.max_score),
        waiting=sum(1 for grade in grades if grade.needs_manual_grade),
        remark="; ".join(reasons),
    )
