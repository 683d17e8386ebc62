"""What `nbjudge doctor` does: look, try, print."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nbjudge.cli._counted import counted
from nbjudge.sandbox.base import Isolation
from nbjudge.sandbox.machine import Finding, examine_machine
from nbjudge.sandbox.registry import DEFAULT_WEAKEST
from nbjudge.sandbox.trial import Trial, strongest, try_backends

_WIDTH = 21


def diagnose(course: Path) -> int:
    """Print what this machine offers and what works; return the exit code.

    Args:
        course: The current folder: a course, or any other.
    """
    _print_findings("This machine", examine_machine())
    _print_findings("nbgrader", _examine_nbgrader(course))
    print("Back-ends, strongest first")
    with tempfile.TemporaryDirectory(prefix="nbjudge-doctor-") as empty:
        trials: list[Trial] = []
        # Outside a course there is nothing to hide; the back-ends want a folder all the same.
        for trial in try_backends(
            course if (course / "course" / "course.toml").is_file() else Path(empty)
        ):
            _print_trial(trial, is_needed=strongest(trials) is None)
            trials.append(trial)
    level = strongest(trials)
    print(f"\n{verdict(level)}")
    return 0 if level is not None and level.strength >= DEFAULT_WEAKEST.strength else 1


def verdict(level: Isolation | None) -> str:
    """Say in a sentence what a level means for grading."""
    if level is None:
        return "This machine runs no back-end: nothing can be graded here."
    if level is Isolation.NAMESPACES:
        return f"This machine reaches level {level.value!r}, the strongest."
    if level.strength >= DEFAULT_WEAKEST.strength:
        return f"This machine reaches level {level.value!r}: enough to grade with."
    return (
        f"This machine reaches only level {level.value!r}: grading refuses unless the "
        f"configuration names it.\ndocs/threat-model.md says what that leaves open, "
        f"docs/how-to/run-hostile-code.md how to do better."
    )


def _examine_nbgrader(course: Path) -> Iterable[Finding]:
    try:
        yield Finding(name="nbgrader", says=version("nbgrader"))
    except PackageNotFoundError:
        yield Finding(name="nbgrader", says="not installed", cure="pip install 'nbjudge[grader]'")
    yield examine_alembic()
    yield examine_gradebook(course / "gradebook.db")


def examine_alembic() -> Finding:
    """Say whether nbgrader will find the program that upgrades its gradebook."""
    found = shutil.which("alembic")
    beside = Path(sys.executable).parent
    cure = "" if found else f"nbgrader starts it by name: put {beside} on PATH"
    return Finding(name="alembic", says=found or "not on PATH", cure=cure)


def examine_gradebook(path: Path) -> Finding:
    """Say whether this user can open the gradebook."""
    if not path.is_file():
        return Finding(name="gradebook", says=f"none in {path.parent} yet")
    try:
        # mode=rw: looks, like nbgrader, for a file that may be written, and makes none.
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=1)
        try:
            (students,) = connection.execute("select count(*) from student").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        cure = "restore it from a backup, or give this user the right to read and write it"
        return Finding(name="gradebook", says=f"{path}: {error}", cure=cure)
    return Finding(name="gradebook", says=f"{counted(students, 'student')} in {path}")


def _print_findings(title: str, findings: Iterable[Finding]) -> None:
    print(title)
    for finding in findings:
        _print_row(finding.name, finding.says, finding.cure)
    print()


def _print_trial(trial: Trial, *, is_needed: bool) -> None:
    """Print how a back-end did; how to make it work only if no stronger one does."""
    level = f"level {trial.isolation.value}: " if trial.isolation else ""
    _print_row(trial.backend, level + trial.says, trial.cure if is_needed else "")


def _print_row(name: str, says: str, cure: str) -> None:
    mark = "!" if cure else " "
    print(f"{mark} {name:<{_WIDTH}}{says}")
    if cure:
        print(f"  {'':<{_WIDTH}}to cure it: {cure}")
