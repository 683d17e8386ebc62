"""Hidden suite of `rescale_to`.

Public cases come first: fixed numbers on which no two mistakes of the bank behave
alike. What is expected is computed before the call: afterwards the arguments hold
what the student's code wrote into them. Cases that returning `mean` could pass are
properties.
"""

import numpy as np
import pytest

from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l04_variance_and_std import rescale_to

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Float64 answers of any right kind agree to 1e-9 here; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-5)
# For a promise about the arguments: any finite numbers of the right shape and dtype will do.
public_arguments = pytest.mark.public(rtol=0.0, atol=1e3)


def reference(x, mean, std, eps=1e-5, axis=-1):
    """Return the right answer in the dtype of `x`, and a tolerance for each entry.

    The answer is the solution's in float64. The tolerance allows eight times the
    error that the solution itself makes in the dtype of `x`, and as a floor what
    every right way may lose: adding n numbers one by one rounds n times, and
    folding the targets into `x * a + (mean - own_mean * a)` rounds terms as large
    as `x * a`, which cancel afterwards; and `eps` may be held in float32.
    """
    wide = x.astype(np.float64)
    exact = rescale_to(wide, mean, std, eps, axis)
    own_error = np.abs(rescale_to(x, mean, std, eps, axis) - exact).max(axis=axis, keepdims=True)
    divisor = wide.var(axis=axis, keepdims=True) + eps
    slope = np.abs(std).max() / np.sqrt(divisor)
    terms = np.abs(wide).max(axis=axis, keepdims=True) * slope + np.abs(mean).max()
    floor = np.finfo(x.dtype).eps * (x.shape[axis] + 8) * terms
    normalized = np.abs(rescale_to(wide, 0.0, 1.0, eps, axis)).max(axis=axis, keepdims=True)
    floor += np.finfo(np.float32).eps * eps / divisor * normalized * np.abs(std).max()
    return exact.astype(x.dtype), np.broadcast_to(8 * own_error + floor, x.shape)


def expect_rescaled(student, x, mean, std, **options):
    """Check one call; without `eps` and `axis` the defaults are used."""
    expected, atol = reference(x, mean, std, **options)
    actual = student.rescale_to(x, mean, std, **options)
    expect_close(actual, expected, rtol=0.0, atol=atol)


def expect_public(student, x, mean, std, **options):
    """Check one call with a fixed tolerance."""
    expected = rescale_to(x, mean, std, **options)
    expect_close(student.rescale_to(x, mean, std, **options), expected, rtol=0.0, atol=1e-5)


def expect_array_like(actual, x):
    """Check type, shape, dtype and that all entries are finite, whatever their values."""
    expect_close(actual, np.zeros_like(x), atol=np.inf)


@public
def test_worked_example(student):
    """The row [1, 2, 3, 4] to mean 100 and standard deviation 15."""
    expect_public(student, np.array([[1.0, 2.0, 3.0, 4.0]]), 100.0, 15.0)


@public
def test_targets_per_entry(student):
    """Two rows, with a mean and a standard deviation for each of three entries."""
    x = np.array([[1.0, 4.0, -2.0], [0.0, 3.0, 9.0]])
    expect_public(student, x, np.array([0.25, 1.0, -3.0]), np.array([2.0, 1.5, 0.5]), eps=0.5)


@public
def test_columns(student):
    """Three rows of two, with axis=0."""
    x = np.array([[1.0, 10.0], [2.0, 30.0], [6.0, 20.0]])
    expect_public(student, x, -1.0, 3.0, eps=0.25, axis=0)


@public
def test_constant_row(student):
    """A constant row above one that varies little."""
    x = np.array([[3.0, 3.0, 3.0], [1.0, 1.5, 0.75]])
    expect_public(student, x, 2.0, 4.0, eps=0.02)


@public
def test_small_numbers(student):
    """A single row of small numbers: shape (3,)."""
    expect_public(student, np.array([0.002, 0.007, 0.003]), 0.5, 2.0, eps=2e-5)


@public
def test_axis_in_the_middle(student):
    """Shape (2, 3, 2) with axis=1, to mean 0 and standard deviation 0.5."""
    x = np.array([[[1.0, 0.0], [2.0, 5.0], [4.0, -1.0]], [[3.0, 2.0], [3.5, 8.0], [-2.0, 0.5]]])
    expect_public(student, x, 0.0, 0.5, eps=0.1, axis=1)


@pytest.mark.property
@public_arguments
def test_input_is_left_alone(student):
    """The array x holds the same numbers after the call."""
    x = np.array([[5.0, 1.0], [2.0, 4.0]])
    before = x.copy()
    student.rescale_to(x, 1.0, 2.0)
    expect_unchanged(x, before, name="x")


# Each part alone: one wrong part must not cost the others.


@pytest.mark.weight(3)
def test_wanted_mean(student, rng):
    """Each row gets the wanted mean."""
    x, mean = rng.normal(3.0, 2.0, (4, 6)), float(rng.uniform(5.0, 9.0))
    actual = student.rescale_to(x, mean, 2.5)
    expect_array_like(actual, x)
    expect_close(actual.mean(axis=-1), np.full(4, mean), rtol=1e-9)
    expect_close(np.ptp(actual, axis=-1) > 0.1, np.full(4, True), name="rows that vary")


@pytest.mark.weight(3)
def test_wanted_spread(student, rng):
    """Each row gets the wanted standard deviation, about whatever mean."""
    x, std = rng.normal(3.0, 2.0, (4, 6)), float(rng.uniform(2.0, 5.0))
    actual = student.rescale_to(x, 7.0, std, eps=1e-12)
    expect_array_like(actual, x)
    expect_close(actual.std(axis=-1), np.full(4, std), rtol=1e-6)


# The whole.


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(7,), (1, 8), (4, 6), (5, 5), (2, 3, 4)])
def test_one_target_for_all(student, rng, shape):
    """One mean and one standard deviation for all rows."""
    mean, std = rng.uniform(1.5, 4.0, 2).tolist()
    expect_rescaled(student, rng.normal(1.0, 2.0, shape), mean, std)


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(4, 6), (5, 5), (2, 3, 4)])
def test_one_target_per_feature(student, rng, shape):
    """A mean and a standard deviation for each feature."""
    mean, std = rng.normal(0.0, 3.0, shape[-1]), rng.uniform(0.3, 3.0, shape[-1])
    expect_rescaled(student, rng.normal(1.0, 2.0, shape), mean, std)


def test_one_target_per_row(student, rng):
    """A mean and a standard deviation for each row: shape (4, 1)."""
    mean, std = rng.normal(0.0, 3.0, (4, 1)), rng.uniform(0.3, 3.0, (4, 1))
    expect_rescaled(student, rng.normal(1.0, 2.0, (4, 6)), mean, std)


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [0, 1, -2])
def test_any_axis(student, rng, axis):
    """Another axis than the last."""
    expect_rescaled(student, rng.normal(1.0, 2.0, (3, 4, 5)), 1.5, 2.5, axis=axis)


@pytest.mark.parametrize(("shape", "axis"), [((4, 6), 0), ((5, 5), 0), ((2, 3, 3), 1)])
def test_one_target_per_feature_along_another_axis(student, rng, shape, axis):
    """Another axis than the last, with a mean and a standard deviation for each feature.

    They broadcast against `x` as it came, not against one whose axes were moved.
    """
    mean, std = rng.normal(0.0, 3.0, shape[-1]), rng.uniform(0.3, 3.0, shape[-1])
    expect_rescaled(student, rng.normal(1.0, 2.0, shape), mean, std, axis=axis)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_axis(student, rng, dtype):
    """Each axis of arrays with one to four axes, with targets in float64."""
    for shape in [(6,), (4, 5), (3, 3), (3, 3, 3), (2, 3, 4, 2)]:
        x = rng.normal(1.0, 1.0, shape).astype(dtype)
        for axis in range(-x.ndim, x.ndim):
            mean, std = rng.normal(0.0, 3.0, shape[-1]), rng.uniform(0.5, 3.0, shape[-1])
            expect_rescaled(student, x, mean, std, eps=0.3, axis=axis)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_targets_of_two_kinds(student, rng, dtype):
    """One target for all, the other for each feature or for each row."""
    x = rng.normal(1.0, 2.0, (4, 5)).astype(dtype)
    for shape in [(5,), (4, 1), (4, 5)]:
        mean, std = rng.normal(0.0, 3.0, shape), rng.uniform(0.5, 3.0, shape)
        expect_rescaled(student, x, mean, 2.0)
        expect_rescaled(student, x, 1.5, std)
    expect_rescaled(student, x, rng.normal(size=5), rng.uniform(0.5, 3.0, (4, 1)))


def test_same_array_again(student, rng):
    """The same array again, with other targets, another eps and along another axis."""
    x = rng.normal(1.0, 2.0, (5, 5))
    expect_rescaled(student, x, 1.0, 2.0)
    expect_rescaled(student, x, 3.0, 0.5)
    expect_rescaled(student, x, 3.0, 0.5, axis=0)
    expect_rescaled(student, x, 3.0, 0.5, eps=0.5)
    x += rng.normal(0.0, 1.0, (5, 5))
    expect_rescaled(student, x, 1.0, 2.0)


@pytest.mark.weight(2)
@pytest.mark.parametrize("eps", [0.5, 0.01, 1e-12])
def test_eps_as_passed(student, rng, eps):
    """An eps as large as the variance."""
    expect_rescaled(student, rng.normal(0.0, np.sqrt(eps), (4, 6)), 1.0, 3.0, eps=eps)


def test_arguments_by_position(student, rng):
    """All five arguments by position."""
    x = rng.normal(1.0, 2.0, (3, 4))
    expected, atol = reference(x, 2.0, 3.0, 0.3, 0)
    expect_close(student.rescale_to(x, 2.0, 3.0, 0.3, 0), expected, rtol=0.0, atol=atol)


@pytest.mark.weight(2)
def test_default_eps(student, rng):
    """Rows that hardly vary, with the default eps."""
    expect_rescaled(student, rng.normal(0.0, 1e-3, (4, 6)), 1.0, 3.0)


@pytest.mark.parametrize("shape", [(9,), (5, 33), (2, 3, 4)])
def test_float32(student, rng, shape):
    """Float32, with one axis and with more."""
    expect_rescaled(student, rng.normal(1.0, 2.0, shape).astype(np.float32), 1.5, 2.0)


def test_float32_with_wider_targets(student, rng):
    """Rows in float32, targets in float64."""
    x = rng.normal(1.0, 2.0, (3, 5)).astype(np.float32)
    expect_rescaled(student, x, rng.normal(0.0, 1.0, 5), rng.uniform(0.5, 2.0, 5))


@pytest.mark.weight(2)
def test_mean_far_larger_than_spread(student, rng):
    """Rows whose mean is far larger than their spread."""
    expect_rescaled(student, rng.normal(1e8, 1.0, (6, 20)), 2.0, 3.0)


@pytest.mark.parametrize(("dtype", "offset"), [("float64", 1e8), ("float32", 1e4)])
def test_far_from_zero_along_any_axis(student, rng, dtype, offset):
    """Numbers far from zero, in arrays with one to four axes."""
    cases = [((30,), -1), ((30, 2), 0), ((2, 30, 3), 1), ((2, 3, 30), 2), ((2, 1, 2, 30), -1)]
    for shape, axis in cases:
        x = rng.normal(offset, 1.0, shape).astype(dtype)
        expect_rescaled(student, x, 2.0, 3.0, axis=axis)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_long_rows(student, rng, dtype):
    """Rows of more than a thousand numbers."""
    expect_rescaled(student, rng.normal(0.0, 0.1, (2, 1500)).astype(dtype), 2.0, 3.0, eps=1e-3)


def test_read_only(student, rng):
    """Arrays that cannot be written to."""
    x, mean, std = rng.normal(1.0, 2.0, (3, 4)), rng.normal(size=4), rng.uniform(0.5, 2.0, 4)
    for array in (x, mean, std):
        array.flags.writeable = False  # public: how anybody makes an array read-only
    expect_rescaled(student, x, mean, std)


def test_negative_and_zero_std(student, rng):
    """A factor that is negative or zero turns a feature around or makes it constant."""
    std = np.array([1.0, 0.0, -2.0, 0.5])
    expect_rescaled(student, rng.normal(1.0, 2.0, (3, 4)), rng.normal(size=4), std)


# Promises that hold for every x.


@pytest.mark.property
def test_constant_rows_become_the_mean(student, rng):
    """Constant rows."""
    x = np.repeat(rng.integers(-8, 9, (3, 1)), 5, axis=1).astype(np.float64)
    mean = rng.normal(0.0, 2.0, 5)
    expect_rescaled(student, x, mean, 3.0)


@pytest.mark.property
def test_one_number(student, rng):
    """Rows of a single number become the mean."""
    expect_rescaled(student, rng.normal(1.0, 2.0, (4, 1)), rng.normal(0.0, 3.0, (4, 1)), 2.0)


@pytest.mark.property
def test_row_alone(student, rng):
    """One row alone and inside a batch."""
    x = rng.normal(1.0, 2.0, (3, 4))
    together = student.rescale_to(x, 2.0, 3.0)
    expect_array_like(together, x)
    expect_close(student.rescale_to(x[1:2], 2.0, 3.0), together[1:2])


@pytest.mark.property
@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4), (2, 1, 3, 4)])
def test_arguments_are_left_alone(student, rng, shape):
    """No argument holds other numbers after the call."""
    for dtype in ("float64", "float32"):
        drawn = [rng.normal(2.0, 1.0, shape), rng.normal(size=4), rng.uniform(1.0, 2.0, 4)]
        arguments = [argument.astype(dtype) for argument in drawn]
        before = [argument.copy() for argument in arguments]
        student.rescale_to(*arguments)
        for axis in range(len(shape)):
            student.rescale_to(*arguments, 0.5, axis)
        for name, now, then in zip(("x", "mean", "std"), arguments, before, strict=True):
            expect_unchanged(now, then, name=name)


@pytest.mark.parametrize("layout", ["reversed", "every second", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that do not lie in memory row by row."""
    x = rng.normal(2.0, 1.0, (4, 6))
    views = {"reversed": x[::-1, ::-1], "every second": x[::2, ::2], "transposed": x.T}
    expect_rescaled(student, views[layout], 1.0, 3.0)
