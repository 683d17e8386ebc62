"""How hard each case and question was, and whether it tells strong from weak.

Classical item analysis. The rest of a student is their mark without the item, so that
an item does not agree with itself.

Source:
    Lord and Novick (1968), Statistical Theories of Mental Test Scores, chapter 15; the
    upper and lower 27 % are Kelley's (1939).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nbjudge.reports.class_scores import Item, Numbers, Table

TAIL = 0.27
"""The share of the class in the upper and in the lower group."""
LEAST = 10
"""Students below which nothing is concluded from a correlation."""
_SURE = 2.0
"""Standard errors that a correlation must lie below 0 to be called negative."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemStatistics:
    """What the class's answers say about one item."""

    item: Item
    tried: int
    """Students who have it, and changed the stub."""
    difficulty: float
    """The mean share of its points, from 0 (nobody) to 1 (everybody)."""
    discrimination: float | None
    """Point-biserial correlation with the rest; None if everybody did the same."""
    upper: float | None
    """The share in the upper 27 %; None for fewer than ten students."""
    lower: float | None

    @property
    def is_negative(self) -> bool:
        """Whether strong students fail it more often, by more than chance."""
        r = self.discrimination
        return r is not None and self.tried >= LEAST and r * math.sqrt(self.tried) < -_SURE


def analyse(table: Table, marks: Numbers) -> list[ItemStatistics]:
    """Return the statistics of each of a table's items, in its order.

    Args:
        table: One part.
        marks: Shape (students of the class,), from 0 to 1.
    """
    whole = marks[table.students]
    rest = whole[:, None] - np.nan_to_num(table.passed) * table.worth[None, :]
    return [
        _statistics(item, table.passed[:, column], rest[:, column])
        for column, item in enumerate(table.items)
    ]


def _statistics(item: Item, passed: Numbers, rest: Numbers) -> ItemStatistics:
    there = ~np.isnan(passed) & ~np.isnan(rest)
    own, others = passed[there], rest[there]
    upper, lower = _tails(own, others)
    return ItemStatistics(
        item=item,
        tried=len(own),
        difficulty=float(own.mean()) if len(own) else math.nan,
        discrimination=point_biserial(own, others),
        upper=upper,
        lower=lower,
    )


def point_biserial(passed: Numbers, rest: Numbers) -> float | None:
    """Correlate; Pearson's, which is the point-biserial one where `passed` is 0 or 1.

    Returns:
        From -1 to 1; None if one of the two does not vary.
    """
    if len(passed) < 2:
        return None
    x, y = passed - passed.mean(), rest - rest.mean()
    size = math.sqrt(float(x @ x) * float(y @ y))
    # Equal marks differ by rounding.
    if size <= 1e-12 * len(passed):
        return None
    return float(np.clip(float(x @ y) / size, -1.0, 1.0))


def _tails(passed: Numbers, rest: Numbers) -> tuple[float | None, float | None]:
    if len(passed) < LEAST:
        return None, None
    count = math.ceil(TAIL * len(passed))
    order = np.argsort(rest, kind="stable")
    return float(passed[order[-count:]].mean()), float(passed[order[:count]].mean())
