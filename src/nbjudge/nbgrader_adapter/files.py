"""What nbgrader's autograde does with files, step by step instead of in one go."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.utils import find_all_files, parse_utc, remove

from nbjudge.errors import UserError
from nbjudge.nbgrader_adapter.submissions import is_plain_file


class AutogradedFiles(Autograde):
    """nbgrader's Autograde with the same settings, for a writer that needs its files only."""

    def begin(self, student: str, notebooks: Sequence[str]) -> None:
        """Make the student's folder in `autograded/` anew, with all but the notebooks.

        Files of the submission first, then the instructor's, which replace them.
        """
        assignment = self.coursedir.assignment_id
        self.notebooks = list(notebooks)
        self.init_destination(assignment, student)
        self.run_pre_convert_hook()
        self._copy_students_files(assignment, student)
        self._copy_instructors_files(assignment, student)

    def write(self, student: str, name: str, content: str) -> None:
        """Write one notebook."""
        folder = self._folder(student)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")

    def end(self, student: str) -> None:
        """Set permissions and run the hook."""
        self.set_permissions(self.coursedir.assignment_id, student)
        self.run_post_convert_hook()

    def handed_in_at(self, student: str) -> datetime | None:
        """Return the time in the submission's `timestamp.txt`; None if it says none.

        Raises:
            UserError: If it holds something else.
        """
        source = Path(self._format_source(self.coursedir.assignment_id, student))
        path = source / "timestamp.txt"
        if not path.exists():
            return None
        text = path.read_text(encoding="utf-8", errors="replace").strip()
        try:
            return parse_utc(text) if text else None
        except ValueError:
            raise UserError(
                f"timestamp.txt holds no time: {text[:40]!r}.",
                context=str(path),
                hint="correct it, or remove it if the time does not matter.",
            ) from None

    def _folder(self, student: str) -> Path:
        return Path(self._format_dest(self.coursedir.assignment_id, student))

    def _copy_students_files(self, assignment: str, student: str) -> None:
        source = Path(self._format_source(assignment, student))
        for found in find_all_files(str(source), [*self.coursedir.ignore, "*.ipynb"]):
            name = Path(found).relative_to(source)
            if not is_plain_file(found):
                self.log.warning(_LEFT_OUT, name, student)
                continue
            self._copy(found, self._folder(student) / name)

    def _copy_instructors_files(self, assignment: str, student: str) -> None:
        coursedir = self.coursedir
        source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
        kept = {source / name for name in self.exclude_overwriting.get(assignment, [])}
        for found in find_all_files(str(source), [*coursedir.ignore, "*.ipynb"]):
            if Path(found) in kept:
                continue
            self._copy(found, self._folder(student) / Path(found).relative_to(source))

    def _copy(self, found: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            remove(str(target))
        shutil.copy(found, target)


_LEFT_OUT = "%s of %s is a link, not a file that was handed in: left out"


def remove_linked_copies(converter: Any, student: str, assignment: str) -> None:
    """Remove from `autograded/` what nbgrader's autograde copied through a student's links.

    Args:
        converter: nbgrader's, after it has copied a submission's files.
        student: Whose.
        assignment: Of what.
    """
    coursedir = converter.coursedir
    submitted, autograded, source = (
        Path(coursedir.format_path(step, owner, assignment))
        for step, owner in (
            (coursedir.submitted_directory, student),
            (coursedir.autograded_directory, student),
            (coursedir.source_directory, "."),
        )
    )
    for name in _linked(submitted):
        copy = autograded / name
        if copy.is_file() and not (source / name).exists():
            converter.log.warning(_LEFT_OUT, name, student)
            remove(str(copy))


def _linked(folder: Path) -> Iterator[Path]:
    for found in find_all_files(str(folder), ["*.ipynb"]):
        if not is_plain_file(found):
            yield Path(found).relative_to(folder)
