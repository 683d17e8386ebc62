"""A later deadline for one student, kept where nbgrader keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from nbjudge.errors import UserError

_END_OF_DAY = time(23, 59)


@dataclass(frozen=True, kw_only=True, slots=True)
class Extended:
    """What was changed."""

    deadline: datetime
    """UTC."""
    longer: timedelta
    """Than for the class; zero removes an extension."""
    is_late_still: bool
    """What is handed in already is later than even this."""
    was_penalized: bool
    """A late penalty stands in the gradebook, until the next grading."""


def parse_deadline(text: str) -> datetime:
    """Read a date, or a date and a time, as ISO 8601; without a zone it is UTC.

    A date alone means the end of that day.

    Raises:
        UserError: If it is neither.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UserError(
            f"{text!r} is no date.",
            context="DATE",
            hint="write it as 2030-02-28, 2030-02-28T17:00 or 2030-02-28T17:00+01:00.",
        ) from None
    if len(text) <= len("2030-02-28"):
        moment = datetime.combine(moment.date(), _END_OF_DAY)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def extend_deadline(
    gradebook: Gradebook, assignment: str, student: str, deadline: datetime
) -> Extended:
    """Give a student until `deadline`.

    Args:
        gradebook: nbgrader's, open.
        assignment: Its name.
        student: A student of the gradebook.
        deadline: With a zone.

    Raises:
        UserError: If there is no such assignment, due date or student, or it would be earlier.
    """
    entry = _found(gradebook, assignment, student)
    due = entry.duedate
    if due is None:
        raise UserError(
            f"Assignment {assignment!r} has no due date, so nobody is late.",
            context="the gradebook",
            hint="set one in the formgrader, or with nbgrader db assignment add "
            f'{assignment} --duedate "2030-01-31 23:59 UTC".',
        )
    due = due.replace(tzinfo=UTC)
    longer = deadline - due
    if longer < timedelta(0):
        raise UserError(
            f"{deadline:%Y-%m-%d %H:%M} UTC is before the due date of {assignment!r}.",
            context=f"due {due:%Y-%m-%d %H:%M} UTC",
            hint="the due date itself takes an extension back.",
        )
    # nbgrader keeps extensions with submissions: who handed in nothing yet gets an empty one.
    with gradebook.db.no_autoflush:
        submission = gradebook.update_or_create_submission(assignment, student)
    gradebook.grant_extension(assignment, student, minutes=longer.total_seconds() / 60)
    penalties = [notebook.late_submission_penalty for notebook in submission.notebooks]
    return Extended(
        deadline=deadline,
        longer=longer,
        is_late_still=submission.total_seconds_late > 0,
        was_penalized=any(penalties),
    )


def _found(gradebook: Gradebook, assignment: str, student: str) -> Any:
    try:
        entry = gradebook.find_assignment(assignment)
    except MissingEntry:
        there = ", ".join(sorted(each.name for each in gradebook.assignments)) or "none"
        raise UserError(
            f"There is no assignment {assignment!r} in the gradebook.",
            hint=f"the assignments are: {there}.",
        ) from None
    try:
        gradebook.find_student(student)
    except MissingEntry:
        raise UserError(
            f"There is no student {student!r} in the gradebook.",
            hint=f"nbgrader db student add {student} adds one; a grading adds who handed in.",
        ) from None
    return entry


def due_dates(gradebook: Gradebook, assignment: str) -> Iterator[tuple[datetime, str]]:
    """Yield until when somebody may hand in, in UTC, and who says so.

    Args:
        gradebook: nbgrader's, open.
        assignment: Its name; nothing is yielded if the gradebook does not know it.
    """
    try:
        entry = gradebook.find_assignment(assignment)
    except MissingEntry:
        return
    if entry.duedate is None:
        return
    yield entry.duedate.replace(tzinfo=UTC), "the due date in the gradebook"
    for submission in entry.submissions:
        if submission.extension:
            due = submission.duedate.replace(tzinfo=UTC)
            yield due, f"the extension of {submission.student_id}"
