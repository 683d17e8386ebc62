"""What the judge says: cases, exercises, one whole notebook."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nbjudge.model.outcome import Outcome
from nbjudge.model.quiz_result import QuizResult


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseResult:
    """The verdict on one case of a suite."""

    id: str
    """`test_function[parameters]`, unique within the suite."""
    outcome: Outcome
    weight: float = 1.0
    is_public: bool = False
    """The learner may see its input: `message` may be shown to them."""
    is_property: bool = False
    """Pays only once a case that is none has passed; see `ExerciseResult.fraction`."""
    kind: str = ""
    """The kind of input, in words that reveal no hidden value: "a constant row"."""
    message: str = ""
    """For the instructor; for the student only if the case is public. Plain text."""
    cpu_s: float = 0.0

    def __post_init__(self) -> None:
        if not (self.weight > 0 and math.isfinite(self.weight)):
            raise ValueError(f"weight of case {self.id} must be > 0; got {self.weight!r}")


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedMistake:
    """A misconception, or a pair of them, that the submission behaves like.

    Texts that the course keeps from learners are empty.
    """

    ids: tuple[str, ...]
    belief: str
    explanation: str
    question: str
    hint: str
    paragraph: str = ""
    example: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExerciseResult:
    """The verdict on one exercise of one submission."""

    exercise: str
    points: float
    cases: tuple[CaseResult, ...] = ()
    named: tuple[NamedMistake, ...] = ()
    untouched: bool = False
    """The solution cell is still the released stub."""
    problem: str = ""
    """The submission's: why it could not be judged as written. Plain text."""
    fault: str = ""
    """The grader's: no mark may be written. Plain text, for the instructor."""
    notes: tuple[str, ...] = ()
    """What a person should know although no mark depends on it. Plain text."""

    @property
    def fraction(self) -> float:
        """The share of the points earned, in [0, 1].

        Passed weight over total weight; a property case pays only once a value
        case has passed: a hidden one, where there is one, because the answers to
        public cases can be copied. Zero without cases, and zero under a fault.
        """
        total = math.fsum(case.weight for case in self.cases)
        if self.fault or not total:
            return 0.0
        passed = [case for case in self.cases if case.outcome is Outcome.PASSED]
        if not self._properties_pay:
            passed = [case for case in passed if not case.is_property]
        if len(passed) == len(self.cases):
            return 1.0
        return min(1.0, math.fsum(case.weight for case in passed) / total)

    @property
    def _properties_pay(self) -> bool:
        values = [case for case in self.cases if not case.is_property]
        telling = [case for case in values if not case.is_public] or values
        return any(case.outcome is Outcome.PASSED for case in telling)

    @property
    def score(self) -> float:
        """Points earned: `points * fraction`, a finite Python float."""
        return float(self.points * self.fraction)


@dataclass(frozen=True, kw_only=True, slots=True)
class CellRun:
    """How one cell of the submission ran."""

    position: int
    """Counted from 1 over all cells of the submitted notebook."""
    error: str = ""
    """`SyntaxError: ...`; empty if the cell ran to its end. Plain text, untrusted."""
    killed: bool = False
    """The cell ended its process or ran out of time, and is skipped on replay."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GradingResult:
    """Everything that judging one notebook yields; plain data, safe as JSON."""

    student: str
    assignment: str
    notebook: str
    exercises: tuple[ExerciseResult, ...] = ()
    quizzes: tuple[QuizResult, ...] = ()
    cells: tuple[CellRun, ...] = ()
    problem: str = ""
    """The submission's: nothing in it could be judged, so it has no mark."""
    fault: str = ""
    """The grader's: nothing was judged, and no mark may be written."""
    notes: tuple[str, ...] = ()
    engine_version: str = ""
    suite_digest: str = ""
    isolation: str = ""
    """The level reached: `process`, `limits`, `no-namespaces` or `namespaces`."""
    duration_s: float = 0.0

    @property
    def has_mark(self) -> bool:
        """Say whether every exercise and quiz got a mark that may be written."""
        if self.problem or self.fault or any(e.fault for e in self.exercises):
            return False
        return all(quiz.has_mark for quiz in self.quizzes)

    @property
    def score(self) -> float:
        """Points earned over all exercises and quizzes."""
        return math.fsum(part.score for part in self._parts)

    @property
    def points(self) -> float:
        """Points that could be earned."""
        return math.fsum(part.points for part in self._parts)

    @property
    def _parts(self) -> tuple[ExerciseResult | QuizResult, ...]:
        return (*self.exercises, *self.quizzes)
