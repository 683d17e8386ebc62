"""Hidden suite of `center_backward`.

Public cases come first: fixed numbers on which no two mistakes of the bank behave
alike. What is expected is computed before the call: afterwards the arguments hold
what the student's code wrote into them. One case knows no formula: it nudges every
number and looks what becomes of the loss. Cases that zeros could pass are properties.
"""

import numpy as np
import pytest

from grader_tests.m1_l02_zero_mean.rounding import centered, expect_array_like
from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l02_zero_mean import center, center_backward

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Float64 answers of any right kind agree to 1e-9 here; no two mistakes of the bank do to 1e-2.
public = pytest.mark.public(rtol=0.0, atol=1e-5)
# For a promise about the arguments: any finite numbers of the right shape and dtype will do.
public_arguments = pytest.mark.public(rtol=0.0, atol=1e3)


def expect_gradient(student, dy, **options):
    """Check one call: the matrix of centering is symmetric, so dy is centered too."""
    expected, atol = centered(dy, **options)
    expect_close(student.center_backward(dy, **options), expected, rtol=0.0, atol=atol)


def expect_public(student, dy, **options):
    """Check one call with a fixed tolerance."""
    expected = center_backward(dy, **options)
    expect_close(student.center_backward(dy, **options), expected, rtol=0.0, atol=1e-5)


def nudged(x, dy, axis, step=1e-6):
    """Return how the loss sum(dy * center(x)) grows with each entry of x: central differences."""
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[index] = step
        up, down = (np.sum(dy * center(x + sign * nudge, axis)) for sign in (1, -1))
        gradient[index] = (up - down) / (2 * step)
    return gradient


# Public: recorded as probes, so the numbers are fixed.


@public
def test_worked_example(student):
    """The gradient [4, 0, 0, -1] from the lesson."""
    expect_public(student, np.array([4.0, 0.0, 0.0, -1.0]))


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
    dy = np.array([[[1.0, 0.0], [2.0, 5.0], [4.5, -1.0]], [[3.0, 2.0], [3.5, 8.0], [-2.0, 0.5]]])
    expect_public(student, dy, axis=1)


@public
def test_axis_counted_from_the_end(student):
    """Shape (3, 3) with axis=-2."""
    dy = np.array([[6.0, 1.0, 0.5], [2.0, -7.0, 4.0], [1.5, 2.0, 8.0]])
    expect_public(student, dy, axis=-2)


@public
def test_float32(student):
    """Two rows in float32."""
    expect_public(student, np.array([[0.5, 4.0, -1.25], [7.0, 2.0, 2.5]], np.float32))


@public
def test_float32_columns(student):
    """Three rows of two in float32, with axis=0."""
    dy = np.array([[0.5, 4.0], [-1.25, 7.0], [2.0, 2.5]], np.float32)
    expect_public(student, dy, axis=0)


@pytest.mark.property
@public_arguments
def test_input_is_left_alone(student):
    """The array dy holds the same numbers after the call."""
    dy = np.array([[5.0, 1.0], [2.0, 4.0]])
    before = dy.copy()
    student.center_backward(dy)
    expect_unchanged(dy, before, name="dy")


# Values.


@pytest.mark.weight(3)
@pytest.mark.parametrize(("shape", "axis"), [((6,), -1), ((3, 4), -1), ((3, 4), 0), ((2, 3, 2), 1)])
def test_nudges(student, rng, shape, axis):
    """The gradient of a loss, against nudging one number at a time."""
    x, dy = rng.normal(1.0, 2.0, shape), rng.normal(0.5, 1.0, shape)
    expected = nudged(x, dy, axis)
    expect_close(student.center_backward(dy, axis=axis), expected, rtol=0.0, atol=1e-6)


@pytest.mark.weight(2)
@pytest.mark.parametrize(
    "shape", [(7,), (1, 8), (5, 5), (6, 2), (2, 3, 5), (1, 3, 4), (2, 1, 3, 4)]
)
def test_rows(student, rng, shape):
    """Rows, and stacks of them."""
    expect_gradient(student, rng.normal(0.5, 1.0, shape))


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_any_axis(student, rng, axis):
    """Each axis of an array of three axes."""
    expect_gradient(student, rng.normal(0.5, 1.0, (3, 4, 5)), axis=axis)


@pytest.mark.parametrize("axis", [0, 2, -3])
def test_axis_of_four(student, rng, axis):
    """One axis of an array of four axes."""
    expect_gradient(student, rng.normal(0.5, 1.0, (2, 3, 4, 5)), axis=axis)


@pytest.mark.parametrize("axis", [0, 1, -2])
def test_axes_of_equal_lengths(student, rng, axis):
    """Each axis of a square, where every shape fits every axis."""
    expect_gradient(student, rng.normal(0.5, 1.0, (4, 4)), axis=axis)


def test_axis_by_position(student, rng):
    """The second argument is the axis."""
    dy = rng.normal(0.5, 1.0, (3, 4))
    expected, atol = centered(dy, 0)
    expect_close(student.center_backward(dy, 0), expected, rtol=0.0, atol=atol)


def test_one_call_after_another(student, rng):
    """Two calls with the same shape and other numbers."""
    for mean in (0.5, -4.0):
        expect_gradient(student, rng.normal(mean, 1.0, (3, 4)))


@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("shape", "axis"), [((5, 33), 0), ((5, 33), -1), ((9,), -1), ((2, 3, 4), 1)]
)
def test_float32_rows(student, rng, shape, axis):
    """Float32, with one axis and with more."""
    expect_gradient(student, rng.normal(0.5, 1.0, shape).astype(np.float32), axis=axis)


def test_many_numbers(student, rng):
    """Rows of many numbers."""
    expect_gradient(student, rng.normal(0.5, 1.0, (3, 1500)).astype(np.float32))


def test_tiny_gradients(student, rng):
    """Tiny gradients."""
    expect_gradient(student, rng.normal(2e-9, 1e-9, (3, 8)))


def test_large_gradients(student, rng):
    """Large gradients that are nearly equal."""
    expect_gradient(student, rng.normal(1e7, 1.0, (3, 8)))


def test_gradient_in_one_place(student, rng):
    """A gradient that is 0 but in one place of each row."""
    dy = np.zeros((3, 6))
    dy[np.arange(3), rng.integers(0, 6, 3)] = rng.uniform(1.0, 3.0, 3)
    expect_gradient(student, dy)


# Promises that hold for every dy.


@pytest.mark.property
@pytest.mark.parametrize("axis", [-1, 0])
def test_sums_are_zero(student, rng, axis):
    """The result sums to 0 along the axis."""
    dy = rng.normal(1.0, 2.0, (4, 6))
    actual = student.center_backward(dy, axis=axis)
    expect_array_like(actual, dy)
    expect_close(actual.sum(axis=axis), 0 * dy.sum(axis=axis), rtol=0.0, atol=1e-12)


@pytest.mark.property
def test_constant_gradients_vanish(student, rng):
    """A gradient that is the same for all numbers of a row."""
    expect_gradient(student, np.repeat(rng.integers(-8, 9, (3, 1)), 5, axis=1).astype(np.float64))


@pytest.mark.property
def test_one_number_gets_no_gradient(student, rng):
    """Rows of a single number."""
    expect_gradient(student, rng.normal(1.0, 1.0, (4, 1)))


@pytest.mark.property
@pytest.mark.parametrize(
    ("shape", "axis"), [((6,), -1), ((4, 4), -1), ((3, 4), 0), ((3, 4, 2), -1), ((3, 4, 2), 1)]
)
def test_argument_is_left_alone(student, rng, shape, axis):
    """No argument holds other numbers after the call."""
    for dtype in (np.float64, np.float32):
        dy = rng.normal(1.0, 1.0, shape).astype(dtype)
        before = dy.copy()
        student.center_backward(dy, axis=axis)
        expect_unchanged(dy, before, name="dy")


@pytest.mark.parametrize("layout", ["read-only", "reversed", "every second", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that do not lie in memory row by row."""
    dy = rng.normal(1.0, 1.0, (4, 6))
    views = {"reversed": dy[::-1, ::-1], "every second": dy[::2, ::2], "transposed": dy.T}
    dy.flags.writeable = layout != "read-only"
    expect_gradient(student, views.get(layout, dy))
