"""Marks and notebooks of many submissions at once: what nbgrader's autograde leaves behind.

nbgrader opens its database nine times per submission and validates every notebook
four times. Here the same rows and the same files are written in one transaction per
batch. A test compares both routes, row by row and byte by byte.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import writes
from nbgrader.api import SubmittedNotebook
from nbgrader.converters import Autograde
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import OperationalError

from nbjudge.model import Course, GradingResult
from nbjudge.nbgrader_adapter.exporter import SubmissionExporter, shown_notebook
from nbjudge.nbgrader_adapter.files import AutogradedFiles
from nbjudge.nbgrader_adapter.install import AUTOGRADE, SANITIZE
from nbjudge.nbgrader_adapter.judging import log_faults, show_result
from nbjudge.nbgrader_adapter.marks import keep_records, save_result
from nbjudge.nbgrader_adapter.restore import ReleasedCell, released_cells, restored
from nbjudge.nbgrader_adapter.settings import NbJudge
from nbjudge.nbgrader_adapter.submissions import SubmittedFolder
from nbjudge.nbgrader_adapter.transaction import OneTransaction
from nbjudge.texts import in_language

LOCKED = "the gradebook is in use by another program (a formgrader, a backup)"
_MOST = 25
_LONGEST_S = 2.0
"""A formgrader beside us waits for the database no longer than its five seconds."""


@dataclass(frozen=True, slots=True)
class _Judged:
    folder: SubmittedFolder
    results: Sequence[GradingResult]


@dataclass(frozen=True, slots=True)
class _Released:
    cells: list[ReleasedCell]
    kernelspec: dict[str, str] | None


class MarkWriter(Protocol):
    """Takes a class's results, one submission after the other."""

    @property
    def not_written(self) -> Mapping[str, str]:
        """Why a student's marks are not in the gradebook; final after `close`."""

    def add(self, folder: SubmittedFolder, results: Iterable[GradingResult]) -> None:
        """Take one submission, with a result per notebook."""

    def close(self) -> None:
        """Write what was taken and not yet written."""


def leaves_nbgraders_steps(autograde: Autograde) -> bool:
    """Say whether the course's autograde is `install`'s, without steps of the instructor's."""
    return (
        list(autograde.sanitize_preprocessors) == list(SANITIZE)
        and list(autograde.autograde_preprocessors) == list(AUTOGRADE)
        and autograde.exporter_class is SubmissionExporter
    )


class BatchWriter:
    """Writes what was judged, some submissions at a time.

    Args:
        files: Where notebooks go; nbgrader's autograde with the course's settings.
    """

    def __init__(self, files: AutogradedFiles) -> None:
        self._files = files
        self._assignment: str = files.coursedir.assignment_id
        self._gradebook = OneTransaction(files.coursedir.db_url, files.coursedir.course_id)
        course = Course.find(Path(files.coursedir.root))
        self._state = course.state_folder
        self._language = NbJudge(parent=files).language_of(course, self._assignment)
        self._clear = ClearMetadataPreprocessor(parent=files)
        self._penalties = AssignLatePenalties(parent=files)
        self._released: dict[str, _Released] = {}
        self._valid: set[str] = set()
        self._waiting: list[_Judged] = []
        self._since = time.monotonic()
        self.not_written: dict[str, str] = {}
        """Why a student's marks are not in the gradebook: the grader's fault, never theirs."""

    def add(self, folder: SubmittedFolder, results: Iterable[GradingResult]) -> None:
        """Take one submission, with a result per notebook; it is written soon."""
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting.append(_Judged(folder, sorted(results, key=lambda r: r.notebook)))
        if len(self._waiting) >= _MOST or time.monotonic() - self._since > _LONGEST_S:
            self.flush()

    def flush(self) -> None:
        """Write what waits. What cannot be written is in `not_written`; the rest is."""
        waiting, self._waiting = self._waiting, []
        if not waiting or self._tries(waiting):
            return
        for judged in waiting:  # one of them stood in the way of all
            self._tries([judged])

    def close(self) -> None:
        """Write what waits and let the gradebook go."""
        self.flush()
        self._gradebook.close()

    def _tries(self, batch: Sequence[_Judged]) -> bool:
        """Write a batch whole or not at all; a batch of one says why not."""
        try:
            for judged in batch:
                self._write(judged)
            self._gradebook.save()
            for judged in batch:
                keep_records(self._state, judged.folder, judged.results, self._files.log)
        except Exception as error:  # noqa: BLE001, RUF100 - one submission never ends a batch
            self._gradebook.forget()
            self._released.clear()
            if len(batch) == 1:
                self._files.log.exception("nothing was written for %s", batch[0].folder.student)
                self.not_written[batch[0].folder.student] = _said(error)
            elif _is_locked(error):
                # Each would wait for the lock again, a minute or more altogether.
                self.not_written.update({j.folder.student: _said(error) for j in batch})
                return True
            return False
        return True

    def _write(self, judged: _Judged) -> None:
        # Rows first: a gradebook that cannot be written leaves the folder as it was.
        notebooks = {r.notebook: self._shown(judged.folder, r) for r in judged.results}
        self._save_rows(judged, notebooks)
        self._gradebook.db.flush()
        student = judged.folder.student
        self._files.begin(student, [f"{name}.ipynb" for name in notebooks])
        for name, notebook in notebooks.items():
            self._files.write(student, f"{name}.ipynb", writes(notebook) + "\n")
        self._files.end(student)

    def _save_rows(self, judged: _Judged, notebooks: dict[str, NotebookNode]) -> None:
        gradebook, student = self._gradebook, judged.folder.student
        if self._files.create_student:
            gradebook.update_or_create_student(student)
        handed_in_at = self._files.handed_in_at(student)
        about = {"timestamp": handed_in_at} if handed_in_at else {}
        submission = gradebook.update_or_create_submission(self._assignment, student, **about)
        for result in judged.results:
            log_faults(self._files.log, result)
            row = gradebook.find_submission_notebook(result.notebook, self._assignment, student)
            save_result(row, notebooks[result.notebook], result)
            self._save_penalty(row, student, submission.total_seconds_late)

    def _shown(self, folder: SubmittedFolder, result: GradingResult) -> NotebookNode:
        """Make the notebook that the formgrader shows; see nbgrader's lists in `install`."""
        released = self._release(result.notebook)
        coursedir = self._files.coursedir
        path = folder.path / f"{result.notebook}.ipynb"
        notebook = shown_notebook(path, coursedir, self._assignment)
        notebook.cells = restored(notebook.cells, released.cells)
        notebook.metadata = NotebookNode()
        if released.kernelspec:
            notebook.metadata["kernelspec"] = released.kernelspec
        with in_language(self._language):
            show_result(notebook, result)
        cleared: NotebookNode = self._clear(notebook, {})[0]
        self._validate(cleared)
        return cleared

    def _validate(self, notebook: NotebookNode) -> None:
        """Have nbgrader check the metadata: once for a class, for it checks its schema as well."""
        about = json.dumps([(c.cell_type, c.metadata.get("nbgrader")) for c in notebook.cells])
        if about not in self._valid:
            MetadataValidator().validate_nb(notebook)
            self._valid.add(about)

    def _release(self, name: str) -> _Released:
        if name not in self._released:
            entry = self._gradebook.find_notebook(name, self._assignment)
            self._released[name] = _Released(
                cells=released_cells(self._gradebook, self._assignment, name),
                kernelspec=json.loads(entry.kernelspec) if entry.kernelspec else None,
            )
        return self._released[name]

    def _save_penalty(self, row: SubmittedNotebook, student: str, seconds_late: float) -> None:
        """Ask nbgrader's late-submission plug-in, as its `AssignLatePenalties` does."""
        row.late_submission_penalty = None
        if seconds_late <= 0:
            return
        self._gradebook.db.flush()
        self._gradebook.db.refresh(row)
        self._penalties.init_plugin()
        plugin = self._penalties.plugin_inst
        penalty = plugin.late_submission_penalty(student, row.score, seconds_late)
        if penalty is not None:
            row.late_submission_penalty = min(max(penalty, 0), row.score)


def _is_locked(error: Exception) -> bool:
    return isinstance(error, OperationalError) and "locked" in str(error)


def _said(error: Exception) -> str:
    if _is_locked(error):
        return LOCKED
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no details'}"
