"""Hidden suite of `moments`.

Public cases come first: few numbers, chosen so that no two mistakes of the bank
behave alike on all of them. What is expected is computed before the call:
afterwards the arguments hold what the student's code wrote into them. Cases that
a constant could pass are properties.
"""

import numpy as np
import pytest

from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l03_distributions import moments

pytestmark = pytest.mark.limits(call_cpu_s=2)

NAMES = ("mean", "var", "skew", "ex_kurt")
# Right answers agree to 1e-12 here; no two mistakes of the bank do to 2e-5.
public = pytest.mark.public(rtol=0.0, atol=1e-6)
# For a promise about the argument: any finite numbers of the right shape will do.
public_arguments = pytest.mark.public(rtol=0.0, atol=1e3)


def reference(x, axis=-1):
    """Return the four in the dtype of `x`, and a tolerance for each entry of each.

    The answer is the solution's in float64. The tolerance allows eight times the
    error that the solution itself makes in the dtype of `x`, and as a floor what
    every right way may lose: n roundings, which rarely all go one way, move a mean
    by about `shift`; in units of the spread that is `r`. A sum of powers k of z,
    each off by r, is off by k r times the sum of powers k - 1, and the unit is off
    by r as well.
    """
    wide = x.astype(np.float64)
    exact, own = moments(wide, axis), moments(x, axis)
    steps = np.finfo(x.dtype).eps * (np.sqrt(x.shape[axis]) + 8)
    shift = steps * np.abs(wide).max(axis=axis)
    std, varies = np.sqrt(exact["var"]), np.ptp(x, axis=axis) != 0
    r = np.where(varies, shift, 0.0) / np.where(varies, std, 1.0)
    fourth = exact["ex_kurt"] + 3.0 * varies
    floor = {
        "mean": shift,
        "var": steps * exact["var"] + 2 * shift * std + shift**2,
        "skew": (6 * r + 4 * steps) * (1.0 + fourth),
        "ex_kurt": (8 * r + 6 * steps) * (1.0 + 2 * fourth),
    }
    expected = {name: np.asarray(exact[name]).astype(x.dtype)[()] for name in NAMES}
    atol = {name: 8 * np.abs(own[name] - exact[name]) + floor[name] for name in NAMES}
    return expected, atol


def expect_parts(student, x, names, axis=None):
    """Check some of the four, and that all four are there in the right shape and dtype."""
    expected, atol = reference(x, -1 if axis is None else axis)
    actual = student.moments(x) if axis is None else student.moments(x, axis=axis)
    expect_close(actual, {name: 0 * expected[name] for name in NAMES}, atol=np.inf)
    for name in names:
        label = f"the result[{name!r}]"
        expect_close(actual[name], expected[name], rtol=0.0, atol=atol[name], name=label)


def expect_moments(student, x, axis=None):
    """Check all four."""
    expect_parts(student, x, NAMES, axis)


def expect_public(student, x, **options):
    """Check one call with a fixed tolerance."""
    expected = moments(x, **options)
    expect_close(student.moments(x, **options), expected, rtol=0.0, atol=1e-6)


@public
def test_worked_example(student):
    """The row [2, 4, 4, 10] from the lesson."""
    expect_public(student, np.array([2.0, 4.0, 4.0, 10.0]))


@public
def test_three_rows(student):
    """Three rows of three: four numbers for each row."""
    expect_public(student, np.array([[1.0, 2.0, 6.0], [0.0, 4.0, 5.0], [3.0, 3.0, 9.0]]))


@public
def test_columns_of_a_table(student):
    """A table of three rows and two columns, with axis=0."""
    expect_public(student, np.array([[1.0, 5.0], [2.0, 4.0], [9.0, -3.0]]), axis=0)


@public
def test_axis_in_the_middle(student):
    """Shape (2, 3, 2) with axis=1."""
    x = np.array([[[1.0, 0.0], [2.0, 5.0], [4.0, -1.0]], [[3.0, 2.0], [3.5, 8.0], [-2.0, 0.5]]])
    expect_public(student, x, axis=1)


@public
def test_row_of_equal_numbers(student):
    """A row of equal numbers above one that varies."""
    expect_public(student, np.array([[3.0, 3.0, 3.0, 3.0], [1.0, 1.0, 5.0, 2.0]]))


@public
def test_unit_that_never_fires(student):
    """Two columns, the first all 0, with axis=0."""
    expect_public(student, np.array([[0.0, 1.5], [0.0, 0.5], [0.0, 4.0], [0.0, 0.0]]), axis=0)


# The mean of three equal tenths is off by one rounding: every entry then has the same deviation,
# so that whoever divides by it gets exactly -1 or 1, and -2.
@public
@pytest.mark.parametrize("value", [0.1, 0.7])
def test_equal_tenths(student, value):
    """Three equal numbers with digits behind the point."""
    expect_public(student, np.array([value] * 3))


@public
def test_columns_of_small_numbers(student):
    """Two columns of numbers around 0.00001, with axis=0."""
    expect_public(student, 1e-5 * np.array([[1.0, 4.0], [0.0, 2.0], [3.0, -6.0]]), axis=0)


@public
def test_small_numbers(student):
    """Numbers around 0.00001."""
    expect_public(student, 1e-5 * np.array([[1.0, 2.0, 2.0, 7.0], [3.0, -1.0, 0.5, 0.0]]))


@pytest.mark.property
@public_arguments
def test_input_is_left_alone(student):
    """The array x holds the same numbers after the call."""
    x = np.array([[5.0, 1.0, 2.0], [2.0, 4.0, 9.0]])
    before = x.copy()
    student.moments(x)
    expect_unchanged(x, before, name="x")


# Each of the four alone: one wrong number must not cost the others.


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(9,), (5, 7)])
def test_mean(student, rng, shape):
    """The mean."""
    expect_parts(student, rng.normal(1.0, 3.0, shape), ["mean"])


@pytest.mark.weight(4)
@pytest.mark.parametrize("shape", [(9,), (5, 7)])
def test_variance(student, rng, shape):
    """The variance."""
    expect_parts(student, rng.normal(1.0, 3.0, shape), ["var"])


@pytest.mark.weight(6)
@pytest.mark.parametrize("shape", [(9,), (5, 7)])
def test_skew(student, rng, shape):
    """The skew of lopsided numbers."""
    expect_parts(student, rng.exponential(3.0, shape), ["skew"])


@pytest.mark.weight(6)
@pytest.mark.parametrize("shape", [(9,), (5, 7)])
def test_excess_kurtosis(student, rng, shape):
    """The excess kurtosis."""
    expect_parts(student, rng.normal(1.0, 3.0, shape), ["ex_kurt"])


# All four.


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(2,), (6, 6), (2, 3, 5), (3, 1, 2, 4)])
def test_rows(student, rng, shape):
    """Rows in arrays of one and more axes."""
    expect_moments(student, rng.exponential(2.0, shape) - 1.0)


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [0, 1, 2, -2, -3])
def test_any_axis(student, rng, axis):
    """Another axis than the last, counted from either end."""
    expect_moments(student, rng.exponential(2.0, (3, 4, 5)), axis=axis)


@pytest.mark.weight(2)
def test_axes_of_equal_length(student, rng):
    """A cube, along its first axis."""
    expect_moments(student, rng.normal(0.5, 2.0, (4, 4, 4)), axis=0)


def test_axis_by_position(student, rng):
    """The axis as second argument."""
    x = rng.exponential(2.0, (4, 5))
    expected, _ = reference(x, 0)
    expect_close(student.moments(x, 0), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(40,), (5, 33)])
def test_float32(student, rng, shape):
    """Numbers in float32."""
    expect_moments(student, (rng.exponential(2.0, shape) - 1.0).astype(np.float32))


@pytest.mark.weight(3)
def test_mean_far_larger_than_spread(student, rng):
    """Rows whose mean is far larger than their spread."""
    expect_moments(student, rng.choice([-1.0, 1.0], (4, 1)) * rng.normal(1e5, 1.0, (4, 20)))


@pytest.mark.parametrize("shape", [(20,), (2, 3, 20)])
def test_hardly_any_spread(student, rng, shape):
    """Numbers that agree in many digits and are not equal."""
    expect_moments(student, rng.normal(1e5, 1e-3, shape))


@pytest.mark.parametrize("size", [1e-6, 1e5])
def test_other_units(student, rng, size):
    """The same shapes in much smaller and much larger units."""
    expect_moments(student, size * (rng.exponential(1.0, (4, 9)) - 0.5))


@pytest.mark.weight(2)
def test_many_bell_shaped_numbers(student, rng):
    """Many numbers from a bell curve: skew and excess kurtosis near 0."""
    expect_moments(student, rng.normal(2.0, 0.5, (2, 20000)))


def test_outlier(student, rng):
    """Rows in which one number is far from all others."""
    x = rng.normal(0.0, 1.0, (3, 100))
    x[np.arange(3), rng.integers(0, 100, 3)] = rng.choice([-1e3, 1e3], 3)
    expect_moments(student, x)


# Where there is no shape. Whole numbers, as many as a power of two: their mean is exact in
# any order of adding and dividing.


@pytest.mark.weight(2)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_equal_numbers_beside_others(student, rng, dtype):
    """Rows of equal numbers beside rows that vary."""
    x = rng.normal(1.0, 2.0, (5, 8)).astype(dtype)
    x[[1, 3]] = rng.integers(-9, 10, (2, 1))
    expect_moments(student, x)


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("size", [1.0, 1e9])
def test_equal_numbers_that_are_rounded(student, rng, dtype, size):
    """Rows of equal numbers whose mean may be rounded."""
    x = np.repeat(size * rng.integers(1, 10, (40, 1)) / 10 * rng.random(), 7, axis=1).astype(dtype)
    expect_moments(student, x)


def test_some_equal_numbers(student, rng):
    """Rows of which some numbers are equal, and not all."""
    x = rng.normal(1.0, 2.0, (4, 8))
    x[:2, [0, 1, -1]] = x[:2, :1]
    x[2, 1:], x[3, :-1] = x[2, 0] + 1.0, x[3, -1] - 1.0
    x[1, 2:-1] = x[1, 0] - 2.0
    expect_moments(student, x)


@pytest.mark.property
def test_single_number(student, rng):
    """Rows of a single number."""
    expect_moments(student, rng.normal(size=(3, 1)))


# Promises that hold for every x.

CALLS = [((4,), -1), ((3, 4), 0), ((3, 4), -1), ((2, 3, 4), 0), ((2, 3, 4), -2), ((2, 1, 3, 4), 3)]


@pytest.mark.property
def test_shift_and_scale_keep_the_shape(student, rng):
    """All numbers times a power of two, plus a constant: skew and excess kurtosis stay."""
    x = rng.integers(-50, 50, (4, 8)).astype(np.float64)
    before, after = student.moments(x), student.moments(4.0 * x + 2.0**10)
    for name in ("skew", "ex_kurt"):
        expect_close(before[name], np.zeros(4), atol=np.inf)
        expect_close(after[name], before[name], rtol=0.0, atol=1e-9)


@pytest.mark.property
def test_mirrored_numbers(student, rng):
    """Minus all numbers: the skew changes its sign, the excess kurtosis does not."""
    x = rng.exponential(1.0, (4, 8))
    before, after = student.moments(x), student.moments(-x)
    expect_close(before["skew"], np.zeros(4), atol=np.inf)
    expect_close(after["skew"], -before["skew"], rtol=0.0, atol=1e-9)
    expect_close(after["ex_kurt"], before["ex_kurt"], rtol=0.0, atol=1e-9)


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_x_is_left_alone(student, rng, dtype):
    """No number of x is another one after the call."""
    for shape, axis in CALLS:
        x = rng.normal(2.0, 1.0, shape).astype(dtype)
        before = x.copy()
        student.moments(x, axis=axis)
        expect_unchanged(x, before, name="x")
    for value in (3.0, np.nan):  # tempts to be repaired on the spot
        x = rng.normal(2.0, 1.0, (3, 4)).astype(dtype)
        x[1] = value
        before = x.copy()
        student.moments(x)
        expect_unchanged(x, before, name="x")


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_dtype_of_all_four(student, rng, dtype):
    """The dtype of the four, along any axis."""
    for shape, axis in CALLS:
        x = rng.normal(2.0, 1.0, shape).astype(dtype)
        expected, _ = reference(x, axis)
        actual = student.moments(x, axis=axis)
        expect_close(actual, expected, atol=np.inf)
        for name in NAMES:
            # A number of Python's has no dtype to be wrong; one of NumPy's has.
            kept = getattr(actual[name], "dtype", x.dtype).name
            expect_close(kept, dtype, name=f"the dtype of the result[{name!r}]")


def test_read_only(student, rng):
    """An array that cannot be written to."""
    x = rng.normal(2.0, 1.0, (3, 4))
    x.flags.writeable = False  # public: how anybody makes an array read-only
    expect_moments(student, x)


@pytest.mark.parametrize("layout", ["reversed", "every second", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that do not lie in memory row by row."""
    x = rng.normal(2.0, 1.0, (4, 6))
    views = {"reversed": x[::-1, ::-1], "every second": x[::2, ::2], "transposed": x.T}
    expect_moments(student, views[layout])


def test_bad_neighbour_stays_alone(student, rng):
    """A batch in which one row has a NaN."""
    x = rng.normal(1.0, 2.0, (3, 6))
    expected, _ = reference(x[1:])
    x[0, rng.integers(6)] = np.nan
    actual = student.moments(x)
    for name in NAMES:
        expect_close(getattr(actual[name], "shape", None), (3,), name="the shape")
        expect_close(actual[name][1:], expected[name], rtol=1e-9, atol=1e-12)
    for name in ("mean", "var"):
        expect_close(float(actual[name][0]), np.nan, name=f"the result[{name!r}] of that row")
