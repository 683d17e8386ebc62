"""One student's paper: which questions, in which order, with which numbers.

A function of public things, so that the student's machine and the judge draw the same.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nbjudge.questions.draw import draw_numbers, one_of, paper_key, same_student, shuffled
from nbjudge.questions.expression import Number
from nbjudge.questions.question import Entry, Question, Words
from nbjudge.questions.quiz_file import Quiz


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawnQuestion:
    """A question as it stands on a paper."""

    question: Question
    numbers: Mapping[str, Number]
    entries: tuple[Entry, ...]
    """Options or lines in this paper's order, numbers filled in."""
    prompt: Words

    @property
    def id(self) -> str:
        """The question's."""
        return self.question.id


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """What one student answers."""

    student: str
    id: str
    """12 hex digits: of course, assignment, lesson and student."""
    lesson: str
    questions: tuple[DrawnQuestion, ...]

    def question(self, name: str) -> DrawnQuestion | None:
        """Return a question of this paper, None if it is on others only."""
        return next((drawn for drawn in self.questions if drawn.id == name), None)


def draw_paper(quiz: Quiz, student: str) -> Paper:
    """Draw a student's graded paper: the same one every time."""
    key = paper_key(quiz.course, quiz.assignment, student)
    chosen = _one_per_group(key, quiz.of_use("graded"))
    order = shuffled(key, "questions", chosen)
    return Paper(
        student=same_student(student),
        id=paper_id(quiz, student),
        lesson=quiz.lesson,
        questions=tuple(draw_question(chosen[name], key) for name in order),
    )


def paper_id(quiz: Quiz, student: str) -> str:
    """Return the id of a student's paper."""
    key = paper_key(quiz.course, quiz.assignment, student)
    return hmac.new(key, f"paper {quiz.lesson}".encode(), hashlib.sha256).hexdigest()[:12]


def draw_question(question: Question, key: bytes) -> DrawnQuestion:
    """Draw a question's numbers and the order of its options.

    Raises:
        BadExpression: If its numbers cannot be drawn.
    """
    numbers = draw_numbers(question.drawable, key, question.id)
    by_id = {entry.id: entry for entry in question.entries}
    order = shuffled(key, question.id, by_id) if question.shuffle else list(by_id)
    entries = (Entry(id=i, words=by_id[i].words.filled(numbers)) for i in order)
    return DrawnQuestion(
        question=question,
        numbers=numbers,
        entries=tuple(entries),
        prompt=question.prompt.filled(numbers),
    )


def _one_per_group(key: bytes, questions: Iterable[Question]) -> dict[str, Question]:
    groups: dict[str, list[Question]] = {}
    for question in questions:
        groups.setdefault(question.group or f" {question.id}", []).append(question)
    chosen: dict[str, Question] = {}
    for name, variants in groups.items():
        by_id = {question.id: question for question in variants}
        own = one_of(key, f"group {name}", sorted(by_id))
        chosen[own] = by_id[own]
    return chosen
