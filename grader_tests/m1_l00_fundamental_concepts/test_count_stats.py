"""Hidden suite of `count_stats`.

A count is right or wrong, so every check is exact. The lengths of an array are drawn
different from each other: equal ones hide which of them was taken. Arrays stay small
enough for an answer that makes one and counts the means that NumPy returns.
"""

import numpy as np
import pytest

from nbjudge.expect import expect_close
from solutions.m1_l00_fundamental_concepts import count_stats

pytestmark = pytest.mark.limits(call_cpu_s=2)

KINDS = ["ln", "ln_seq", "bn", "in"]
public = pytest.mark.public(rtol=0.0, atol=0.0)


def draw(rng, low, high):
    """Return three different lengths."""
    return tuple(int(low + i) for i in rng.permutation(high - low)[:3])


def expect_count(student, shape, kind):
    """Check one call."""
    expected = count_stats(shape, kind)
    expect_close(student.count_stats(shape, kind), expected, rtol=0.0, name="the count")


# Each kind is a case of its own: who errs about one of them is told which.


PUBLIC_SHAPES = [(3, 7, 5), (4, 2, 9)]


@public
@pytest.mark.parametrize("shape", PUBLIC_SHAPES)
def test_features_of_one_token(student, shape):
    """The kind "ln": the features of one token share a mean."""
    expect_count(student, shape, "ln")


@public
@pytest.mark.parametrize("shape", PUBLIC_SHAPES)
def test_all_of_one_sentence(student, shape):
    """The kind "ln_seq": all numbers of one sentence share a mean."""
    expect_count(student, shape, "ln_seq")


@public
@pytest.mark.parametrize("shape", PUBLIC_SHAPES)
def test_one_feature_everywhere(student, shape):
    """The kind "bn": one feature, of all sentences and tokens, shares a mean."""
    expect_count(student, shape, "bn")


@public
@pytest.mark.parametrize("shape", PUBLIC_SHAPES)
def test_one_feature_of_one_sentence(student, shape):
    """The kind "in": one feature, of all tokens of one sentence, shares a mean."""
    expect_count(student, shape, "in")


@pytest.mark.weight(3)
@pytest.mark.parametrize("kind", KINDS)
def test_small_arrays(student, rng, kind):
    """Two small arrays."""
    for low in (2, 12):
        expect_count(student, draw(rng, low, low + 10), kind)


@pytest.mark.weight(2)
@pytest.mark.parametrize("kind", KINDS)
def test_large_arrays(student, rng, kind):
    """Two large arrays."""
    for low in (40, 80):
        expect_count(student, draw(rng, low, low + 40), kind)


@pytest.mark.weight(2)
@pytest.mark.parametrize("alone", [0, 1, 2])
def test_one_of_a_thing(student, rng, alone):
    """A single sentence, a single token per sentence, or a single feature."""
    shape = list(draw(rng, 2, 12))
    shape[alone] = 1
    for kind in KINDS:
        expect_count(student, tuple(shape), kind)


@pytest.mark.property
@pytest.mark.parametrize("kind", KINDS)
def test_a_single_number(student, kind):
    """A single sentence of one token with one feature."""
    expect_count(student, (1, 1, 1), kind)


def test_equal_lengths(student, rng):
    """As many sentences as tokens, or tokens as features, or all three."""
    for kind in KINDS:
        a, b, _ = draw(rng, 3, 12)
        for shape in [(a, a, a), (a, a, b), (a, b, a), (b, a, a)]:
            expect_count(student, shape, kind)


def test_one_call_after_another(student, rng):
    """One call after another, of different kinds and shapes."""
    for kind in [*KINDS, "ln"]:
        expect_count(student, draw(rng, 2, 12), kind)


@pytest.mark.property
def test_a_whole_number_comes_back(student, rng):
    """The type of the count."""
    shape = draw(rng, 2, 12)
    for kind in KINDS:
        count = student.count_stats(shape, kind)
        expect_close(isinstance(count, (int, np.integer)), True, name="whether it is an int")
