"""The kinds of question that a bank may hold, each with its key and explanations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from pydantic import Field, model_validator
from typing_extensions import override

from nbjudge.questions.bank_fields import (
    At,
    Criterion,
    Expression,
    Id,
    Item,
    Option,
    Text,
    ToleranceOrExact,
    WrongNumber,
    WrongText,
    refuse,
    unique,
)
from nbjudge.questions.bank_question import BankQuestion


class Choice(BankQuestion):
    """A question with options."""

    options: tuple[Option, ...] = Field(min_length=2)
    shuffle: bool = True
    """Whether each paper has its own order of options."""

    @override
    def public_texts(self) -> Iterable[tuple[At, str]]:
        yield ("prompt",), self.prompt
        yield from ((("options", i, "text"), o.text) for i, o in enumerate(self.options))

    @override
    def key_texts(self) -> Iterable[tuple[At, str]]:
        yield from (
            (("options", i, "explanation"), o.explanation) for i, o in enumerate(self.options)
        )

    @model_validator(mode="after")
    def _options_differ(self) -> Choice:
        unique((option.id for option in self.options), "option")
        unique((option.text for option in self.options), "option's text")
        return self

    @property
    def keys(self) -> frozenset[str]:
        """Ids of the right options."""
        return frozenset(option.id for option in self.options if option.correct)


class Single(Choice):
    """One of several options."""

    kind: Literal["single"]

    @model_validator(mode="after")
    def _has_one_key(self) -> Single:
        if len(self.keys) != 1:
            refuse(
                f"A single choice has one right option; {len(self.keys)} say correct: true.",
                "mark one, or make it kind: multiple.",
            )
        return self


class Multiple(Choice):
    """Any number of several options, but not none."""

    kind: Literal["multiple"]

    @model_validator(mode="after")
    def _has_a_key(self) -> Multiple:
        if not self.keys:
            refuse(
                "No option says correct: true.",
                "mark the right ones; an answer without any cannot be told from no answer.",
            )
        return self


class Numeric(BankQuestion):
    """A number, typed."""

    kind: Literal["numeric"]
    answer: Expression
    tolerance: ToleranceOrExact
    unit: str = ""
    """What the number is in; an answer may say it or leave it out."""
    units: dict[str, float] = Field(default_factory=dict)
    """Other units an answer may be in, and by what to multiply to get `unit`."""
    explanation: Text
    wrong: tuple[WrongNumber, ...] = ()

    @override
    def key_texts(self) -> Iterable[tuple[At, str]]:
        yield ("explanation",), self.explanation
        yield from ((("wrong", i, "explanation"), w.explanation) for i, w in enumerate(self.wrong))

    @override
    def expressions(self) -> Iterable[tuple[At, str]]:
        yield ("answer",), self.answer
        yield from ((("wrong", i, "answer"), w.answer) for i, w in enumerate(self.wrong))


class Short(BankQuestion):
    """A word or two, typed."""

    kind: Literal["short"]
    accept: tuple[Text, ...] = ()
    """Right answers; letter case, spaces and hyphens make no difference."""
    pattern: str = ""
    """A regular expression that a right answer matches as a whole."""
    explanation: Text
    wrong: tuple[WrongText, ...] = ()

    @override
    def key_texts(self) -> Iterable[tuple[At, str]]:
        yield ("explanation",), self.explanation
        yield from ((("wrong", i, "explanation"), w.explanation) for i, w in enumerate(self.wrong))

    @model_validator(mode="after")
    def _has_a_key(self) -> Short:
        if not (self.accept or self.pattern):
            refuse("Nothing is accepted.", "list right answers: accept: [two-pass].")
        try:
            re.compile(self.pattern)
        except re.error as error:
            refuse(f"The pattern is no regular expression: {error}.", "test it in Python's re.")
        return self


class Order(BankQuestion):
    """Lines to bring into order, perhaps with some that do not belong there."""

    kind: Literal["order"]
    items: tuple[Item, ...] = Field(min_length=2)
    """In the right order."""
    distractors: tuple[Item, ...] = ()
    """To be left out."""
    also: tuple[tuple[Id, ...], ...] = ()
    """Other right orders, as ids."""
    code: bool = False
    """Whether the lines are code."""

    @override
    def public_texts(self) -> Iterable[tuple[At, str]]:
        yield ("prompt",), self.prompt
        yield from ((at, item.text) for at, item in self._lines("text"))

    @override
    def key_texts(self) -> Iterable[tuple[At, str]]:
        yield from ((at, item.explanation) for at, item in self._lines("explanation"))

    def _lines(self, field: str) -> Iterable[tuple[At, Item]]:
        for name, items in (("items", self.items), ("distractors", self.distractors)):
            yield from (((name, i, field), item) for i, item in enumerate(items))

    @model_validator(mode="after")
    def _orders_are_of_the_items(self) -> Order:
        everything = (*self.items, *self.distractors)
        unique((item.id for item in everything), "item")
        unique((item.text for item in everything), "item's text")
        for other in self.also:
            if sorted(other) != sorted(item.id for item in self.items):
                refuse(
                    "An order in `also` has other items.", "name every item of `items` in it once."
                )
        return self


class Written(BankQuestion):
    """A text that a person marks."""

    kind: Literal["written"]
    rubric: tuple[Criterion, ...] = Field(min_length=1)
    model_answer: Text
    words: int = Field(default=80, ge=5, le=2000)
    """About how long an answer is."""

    @override
    def key_texts(self) -> Iterable[tuple[At, str]]:
        yield ("model_answer",), self.model_answer
        yield from ((("rubric", i, "text"), c.text) for i, c in enumerate(self.rubric))

    @model_validator(mode="after")
    def _rubric_is_worth_the_points(self) -> Written:
        total = sum(criterion.points for criterion in self.rubric)
        if self.use == "graded" and abs(total - self.points) > 1e-9:
            refuse(
                f"The rubric gives {total:g} points, the question {self.points:g}.",
                "make them equal.",
            )
        return self
