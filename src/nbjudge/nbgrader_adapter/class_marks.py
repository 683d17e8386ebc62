"""Reads the marks of a class from nbgrader's gradebook, in one query for thousands."""

from __future__ import annotations

from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import case, func

from nbjudge.reports.class_marks import KeptMark


def class_marks(gradebook: Gradebook, assignment: str) -> list[KeptMark]:
    """Return the mark of everybody whose submission was graded, sorted by student.

    Args:
        gradebook: nbgrader's, open.
        assignment: The assignment.
    """
    penalties = {
        student: float(penalty or 0.0)
        for student, penalty in gradebook.db.query(
            Student.id, func.sum(SubmittedNotebook.late_submission_penalty)
        )
        .select_from(SubmittedNotebook)
        .join(SubmittedAssignment)
        .join(Student)
        .join(Assignment)
        .filter(Assignment.name == assignment)
        .group_by(Student.id)
    }
    rows = (
        gradebook.db.query(
            Student.id,
            func.sum(Grade.score),
            func.sum(Grade.max_score),
            func.sum(case((Grade.needs_manual_grade, 1), else_=0)),
            func.count(Grade.manual_score),
        )
        .select_from(Grade)
        .join(SubmittedNotebook)
        .join(SubmittedAssignment)
        .join(Student)
        .join(Assignment)
        .filter(Assignment.name == assignment)
        .group_by(Student.id)
        .order_by(Student.id)
    )
    return [
        KeptMark(
            student=student,
            share=max(0.0, float(score or 0.0) - penalties[student]) / float(points),
            is_complete=not waiting,
            has_person=by_hand > 0,
        )
        for student, score, points, waiting, by_hand in rows
        if points
    ]
