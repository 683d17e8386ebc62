"""What the judge says of one quiz."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionResult:
    """The verdict on one question of a student's paper. Texts are Markdown."""

    question: str
    kind: str
    points: float
    earned: float | None
    """None if a person marks it."""
    prompt: str
    given: str = ""
    """What was answered, in words; empty if nothing."""
    explanations: tuple[tuple[str, str], ...] = ()
    """What each is about (an option's text, or nothing), and the explanation."""
    right: str = ""
    """The right answer; empty unless the instructor releases it."""
    problem: str = ""
    """Why the answer could not be read. Plain text."""
    rubric: tuple[tuple[float, str], ...] = ()
    """By what a person marks it: points and criterion."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuizResult:
    """The verdict on one quiz of one submission."""

    lesson: str
    questions: tuple[QuestionResult, ...] = ()
    held: str = ""
    """Why a person must decide before anything is marked: another student's paper."""
    problem: str = ""
    """The submission's: why nothing was answered or could be read."""
    fault: str = ""
    """The grader's: no mark may be written."""
    notes: tuple[str, ...] = ()
    """What was odd and how it was read. Plain text."""
    receipt: str = ""
    """Of the answers that counted."""

    @property
    def marked(self) -> tuple[QuestionResult, ...]:
        """The questions that no person marks: the points cell `test_quiz`."""
        return tuple(question for question in self.questions if question.kind != "written")

    @property
    def written(self) -> tuple[QuestionResult, ...]:
        """The questions that a person marks, each with a points cell of its own."""
        return tuple(question for question in self.questions if question.kind == "written")

    @property
    def points(self) -> float:
        """What the questions are worth that no person marks."""
        return math.fsum(question.points for question in self.marked)

    @property
    def score(self) -> float:
        """What they earned; zero while held or under a fault."""
        if self.held or self.fault:
            return 0.0
        return math.fsum(question.earned or 0.0 for question in self.marked)

    @property
    def fraction(self) -> float:
        """The share of the points earned, in [0, 1]."""
        return min(1.0, self.score / self.points) if self.points else 0.0

    @property
    def has_mark(self) -> bool:
        """Whether the mark may be written."""
        return not (self.held or self.fault)
