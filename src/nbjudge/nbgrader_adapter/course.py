"""A course as nbgrader sees it, for commands of our own: settings, folders, gradebook."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.baseapp import NbGrader

from nbjudge.errors import UserError
from nbjudge.grading import JudgeSettings
from nbjudge.nbgrader_adapter.autograde_writer import AutogradeWriter
from nbjudge.nbgrader_adapter.batch import BatchWriter, MarkWriter, leaves_nbgraders_steps
from nbjudge.nbgrader_adapter.cell_class import CellsClass
from nbjudge.nbgrader_adapter.files import AutogradedFiles
from nbjudge.nbgrader_adapter.settings import NbJudge
from nbjudge.nbgrader_adapter.submissions import SubmittedFolder, submitted_folders


class NbgraderCourse:
    """The course in the current folder, with its `nbgrader_config.py`.

    Args:
        weakest_isolation: Overrides the configuration's, unless None.
    """

    def __init__(self, *, weakest_isolation: str | None = None) -> None:
        self._app = NbGrader()
        self._app.initialize([])
        if weakest_isolation is not None:
            self._app.config.NbJudge.weakest_isolation = weakest_isolation
        self._coursedir = self._app.coursedir

    @property
    def judge_settings(self) -> JudgeSettings:
        """What the configuration says about judging."""
        return NbJudge(parent=self._app).judge_settings(Path(self._coursedir.root))

    def notebooks(self, assignment: str) -> list[str]:
        """Return the names of an assignment's notebooks, as released.

        Raises:
            UserError: If there is no such assignment or it was never released.
        """
        names: list[str] = []
        if not self._lacks_gradebook():
            with self._gradebook() as gradebook:
                try:
                    entry = gradebook.find_assignment(assignment)
                    names = sorted(notebook.name for notebook in entry.notebooks)
                except MissingEntry:
                    pass
        if names:
            return names
        source = Path(self._coursedir.format_path(self._coursedir.source_directory, ".", ""))
        if not (source / assignment).is_dir():
            there = sorted(path.name for path in source.glob("*") if path.is_dir())
            raise UserError(
                f"There is no assignment {assignment!r}.",
                context=str(source),
                hint=f"the assignments are: {', '.join(there) or 'none yet; run nbjudge build'}.",
            )
        raise UserError(
            f"Assignment {assignment!r} is not in the gradebook.",
            context=self._coursedir.db_url,
            hint=f"run nbgrader generate_assignment {assignment}",
        )

    def submissions(self, assignment: str, student: str | None = None) -> list[SubmittedFolder]:
        """Return who handed something in, sorted by student.

        Raises:
            UserError: If nobody did, or not this student.
        """
        left_out = set(self._coursedir.student_id_exclude.split(","))
        folders = submitted_folders(self._coursedir, assignment)
        folders = [folder for folder in folders if folder.student not in left_out]
        if student is not None:
            folders = [folder for folder in folders if folder.student == student]
        if not folders:
            step = self._coursedir.submitted_directory
            who = "<student>" if student is None else student
            raise UserError(
                f"Nothing was handed in for {assignment!r}"
                + ("." if student is None else f" by {student!r}."),
                context=self._coursedir.format_path(step, who, assignment),
                hint="put submissions there, or fetch them with nbgrader collect or zip_collect.",
            )
        return folders

    def open_gradebook(self, root: Path) -> Gradebook:
        """Open the gradebook; a context manager.

        Args:
            root: The course's folder, for the message.

        Raises:
            UserError: If there is none yet: opening it would make one.
        """
        if self._lacks_gradebook():
            raise UserError(
                "There is no gradebook here.",
                context=self._coursedir.db_url,
                hint=f"run this in the course's folder ({root} has none), or run nbgrader "
                "generate_assignment first.",
            )
        return self._gradebook()

    def submitted_folder(self, student: str, assignment: str) -> Path:
        """Return where a submission lies, or would."""
        step = self._coursedir.submitted_directory
        return Path(self._coursedir.format_path(step, student, assignment))

    def autograded_folder(self, student: str, assignment: str) -> Path:
        """Return where a graded submission lies, or would."""
        step = self._coursedir.autograded_directory
        return Path(self._coursedir.format_path(step, student, assignment))

    def cells_class(self, assignment: str) -> CellsClass:
        """Return the assignment as far as its notebooks have no suite.

        Raises:
            UserError: If one of these is not for Python and not left to nbgrader.
        """
        return CellsClass(self._app, assignment)

    def writer(self, assignment: str, student: str | None = None) -> MarkWriter:
        """Return what writes marks as they come.

        Args:
            assignment: Whose.
            student: Only this student's; None for all.
        """
        self._coursedir.assignment_id = assignment
        self._coursedir.student_id = student or "*"
        files = AutogradedFiles(coursedir=self._coursedir, parent=self._app, force=True)
        if leaves_nbgraders_steps(files):
            return BatchWriter(files)
        # Steps of the instructor's own may open the gradebook as they like.
        return AutogradeWriter(self._app)

    def waiting(self, assignment: str) -> set[str]:
        """Return the students some of whose cells a person must look at."""
        with self._gradebook() as gradebook:
            submissions = gradebook.assignment_submissions(assignment)
            return {entry.student.id for entry in submissions if entry.needs_manual_grade}

    @contextmanager
    def log_to(self, path: Path) -> Iterator[None]:
        """Send nbgrader's messages, and those of its libraries, to a file."""
        handler = _QuietLog(path, mode="w", encoding="utf-8")
        handler.setLevel(logging.INFO)
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
        root = logging.getLogger()
        before = self._app.log.handlers[:]
        self._app.log.handlers = []
        self._app.log.propagate = True
        root.addHandler(handler)
        logging.captureWarnings(True)
        try:
            with warnings.catch_warnings():
                yield
        finally:
            logging.captureWarnings(False)
            root.removeHandler(handler)
            self._app.log.handlers = before
            handler.close()

    def _gradebook(self) -> Gradebook:
        return Gradebook(self._coursedir.db_url, self._coursedir.course_id)

    def _lacks_gradebook(self) -> bool:
        """Say whether opening the gradebook would make a new one."""
        prefix, _, path = str(self._coursedir.db_url).partition(":///")
        return prefix == "sqlite" and not Path(path).exists()


class _QuietLog(logging.FileHandler):
    """A log that may fail, on a full disk say, without a word on the screen."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Leave out what cannot be written."""

    def close(self) -> None:
        """Close, whatever is lost by it."""
        with suppress(OSError):
            super().close()
