"""What `nbjudge solutions` does: asks whether it is time, then writes the download."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbjudge.authoring.audit import PUBLIC
from nbjudge.authoring.solutions_download import solutions_download
from nbjudge.errors import UserError
from nbjudge.model import Course
from nbjudge.nbgrader_adapter.course import NbgraderCourse
from nbjudge.nbgrader_adapter.extension import due_dates, parse_deadline


def release_solutions(assignment: str, *, target: Path | None, no_deadline: bool) -> int:
    """Write the download; return the exit code.

    Args:
        assignment: nbgrader's.
        target: The file; None for `downloads/<assignment>-solutions.zip`.
        no_deadline: The course is for self-study: there is no deadline to wait for.

    Raises:
        UserError: If it is too early, nobody said when, or the file would be public.
    """
    course = Course.load(Path.cwd())
    content = solutions_download(course, assignment)
    _refuse_before(_deadlines(course, assignment), assignment, no_deadline=no_deadline)
    path = target or Path("downloads") / f"{assignment}-solutions.zip"
    _refuse_public_place(course, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    print(f"{path}   the solved notebook and other right answers, without hidden tests")
    print("Put it where students find downloads. Who hands in after this may have read it.")
    return 0


def _deadlines(course: Course, assignment: str) -> Iterator[tuple[datetime, str]]:
    """Yield every deadline that holds for somebody, and who says so."""
    for lesson in course.lessons:
        if lesson.assignment == assignment and lesson.deadline:
            yield _read(lesson.deadline, course), f"the deadline of {lesson.slug} in course.toml"
    config = course.root / "nbgrader_config.py"
    if not config.exists():
        return
    try:
        gradebook = NbgraderCourse().open_gradebook(course.root)
    except UserError:
        return  # nothing was released by nbgrader yet
    with gradebook as opened:
        yield from due_dates(opened, assignment)


def _read(deadline: str, course: Course) -> datetime:
    try:
        return parse_deadline(deadline)
    except UserError as error:
        context = f"deadline in {course.root / 'course' / 'course.toml'}"
        raise UserError(error.message, context=context, hint=error.hint) from None


def _refuse_before(
    deadlines: Iterator[tuple[datetime, str]], assignment: str, *, no_deadline: bool
) -> None:
    latest = max(deadlines, default=None)
    if latest is None and not no_deadline:
        raise UserError(
            f"{assignment} has no deadline: nobody knows when everybody has handed in.",
            context="course.toml, and the gradebook",
            hint="set `deadline` in course.toml; for self-study, say --no-deadline.",
        )
    if latest is None:
        return
    moment, says_who = latest
    left = moment - datetime.now(UTC)
    if left > timedelta(0):
        raise UserError(
            f"The solutions of {assignment} can be released on {moment:%Y-%m-%d %H:%M} UTC, "
            f"in {_words(left)}: until then somebody may hand in.",
            context=says_who,
        )


def _words(left: timedelta) -> str:
    if left >= timedelta(days=2):
        return f"{left.days} days"
    hours = left / timedelta(hours=1)
    return f"{hours:.0f} hours" if hours >= 2 else f"{max(1, round(60 * hours))} minutes"


def _refuse_public_place(course: Course, path: Path) -> None:
    """A download among what is public would be released, or packed into the wheel."""
    place = path.resolve()
    for name in PUBLIC:
        if place.is_relative_to((course.root / name).resolve()):
            raise UserError(
                f"{name} is what everybody gets from the beginning; solutions are not.",
                context=str(path),
                hint="name another folder with --to.",
            )
