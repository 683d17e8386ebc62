"""Hidden suite of `mean_var_std`.

Public cases come first: few numbers, chosen so that no two mistakes of the bank
behave alike on all of them. What is expected is computed before the call:
afterwards the arguments hold what the student's code wrote into them. Cases that
a constant could pass are properties.
"""

import numpy as np
import pytest

from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l01_mathematical_foundations import mean_var_std

pytestmark = pytest.mark.limits(call_cpu_s=2)

NAMES = ("the mean", "the variance", "the standard deviation")

# Right answers agree to 1e-12 here, and exactly on the rows near a power of two.
public = pytest.mark.public(rtol=0.0, atol=1e-6)


def reference(x, axis=None, ddof=0):
    """Return the three results in the dtype asked for, and a tolerance for each.

    The answer is the solution's in float64. The tolerances allow eight times the
    error that the solution itself makes in the dtype of `x`, and as a floor what
    every right way may lose: n roundings, which rarely all go one way, move a mean
    by about `shift`; deviations that are off by `shift` change the variance by
    twice its product with the spread, and by its square. A root turns an error e
    of v into e / sqrt(v), or into sqrt(e) where v is 0.
    """
    wide = x.astype(np.float64)
    exact = [np.asarray(result) for result in mean_var_std(wide, axis, ddof)]
    own = [np.asarray(result, np.float64) for result in mean_var_std(x, axis, ddof)]
    mean, variance, std = exact
    count = x.size // max(mean.size, 1)
    dtype = x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)
    steps = np.finfo(dtype).eps * (np.sqrt(count) + 8)
    shift = steps * np.abs(wide).max(axis=axis, initial=0.0)
    floor = steps * variance + 2 * shift * std + shift**2
    loss = 8 * np.abs(own[1] - variance) + floor * count / (count - ddof)
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.minimum(np.sqrt(loss), np.where(std > 0, loss / std, np.inf)) + steps * std
    atols = (8 * np.abs(own[0] - mean) + shift, loss, root)
    return [result.astype(dtype)[()] for result in exact], atols


def expect_three(student, x, **options):
    """Check one call; without `axis` and `ddof` the defaults are used."""
    expected, atols = reference(x, **options)
    expect_results(student.mean_var_std(x, **options), expected, atols)


def expect_triple(actual):
    """Check that three results came, in a tuple."""
    if not isinstance(actual, tuple) or len(actual) != len(NAMES):
        expect_close(actual, (0.0, 0.0, 0.0))


def expect_results(actual, expected, atols):
    """Check a tuple of three results, each with its own tolerance."""
    expect_triple(actual)
    for name, got, wanted, atol in zip(NAMES, actual, expected, atols, strict=True):
        expect_close(got, wanted, rtol=0.0, atol=atol, name=name)


def expect_public(student, x, **options):
    """Check one call with a fixed tolerance."""
    expected = mean_var_std(x, **options)
    expect_results(student.mean_var_std(x, **options), expected, [1e-6] * 3)


@public
def test_worked_example(student):
    """The positions 1, 7, 7, 9."""
    expect_public(student, np.array([1.0, 7.0, 7.0, 9.0]))


@public
def test_rows_of_a_square(student):
    """Three rows of three, with axis=1."""
    x = np.array([[1.0, 2.0, 6.0], [0.0, 4.0, 5.0], [3.0, 3.0, 9.0]])
    expect_public(student, x, axis=1)


@public
def test_rows_of_a_table(student):
    """Two rows of four, with axis=-1 and ddof=1."""
    x = np.array([[2.0, 4.0, 4.0, 10.0], [0.0, 0.5, 1.0, 1.5]])
    expect_public(student, x, axis=-1, ddof=1)


@public
def test_columns_of_a_table(student):
    """A table of two rows and three columns, with axis=0."""
    expect_public(student, np.array([[1.0, 5.0, -2.0], [3.0, 4.0, 8.0]]), axis=0)


@public
def test_two_axes_at_once(student):
    """Shape (2, 3, 2) with axis=(0, 2) and ddof=2."""
    x = np.array([[[1.0, 2.0], [0.0, 4.0], [8.0, 3.0]], [[0.0, 1.0], [5.0, 7.0], [-1.0, 2.5]]])
    expect_public(student, x, axis=(0, 2), ddof=2)


@public
def test_whole_numbers(student):
    """Whole numbers: the integers 1, 2, 2, 6."""
    expect_public(student, np.array([1, 2, 2, 6]))


@public
def test_table_of_whole_numbers(student):
    """Two rows of integers, with axis=1."""
    expect_public(student, np.array([[1, 2, 5], [0, -7, 4]]), axis=1)


# Near 2**27 a float64 square is rounded to a multiple of 4: the shortcut by squares gives -4
# for the first pair, in any order of two terms. Two rows, or no other example would be as short
# as this one, and the shortest is what learners see first.
@public
def test_float64_far_from_zero(student):
    """Rows of two numbers near 2**27 that differ by 1, with axis=1."""
    expect_public(student, 2.0**27 + np.array([[1.0, 2.0], [2.0, 1.0]]), axis=1)


# Near 2**13 a float32 square is rounded to a multiple of 8: the shortcut gives -8.
@public
def test_float32_far_from_zero(student):
    """Rows of two float32 numbers near 8192 that differ by 1, with axis=1."""
    x = np.array([[8194.0, 8195.0], [8195.0, 8194.0]], np.float32)
    expect_public(student, x, axis=1)


@public
def test_float32_columns(student):
    """A float32 table of two rows and three columns, with axis=0 and ddof=1."""
    x = np.array([[0.5, 2.0, 1.0], [1.5, 0.0, 3.0]], np.float32)
    expect_public(student, x, axis=0, ddof=1)


# Each part alone: one wrong part must not cost the others.


def expect_part(student, part, x, **options):
    """Check one of the three results."""
    expected, atols = reference(x, **options)
    actual = student.mean_var_std(x, **options)
    expect_triple(actual)
    expect_close(actual[part], expected[part], rtol=0.0, atol=atols[part], name=NAMES[part])


@pytest.mark.weight(2)
@pytest.mark.parametrize("count", [2, 5, 40])
def test_mean_of_a_row(student, rng, count):
    """The mean of a single row."""
    expect_part(student, 0, rng.normal(1.0, 3.0, count))


@pytest.mark.weight(3)
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_means_of_a_table(student, rng, axis):
    """The means along one axis of a table."""
    expect_part(student, 0, rng.normal(1.0, 3.0, (3, 5)), axis=axis)


@pytest.mark.weight(2)
@pytest.mark.parametrize("count", [2, 5, 40])
def test_variance_of_a_row(student, rng, count):
    """The variance of a single row."""
    expect_part(student, 1, rng.normal(1.0, 3.0, count))


@pytest.mark.weight(2)
@pytest.mark.property
def test_std_is_the_root_of_the_variance(student, rng):
    """The standard deviation beside its own variance, whatever that is."""
    actual = student.mean_var_std(rng.normal(1.0, 3.0, 7))
    expect_triple(actual)
    expect_close(actual[1], 9.0, atol=np.inf, name=NAMES[1])
    expect_close(actual[2], np.sqrt(np.maximum(actual[1], 0.0)), rtol=1e-12, name=NAMES[2])


# The whole.


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(9,), (4, 7), (6, 6), (2, 3, 5)])
def test_all_numbers_together(student, rng, shape):
    """All numbers of an array, without axis."""
    expect_three(student, rng.normal(-2.0, 1.5, shape))


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [0, 1, 2, -2, -3])
def test_one_axis(student, rng, axis):
    """One axis, counted from either end."""
    expect_three(student, rng.normal(0.5, 2.0, (3, 4, 5)), axis=axis)


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [(0, 1), (1, 2), (0, 2), (-1, 0), (2,), (0, 1, 2)])
def test_several_axes(student, rng, axis):
    """A tuple of axes, in any order, counted from either end."""
    expect_three(student, rng.normal(0.5, 2.0, (3, 4, 5)), axis=axis)


@pytest.mark.parametrize("axis", [None, 1, (3, 0), (-1, 1, -4)])
def test_four_axes(student, rng, axis):
    """An array with four axes."""
    expect_three(student, rng.normal(0.5, 2.0, (3, 2, 4, 5)), axis=axis)


@pytest.mark.parametrize(("shape", "axis"), [((1, 6), 1), ((3, 1, 4), -1), ((2, 1, 3), (0, 2))])
def test_axes_of_length_one(student, rng, shape, axis):
    """An axis of length 1 that is not averaged: it stays."""
    expect_three(student, rng.normal(2.0, 3.0, shape), axis=axis)


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [0, 1, 2, (0, 1), (1, 2), (0, 2)])
def test_equal_lengths(student, rng, axis):
    """An array whose axes are all equally long."""
    expect_three(student, rng.normal(0.5, 2.0, (4, 4, 4)), axis=axis)


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [None, 0, 1, (0, 1)])
@pytest.mark.parametrize("ddof", [1, 2])
def test_other_divisors(student, rng, axis, ddof):
    """A divisor smaller than n."""
    expect_three(student, rng.normal(0.5, 2.0, (3, 6)), axis=axis, ddof=ddof)


def test_arguments_by_position(student, rng):
    """Axis and ddof by position, in this order."""
    x = rng.normal(0.0, 1.0, (4, 5))
    expected, atols = reference(x, 1, 2)
    expect_results(student.mean_var_std(x, 1, 2), expected, atols)


def test_defaults_after_other_calls(student, rng):
    """Nothing but x, after a call that said more."""
    x, other = rng.normal(0.0, 1.0, (4, 5)), rng.normal(2.0, 1.0, (3, 3))
    expected, atols = reference(x)
    student.mean_var_std(other, axis=1, ddof=1)
    expect_results(student.mean_var_std(x), expected, atols)


# Digits and dtypes.


@pytest.mark.weight(2)
@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8"])
@pytest.mark.parametrize("axis", [None, 0, 1])
def test_integers(student, rng, dtype, axis):
    """Arrays of integers."""
    expect_three(student, rng.integers(0, 200, (5, 4)).astype(dtype), axis=axis)


# So large that float64 loses the variance between two squares, and so small that integers,
# which some right answers sum, still hold n times the sum of the squares.
@pytest.mark.weight(2)
def test_integers_far_from_zero(student, rng):
    """Rows of integers whose mean is far larger than their spread."""
    expect_three(student, 10**8 + rng.integers(0, 99, (4, 6)), axis=1)


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [None, 0, -1])
def test_float32(student, rng, axis):
    """Numbers in float32."""
    expect_three(student, rng.normal(1.0, 2.0, (5, 33)).astype(np.float32), axis=axis)


@pytest.mark.weight(3)
@pytest.mark.parametrize("offset", [1e6, 1e9])
def test_mean_far_larger_than_spread(student, rng, offset):
    """Rows whose mean is far larger than their spread."""
    expect_three(student, rng.normal(offset, 1.0, (6, 30)), axis=1)


@pytest.mark.parametrize("axis", [None, (0, 2)])
def test_mean_far_larger_than_spread_along_axes(student, rng, axis):
    """The same with three axes, several of which disappear."""
    expect_three(student, rng.normal(1e6, 1.0, (3, 4, 5)), axis=axis)


@pytest.mark.weight(2)
def test_mean_far_larger_than_spread_in_float32(student, rng):
    """The same in float32."""
    expect_three(student, rng.normal(1e4, 1.0, (6, 32)).astype(np.float32), axis=1)


def test_small_spread(student, rng):
    """Numbers that hardly vary."""
    expect_three(student, rng.normal(0.0, 1e-8, (4, 6)), axis=1)


def test_many_numbers(student, rng):
    """More than a thousand numbers to a row."""
    expect_three(student, rng.normal(3.0, 1.0, (2, 1500)), axis=1)


# Promises that hold for every x.


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_constant_rows(student, rng, dtype):
    """Rows of equal whole numbers.

    Not exactly 0: a mean that is a sum of sevenths is off by a rounding.
    """
    x = np.repeat(rng.integers(-4096, 4096, (4, 1)), 7, axis=1).astype(dtype)
    expect_three(student, x, axis=1)


@pytest.mark.property
def test_one_number(student, rng):
    """Rows of a single number: no spread."""
    x = rng.normal(size=(3, 1))
    expected = (x[:, 0].copy(), np.zeros(3), np.zeros(3))
    expect_results(student.mean_var_std(x, axis=1), expected, [0.0] * 3)


@pytest.mark.property
def test_shift_moves_the_mean_only(student, rng):
    """A constant added to all numbers moves the mean and nothing else."""
    x = rng.integers(-50, 50, (4, 8)).astype(np.float64)
    before, after = (student.mean_var_std(now, axis=1) for now in (x, x + 2.0**20))
    expect_close(after[0], before[0] + 2.0**20, rtol=1e-12, name=NAMES[0])
    expect_close(after[1:], before[1:], rtol=1e-9)


# Calls that a branch of its own may answer; one axis disappears, all, or several.
CALLS = [
    *[((4,), {"axis": axis}) for axis in (None, 0, -1)],
    *[((3, 4), {"axis": axis}) for axis in (None, 0, 1, (0, 1))],
    *[((2, 3, 4), {"axis": axis, "ddof": 1}) for axis in (None, 0, -2, (0, -1))],
    ((2, 2, 3, 2), {"axis": (1, 2), "ddof": 1}),
]


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32", "int64"])
def test_input_is_left_alone(student, rng, dtype):
    """The array x holds the same numbers after the call."""
    for shape, options in CALLS:
        x = rng.normal(20.0, 9.0, shape).astype(dtype)
        before = x.copy()
        student.mean_var_std(x, **options)
        expect_unchanged(x, before, name="x")


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32", "int64"])
def test_dtype_of_all_three(student, rng, dtype):
    """The dtype of the three results, whatever disappears."""
    for shape, options in CALLS:
        x = rng.normal(20.0, 9.0, shape).astype(dtype)
        expected, _ = reference(x, **options)
        actual = student.mean_var_std(x, **options)
        expect_triple(actual)
        for name, got, wanted in zip(NAMES, actual, expected, strict=True):
            expect_close(got, wanted, atol=np.inf, name=name)
            # A number of Python's has no dtype to be wrong; one of NumPy's has.
            kept = getattr(got, "dtype", wanted.dtype).name
            expect_close(kept, wanted.dtype.name, name=f"the dtype of {name}")


def test_read_only(student, rng):
    """An array that cannot be written to."""
    x = rng.normal(2.0, 1.0, (3, 4))
    x.flags.writeable = False  # public: how anybody makes an array read-only
    expect_three(student, x, axis=1)


@pytest.mark.parametrize("layout", ["reversed", "every second", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that do not lie in memory row by row."""
    x = rng.normal(2.0, 1.0, (4, 6))
    views = {"reversed": x[::-1, ::-1], "every second": x[::2, ::2], "transposed": x.T}
    expect_three(student, views[layout], axis=1)
