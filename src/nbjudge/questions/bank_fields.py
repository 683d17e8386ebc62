"""The parts of a question in an author's bank: options, items, where numbers come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, NoReturn

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from nbjudge.questions.draw import Spread

At = tuple[str | int, ...]
"""Fields of a question, from outside in: `("options", 1, "text")`."""


def refuse(message: str, hint: str, at: At = ()) -> NoReturn:
    """Raise what the reader turns into an error with the line of the field `at`."""
    about = {"message": message, "hint": hint, "at": at}
    raise PydanticCustomError("rule", "{message}", about)


def _text(value: object) -> object:
    if isinstance(value, (bool, int, float)):
        refuse(f"This must be text; YAML reads it as {value!r}.", "put it between quotes.")
    return value


def _tolerance(value: object) -> object:
    if value != "exact" and not isinstance(value, (dict, Tolerance)):
        refuse(
            f"The tolerance {value!r} does not say of what.",
            "write {relative: 0.001}, {absolute: 0.5} or exact.",
        )
    return {} if value == "exact" else value


def _arithmetic(value: object) -> object:
    return repr(value) if type(value) in (int, float) else value


Id = Annotated[
    str,
    BeforeValidator(_text),
    StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=48),
]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=24)]
Text = Annotated[
    str, BeforeValidator(_text), StringConstraints(min_length=1, strip_whitespace=True)
]
Expression = Annotated[str, BeforeValidator(_arithmetic), StringConstraints(min_length=1)]


class Strict(BaseModel):
    """A part that knows its fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="strings")


class Drawn(Strict):
    """Where a number of a question is drawn from: whole numbers, or one of a list."""

    integers: tuple[int, int] | None = None
    """First and last."""
    step: int = Field(default=1, ge=1)
    choices: tuple[int | float, ...] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Drawn:
        if (self.integers is None) == (self.choices is None):
            refuse(
                "A number is drawn either from integers or from choices.",
                "write {integers: [1, 9]} or {choices: [0.01, 0.1, 1]}.",
            )
        if self.integers and self.integers[0] > self.integers[1]:
            refuse("integers begin after they end.", "write the smaller one first.")
        return self

    @property
    def spread(self) -> Spread:
        """The values to draw from."""
        if self.choices is not None:
            return tuple(self.choices)
        first, last = self.integers or (0, 0)
        return range(first, last + 1, self.step)


class Option(Strict):
    """One option of a choice."""

    id: Id
    text: Text
    correct: bool = False
    explanation: Text


class Item(Strict):
    """One line of an ordering, or one that does not belong there."""

    id: Id
    text: Text
    explanation: Text


class WrongNumber(Strict):
    """A number that a known mistake leads to."""

    answer: Expression
    explanation: Text


class WrongText(Strict):
    """A text that a known mistake leads to."""

    accept: tuple[Text, ...] = Field(min_length=1)
    explanation: Text


class Tolerance(Strict):
    """How far from the key a number may be; `exact` is neither."""

    relative: float = Field(default=0.0, ge=0, lt=1)
    """Times the key."""
    absolute: float = Field(default=0.0, ge=0)


class Criterion(Strict):
    """One line of a rubric."""

    points: float = Field(gt=0)
    text: Text


ToleranceOrExact = Annotated[Tolerance, BeforeValidator(_tolerance)]


def unique(values: Iterable[str], what: str) -> None:
    """Refuse what is there more than once."""
    for value, count in Counter(values).items():
        if count > 1:
            refuse(f"The {what} {value!r} is there {count} times.", "each is there once.")
