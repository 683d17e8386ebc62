"""Marks by nbgrader's own autograde, for a course that added steps of its own to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.utils import parse_utc

from nbjudge.model import GradingResult
from nbjudge.nbgrader_adapter.judging import results_at_hand
from nbjudge.nbgrader_adapter.submissions import SubmittedFolder

_GLOB = frozenset("*?[")


class AutogradeWriter:
    """Collects results and writes all of them at the end; slower than a `BatchWriter`.

    Args:
        app: nbgrader with the course's configuration; its course directory says which
            assignment and students.
    """

    def __init__(self, app: NbGrader) -> None:
        self._app = app
        self._results: list[GradingResult] = []
        self.not_written: dict[str, str] = {}

    def add(self, folder: SubmittedFolder, results: Iterable[GradingResult]) -> None:
        """Keep the results of one submission."""
        self._results += results

    def close(self) -> None:
        """Run nbgrader's autograde with the results at hand."""
        judged = {result.student for result in self._results}
        if not judged:
            return
        autograde = AutogradeJudged(
            coursedir=self._app.coursedir, parent=self._app, force=True, judged=judged
        )
        with results_at_hand(self._results):
            self.not_written |= autograde.write()


class AutogradeJudged(Autograde):
    """Leaves out whoever was not judged, and remembers whose marks are written."""

    def __init__(self, *, judged: set[str], **settings: Any) -> None:
        super().__init__(**settings)
        self._judged = judged
        self.written: set[str] = set()
        self.reasons: dict[str, str] = {}
        """Why somebody's are not; nbgrader says so in its log only."""
        self._student = ""

    def write(self) -> dict[str, str]:
        """Write what can be written; return why somebody's marks are not."""
        failure = ""
        try:
            self.start()
        except NbGraderException as error:
            failure = str(error)
        missing = sorted(self._judged - self.written)
        return {student: self._why_not(student, failure) for student in missing}

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Say of a wrong `timestamp.txt` what is wrong; nbgrader fails without a word."""
        self._student = student_id
        path = Path(self._format_source(assignment_id, student_id)) / "timestamp.txt"
        if path.exists() and not _holds_a_time(path):
            self.reasons[student_id] = "timestamp.txt holds no time; correct it or remove it"
            raise NbGraderException(self.reasons[student_id])
        with self._remembering():
            super().init_assignment(assignment_id, student_id)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Remember what went wrong."""
        with self._remembering():
            super().convert_single_notebook(notebook_filename)

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Leave everything as it is for whoever was not judged."""
        # After an interruption, whoever is not judged yet keeps what they had.
        return student_id in self._judged and super().init_destination(assignment_id, student_id)

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        """Remember whose marks and files are there."""
        super().set_permissions(assignment_id, student_id)
        self.written.add(student_id)

    def _why_not(self, student: str, failure: str) -> str:
        if _GLOB.intersection(student):
            return "nbgrader reads *, ? and [ in a name as a pattern; give the folder another name"
        if student in self.reasons:
            return self.reasons[student]
        folder = Path(self._format_source(self.coursedir.assignment_id, student))
        # nbgrader passes over such a folder with a warning in its log.
        return failure if any(folder.glob("*.ipynb")) else "there is no notebook in the folder"

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self.reasons[self._student] = _said(error)
            raise


def _said(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    lines = str(error).splitlines() or [type(error).__name__]
    return f"{type(error).__name__}: {lines[0]}"


def _holds_a_time(path: Path) -> bool:
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    try:
        return not text or parse_utc(text) is not None
    except ValueError:
        return False
