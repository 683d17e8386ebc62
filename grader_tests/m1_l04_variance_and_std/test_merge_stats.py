"""Hidden suite of `merge_stats`.

Groups are drawn, summarized in two passes, merged, and compared with the summary
of all their numbers. Merging with an empty group gives back an argument, so such
cases are properties.
"""

import numpy as np
import pytest

from nbjudge.expect import expect_close
from solutions.m1_l04_variance_and_std import merge_stats

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Right answers agree to a few roundings; near 2**27 to 1e-7.
public = pytest.mark.public(rtol=0.0, atol=1e-6)

EMPTY = (0, 0.0, 0.0)
FORM = (0.0, 0.0, 0.0)
"""Three finite numbers in a tuple, whatever their values."""


def summary(values):
    """Return count, mean and sum of squared deviations, taken about the first value."""
    values = np.asarray(values, np.float64)
    deviations = values - values[0]
    squares = np.square(deviations - deviations.mean()).sum()
    return len(values), float(values[0] + deviations.mean()), float(squares)


def tolerances(a, b):
    """Return what mean and M2 of a right answer may be off by.

    Every number of a group lies within sqrt(M2) of its mean. A few operations round
    numbers of that size, here and in the summaries that are compared; a common mean
    that is off by `shift` changes M2 by twice its product with the distance of the
    means, and by its square, for every number.
    """
    n = a[0] + b[0]
    eps = np.finfo(np.float64).eps
    shift = 8 * eps * max(abs(mean) + np.sqrt(m2) for _, mean, m2 in (a, b))
    gap = abs(a[1] - b[1])
    squares = a[2] + b[2] + n * gap**2
    return shift, 16 * eps * squares + n * (2 * gap * shift + shift**2)


def expect_merged(actual, expected, atols):
    """Check the type and each of the three parts."""
    expect_close(actual, FORM, atol=np.inf)
    for part, wanted, atol, name in zip(
        actual, expected, (0.0, *atols), ("n", "mean", "M2"), strict=True
    ):
        expect_close(part, wanted, rtol=0.0, atol=atol, name=name)


def expect_merge_of(student, first, second):
    """Merge the summaries of two groups and compare with the summary of all numbers."""
    a, b = summary(first), summary(second)
    expected = summary(np.concatenate([first, second]))
    expect_merged(student.merge_stats(a, b), expected, tolerances(a, b))


def expect_public(student, a, b):
    """Check one call with a fixed tolerance."""
    expected = merge_stats(a, b)
    expect_close(student.merge_stats(a, b), expected, rtol=0.0, atol=1e-6)


@public
def test_worked_example(student):
    """The groups 1, 3 and 4, 6, 8."""
    expect_public(student, (2, 2.0, 2.0), (3, 6.0, 8.0))


@public
def test_larger_group_first(student):
    """Six numbers around 1 and two around -4."""
    expect_public(student, (6, 1.0, 3.0), (2, -4.0, 0.5))


@public
def test_two_single_numbers(student):
    """Two groups of one number each: 0 and 2."""
    expect_public(student, (1, 0.0, 0.0), (1, 2.0, 0.0))


@public
def test_equal_means(student):
    """Two groups with the same mean."""
    expect_public(student, (3, 5.0, 6.0), (4, 5.0, 2.5))


@pytest.mark.property
@public
def test_empty_group(student):
    """An empty group on either side, and on both."""
    expect_public(student, (4, 2.5, 5.0), EMPTY)
    expect_public(student, EMPTY, (2, -1.0, 0.5))
    expect_public(student, EMPTY, EMPTY)


@public
def test_far_from_zero(student):
    """Two groups near 2**27."""
    expect_public(student, (2, 2.0**27 + 1.0, 2.0), (6, 2.0**27 + 3.0, 9.0))


# Each part alone.


@pytest.mark.weight(4)
@pytest.mark.parametrize("sizes", [(3, 9), (20, 5)])
def test_mean(student, rng, sizes):
    """The common mean of two groups of different size."""
    a, b = (
        summary(rng.normal(centre, 1.0, n)) for centre, n in zip((4.0, -3.0), sizes, strict=True)
    )
    wanted, atol = merge_stats(a, b)[1], tolerances(a, b)[0]
    merged = student.merge_stats(a, b)
    expect_close(merged, FORM, atol=np.inf)
    expect_close(merged[1], wanted, rtol=0.0, atol=atol, name="mean")


@pytest.mark.weight(4)
@pytest.mark.parametrize("sizes", [(3, 9), (20, 5)])
def test_squares(student, rng, sizes):
    """The common M2 of two groups of different size."""
    a, b = (
        summary(rng.normal(centre, 1.0, n)) for centre, n in zip((4.0, -3.0), sizes, strict=True)
    )
    wanted, atol = merge_stats(a, b)[2], tolerances(a, b)[1]
    merged = student.merge_stats(a, b)
    expect_close(merged, FORM, atol=np.inf)
    expect_close(merged[2], wanted, rtol=0.0, atol=atol, name="M2")


@pytest.mark.property
def test_count(student, rng):
    """The common count."""
    sizes = rng.integers(1, 50, 2).tolist()
    merged = student.merge_stats((sizes[0], 1.0, 2.0), (sizes[1], 3.0, 4.0))
    expect_close(merged, FORM, atol=np.inf)
    expect_close(merged[0], sum(sizes), name="n")


# All of it, against the summary of all numbers.


@pytest.mark.weight(3)
@pytest.mark.parametrize("sizes", [(7, 7), (2, 30), (40, 3), (1, 6), (5, 1)])
def test_groups(student, rng, sizes):
    """Two groups, of equal and of different size."""
    first, second = rng.normal(2.0, 1.0, sizes[0]), rng.normal(-1.0, 3.0, sizes[1])
    expect_merge_of(student, first, second)


@pytest.mark.weight(2)
def test_groups_far_apart(student, rng):
    """Two groups whose distance is far larger than their spread."""
    expect_merge_of(student, rng.normal(0.0, 1.0, 8), rng.normal(1e4, 1.0, 5))


@pytest.mark.weight(2)
@pytest.mark.parametrize("offset", [1e7, 1e9])
def test_groups_far_from_zero(student, rng, offset):
    """Two groups whose means are far larger than their spread."""
    expect_merge_of(student, offset + rng.normal(0.0, 1.0, 9), offset + rng.normal(1.0, 1.0, 4))


def test_any_unit(student, rng):
    """Groups in which everything is very small."""
    for scale in (1e-7, 1e-4):
        expect_merge_of(student, rng.normal(0.0, scale, 8), rng.normal(3 * scale, scale, 5))


def test_many_numbers(student, rng):
    """Groups of hundreds, of thousands and of millions of numbers."""
    for low, high in [(100, 900), (2000, 9000), (2_000_000, 9_000_000)]:
        a, b = (
            (int(rng.integers(low, high)), float(rng.normal(k, 1.0)), float(rng.uniform(low, high)))
            for k in (-2, 2)
        )
        expected = merge_stats(a, b)
        expect_merged(student.merge_stats(a, b), expected, tolerances(a, b))


def test_mean_of_zero(student, rng):
    """Groups with the mean 0 that are not empty."""
    zero, other = (4, 0.0, float(rng.uniform(1.0, 3.0))), summary(rng.normal(3.0, 1.0, 6))
    for a, b in [(zero, other), (other, zero)]:
        expected = merge_stats(a, b)
        expect_merged(student.merge_stats(a, b), expected, tolerances(a, b))


@pytest.mark.weight(2)
def test_tree(student, rng):
    """Eight groups, merged two by two, then four, then all."""
    blocks = [rng.normal(centre, 1.0, 3 + k) for k, centre in enumerate(range(-4, 4))]
    groups = [summary(block) for block in blocks]
    expected = summary(np.concatenate(blocks))
    atols = [7 * atol for atol in tolerances((8, -4.0, expected[2]), (8, 4.0, 0.0))]
    while len(groups) > 1:
        pairs = zip(groups[::2], groups[1::2], strict=True)
        groups = [student.merge_stats(a, b) for a, b in pairs]
    expect_merged(groups[0], expected, atols)


@pytest.mark.weight(2)
def test_one_by_one(student, rng):
    """Single numbers, merged into the rest one after the other."""
    values = rng.normal(3.0, 2.0, 12)
    expected = summary(values)
    atols = [12 * atol for atol in tolerances((6, 3.0, 0.0), (6, 9.0, expected[2]))]
    merged = EMPTY
    for value in values:
        merged = student.merge_stats(merged, (1, float(value), 0.0))
    expect_merged(merged, expected, atols)


# Promises that hold for any groups.


@pytest.mark.property
@pytest.mark.parametrize("empty", ["first", "second", "both"])
def test_empty_group_changes_nothing(student, rng, empty):
    """An empty group."""
    full = summary(rng.normal(5.0, 2.0, 6))
    groups = {"first": (EMPTY, full), "second": (full, EMPTY), "both": (EMPTY, EMPTY)}[empty]
    expected = EMPTY if empty == "both" else full
    expect_merged(student.merge_stats(*groups), expected, tolerances(*groups))


@pytest.mark.property
def test_order_of_groups(student, rng):
    """The same two groups the other way round."""
    a, b = summary(rng.normal(1.0, 2.0, 5)), summary(rng.normal(4.0, 1.0, 11))
    forwards, backwards = student.merge_stats(a, b), student.merge_stats(b, a)
    expect_close(forwards, FORM, atol=np.inf)
    expect_merged(backwards, forwards, tolerances(a, b))


@pytest.mark.property
def test_grouping_does_not_matter(student, rng):
    """Three groups: (a and b) and c, or a and (b and c)."""
    a, b, c = (summary(rng.normal(k, 1.0, 4 + k)) for k in range(3))
    left = student.merge_stats(student.merge_stats(a, b), c)
    right = student.merge_stats(a, student.merge_stats(b, c))
    expect_close(left, FORM, atol=np.inf)
    expect_close(right, left, rtol=1e-12)


@pytest.mark.property
def test_squares_never_shrink(student, rng):
    """M2 of the whole is at least that of the parts."""
    a, b = summary(rng.normal(0.0, 1.0, 5)), summary(rng.normal(-2.0, 1.0, 8))
    merged = student.merge_stats(a, b)
    expect_close(merged, FORM, atol=np.inf)
    expect_close(bool(merged[2] >= a[2] + b[2]), True, name="whether M2 grew")
