"""Hidden suite of `center`.

Public cases come first: fixed numbers on which no two mistakes of the bank behave
alike. What is expected is computed before the call: afterwards the arguments hold
what the student's code wrote into them. Cases that zeros could pass are properties.
"""

import numpy as np
import pytest

from grader_tests.m1_l02_zero_mean.rounding import centered, expect_array_like
from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l02_zero_mean import center

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Float64 answers of any right kind agree to 1e-9 here; no two mistakes of the bank do to 1e-2.
public = pytest.mark.public(rtol=0.0, atol=1e-5)
# For a promise about the arguments: any finite numbers of the right shape and dtype will do.
public_arguments = pytest.mark.public(rtol=0.0, atol=1e3)


def expect_centered(student, x, **options):
    """Check one call; without `axis` the default is used."""
    expected, atol = centered(x, **options)
    expect_close(student.center(x, **options), expected, rtol=0.0, atol=atol)


def expect_public(student, x, **options):
    """Check one call with a fixed tolerance."""
    expected = center(x, **options)
    expect_close(student.center(x, **options), expected, rtol=0.0, atol=1e-5)


# Public: recorded as probes, so the numbers are fixed.


@public
def test_worked_example(student):
    """The row [12, 3, -5, 10] from the lesson."""
    expect_public(student, np.array([12.0, 3.0, -5.0, 10.0]))


@public
def test_as_many_rows_as_columns(student):
    """Three rows of three numbers."""
    expect_public(student, np.array([[1.0, 4.0, -2.0], [0.0, 3.0, 9.0], [5.0, 3.5, 2.0]]))


@public
def test_columns(student):
    """Two rows of three numbers, with axis=0."""
    expect_public(student, np.array([[1.0, 10.0, -4.0], [2.5, 30.0, 20.0]]), axis=0)


@public
def test_axis_in_the_middle(student):
    """Shape (2, 3, 2) with axis=1."""
    x = np.array([[[1.0, 0.0], [2.0, 5.0], [4.5, -1.0]], [[3.0, 2.0], [3.5, 8.0], [-2.0, 0.5]]])
    expect_public(student, x, axis=1)


@public
def test_axis_counted_from_the_end(student):
    """Shape (3, 3) with axis=-2."""
    x = np.array([[6.0, 1.0, 0.5], [2.0, -7.0, 4.0], [1.5, 2.0, 8.0]])
    expect_public(student, x, axis=-2)


@public
def test_float32(student):
    """Two rows in float32."""
    expect_public(student, np.array([[0.5, 4.0, -1.25], [7.0, 2.0, 2.5]], np.float32))


@public
def test_float32_columns(student):
    """Three rows of two in float32, with axis=0."""
    x = np.array([[0.5, 4.0], [-1.25, 7.0], [2.0, 2.5]], np.float32)
    expect_public(student, x, axis=0)


@pytest.mark.property
@public_arguments
def test_input_is_left_alone(student):
    """The array x holds the same numbers after the call."""
    x = np.array([[5.0, 1.0], [2.0, 4.0]])
    before = x.copy()
    student.center(x)
    expect_unchanged(x, before, name="x")


# Values.


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(7,), (1, 8), (4, 6), (5, 5), (6, 2)])
def test_rows(student, rng, shape):
    """A row, and a batch of rows."""
    expect_centered(student, rng.normal(3.0, 2.0, shape))


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(2, 3, 5), (4, 4, 4), (1, 3, 4), (2, 1, 3, 4)])
def test_more_axes(student, rng, shape):
    """Sequences of tokens, and stacks of them."""
    expect_centered(student, rng.normal(3.0, 2.0, shape))


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_any_axis(student, rng, axis):
    """Each axis of an array of three axes."""
    expect_centered(student, rng.normal(1.0, 2.0, (3, 4, 5)), axis=axis)


@pytest.mark.parametrize("axis", [0, 2, -3])
def test_axis_of_four(student, rng, axis):
    """One axis of an array of four axes."""
    expect_centered(student, rng.normal(1.0, 2.0, (2, 3, 4, 5)), axis=axis)


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [0, 1, -2])
def test_axes_of_equal_lengths(student, rng, axis):
    """Each axis of a square, where every shape fits every axis."""
    expect_centered(student, rng.normal(1.0, 2.0, (4, 4)), axis=axis)


def test_axis_by_position(student, rng):
    """The second argument is the axis."""
    x = rng.normal(1.0, 2.0, (3, 4))
    expected, atol = centered(x, 0)
    expect_close(student.center(x, 0), expected, rtol=0.0, atol=atol)


def test_one_call_after_another(student, rng):
    """Two calls with the same shape and other numbers."""
    for mean in (3.0, -40.0):
        expect_centered(student, rng.normal(mean, 2.0, (3, 4)))


@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("shape", "axis"), [((5, 33), 0), ((5, 33), -1), ((9,), -1), ((2, 3, 4), 1)]
)
def test_float32_rows(student, rng, shape, axis):
    """Float32, with one axis and with more."""
    expect_centered(student, rng.normal(1.0, 2.0, shape).astype(np.float32), axis=axis)


def test_many_numbers(student, rng):
    """Rows of many numbers."""
    expect_centered(student, rng.normal(1.0, 2.0, (3, 1500)).astype(np.float32))


def test_many_rows(student, rng):
    """Many rows of few numbers."""
    expect_centered(student, rng.normal(1.0, 2.0, (2000, 3)))


@pytest.mark.weight(2)
@pytest.mark.parametrize(("dtype", "mean"), [("float32", 1e4), ("float64", 1e9)])
def test_mean_far_larger_than_spread(student, rng, dtype, mean):
    """Rows whose mean is far larger than their spread."""
    expect_centered(student, rng.normal(mean, 1.0, (6, 20)).astype(dtype))


def test_rows_of_different_sizes(student, rng):
    """Rows of very different sizes in one batch."""
    expect_centered(student, rng.normal(1.0, 2.0, (3, 5)) * np.array([[1e-6], [1.0], [1e6]]))


def test_lopsided_rows(student, rng):
    """Rows in which one number is far from all others."""
    x = rng.normal(1.0, 1.0, (3, 9))
    x[np.arange(3), rng.integers(0, 9, 3)] = 500.0
    expect_centered(student, x)


# Promises that hold for every x.


@pytest.mark.property
@pytest.mark.parametrize("axis", [-1, 0])
def test_sums_are_zero(student, rng, axis):
    """The result sums to 0 along the axis."""
    x = rng.normal(5.0, 2.0, (4, 6))
    actual = student.center(x, axis=axis)
    expect_array_like(actual, x)
    size = np.abs(x).max()
    expect_close(actual.mean(axis=axis), 0 * x.mean(axis=axis), rtol=0.0, atol=1e-12 * size)


@pytest.mark.property
def test_one_number_becomes_zero(student, rng):
    """Rows of a single number."""
    expect_centered(student, rng.normal(3.0, 1.0, (4, 1)))


@pytest.mark.property
def test_constant_rows_become_zero(student, rng):
    """Constant rows."""
    expect_centered(student, np.repeat(rng.integers(-8, 9, (3, 1)), 5, axis=1).astype(np.float64))


@pytest.mark.property
@pytest.mark.parametrize("axis", [-1, 0])
def test_added_constant_changes_nothing(student, rng, axis):
    """A constant that is added to all numbers."""
    x = rng.normal(1.0, 2.0, (3, 4))
    once = student.center(x, axis=axis)
    expect_array_like(once, x)
    moved = student.center(x + rng.uniform(5.0, 9.0), axis=axis)
    expect_close(moved, once, rtol=0.0, atol=1e-12)


@pytest.mark.property
def test_row_alone(student, rng):
    """One row alone and inside a batch."""
    x = rng.normal(1.0, 2.0, (3, 4))
    together = student.center(x)
    expect_array_like(together, x)
    expect_close(student.center(x[1:2]), together[1:2])


# A good citizen.


@pytest.mark.property
@pytest.mark.parametrize(
    ("shape", "axis"), [((6,), -1), ((4, 4), -1), ((3, 4), 0), ((3, 4, 2), -1), ((3, 4, 2), 1)]
)
def test_argument_is_left_alone(student, rng, shape, axis):
    """No argument holds other numbers after the call."""
    for dtype in (np.float64, np.float32):
        x = rng.normal(2.0, 1.0, shape).astype(dtype)
        before = x.copy()
        student.center(x, axis=axis)
        expect_unchanged(x, before, name="x")


@pytest.mark.parametrize("layout", ["read-only", "reversed", "every second", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that do not lie in memory row by row."""
    x = rng.normal(2.0, 1.0, (4, 6))
    views = {"reversed": x[::-1, ::-1], "every second": x[::2, ::2], "transposed": x.T}
    x.flags.writeable = layout != "read-only"
    expect_centered(student, views.get(layout, x))
