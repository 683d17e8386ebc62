"""Hidden suite of `variance_two_pass`.

Public cases come first: few numbers, chosen so that no two mistakes of the bank
behave alike on all of them. What is expected is computed before the call:
afterwards the arguments hold what the student's code wrote into them. Cases that
a constant could pass are properties.
"""

import numpy as np
import pytest

from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l04_variance_and_std import variance_two_pass

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Right answers agree to 1e-12 here, and exactly on the rows near a power of two.
public = pytest.mark.public(rtol=0.0, atol=1e-6)


def reference(x, axis=-1, ddof=0):
    """Return the variance in the dtype of `x`, and a tolerance for each entry.

    The answer is the solution's in float64. The tolerance allows eight times the
    error that the solution itself makes in the dtype of `x`, and as a floor what
    every right way may lose: n roundings, which rarely all go one way, move a mean
    by about `shift`; where the mean moves while the squares are summed, deviations
    that are off by `shift` change the variance by twice its product with the
    spread, and by its square.
    """
    wide = x.astype(np.float64)
    exact = np.asarray(variance_two_pass(wide, axis, ddof))
    own_error = np.abs(variance_two_pass(x, axis, ddof) - exact)
    count = x.shape[axis]
    steps = np.finfo(x.dtype).eps * (np.sqrt(count) + 8)
    shift = steps * np.abs(wide).max(axis=axis)
    floor = steps * exact + 2 * shift * np.sqrt(exact) + shift**2
    floor *= count / (count - ddof)
    return exact.astype(x.dtype)[()], 8 * own_error + floor


def expect_variance(student, x, **options):
    """Check one call; without `axis` and `ddof` the defaults are used."""
    expected, atol = reference(x, **options)
    actual = student.variance_two_pass(x, **options)
    expect_close(actual, expected, rtol=0.0, atol=atol)


def expect_public(student, x, **options):
    """Check one call with a fixed tolerance."""
    expected = variance_two_pass(x, **options)
    expect_close(student.variance_two_pass(x, **options), expected, rtol=0.0, atol=1e-6)


# Hardly longer than the rows near a power of two, so that a card shows this one first.
@public
def test_three_numbers(student):
    """The three numbers 1, 2 and 6."""
    expect_public(student, np.array([1.0, 2.0, 6.0]))


@public
def test_three_rows(student):
    """Three rows of three: one variance for each row."""
    expect_public(student, np.array([[1.0, 2.0, 6.0], [0.0, 4.0, 5.0], [3.0, 3.0, 9.0]]))


@public
def test_columns_of_a_table(student):
    """A table of two rows and three columns, with axis=0."""
    expect_public(student, np.array([[1.0, 5.0, -2.0], [3.0, 4.0, 8.0]]), axis=0)


@public
def test_divisor_asked_for(student):
    """Two rows of four with ddof=1."""
    expect_public(student, np.array([[2.0, 4.0, 4.0, 10.0], [0.0, 0.5, 1.0, 1.5]]), ddof=1)


@public
def test_table_of_three_axes(student):
    """Shape (2, 2, 3) with axis=1 and ddof=-1, the divisor n + 1."""
    x = np.array([[[1.0, 2.0, 0.0], [4.0, 8.0, 3.0]], [[0.0, 1.0, 5.0], [7.0, -1.0, 2.0]]])
    expect_public(student, x, axis=1, ddof=-1)


# Near 2**27 a float64 square is rounded to a multiple of 4: the shortcut gives -4 for the
# first row, in any order of two terms, and 0 where a negative result is cut off.
@public
def test_float64_far_from_zero(student):
    """Two numbers near 2**27 that differ by 1."""
    expect_public(student, 2.0**27 + np.array([1.0, 2.0]))


# Near 2**13 a float32 square is rounded to a multiple of 8: the shortcut gives -8.
@public
def test_float32_far_from_zero(student):
    """Rows of two float32 numbers near 8192 that differ by 1."""
    expect_public(student, np.array([[8194.0, 8195.0], [8195.0, 8194.0]], np.float32))


# Each part alone.


@pytest.mark.weight(3)
@pytest.mark.parametrize("count", [2, 5, 40])
def test_single_row(student, rng, count):
    """A single row."""
    expect_variance(student, rng.normal(1.0, 3.0, count))


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(4, 7), (6, 6), (2, 3, 5), (3, 1, 2, 4)])
def test_rows(student, rng, shape):
    """Rows in arrays of two and more axes."""
    expect_variance(student, rng.normal(-2.0, 1.5, shape))


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [0, 1, 2, -2, -3])
def test_any_axis(student, rng, axis):
    """Another axis than the last, counted from either end."""
    expect_variance(student, rng.normal(0.5, 2.0, (3, 4, 5)), axis=axis)


@pytest.mark.weight(2)
@pytest.mark.parametrize("ddof", [1, 2])
def test_other_divisors(student, rng, ddof):
    """A divisor smaller than n."""
    expect_variance(student, rng.normal(0.5, 2.0, (3, 6)), ddof=ddof)


def test_arguments_by_position(student, rng):
    """Axis and ddof by position, in this order."""
    x = rng.normal(0.0, 1.0, (4, 5))
    expected, atol = reference(x, 0, 1)
    expect_close(student.variance_two_pass(x, 0, 1), expected, rtol=0.0, atol=atol)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_axis(student, rng, dtype):
    """Each axis of arrays with one to four axes, with and without ddof."""
    for shape in [(6,), (4, 5), (3, 3), (3, 3, 3), (2, 3, 4, 2)]:
        x = rng.normal(0.5, 2.0, shape).astype(dtype)
        for axis in range(-x.ndim, x.ndim):
            expect_variance(student, x, axis=axis, ddof=axis % 2)


def test_same_array_again(student, rng):
    """The same array again, along another axis and with another divisor."""
    x = rng.normal(0.5, 2.0, (5, 5))
    for options in [{}, {"axis": 0}, {"ddof": 1}, {"axis": 0, "ddof": 2}, {}]:
        expect_variance(student, x, **options)
    x += rng.normal(0.0, 1.0, (5, 5))
    expect_variance(student, x)


# Digits.


@pytest.mark.weight(3)
@pytest.mark.parametrize("offset", [1e6, 1e9])
def test_mean_far_larger_than_spread(student, rng, offset):
    """Rows whose mean is far larger than their spread."""
    expect_variance(student, rng.normal(offset, 1.0, (6, 30)))


@pytest.mark.weight(3)
@pytest.mark.parametrize("std", [0.3, 1.0])
def test_mean_far_larger_than_spread_in_float32(student, rng, std):
    """The same in float32."""
    expect_variance(student, rng.normal(1e4, std, (6, 32)).astype(np.float32))


@pytest.mark.parametrize(("dtype", "offset"), [("float64", 1e8), ("float32", 1e4)])
def test_far_from_zero_along_any_axis(student, rng, dtype, offset):
    """Numbers far from zero, in arrays with one to four axes."""
    for shape, axis in [
        ((30,), -1),
        ((30, 2), 0),
        ((2, 30, 3), 1),
        ((2, 3, 30), 2),
        ((2, 1, 2, 30), -1),
    ]:
        expect_variance(student, rng.normal(offset, 1.0, shape).astype(dtype), axis=axis)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_long_rows(student, rng, dtype):
    """Rows of more than a thousand numbers."""
    expect_variance(student, rng.normal(1e3, 2.0, (2, 1500)).astype(dtype))


@pytest.mark.parametrize("shape", [(9,), (5, 33), (2, 3, 4)])
def test_float32(student, rng, shape):
    """Float32, with one axis and with more."""
    expect_variance(student, rng.normal(1.0, 2.0, shape).astype(np.float32))


@pytest.mark.parametrize("std", [1e-8, 1e5])
def test_any_spread(student, rng, std):
    """Numbers that hardly vary, and numbers that vary widely."""
    expect_variance(student, rng.normal(0.0, std, (4, 6)))


# Promises that hold for every x.


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_constant_rows_have_none(student, rng, dtype):
    """Rows of equal whole numbers.

    Not exactly 0: a mean that is a sum of sevenths is off by a rounding.
    """
    expect_variance(student, np.repeat(rng.integers(-4096, 4096, (4, 1)), 7, axis=1).astype(dtype))


@pytest.mark.property
def test_one_number(student, rng):
    """Rows of a single number: exactly 0."""
    expect_close(student.variance_two_pass(rng.normal(size=(3, 1))), np.zeros(3), rtol=0.0)


@pytest.mark.property
def test_never_negative(student, rng):
    """No variance is negative."""
    x = rng.normal(1e8, 0.1, (50, 4))
    actual = student.variance_two_pass(x)
    expect_close(actual, np.zeros(50), atol=np.inf)
    expect_close(actual >= 0, np.full(50, True), name="whether each variance is >= 0")


@pytest.mark.property
def test_shift_changes_nothing(student, rng):
    """A constant added to all numbers changes nothing."""
    x = rng.integers(-50, 50, (4, 8)).astype(np.float64)
    shifted = x + 2.0**20
    expect_close(student.variance_two_pass(shifted), student.variance_two_pass(x), rtol=1e-9)


def test_scale_counts_squared(student, rng):
    """All numbers times 8: the variance grows by the square."""
    x = rng.normal(0.0, 1.0, (4, 8))
    expected, atol = reference(8.0 * x)
    expect_close(64.0 * student.variance_two_pass(x), expected, rtol=0.0, atol=atol)


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_input_is_left_alone(student, rng, dtype):
    """The array x holds the same numbers after the call."""
    for shape in [(4,), (3, 4), (2, 3, 4), (2, 3, 2, 4)]:
        x = rng.normal(2.0, 1.0, shape).astype(dtype)
        before = x.copy()
        student.variance_two_pass(x)
        for axis in range(x.ndim):
            student.variance_two_pass(x, axis=axis, ddof=1)
        expect_unchanged(x, before, name="x")


def test_read_only(student, rng):
    """An array that cannot be written to."""
    x = rng.normal(2.0, 1.0, (3, 4))
    x.flags.writeable = False  # public: how anybody makes an array read-only
    expect_variance(student, x)


@pytest.mark.parametrize("layout", ["reversed", "every second", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that do not lie in memory row by row."""
    x = rng.normal(2.0, 1.0, (4, 6))
    views = {"reversed": x[::-1, ::-1], "every second": x[::2, ::2], "transposed": x.T}
    expect_variance(student, views[layout])
