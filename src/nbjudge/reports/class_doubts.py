"""Reasons to look at our own tests before we blame anybody."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from nbjudge.reports.class_answers import QuestionChoices
from nbjudge.reports.class_scores import Table
from nbjudge.reports.item_analysis import LEAST, ItemStatistics

_FEWEST = 5
"""Students that must have tried something before we doubt the test and not them."""
_RIGHT_LOOKING = 0.05
"""The share of those who tried whose only flaw is one case."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """A reason to look at our own test before we blame anybody."""

    part: str
    item: str
    why: str


def doubts(
    items: Iterable[ItemStatistics], tables: Iterable[Table], questions: Iterable[QuestionChoices]
) -> list[Doubt]:
    """Return every reason, the surest first: by items, by right-looking answers, by choices."""
    return [
        *_doubts_about(items),
        *(doubt for table in tables for doubt in _right_looking(table)),
        *_strong_wrong_answers(questions),
    ]


def _doubts_about(items: Iterable[ItemStatistics]) -> Iterator[Doubt]:
    for one in items:
        item = one.item
        if one.tried >= _FEWEST and one.difficulty == 0.0:
            why = f"all {one.tried:,} who tried fail it"
            yield Doubt(part=item.part, item=item.name, why=why)
        elif one.is_negative:
            why = (
                "strong students fail it more often than weak ones: discrimination "
                f"{one.discrimination:.2f} over {one.tried:,} students"
            )
            yield Doubt(part=item.part, item=item.name, why=why)


def _right_looking(table: Table) -> Iterator[Doubt]:
    """Find test functions that are the only flaw of answers that look right otherwise."""
    if not table.items or table.items[0].part == "quiz":
        return
    functions = [item.name.partition("[")[0] for item in table.items]
    names = list(dict.fromkeys(functions))
    membership = np.asarray([[f == name for name in names] for f in functions])
    failed = (np.nan_to_num(table.passed, nan=1.0) < 1.0) @ membership
    alone = failed & (failed.sum(axis=1) == 1)[:, None] & ~table.is_named[:, None]
    least = max(2, math.ceil(_RIGHT_LOOKING * len(failed)))
    for name, count in zip(names, alone.sum(axis=0), strict=True):
        if count >= least:
            share = f"{count:,} of {len(failed):,} answers"
            why = f"the only test that {share} fail, and no known mistake"
            yield Doubt(part=table.items[0].part, item=name, why=why)


def _strong_wrong_answers(questions: Iterable[QuestionChoices]) -> Iterator[Doubt]:
    """Find wrong answers that stronger students chose than the right one."""
    for question in questions:
        right = [choice for choice in question.choices if choice.earned == 1.0]
        best = max((choice.mean_mark for choice in right), default=math.nan)
        for choice in question.choices:
            wrong = choice.earned == 0.0 and choice.students >= LEAST
            if wrong and choice.mean_mark > best:
                why = (
                    f"the wrong answer {_short(choice.text)!r} is that of {choice.students:,} "
                    f"students with a mean mark of {100 * choice.mean_mark:.0f} %; those with "
                    f"the right one have {100 * best:.0f} %"
                )
                yield Doubt(part="quiz", item=question.question, why=why)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "..."
