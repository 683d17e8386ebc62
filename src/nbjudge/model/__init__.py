"""The nouns of the judge: frozen records without behaviour that needs a process."""

from nbjudge.model.course import Course, Lesson
from nbjudge.model.exercise import Exercise
from nbjudge.model.limits import Limits
from nbjudge.model.misconception import Misconception
from nbjudge.model.outcome import Outcome
from nbjudge.model.quiz_result import QuestionResult, QuizResult
from nbjudge.model.result import (
    CaseResult,
    CellRun,
    ExerciseResult,
    GradingResult,
    NamedMistake,
)
from nbjudge.model.submission import Submission

__all__ = [
    "CaseResult",
    "CellRun",
    "Course",
    "Exercise",
    "ExerciseResult",
    "GradingResult",
    "Lesson",
    "Limits",
    "Misconception",
    "NamedMistake",
    "Outcome",
    "QuestionResult",
    "QuizResult",
    "Submission",
]
