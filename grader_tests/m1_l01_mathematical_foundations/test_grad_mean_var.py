"""Hidden suite of `grad_mean_var`.

Public cases come first: few numbers, on which no two mistakes of the bank behave
alike. Then each of the two gradients alone, then both. What is expected is
computed before the call: afterwards the arguments hold what the student's code
wrote into them.
"""

import numpy as np
import pytest

from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l01_mathematical_foundations import grad_mean_var

pytestmark = pytest.mark.limits(call_cpu_s=2)

NAMES = ("the gradient of the mean", "the gradient of the variance")

public = pytest.mark.public(rtol=0.0, atol=1e-6)


def reference(x):
    """Return both gradients in the dtype of `x`, and a tolerance for each.

    Summing D numbers one by one rounds D times, and rarely all one way. Both rows of
    a product with the centering matrix are as large as `x`.
    """
    wide = x.astype(np.float64)
    exact = grad_mean_var(wide)
    count = x.shape[0]
    steps = np.finfo(x.dtype).eps * (np.sqrt(count) + 8)
    shift = steps * np.abs(wide).max()
    atols = (steps / count, 2 * shift / count + steps * np.abs(exact[1]).max())
    return tuple(gradient.astype(x.dtype) for gradient in exact), atols


def expect_two(actual):
    """Check that two results came, in a tuple."""
    if not isinstance(actual, tuple) or len(actual) != len(NAMES):
        expect_close(actual, (np.zeros(1), np.zeros(1)))


def expect_gradients(student, x):
    """Check both gradients."""
    expected, atols = reference(x)
    actual = student.grad_mean_var(x)
    expect_two(actual)
    for name, got, wanted, atol in zip(NAMES, actual, expected, atols, strict=True):
        expect_close(got, wanted, rtol=0.0, atol=atol, name=name)


def expect_one(student, part, x):
    """Check one of the two gradients."""
    expected, atols = reference(x)
    actual = student.grad_mean_var(x)
    expect_two(actual)
    expect_close(actual[part], expected[part], rtol=0.0, atol=atols[part], name=NAMES[part])


def expect_public(student, x):
    """Check both with a fixed tolerance."""
    expected = grad_mean_var(x)
    actual = student.grad_mean_var(x)
    expect_two(actual)
    for name, got, wanted in zip(NAMES, actual, expected, strict=True):
        expect_close(got, wanted, rtol=0.0, atol=1e-6, name=name)


@public
def test_worked_example(student):
    """The positions 1, 7, 7, 9."""
    expect_public(student, np.array([1.0, 7.0, 7.0, 9.0]))


@public
def test_three_numbers(student):
    """The numbers 2, -1, 0.5."""
    expect_public(student, np.array([2.0, -1.0, 0.5]))


@public
def test_five_numbers(student):
    """The numbers 0, 4, 1, -3, 8."""
    expect_public(student, np.array([0.0, 4.0, 1.0, -3.0, 8.0]))


@public
def test_float32_row(student):
    """The float32 numbers 0.5, 2, 5, 1.5."""
    expect_public(student, np.array([0.5, 2.0, 5.0, 1.5], np.float32))


@public
def test_float32_pair(student):
    """The float32 numbers 3 and -1."""
    expect_public(student, np.array([3.0, -1.0], np.float32))


# Each gradient alone: a wrong one must not cost the other.


@pytest.mark.weight(2)
@pytest.mark.parametrize("count", [3, 8, 50])
def test_gradient_of_the_mean(student, rng, count):
    """The gradient of the mean."""
    expect_one(student, 0, rng.normal(1.0, 2.0, count))


@pytest.mark.weight(3)
@pytest.mark.parametrize("count", [2, 3, 8, 50])
def test_gradient_of_the_variance(student, rng, count):
    """The gradient of the variance."""
    expect_one(student, 1, rng.normal(1.0, 2.0, count))


@pytest.mark.weight(2)
def test_direction_of_the_variance(student, rng):
    """The direction of the gradient of the variance, whatever its length."""
    x = rng.normal(1.0, 2.0, 6)
    wanted = (x - x.mean()) / np.linalg.norm(x - x.mean())
    actual = student.grad_mean_var(x)
    expect_two(actual)
    expect_close(actual[1], np.zeros(6), atol=np.inf, name=NAMES[1])
    length = max(float(np.linalg.norm(actual[1])), 1e-300)
    expect_close(actual[1] / length, wanted, rtol=0.0, atol=1e-10, name="its direction")


# Both.


@pytest.mark.weight(2)
@pytest.mark.parametrize("count", [2, 5, 30, 1500])
def test_rows(student, rng, count):
    """Both gradients of a row."""
    expect_gradients(student, rng.normal(-1.0, 3.0, count))


@pytest.mark.weight(2)
@pytest.mark.parametrize("count", [3, 33])
def test_float32(student, rng, count):
    """A row in float32."""
    expect_gradients(student, rng.normal(1.0, 2.0, count).astype(np.float32))


@pytest.mark.weight(2)
def test_mean_far_larger_than_spread(student, rng):
    """A row whose mean is far larger than its spread."""
    expect_gradients(student, rng.normal(1e7, 1.0, 12))


def test_small_and_large_numbers(student, rng):
    """One number far larger than the others."""
    x = rng.normal(0.0, 1e-3, 6)
    x[2] = 1e4
    expect_gradients(student, x)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_small_numbers(student, rng, dtype):
    """Numbers far smaller than 1."""
    expect_gradients(student, rng.normal(1e-7, 1e-7, 5).astype(dtype))


def test_predicts_small_changes(student, rng):
    """A small push at every number, and what the gradients say of it."""
    x = rng.normal(1.0, 2.0, 7)
    push = 1e-6 * rng.uniform(0.5, 1.0, 7)
    changes = [after - before for before, after in zip(stats(x), stats(x + push), strict=True)]
    actual = student.grad_mean_var(x)
    expect_two(actual)
    for name, gradient, change in zip(NAMES, actual, changes, strict=True):
        expect_close(gradient, np.zeros(7), atol=np.inf, name=name)
        expect_close(float(gradient @ push), float(change), rtol=0.0, atol=1e-10, name=name)


def stats(x):
    """Return mean and variance, as they are defined."""
    return x.mean(), np.square(x - x.mean()).mean()


# Promises that hold for every row.


@pytest.mark.property
def test_one_number(student, rng):
    """A single number: it is its own mean, and never varies."""
    expect_gradients(student, rng.normal(0.0, 1.0, 1))


@pytest.mark.property
def test_equal_numbers(student, rng):
    """A row of equal numbers: its variance is as small as it gets."""
    expect_gradients(student, np.full(5, float(rng.integers(1, 9))))


@pytest.mark.property
def test_slopes_of_the_variance_cancel(student, rng):
    """All numbers pushed alike: the variance does not notice."""
    actual = student.grad_mean_var(rng.normal(2.0, 3.0, 9))
    expect_two(actual)
    expect_close(actual[1], np.zeros(9), atol=np.inf, name=NAMES[1])
    expect_close(float(actual[1].sum()), 0.0, atol=1e-12, name="the sum of its slopes")


@pytest.mark.property
def test_slopes_of_the_mean_add_up(student, rng):
    """All numbers pushed alike: the mean goes along."""
    actual = student.grad_mean_var(rng.normal(2.0, 3.0, 9))
    expect_two(actual)
    expect_close(actual[0], np.zeros(9), atol=np.inf, name=NAMES[0])
    expect_close(float(actual[0].sum()), 1.0, rtol=1e-12, name="the sum of its slopes")


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_input_is_left_alone(student, rng, dtype):
    """The array x holds the same numbers after the call."""
    for count in (1, 2, 5, 40):
        x = rng.normal(2.0, 1.0, count).astype(dtype)
        before = x.copy()
        student.grad_mean_var(x)
        expect_unchanged(x, before, name="x")


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_shapes_and_dtypes(student, rng, dtype):
    """Both gradients have the shape and the dtype of x."""
    for count in (1, 2, 5, 40):
        x = rng.normal(2.0, 1.0, count).astype(dtype)
        expected = (np.zeros_like(x), np.zeros_like(x))
        expect_close(student.grad_mean_var(x), expected, atol=np.inf)


@pytest.mark.parametrize("layout", ["read-only", "reversed", "every second"])
def test_memory_layout(student, rng, layout):
    """Rows that cannot be written to, or that do not lie in memory one by one."""
    x = rng.normal(2.0, 1.0, 10)
    views = {"read-only": x, "reversed": x[::-1], "every second": x[::2]}
    view = views[layout]
    view.flags.writeable = layout != "read-only"
    expect_gradients(student, view)
