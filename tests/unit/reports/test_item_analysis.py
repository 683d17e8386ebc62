"""Difficulty and discrimination, against numpy and against classes whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from nbjudge.reports.class_scores import Item, Table
from nbjudge.reports.item_analysis import analyse, point_biserial


def table(passed: np.ndarray, worth: float = 0.0) -> Table:
    names = [f"test_{number}" for number in range(passed.shape[1])]
    return Table(
        items=tuple(Item(part="f", name=name, about="k") for name in names),
        students=np.arange(len(passed)),
        passed=passed.astype(np.float64),
        worth=np.full(passed.shape[1], worth),
        is_named=np.zeros(len(passed), dtype=bool),
    )


def test_it_is_pearsons_correlation(rng: np.random.Generator):
    passed, rest = rng.integers(0, 2, 50).astype(float), rng.normal(size=50)
    assert point_biserial(passed, rest) == pytest.approx(np.corrcoef(passed, rest)[0, 1])


def test_it_is_the_textbooks_point_biserial(rng: np.random.Generator):
    passed, rest = rng.integers(0, 2, 40).astype(float), rng.normal(size=40)
    p = passed.mean()
    means = rest[passed == 1].mean() - rest[passed == 0].mean()
    assert point_biserial(passed, rest) == pytest.approx(means / rest.std() * np.sqrt(p * (1 - p)))


@pytest.mark.parametrize("passed", [[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
def test_what_everybody_does_tells_nobody_apart(passed: list[float]):
    assert point_biserial(np.array(passed), np.array([0.1, 0.5, 0.9])) is None
    assert point_biserial(np.array([0.0, 1.0, 1.0]), np.full(3, 0.1 + 0.2)) is None
    assert point_biserial(np.array([1.0]), np.array([0.5])) is None


def test_an_item_does_not_agree_with_itself():
    """The mark is this item and nothing else: without it, nothing varies."""
    passed = np.array([[1.0], [0.0], [1.0], [0.0]])
    (one,) = analyse(table(passed, worth=1.0), passed[:, 0])
    assert one.discrimination is None


def test_strong_students_who_fail_an_item_make_it_negative():
    marks = np.linspace(0.0, 1.0, 40)
    passed = np.stack([marks < 0.5, marks > 0.5], axis=1)
    bad, good = analyse(table(passed), marks)
    assert bad.is_negative
    assert (bad.upper, bad.lower) == (0.0, 1.0)
    assert not good.is_negative
    assert (good.upper, good.lower) == (1.0, 0.0)
    assert bad.difficulty == good.difficulty == 0.5


def test_few_students_prove_nothing():
    marks = np.linspace(0.0, 1.0, 9)
    (one,) = analyse(table((marks < 0.5)[:, None]), marks)
    assert one.discrimination < -0.8
    assert not one.is_negative
    assert (one.upper, one.lower) == (None, None)


def test_chance_is_hardly_ever_called_negative(rng: np.random.Generator):
    """Two standard errors: about 2 of 100 items of pure noise."""
    marks = rng.normal(0.5, 0.1, 200)
    passed = rng.integers(0, 2, (200, 300))
    assert sum(one.is_negative for one in analyse(table(passed), marks)) < 20


def test_who_did_not_have_an_item_does_not_count():
    passed = np.array([[1.0, np.nan], [0.0, 1.0], [1.0, 1.0]])
    first, second = analyse(table(passed), np.array([0.9, 0.1, 0.8]))
    assert (first.tried, second.tried) == (3, 2)
    assert second.difficulty == 1.0


def test_a_mark_that_is_none_does_not_count():
    (one,) = analyse(table(np.array([[1.0], [0.0]])), np.array([np.nan, 0.5]))
    assert one.tried == 1
