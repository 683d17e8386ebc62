"""What every kind of question in a bank has: prompt, points, drawn numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field, model_validator

from nbjudge.questions.bank_fields import At, Drawn, Expression, Id, Name, Strict, Text, refuse
from nbjudge.questions.draw import Drawable, draw_numbers
from nbjudge.questions.expression import (
    RESERVED,
    BadExpression,
    Number,
    evaluate,
    fill,
    names_in,
    templates_in,
)

_TRIES = 50
"""Draws with which an expression must have a value before a bank is accepted."""
_UNKNOWN = "draw it, or define it above with `let`."


class BankQuestion(Strict):
    """A question with its key, whatever its kind."""

    id: Id
    use: Literal["graded", "practice"]
    prompt: Text
    points: float = Field(default=1, gt=0)
    group: Id | None = None
    """Of questions with the same group, each paper has one."""
    section: str = ""
    """Anchor of the lesson's section to read again."""
    draw: dict[Name, Drawn] = Field(default_factory=dict)
    where: Expression | None = None
    let: dict[Name, Expression] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _numbers_have_values(self) -> BankQuestion:
        for field, names in (("draw", self.draw), ("let", self.let)):
            for name in names:
                if name in RESERVED:
                    hint = "choose another name."
                    refuse(f"{name} is a function or constant already.", hint, (field, name))
        drawn, known = set(self.draw), set(self.draw)
        _known(self.where, drawn, ("where",), "`where` uses drawn numbers only.")
        for name, expression in self.let.items():
            _known(expression, known, ("let", name), _UNKNOWN)
            known.add(name)
        for at, text in self.public_texts():
            for expression in templates_in(text):
                _known(expression, drawn, at, "students see this: use drawn numbers, not `let`.")
        for at, expression in self.expressions():
            _known(expression, known, at, _UNKNOWN)
        for at, text in self.key_texts():
            for expression in templates_in(text):
                _known(expression, known, at, _UNKNOWN)
        self._check_draws()
        return self

    def _check_draws(self) -> None:
        at: At = ("where",)
        try:
            for numbers in self.sample():
                at = ("let",)
                values = self.values(numbers)
                for at, expression in self.expressions():  # noqa: B007 - the error names it
                    evaluate(expression, values)
                for at, text in (*self.public_texts(), *self.key_texts()):  # noqa: B007
                    fill(text, values)
        except BadExpression as error:
            refuse(f"With some numbers, {error}.", "exclude such numbers with `where`.", at)

    @property
    def drawable(self) -> Drawable:
        """What draws this question's numbers."""
        spreads = {name: drawn.spread for name, drawn in self.draw.items()}
        return Drawable(spreads=spreads, where=self.where or "")

    def sample(self, count: int = _TRIES) -> Iterator[dict[str, Number]]:
        """Draw numbers as `count` papers would; one empty draw without `draw`.

        Raises:
            BadExpression: If no numbers meet `where`.
        """
        for trial in range(count if self.draw else 1):
            yield draw_numbers(self.drawable, f"sample {trial}".encode(), self.id)

    def values(self, numbers: dict[str, Number]) -> dict[str, Number]:
        """Return the drawn numbers and what `let` makes of them.

        Raises:
            BadExpression: If one of them has no value.
        """
        values = dict(numbers)
        for name, expression in self.let.items():
            values[name] = evaluate(expression, values)
        return values

    def public_texts(self) -> Iterable[tuple[At, str]]:
        """Yield every text that a student sees before answering, with its field."""
        yield ("prompt",), self.prompt

    def key_texts(self) -> Iterable[tuple[At, str]]:
        """Yield every text that gives something away, with its field."""
        return ()

    def expressions(self) -> Iterable[tuple[At, str]]:
        """Yield every expression of the key, with its field."""
        return ()


def _known(expression: str | None, names: set[str], at: At, hint: str) -> None:
    try:
        unknown = sorted(names_in(expression) - names) if expression else []
    except BadExpression as error:
        refuse(f"{error}.", "see the arithmetic in docs/how-to/write-a-quiz.md.", at)
    if unknown:
        refuse(f"{unknown[0]} is not known in `{expression}`.", hint, at)
