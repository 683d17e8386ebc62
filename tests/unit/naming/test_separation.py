from dataclasses import replace

import pytest

from nbjudge.naming.separation import (
    RIGHT,
    confusable_misconceptions,
    separable_pairs,
    separating_probes,
)
from tests.unit.naming.sample import PAIRS, SWITCHES, rows_exercise, texts


@pytest.fixture(scope="module")
def rows():
    return rows_exercise()


def _twin(exercise, name, original, probes=3):
    """Let `name` behave as `original` on the first `probes` probes, right on the others."""
    changed = tuple(
        replace(p, wrong={**p.wrong, name: p.behaviour(original) if i < probes else p.right})
        for i, p in enumerate(exercise.probes)
    )
    known = exercise.misconceptions
    known = known if " + " in name else {**known, name: texts(name, exercise.exercise)}
    return replace(exercise, probes=changed, misconceptions=known)


def test_a_well_made_bank_confuses_nothing(rows):
    assert confusable_misconceptions(rows) == []
    assert separable_pairs(rows, PAIRS) == list(PAIRS)
    assert separating_probes(rows, "by-sum", RIGHT) == 2


def test_misconceptions_that_behave_alike_are_found(rows):
    assert confusable_misconceptions(_twin(rows, "twin", "by-sum")) == [("twin", "by-sum", 0)]


def test_a_misconception_that_is_nearly_right_is_found(rows):
    assert confusable_misconceptions(_twin(rows, "rare", "by-sum", probes=1)) == [
        ("rare", RIGHT, 1)
    ]


def test_a_difference_near_the_tolerance_separates_nothing(rows):
    coarse = replace(rows, probes=tuple(replace(p, rtol=0.0, atol=0.5) for p in rows.probes))
    assert ("by-sum", RIGHT, 0) in confusable_misconceptions(coarse)


@pytest.mark.parametrize("original", [RIGHT, *SWITCHES])
def test_a_pair_that_is_as_right_or_as_a_single_is_left_out(rows, original):
    pair = "adds-one + upcast-leak"
    assert separable_pairs(_twin(rows, pair, original), [*PAIRS, pair]) == list(PAIRS)


def test_of_pairs_that_behave_alike_none_is_kept(rows):
    pair = "adds-one + upcast-leak"
    exercise = _twin(rows, pair, PAIRS[0])
    assert separable_pairs(exercise, [*PAIRS, pair]) == list(PAIRS[1:])
