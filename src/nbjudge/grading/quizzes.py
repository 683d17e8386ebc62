"""The quiz of one submission: the released quiz and the bank's keys meet the answers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbjudge.errors import GraderFault, UserError
from nbjudge.grading.store import digest_of
from nbjudge.model import Course, QuizResult, Submission
from nbjudge.questions.bank_file import read_bank
from nbjudge.questions.mark import HandedIn, code_cells, mark_quiz
from nbjudge.questions.question import AnswerKey
from nbjudge.questions.quiz_file import Quiz, load_quiz
from nbjudge.questions.split import keys_of


def judge_quizzes(
    course: Course, submission: Submission, notebook: Mapping[str, Any], *, show_right: bool
) -> tuple[QuizResult, ...]:
    """Mark the graded quiz of a submission's lesson; () if the lesson has none.

    A failure of the grader is the quiz's own `fault`: the exercises keep their marks.

    Args:
        course: The course.
        submission: What was handed in.
        notebook: The submitted notebook, checked.
        show_right: Whether the result carries right answers.
    """
    released = course.quiz(submission.assignment, submission.notebook)
    if not released.exists():
        return ()
    try:
        quiz, keys = _quiz_and_keys(course, released, submission.notebook)
        if not quiz.of_use("graded"):
            return ()
        handed_in = HandedIn(
            student=submission.student,
            file=submission.answers,
            file_problem=submission.answers_problem,
            cells=code_cells(notebook["cells"]),
        )
        return (mark_quiz(quiz, keys, handed_in, show_right=show_right),)
    except (GraderFault, UserError) as fault:
        return (QuizResult(lesson=submission.notebook, fault=str(fault)),)
    except Exception as error:  # noqa: BLE001, RUF100 - the exercises keep their marks
        why = f"{type(error).__name__}: {error}"
        return (QuizResult(lesson=submission.notebook, fault=why),)


def quiz_key(course: Course, submission: Submission, show_right: bool) -> list[bytes]:
    """Return everything a quiz's mark depends on, besides the notebook."""
    return [
        digest_of(course.quiz(submission.assignment, submission.notebook)),
        digest_of(course.quiz_bank(submission.notebook)),
        b"no file" if submission.answers is None else b"file" + submission.answers,
        submission.answers_problem.encode(),
        str(show_right).encode(),
    ]


def _quiz_and_keys(
    course: Course, released: Path, slug: str
) -> tuple[Quiz, Mapping[str, AnswerKey]]:
    bank = course.quiz_bank(slug)
    if not bank.exists():
        raise GraderFault(f"there is a quiz to mark but no grader_tests/{slug}/quiz.yaml")
    return load_quiz(released), _keys(bank, bank.stat().st_mtime_ns)


# A class is marked against one bank; checking it takes longer than marking.
@lru_cache(maxsize=32)
def _keys(bank: Path, _written_at: int) -> Mapping[str, AnswerKey]:
    return keys_of(read_bank(bank, f"grader_tests/{bank.parent.name}/quiz.yaml"))
