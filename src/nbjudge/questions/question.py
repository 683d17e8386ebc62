"""A question as students get it, and its key: two objects, so that no key leaves by accident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nbjudge.questions.draw import Drawable
from nbjudge.questions.expression import Number, fill

CHOICES = ("single", "multiple")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A text in both its forms; `@{...}` stands where drawn numbers go."""

    text: str
    """Markdown with `$math$`."""
    html: str
    """The same with MathML."""

    def filled(self, values: Mapping[str, Number]) -> Words:
        """Put numbers in."""
        return Words(text=fill(self.text, values), html=fill(self.html, values))


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An option of a choice, or a line of an ordering."""

    id: str
    words: Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a student may see before answering."""

    id: str
    use: str
    """`graded` or `practice`."""
    kind: str
    prompt: Words
    points: float = 1.0
    group: str = ""
    section: str = ""
    drawable: Drawable = field(default_factory=lambda: Drawable(spreads={}))
    entries: tuple[Entry, ...] = ()
    shuffle: bool = True
    code: bool = False
    unit: str = ""
    words: int = 0
    """About how long a written answer is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """A wrong answer that is known, and what to say about it."""

    answer: str = ""
    """An expression: the number that the mistake leads to."""
    accept: tuple[str, ...] = ()
    """Texts that the mistake leads to."""
    explanation: Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Criterion:
    """One line of a rubric."""

    points: float
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerKey:
    """What is right and why. Of a graded question it never leaves the instructor."""

    question: str
    right: tuple[str, ...] = ()
    """Ids of the right options; for an ordering, the ids in the right order."""
    also: tuple[tuple[str, ...], ...] = ()
    """Other right orders."""
    let: Mapping[str, str] = field(default_factory=dict)
    answer: str = ""
    """An expression."""
    relative: float = 0.0
    absolute: float = 0.0
    units: Mapping[str, float] = field(default_factory=dict)
    accept: tuple[str, ...] = ()
    pattern: str = ""
    explanation: Words | None = None
    entries: Mapping[str, Words] = field(default_factory=dict)
    """Id of an option or line -> why it is right or wrong."""
    mistakes: tuple[Mistake, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    model_answer: str = ""
