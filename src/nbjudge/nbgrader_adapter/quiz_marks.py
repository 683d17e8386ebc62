"""The gradebook's rows of a quiz: one for all that is marked, one for each written answer."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader.api import Grade

from nbjudge.model import GradingResult
from nbjudge.questions.answers import QUIZ_CELL, written_cell


@dataclass(frozen=True, kw_only=True, slots=True)
class QuizGrade:
    """What a quiz says about one points cell."""

    fraction: float | None
    """Of its points; None if a person decides."""
    is_fault: bool = False
    """The grader failed: an earlier mark stays."""


def quiz_grades(result: GradingResult) -> dict[str, QuizGrade]:
    """Return the verdict on each points cell of a result's quizzes."""
    grades: dict[str, QuizGrade] = {}
    for quiz in result.quizzes:
        fault = bool(quiz.fault)
        fraction = None if quiz.held or fault else quiz.fraction
        grades[QUIZ_CELL] = QuizGrade(fraction=fraction, is_fault=fault)
        for question in quiz.written:
            own = None if question.earned is None or quiz.held else question.earned
            share = None if own is None else own / question.points
            grades[written_cell(question.question)] = QuizGrade(fraction=share, is_fault=fault)
    return grades


def save_quiz_grade(grade: Grade, verdict: QuizGrade) -> None:
    """Write one row; what a person gave by hand stays.

    Args:
        grade: The gradebook's row, in an open session; the caller commits.
        verdict: What the quiz says about it.
    """
    if verdict.is_fault:
        grade.needs_manual_grade = True
        return
    share = verdict.fraction
    grade.auto_score = None if share is None else share * float(grade.cell.max_score)
    grade.needs_manual_grade = grade.manual_score is not None or share is None
