"""What a class answered to its questions, right and wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nbjudge.reports.class_scores import ClassScores

_MOST_ANSWERS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One answer to a question."""

    text: str
    students: int
    share: float
    earned: float
    """The share of the points that it earns."""
    mean_mark: float
    """Of those who chose it, the mean of the rest of their mark's share."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionChoices:
    """The answers to one question, the commonest first."""

    question: str
    prompt: str
    choices: tuple[Choice, ...]
    others: int
    """Students with rarer answers."""


def question_choices(scores: ClassScores) -> Iterator[QuestionChoices]:
    """Count the answers to every question that offers some."""
    prompts = {item.name: item.about for table in scores.tables() for item in table.items}
    marks = scores.marks
    for (question, kind), given in scores.answers.items():
        if kind not in ("single", "multiple"):
            continue
        earned = {text: share for _, text, share in given if text}
        rows: dict[str, list[int]] = {}
        for row, text, _ in given:
            rows.setdefault(text, []).append(row)
        common = Counter({text: len(each) for text, each in rows.items() if text})
        choices = tuple(
            Choice(
                text=text,
                students=count,
                share=count / len(given),
                earned=earned[text],
                mean_mark=float(np.nanmean(marks[rows[text]])),
            )
            for text, count in common.most_common(_MOST_ANSWERS)
        )
        others = len(given) - sum(choice.students for choice in choices)
        yield QuestionChoices(
            question=question, prompt=prompts[question], choices=choices, others=others
        )
