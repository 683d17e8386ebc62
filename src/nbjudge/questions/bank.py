"""The author's question bank: `grader_tests/<slug>/quiz.yaml`, checked.

It holds every key and explanation, so it never leaves the instructor's machine; what
students get is made from it by `nbjudge.questions.public`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, model_validator

from nbjudge.questions.bank_fields import Strict, refuse, unique
from nbjudge.questions.bank_kinds import Multiple, Numeric, Order, Short, Single, Written

FORMAT = 1
_RESERVED_IDS = frozenset({"quiz"})

Question = Annotated[
    Single | Multiple | Numeric | Short | Order | Written, Field(discriminator="kind")
]
KINDS = ("single", "multiple", "numeric", "short", "order", "written")


class Bank(Strict):
    """One lesson's questions, keys and explanations."""

    format: Literal[1]
    questions: tuple[Question, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _questions_differ(self) -> Bank:
        unique((question.id for question in self.questions), "question")
        for question in self.questions:
            if question.id in _RESERVED_IDS:
                refuse(f"{question.id} is taken.", "give the question another id.")
        _check_groups(self.questions)
        return self

    def of_use(self, use: str) -> list[Question]:
        """Return the graded or the practice questions, in the file's order."""
        return [question for question in self.questions if question.use == use]


def _check_groups(questions: Iterable[Question]) -> None:
    groups: dict[str, Question] = {}
    for question in questions:
        first = groups.setdefault(question.group, question) if question.group else question
        if (first.use, first.points, first.kind == "written") != (
            question.use,
            question.points,
            question.kind == "written",
        ):
            refuse(
                f"The questions {first.id} and {question.id} of group {question.group} differ "
                "in use or points.",
                "every paper has one of them: they must be worth the same.",
            )
