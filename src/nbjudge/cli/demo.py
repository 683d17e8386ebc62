"""Send a made-up class round the whole loop, in a scratch copy of the course.

Builds and releases a lesson, hands in one notebook for everything that can
happen to it, judges them, writes the feedback pages and exports the marks.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbjudge.authoring.sample_class import SampleStudent, sample_class
from nbjudge.errors import UserError
from nbjudge.model import Course, Lesson

_COPIED = ("course", "solutions", "grader_tests", "source", "release", "nbgrader_config.py")
_MARKER = ".nbjudge-demo"
"""Tells a folder that may be removed from one that somebody needs."""
ALLOW = 'c.NbJudge.weakest_isolation = "limits"'
_CONFIGURATION = f"""
# For the demonstration only: the weakest sandbox is allowed, by name, so that it runs anywhere.
{ALLOW}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can follow `nbjudge demo`."""
    parser.add_argument("--folder", type=Path, default=Path(".demo"), help="made anew (.demo)")
    parser.add_argument("--lesson", metavar="SLUG", help="the course's first lesson by default")


def run(arguments: argparse.Namespace) -> int:
    """Go round the loop; 1 if a mark is not what the notebook deserves."""
    started = time.monotonic()
    course = Course.load(Path.cwd())
    lesson = course.lesson(arguments.lesson) if arguments.lesson else course.lessons[0]
    folder = Path(arguments.folder)
    copy_course(course, folder)
    print(f"A made-up class hands in {lesson.slug}. All of it happens in {folder}/,")
    print("a copy of the course. It may be judged on any computer, isolated as well as that can:")
    print(f"  {ALLOW}\n")
    steps = _Steps(folder=folder.resolve(), total=7)
    students = _go_round(steps, lesson)
    wrongly_marked = check_marks(students, folder / "marks.csv")
    _print_end(students, wrongly_marked, folder, lesson)
    print(f"\nOnce round in {time.monotonic() - started:.0f} s.")
    return 1 if wrongly_marked else 0


def copy_course(course: Course, folder: Path) -> None:
    """Copy what grading needs into `folder`, made anew.

    Raises:
        UserError: If the folder holds something else than an earlier demonstration.
    """
    if folder.exists() and not (folder / _MARKER).exists() and any(folder.iterdir()):
        raise UserError(
            "The demonstration would replace a folder that it did not make.",
            context=str(folder),
            hint="name another one: nbjudge demo --folder NAME.",
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / _MARKER).touch()
    for name in _COPIED:
        original = course.root / name
        if original.is_dir():
            unneeded = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
            shutil.copytree(original, folder / name, ignore=unneeded)
        elif original.exists():
            shutil.copy(original, folder / name)
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as configuration:
        configuration.write(_CONFIGURATION)


def hand_in(students: Iterable[SampleStudent], folder: Path, assignment: str) -> None:
    """Put every notebook where nbgrader expects it, and who handed in what into class.csv."""
    with (folder / "class.csv").open("w", encoding="utf-8", newline="") as file:
        register = csv.writer(file)
        register.writerow(["student", "handed_in", "deserves"])
        for student in students:
            place = folder / "submitted" / student.name / assignment
            place.mkdir(parents=True)
            (place / student.file_name).write_bytes(student.content)
            register.writerow([student.name, student.handed_in, student.deserves])


def check_marks(students: Iterable[SampleStudent], marks: Path) -> tuple[str, ...]:
    """Compare the exported marks with what each notebook deserves.

    Returns:
        One sentence for each student whose mark is another.
    """
    with marks.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    found = []
    for student in students:
        row = rows.get(student.name, {"score": "", "max_score": ""})
        if row["score"] == "":
            got = "no mark"
        else:
            got = "full marks" if float(row["score"]) == float(row["max_score"]) else "less"
        if got != student.deserves:
            found.append(f"{student.name} ({student.handed_in}): {got}, not {student.deserves}")
    return tuple(found)


def _go_round(steps: _Steps, lesson: Lesson) -> tuple[SampleStudent, ...]:
    slug, assignment = lesson.slug, lesson.assignment
    steps.run("nbjudge", "build", slug)
    steps.run("nbgrader", "generate_assignment", assignment, "--force")
    students = sample_class(Course.load(steps.folder), slug)
    hand_in(students, steps.folder, assignment)
    steps.say(f"{len(students)} students hand in: see class.csv")
    # Exit code 1: somebody needs a person, and here somebody does.
    steps.run("nbjudge", "grade", assignment, shown=True, allowed=(0, 1))
    steps.run("nbgrader", "generate_feedback", assignment)
    steps.run("nbgrader", "export", "--to=marks.csv")
    # The page of somebody who quotes the library rightly shows what they wrote.
    pages = [steps.folder / "feedback" / s.name for s in students if not s.quotes_the_library]
    public = [steps.folder / "release" / assignment, *(page for page in pages if page.exists())]
    steps.run("nbjudge", "audit", *(str(path.relative_to(steps.folder)) for path in public))
    return students


@dataclass(kw_only=True)
class _Steps:
    """Runs one command after the other in the folder, as anybody could by hand."""

    folder: Path
    total: int
    _number: int = field(default=0, init=False)

    def say(self, what: str, *, end: str = "\n") -> None:
        self._number += 1
        print(f"[{self._number}/{self.total}] {what}", end=end, flush=True)

    def run(
        self, program: str, *arguments: str, shown: bool = False, allowed: Sequence[int] = (0,)
    ) -> None:
        """Run a command; its output goes to the screen if `shown`, else to demo.log.

        Raises:
            UserError: If it ends with an exit code that is not `allowed`.
        """
        started = time.monotonic()
        self.say(_shortened([program, *arguments]), end="\n" if shown else " ")
        with (self.folder / "demo.log").open("ab") as log:
            finished = subprocess.run(  # noqa: S603 - our own commands
                [sys.executable, "-m", _MODULES[program], *arguments],
                cwd=self.folder,
                env=_environment(),
                stdout=None if shown else log,
                stderr=None if shown else log,
                check=False,
            )
        print(f"{'      ' if shown else ''}({time.monotonic() - started:.1f} s)", flush=True)
        if finished.returncode not in allowed:
            raise UserError(
                f"`{program} {arguments[0]}` ended with exit code {finished.returncode}.",
                context=f"its output is in {self.folder / 'demo.log'}",
                hint="run it in that folder to see more.",
            )


_MODULES = {"nbjudge": "nbjudge.cli.main", "nbgrader": "nbgrader"}


def _shortened(command: list[str], most: int = 6) -> str:
    return " ".join(command if len(command) <= most else [*command[:most], "..."])


def _environment() -> dict[str, str]:
    """Return the environment with this interpreter's scripts first: nbgrader calls `alembic`."""
    scripts = Path(sys.executable).parent
    return {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}


def _print_end(
    students: Sequence[SampleStudent],
    wrongly_marked: Sequence[str],
    folder: Path,
    lesson: Lesson,
) -> None:
    right = sum(student.deserves == "full marks" for student in students)
    if wrongly_marked:
        print("\nThe marks are NOT what the notebooks deserve:")
        print("\n".join(f"  {sentence}" for sentence in wrongly_marked))
    else:
        print(f"\nAll {right} right answers got full marks, and nobody else did.")
    page = folder / "feedback" / students[1].name / lesson.assignment / f"{lesson.slug}.html"
    print("\nWhere to look next")
    for what, where in (
        (f"the page that {students[1].name} gets", page),
        ("the marks", folder / "marks.csv"),
        ("who handed in what", folder / "class.csv"),
        ("the gradebook, in a browser", "make grader"),
        ("the lesson, as a learner", "make lab"),
    ):
        print(f"  {what:<28} {where}")
