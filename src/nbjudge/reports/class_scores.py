"""A class's results as tables of numbers: a row per student, a column per case or question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nbjudge.model import CaseResult, ExerciseResult, GradingResult, Outcome, QuestionResult

_PASSED = Outcome.PASSED
Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One column: a case of a suite, or a question of a quiz."""

    part: str
    """The exercise, or `quiz`."""
    name: str
    """`test_function[parameters]`, or the question's id."""
    about: str
    """The kind of input, or the question's words."""
    is_public: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The columns of one part, for those who tried it."""

    items: tuple[Item, ...]
    students: NDArray[np.intp]
    """Which rows of the class: index into its totals."""
    passed: Numbers
    """Shape (students, items), from 0 to 1; NaN where somebody did not have the item."""
    worth: Numbers
    """Shape (items,): the share of the whole mark that hangs on each."""
    is_named: NDArray[np.bool_]
    """Whose answer behaves like a known misconception; nobody's in a quiz."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What the class answered to one question."""

    part: str
    question: str
    given: tuple[tuple[str, int, float], ...]
    """Row of the class, the answer in words, and what share of the points it earned."""


@dataclass(kw_only=True)
class _Part:
    """A part while it is read, by suite: an older suite has other cases."""

    items: dict[str, Item] = field(default_factory=dict)
    worth: dict[str, float] = field(default_factory=dict)
    rows: list[tuple[int, tuple[str, ...], list[float], bool]] = field(default_factory=list)


class ClassScores:
    """Collects results one by one: a class of thousands does not stay in memory whole."""

    def __init__(self) -> None:
        self.students: list[str] = []
        self._marks: list[float] = []
        self._parts: dict[str, _Part] = {}
        self.answers: dict[tuple[str, str], list[tuple[int, str, float]]] = {}

    def add(self, results: Iterable[GradingResult]) -> None:
        """Add one student: their notebooks, every one with a mark."""
        each = list(results)
        row = len(self.students)
        points = sum(result.points for result in each)
        self.students.append(each[0].student)
        self._marks.append(sum(r.score for r in each) / points if points else float("nan"))
        for result in each:
            for exercise in result.exercises:
                if exercise.cases and not exercise.untouched:
                    self._add_exercise(row, exercise, points)
            for quiz in result.quizzes:
                if quiz.has_mark and any(question.given for question in quiz.marked):
                    self._add_quiz(row, quiz.marked, points)

    @property
    def marks(self) -> Numbers:
        """Shape (students,): the share of the points, from 0 to 1."""
        return np.asarray(self._marks, dtype=np.float64)

    def tables(self) -> list[Table]:
        """Return a table per part, in the order in which they came."""
        return [_table(part) for part in self._parts.values()]

    def _add_exercise(self, row: int, exercise: ExerciseResult, points: float) -> None:
        part = self._parts.setdefault(exercise.exercise, _Part())
        names = tuple(case.id for case in exercise.cases)
        if not part.rows or part.rows[-1][1] != names:
            total = sum(case.weight for case in exercise.cases)
            for case in exercise.cases:
                part.items.setdefault(case.id, _case_item(exercise.exercise, case))
                part.worth[case.id] = case.weight / total * exercise.points / points
        passed = [1.0 if case.outcome is _PASSED else 0.0 for case in exercise.cases]
        part.rows.append((row, names, passed, bool(exercise.named)))

    def _add_quiz(self, row: int, questions: tuple[QuestionResult, ...], points: float) -> None:
        part = self._parts.setdefault("quiz", _Part())
        earned = [(question.earned or 0.0) / question.points for question in questions]
        for question, share in zip(questions, earned, strict=True):
            item = Item(part="quiz", name=question.question, about=question.prompt)
            part.items.setdefault(question.question, item)
            part.worth[question.question] = question.points / points
            given = self.answers.setdefault((question.question, question.kind), [])
            given.append((row, question.given, share))
        names = tuple(question.question for question in questions)
        part.rows.append((row, names, earned, False))


def _case_item(exercise: str, case: CaseResult) -> Item:
    about = case.kind or "other inputs"
    return Item(part=exercise, name=case.id, about=about, is_public=case.is_public)


def _table(part: _Part) -> Table:
    columns = {name: column for column, name in enumerate(part.items)}
    passed = np.full((len(part.rows), len(columns)), np.nan)
    chosen: dict[tuple[str, ...], list[int]] = {}
    for position, (_, names, values, _) in enumerate(part.rows):
        if names not in chosen:
            chosen[names] = [columns[name] for name in names]
        passed[position, chosen[names]] = values
    return Table(
        items=tuple(part.items.values()),
        students=np.asarray([row for row, *_ in part.rows], dtype=np.intp),
        passed=passed,
        worth=np.asarray([part.worth[name] for name in part.items]),
        is_named=np.asarray([named for *_, named in part.rows], dtype=np.bool_),
    )
