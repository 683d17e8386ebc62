"""What a class's results say: to whoever teaches it, and about our own tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nbjudge.model import GradingResult, NamedMistake
from nbjudge.reports.class_answers import QuestionChoices, question_choices
from nbjudge.reports.class_doubts import Doubt, doubts
from nbjudge.reports.class_scores import ClassScores, Numbers
from nbjudge.reports.item_analysis import ItemStatistics, analyse


@dataclass(frozen=True, kw_only=True, slots=True)
class Belief:
    """A misconception, and how many behave like it."""

    ids: tuple[str, ...]
    students: int
    of: int
    """Who tried an exercise in which it was named."""
    belief: str
    question: str
    section: str
    exercises: tuple[str, ...]

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.students / self.of if self.of else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """Students for whom a person must do something, for one reason."""

    why: str
    students: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassReport:
    """Everything that the page and the table say; no student's name outside `waiting`."""

    assignment: str
    students: int
    marks: Numbers
    """Shape (students with a mark,), from 0 to 1."""
    beliefs: tuple[Belief, ...]
    """Single misconceptions, the most held first."""
    pairs: tuple[Belief, ...]
    doubts: tuple[Doubt, ...]
    waiting: tuple[Waiting, ...]
    items: tuple[ItemStatistics, ...]
    questions: tuple[QuestionChoices, ...]
    by_hand: int | None = None
    """In how many of `marks` a person had a part; None where they are the judge's own."""
    without_suite: tuple[str, ...] = ()
    """Notebooks of which no case, question or belief is known."""


@dataclass(kw_only=True)
class _Held:
    mistake: NamedMistake
    students: set[str] = field(default_factory=set)
    exercises: dict[str, None] = field(default_factory=dict)


class _Reading:
    """What is counted while the results go by."""

    def __init__(self) -> None:
        self.scores = ClassScores()
        self.held: dict[tuple[str, ...], _Held] = {}
        self.texts: dict[str, NamedMistake] = {}
        self.tried: dict[str, set[str]] = {}
        self.waiting: dict[str, dict[str, None]] = {}
        self.students = 0

    def add(self, results: list[GradingResult]) -> None:
        self.students += 1
        for result in results:
            for why in _why_a_person(result):
                self.waiting.setdefault(why, {})[result.student] = None
            self._add_beliefs(result)
        if all(result.has_mark for result in results):
            self.scores.add(results)

    def _add_beliefs(self, result: GradingResult) -> None:
        for exercise in result.exercises:
            if exercise.cases and not exercise.untouched:
                self.tried.setdefault(exercise.exercise, set()).add(result.student)
            for mistake in exercise.named:
                if len(mistake.ids) == 1:
                    self.texts.setdefault(mistake.ids[0], mistake)
                keys = [(name,) for name in mistake.ids]
                for key in [*keys, mistake.ids] if len(mistake.ids) > 1 else keys:
                    held = self.held.setdefault(key, _Held(mistake=mistake))
                    held.students.add(result.student)
                    held.exercises[exercise.exercise] = None


def class_report(assignment: str, results: Iterable[list[GradingResult]]) -> ClassReport:
    """Read a class once and say what stands out.

    Args:
        assignment: nbgrader's.
        results: The results of each student, one per notebook; read as they come.
    """
    reading = _Reading()
    for each in results:
        reading.add(each)
    marks = reading.scores.marks
    tables = reading.scores.tables()
    statistics = [analyse(table, marks) for table in tables]
    questions = tuple(question_choices(reading.scores))
    items = tuple(one for part in statistics for one in part)
    beliefs = sorted(_beliefs(reading), key=lambda b: (-b.students, b.ids))
    return ClassReport(
        assignment=assignment,
        students=reading.students,
        marks=marks,
        beliefs=tuple(b for b in beliefs if len(b.ids) == 1),
        pairs=tuple(b for b in beliefs if len(b.ids) > 1),
        doubts=tuple(doubts(items, tables, questions)),
        waiting=tuple(
            Waiting(why=why, students=tuple(names))
            for why, names in sorted(reading.waiting.items(), key=lambda w: (-len(w[1]), w[0]))
        ),
        items=items,
        questions=questions,
    )


def _why_a_person(result: GradingResult) -> Iterator[str]:
    if result.fault or any(exercise.fault for exercise in result.exercises):
        yield "the grader failed; see .nbjudge/grade.log"
    if result.problem:
        yield f"could not be judged: {_kind_of(result.problem)}"
    for quiz in result.quizzes:
        if quiz.held:
            yield "quiz held: the answers are on another paper"
        elif quiz.fault:
            yield "the grader failed at the quiz; see .nbjudge/grade.log"
        if any(question.earned is None for question in quiz.written):
            yield "a written answer to mark"


def _kind_of(problem: str) -> str:
    """Return a problem without what is each student's own: names of files, positions."""
    if problem.startswith("expected "):
        return "no notebook of the name it was given"
    return re.split(r"[,:(]", problem)[0].strip()


def _beliefs(reading: _Reading) -> Iterator[Belief]:
    for ids, held in reading.held.items():
        mistake = held.mistake if len(ids) > 1 else reading.texts.get(ids[0], held.mistake)
        tried: set[str] = set().union(*(reading.tried.get(e, set()) for e in held.exercises))
        yield Belief(
            ids=ids,
            students=len(held.students),
            of=len(tried | held.students),
            belief=mistake.belief,
            question=mistake.question,
            section=mistake.paragraph.replace("-", " "),
            exercises=tuple(held.exercises),
        )
