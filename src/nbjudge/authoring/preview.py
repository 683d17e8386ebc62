"""A lesson as a student or an instructor will see it, built in a scratch folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from nbjudge.errors import UserError
from nbjudge.model import Course, Lesson

_WATCHED = ("course", "solutions", "grader_tests")
_COPIED = (*_WATCHED, "nbgrader_config.py")
_PAUSE_S = 1.0

Times = dict[Path, int]
"""When each watched file was last written, in nanoseconds."""


class Audience(StrEnum):
    """Whose notebook is shown."""

    STUDENT = "student"
    """The release: stubs, and the examples of `check()`."""
    INSTRUCTOR = "instructor"
    """The source: with the answers."""

    @property
    def folder(self) -> str:
        """Where the build puts this audience's notebooks."""
        return "release" if self is Audience.STUDENT else "source"


class Preview:
    """A scratch copy of a course from which one lesson is built and shown.

    Args:
        course: The course; nothing in it is written.
        lesson: The lesson to show.
        audience: Whose notebook.
        scratch: An empty folder, the caller's to remove.
    """

    def __init__(
        self, course: Course, lesson: Lesson, audience: Audience, *, scratch: Path
    ) -> None:
        self._course, self._lesson, self._audience = course, lesson, audience
        self._copy, self.folder = scratch / "course", scratch / lesson.assignment
        """`folder` is what JupyterLab shows: the notebook and its examples."""
        self._times = self._written()

    @property
    def notebook(self) -> Path:
        """The notebook to open."""
        return self.folder / f"{self._lesson.slug}.ipynb"

    def build(self) -> None:
        """Build the lesson as it is now and put it into `folder`.

        What was edited in the shown notebook is lost: it is a preview.

        Raises:
            UserError: If the lesson cannot be built; says what the build says.
        """
        shutil.rmtree(self._copy, ignore_errors=True)
        self._copy.mkdir(parents=True)
        for name in _COPIED:
            self._take(self._course.root / name)
        # A process of its own: an edited module would otherwise stay imported as it was.
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "nbjudge.cli.main", "build", self._lesson.slug],
            cwd=self._copy,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).removeprefix("nbjudge build: ")
            raise UserError(said.replace(f"{self._copy}/", ""))
        built = self._copy / self._audience.folder / self._lesson.assignment
        shutil.copytree(built, self.folder, dirs_exist_ok=True)

    def changed(self) -> list[str]:
        """Return the files written, added or removed since the last call."""
        before, self._times = self._times, self._written()
        paths = {path for path, _ in before.items() ^ self._times.items()}
        return sorted(self._course.relative(path) for path in paths)

    def watch(self, say: Callable[[str], None], is_over: Callable[[], bool]) -> None:
        """Build again whenever a file changes, and say so; errors are said, not raised.

        Args:
            say: Takes one message at a time.
            is_over: Asked about once a second whether to stop.
        """
        while not is_over():
            time.sleep(_PAUSE_S)
            changed = self.changed()
            if changed:
                say(f"{', '.join(changed)} changed: {self._rebuilt()}")

    def _rebuilt(self) -> str:
        try:
            self.build()
        except UserError as error:
            return f"not built.\n{error}"
        return "built again. In JupyterLab: File > Reload Notebook from Disk."

    def _take(self, path: Path) -> None:
        if path.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(path, self._copy / path.name, ignore=ignored)
        elif path.exists():
            shutil.copy2(path, self._copy / path.name)

    def _written(self) -> Times:
        files = (
            path
            for name in _WATCHED
            for path in (self._course.root / name).rglob("*")
            if not any(p.startswith((".", "__pycache__")) for p in path.parts[-2:])
        )
        return {path: path.stat().st_mtime_ns for path in files if path.is_file()}
