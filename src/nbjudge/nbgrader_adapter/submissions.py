"""What lies in `submitted/`: folders, notebooks, and what is wrong with them.

Reads bytes and nothing else; a link, a pipe or a missing file becomes a sentence.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbjudge.model import GradingResult, Submission
from nbjudge.notebook import UnreadableNotebook
from nbjudge.questions.answers import MAX_BYTES, SUFFIX
from nbjudge.texts import say


@dataclass(frozen=True, kw_only=True, slots=True)
class SubmittedFolder:
    """One student's folder of one assignment."""

    student: str
    assignment: str
    path: Path

    def read(self, notebook: str) -> Submission | GradingResult:
        """Return the notebook as submitted, or a result that says why there is none."""
        try:
            content = submitted_bytes(self.path / f"{notebook}.ipynb")
        except UnreadableNotebook as error:
            return GradingResult(
                student=self.student,
                assignment=self.assignment,
                notebook=notebook,
                problem=str(error),
            )
        answers, why_not = _answers(self.path / f"{notebook}{SUFFIX}")
        return Submission(
            student=self.student,
            assignment=self.assignment,
            notebook=notebook,
            content=content,
            answers=answers,
            answers_problem=why_not,
        )


def _answers(path: Path) -> tuple[bytes | None, str]:
    """Return the file with quiz answers and "", or None and why what is there is not read."""
    if path.is_symlink():
        # Following it would hand in whatever file of the grader's machine it points to.
        return None, say("it is a link, not a file")
    if not path.exists():
        return None, ""
    if not path.is_file():
        return None, say("it is a folder") if path.is_dir() else say("it is no file")
    try:
        with path.open("rb") as file:
            # One more: the reader says that it is too large.
            return file.read(MAX_BYTES + 1), ""
    except OSError as error:
        return None, str(error.strerror)


def submitted_folders(coursedir: Any, assignment: str, student: str = "*") -> list[SubmittedFolder]:
    """List the folders of an assignment, sorted by student.

    Args:
        coursedir: nbgrader's `CourseDirectory`.
        assignment: The assignment's name.
        student: A glob, as nbgrader's `--student`.
    """
    step = coursedir.submitted_directory
    pattern = re.compile(
        coursedir.format_path(step, "(?P<student>[^/]+)", re.escape(assignment), escape=True)
    )
    found = []
    for path in glob.glob(coursedir.format_path(step, student, glob.escape(assignment))):
        match = pattern.fullmatch(path)
        if match and Path(path).is_dir():
            name = match["student"]
            found.append(SubmittedFolder(student=name, assignment=assignment, path=Path(path)))
    return sorted(found, key=lambda folder: folder.student)


def submitted_bytes(path: Path) -> bytes:
    """Read one submitted notebook.

    Raises:
        UnreadableNotebook: If there is no plain file of that name; names the
            notebooks that are there instead.
    """
    if path.is_symlink():
        # Following it would hand in whatever file of the grader's machine it points to.
        raise UnreadableNotebook(say("{name} is a link, not a file", name=path.name))
    if path.is_file():
        try:
            return path.read_bytes()
        except OSError as error:
            why = say("{name} cannot be read: {reason}", name=path.name, reason=error.strerror)
            raise UnreadableNotebook(why) from None
    if path.exists():
        raise UnreadableNotebook(
            say("{name} is a folder", name=path.name)
            if path.is_dir()
            else say("{name} is no file", name=path.name)
        )
    others = [*_shown(sorted(path.parent.glob("*.ipynb")))]
    found = ", ".join(others) if others else say("no notebook")
    raise UnreadableNotebook(say("expected {name}, found {found}", name=path.name, found=found))


def is_plain_file(path: str | Path) -> bool:
    """Tell a file that was handed in from a link to one, a pipe or a device.

    Following a student's link would hand in whatever file of the grader's it points to, and
    return that with the feedback.
    """
    return os.path.isfile(path) and not os.path.islink(path)


def _shown(paths: Iterable[Path]) -> Iterator[str]:
    for count, path in enumerate(paths):
        if count == 3:
            yield "and more"
            return
        yield path.name if len(path.name) <= 60 else path.name[:57] + "..."
