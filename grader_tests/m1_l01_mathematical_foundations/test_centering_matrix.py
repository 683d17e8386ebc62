"""Hidden suite of `centering_matrix`.

Public cases come first: small matrices on which no two mistakes of the bank behave
alike. Then all entries, then what the matrix does. What a matrix of zeros, or the
identity, would pass as well (symmetry, doing nothing when used twice) is a property.
"""

import numpy as np
import pytest

from nbjudge.expect import expect_close
from solutions.m1_l01_mathematical_foundations import centering_matrix

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Entries are at most 1 in size; products of unit vectors and inverses cost a few roundings.
ATOL = 1e-13

public = pytest.mark.public(rtol=0.0, atol=1e-6)


def expect_matrix(student, d, atol=ATOL):
    """Check all entries."""
    expected = centering_matrix(d)
    expect_close(student.centering_matrix(d), expected, rtol=0.0, atol=atol)


def product_with(student, d, x):
    """Return the student's matrix times `x`, if it has the right shape and dtype."""
    actual = student.centering_matrix(d)
    expect_close(actual, np.zeros((d, d)), atol=np.inf)
    return actual @ x


@public
def test_two(student):
    """Rows of two: d = 2."""
    expect_matrix(student, 2, 1e-6)


@public
def test_three(student):
    """Rows of three: d = 3."""
    expect_matrix(student, 3, 1e-6)


@public
def test_four(student):
    """Rows of four: d = 4."""
    expect_matrix(student, 4, 1e-6)


@public
def test_five(student):
    """Rows of five: d = 5."""
    expect_matrix(student, 5, 1e-6)


# All entries.


@pytest.mark.weight(3)
@pytest.mark.parametrize("size", ["small", "middling", "large"])
def test_entries(student, rng, size):
    """All entries of the matrix."""
    low, high = {"small": (10, 13), "middling": (20, 60), "large": (200, 300)}[size]
    expect_matrix(student, int(rng.integers(low, high)))


# Each part alone: one wrong part must not cost the others.


@pytest.mark.weight(2)
def test_one_number_on_the_diagonal_and_one_beside_it(student, rng):
    """Two numbers only: a positive one on the diagonal, a negative one beside it."""
    d = int(rng.integers(13, 17))
    actual = student.centering_matrix(d)
    expect_close(actual, np.zeros((d, d)), atol=np.inf)
    expect_close(np.sign(actual), 2 * np.eye(d) - 1, name="the signs")
    distinct = np.unique(np.round(actual, 12)).size
    expect_close(distinct, 2, name="how many different numbers there are")


@pytest.mark.weight(2)
@pytest.mark.property
def test_deviations_are_kept(student, rng):
    """A row whose mean is 0 stays as it is."""
    x = rng.normal(2.0, 3.0, 7)
    x -= x.mean()
    expect_close(product_with(student, 7, x), x, rtol=0.0, atol=1e-12, name="the product")


@pytest.mark.weight(2)
@pytest.mark.property
def test_mean_is_removed(student, rng):
    """Rows of equal numbers become 0."""
    d = int(rng.integers(2, 30))
    x = np.full(d, float(rng.integers(1, 9)))
    expect_close(product_with(student, d, x), np.zeros(d), rtol=0.0, atol=1e-12, name="the product")


# What the matrix does.


@pytest.mark.weight(3)
@pytest.mark.parametrize("d", [2, 6, 40])
def test_gives_the_deviations(student, rng, d):
    """The matrix times a row: its deviations."""
    x = rng.normal(3.0, 2.0, d)
    expected = x - x.mean()
    expect_close(product_with(student, d, x), expected, rtol=0.0, atol=1e-11, name="the product")


@pytest.mark.weight(2)
def test_gives_the_deviations_of_columns(student, rng):
    """The matrix times a table: the deviations of each column."""
    x = rng.normal(3.0, 2.0, (6, 4))
    expected = x - x.mean(axis=0)
    expect_close(product_with(student, 6, x), expected, rtol=0.0, atol=1e-11, name="the product")


@pytest.mark.weight(2)
def test_number_of_directions_left(student, rng):
    """The trace, which for a projection counts the directions that are left."""
    d = int(rng.integers(17, 30))
    actual = student.centering_matrix(d)
    expect_close(actual, np.zeros((d, d)), atol=np.inf)
    expect_close(np.trace(actual), d - 1.0, rtol=1e-12, name="the trace")


@pytest.mark.property
def test_twice_is_once(student, rng):
    """The matrix times itself."""
    d = int(rng.integers(3, 30))
    actual = student.centering_matrix(d)
    expect_close(actual, np.zeros((d, d)), atol=np.inf)
    expect_close(actual @ actual, actual, rtol=0.0, atol=1e-12, name="the square")


@pytest.mark.property
def test_rows_are_columns(student, rng):
    """The matrix and its transpose."""
    d = int(rng.integers(3, 30))
    actual = student.centering_matrix(d)
    expect_close(actual, np.zeros((d, d)), atol=np.inf)
    expect_close(actual.T, actual, rtol=0.0, atol=ATOL, name="the transpose")


@pytest.mark.property
def test_one(student):
    """Rows of one number: nothing is left."""
    expect_matrix(student, 1)


@pytest.mark.property
def test_again_after_a_change(student, rng):
    """A second matrix, after the first was overwritten."""
    d = int(rng.integers(3, 9))
    expected = centering_matrix(d)
    first = student.centering_matrix(d)
    expect_close(first, np.zeros((d, d)), atol=np.inf)
    first[:] = 7.0
    expect_close(student.centering_matrix(d), expected, rtol=0.0, atol=ATOL)
