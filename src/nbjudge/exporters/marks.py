"""Marks as CSV: nbgrader's columns, honest about marks that do not exist.

nbgrader's own export writes 0.0 for a submission that nobody could judge, and
does not quote names with a comma.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Grade, Gradebook, MissingEntry, Student, SubmittedAssignment
from nbgrader.plugins import ExportPlugin

from nbjudge.questions.answers import QUIZ_CELL
from nbjudge.reports.comments import why_a_person

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "needs_a_person",
    "problem",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a text cell that begins so."""


class MarksExporter(ExportPlugin):
    """One row per student and assignment; a mark that does not exist is blank.

    `needs_a_person` is `yes` or `no`; `problem` says why there is no mark. Who
    handed in nothing has 0, as in nbgrader's own export, and the problem says so.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the file that `--to` names, by default `grades.csv` as in nbgrader."""
        path = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", path)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(self._rows(gradebook))

    def _rows(self, gradebook: Gradebook) -> Iterator[dict[str, Any]]:
        assignments = {str(name) for name in self.assignment}
        students = {str(name) for name in self.student}
        for assignment in gradebook.assignments:
            if assignments and assignment.name not in assignments:
                continue
            for student in gradebook.students:
                if not students or student.id in students:
                    yield _row(gradebook, assignment, student)


def _row(gradebook: Gradebook, assignment: Assignment, student: Student) -> dict[str, Any]:
    row = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "max_score": assignment.max_score,
    }
    try:
        row |= _of_submission(gradebook.find_submission(assignment.name, student.id))
    except MissingEntry:
        row |= dict.fromkeys(("raw_score", "late_submission_penalty", "score"), 0.0)
        row |= {"needs_a_person": "no", "problem": "nothing was handed in"}
    return {key: _safe(value) for key, value in row.items()}


def _of_submission(submission: SubmittedAssignment) -> dict[str, Any]:
    problems = _problems(submission)
    # The gradebook counts a grade that does not exist as 0, which it is not.
    unmarked = any(
        grade.auto_score is None and grade.manual_score is None and grade.max_score
        for notebook in submission.notebooks
        for grade in notebook.grades
    )
    penalty = submission.late_submission_penalty
    row: dict[str, Any] = {
        "timestamp": submission.timestamp,
        "needs_a_person": "yes" if problems or submission.needs_manual_grade else "no",
        "problem": "; ".join(problems),
    }
    if not problems and not unmarked:
        score = max(0.0, submission.score - penalty)
        row |= {
            "raw_score": submission.score,
            "late_submission_penalty": penalty,
            "score": score,
        }
    return row


def _problems(submission: SubmittedAssignment) -> list[str]:
    """Why a person is needed, without what a person has already settled."""
    found: dict[str, None] = {}
    for notebook in submission.notebooks:
        if any(grade.needs_manual_grade for grade in notebook.grades):
            reasons = [why_a_person(comment.auto_comment) for comment in notebook.comments]
            found.update(dict.fromkeys(reason for reason in reasons if reason))
        if any(grade.name == QUIZ_CELL and _waits(grade) for grade in notebook.grades):
            found["the quiz is held; its card in the formgrader says why"] = None
    return list(found)


def _waits(grade: Grade) -> bool:
    return (
        bool(grade.needs_manual_grade) and grade.auto_score is None and grade.manual_score is None
    )


def _safe(value: Any) -> Any:
    """Blank for None; text that a spreadsheet would run gets a leading quote."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
