"""Hidden suite of `backward_steps`.

Public cases come first. Then each step from the step before it, as the student's
own code answered that one: one wrong step costs that step and not all that follow.
Then the whole walk against the right one, and its end against central differences.

A step that follows from a wrong one proves nothing by itself, so these cases are
properties; the first three quantities come from the arguments alone.
"""

import numpy as np
import pytest

from grader_tests.m1_l06_layer_norm_formula_detailed.rows import (
    batches,
    central_differences,
    draw,
    expect_left_alone,
)
from nbjudge.expect import Mismatch, expect_close, show
from solutions.m1_l06_layer_norm_formula_detailed import backward_steps, ln_forward

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Float64 answers of any right kind agree to 1e-9 here; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-5)


def step_of(steps, name):
    """Return one entry of the answer."""
    if type(steps) is not dict or name not in steps:
        raise Mismatch(f"the result is {show(steps)}; expected a dict with {name!r}", aspect="type")
    return steps[name]


def statistics(x, eps=1e-5):
    """Return the deviations and rstd of each row."""
    centered = x - x.mean(axis=-1, keepdims=True)
    return centered, 1.0 / np.sqrt(np.square(centered).mean(axis=-1, keepdims=True) + eps)


def expect_step(student, name, shape, rng, *, eps=1e-5, **options):
    """Check one entry against the right one."""
    x, gamma, _, dy = draw(rng, shape, **options)
    expected = backward_steps(dy, x, gamma, eps)[name]
    actual = step_of(student.backward_steps(dy, x, gamma, eps), name)
    expect_near(actual, expected, name)


def expect_near(actual, expected, name, room=1e-11):
    """Compare with room for a few dozen roundings of the largest entry of the array."""
    size = np.abs(expected).max(initial=0.0)
    expect_close(actual, expected, rtol=0.0, atol=room * (1.0 + size), name=name)


def expect_walk(student, x, gamma, dy):
    """Check all eight entries, and that there are no others."""
    expected = backward_steps(dy, x, gamma)
    actual = student.backward_steps(dy, x, gamma)
    for name, value in expected.items():
        expect_near(step_of(actual, name), value, name)
    expect_close(sorted(map(str, actual)), sorted(expected), name="the names")


def own(steps, name, like):
    """Return what the student's code answered for an earlier step; it must be of that form.

    And it must vary, or any later step would follow from zeros.
    """
    value = step_of(steps, name)
    expect_close(value, np.zeros_like(like), atol=np.inf, name=name)
    expect_close(float(np.ptp(value)) > 1e-3, True, name=f"entries of {name} that differ")
    return value


# Public: recorded as probes, so the numbers are fixed.


def expect_public(student, dy, x, gamma, **options):
    """Check the whole answer with an absolute tolerance."""
    expected = backward_steps(dy, x, gamma, **options)
    expect_close(student.backward_steps(dy, x, gamma, **options), expected, rtol=0.0, atol=1e-5)


@public
def test_worked_example(student):
    """The row [2, 4, 4, 10] from the lesson, with eps = 7."""
    x, dy = np.array([[2.0, 4.0, 4.0, 10.0]]), np.array([[2.0, 2.0, 2.0, -4.0]])
    expect_public(student, dy, x, np.array([1.0, 2.0, 1.0, 1.0]), eps=7.0)


@public
def test_as_many_rows_as_features(student):
    """As many rows as features: shape (3, 3)."""
    x = np.array([[0.0, 3.0, 6.0], [1.0, 1.0, 4.0], [2.0, -1.0, 5.0]])
    dy = np.array([[1.0, -2.0, 0.5], [3.0, 1.0, 1.0], [0.0, -1.0, 2.0]])
    expect_public(student, dy, x, np.array([2.0, -1.0, 0.5]), eps=0.5)


@public
def test_small_numbers_with_the_default_eps(student):
    """Two rows of small numbers, and no eps passed."""
    x = np.array([[0.01, 0.02, 0.06], [0.0, 0.03, -0.01]])
    dy = np.array([[0.02, -0.01, 0.03], [0.01, 0.04, 0.0]])
    expect_public(student, dy, x, np.array([1.5, 1.0, -2.0]))


# The first three come from the arguments alone.


@pytest.mark.weight(4)
@pytest.mark.parametrize("shape", [(4, 6), (5, 5)])
@pytest.mark.parametrize("name", ["dbeta", "dgamma", "dx_hat"])
def test_first_steps(student, rng, name, shape):
    """The gradients of beta, of gamma and of the normalized rows."""
    expect_step(student, name, shape, rng)


# Each further step from the one before, whatever that was.


def walk(student, rng, shape=(4, 6)):
    """Return the arguments' statistics and what the student's code answers."""
    x, gamma, _, dy = draw(rng, shape)
    centered, rstd = statistics(x)
    return centered, rstd, student.backward_steps(dy, x, gamma)


@pytest.mark.property
@pytest.mark.weight(4)
@pytest.mark.parametrize("shape", [(4, 6), (5, 5)])
def test_gradient_of_rstd_from_that_of_x_hat(student, rng, shape):
    """The gradient of rstd, from the one of the normalized rows."""
    centered, _, steps = walk(student, rng, shape)
    before = own(steps, "dx_hat", centered)
    expected = (before * centered).sum(axis=-1, keepdims=True)
    expect_near(step_of(steps, "drstd"), expected, "drstd")


@pytest.mark.property
@pytest.mark.weight(4)
def test_gradient_of_the_variance_from_that_of_rstd(student, rng):
    """The gradient of the variance, from the one of rstd."""
    _, rstd, steps = walk(student, rng)
    expected = own(steps, "drstd", rstd) * rstd**3 / -2.0
    expect_near(step_of(steps, "dvariance"), expected, "dvariance")


@pytest.mark.property
@pytest.mark.weight(4)
def test_gradient_of_the_deviations_from_both_paths(student, rng):
    """The gradient of the deviations, from those of the normalized rows and of the variance."""
    centered, rstd, steps = walk(student, rng)
    direct = own(steps, "dx_hat", centered) * rstd
    through_variance = own(steps, "dvariance", rstd) * centered / (centered.shape[-1] / 2)
    expect_near(step_of(steps, "dcentered"), direct + through_variance, "dcentered")


@pytest.mark.property
@pytest.mark.weight(4)
def test_gradient_of_the_mean_from_that_of_the_deviations(student, rng):
    """The gradient of the mean, from the one of the deviations."""
    centered, _, steps = walk(student, rng)
    expected = -own(steps, "dcentered", centered).sum(axis=-1, keepdims=True)
    expect_near(step_of(steps, "dmean"), expected, "dmean")


@pytest.mark.property
@pytest.mark.weight(4)
def test_gradient_of_x_from_both_paths(student, rng):
    """The gradient of x, from those of the deviations and of the mean."""
    centered, rstd, steps = walk(student, rng)
    shared = own(steps, "dmean", rstd) / centered.shape[-1]
    expected = own(steps, "dcentered", centered) + shared
    expect_near(step_of(steps, "dx"), expected, "dx")


# The whole walk.


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(1, 8), (60, 4), (3, 2)])
def test_whole_walk(student, rng, shape):
    """All eight quantities."""
    x, gamma, _, dy = draw(rng, shape)
    expect_walk(student, x, gamma, dy)


@pytest.mark.weight(2)
def test_end_against_central_differences(student, rng):
    """The gradient of x, against differences of the loss."""
    x, gamma, beta, dy = draw(rng, (3, 5))

    def loss(rows):
        return float((dy * ln_forward(rows, gamma, beta, 0.1)[0]).sum())

    expected = central_differences(loss, x)
    actual = step_of(student.backward_steps(dy, x, gamma, 0.1), "dx")
    expect_close(actual, expected, rtol=0.0, atol=1e-6, name="dx")


@pytest.mark.parametrize("eps", [0.5, 0.01, 1e-18])
@pytest.mark.parametrize("name", ["dgamma", "dvariance", "dx"])
def test_eps_as_passed(student, rng, name, eps):
    """An eps as large as the variance."""
    std = np.sqrt(eps)
    expect_step(student, name, (4, 6), rng, eps=eps, mean=std, std=std)


def test_default_eps(student, rng):
    """Rows that hardly vary, with the default eps."""
    x, gamma, _, dy = draw(rng, (4, 6), std=0.002)
    expected = backward_steps(dy, x, gamma)["dx"]
    expect_near(step_of(student.backward_steps(dy, x, gamma), "dx"), expected, "dx")


def test_constant_rows(student, rng):
    """Constant rows."""
    _, gamma, _, dy = draw(rng, (3, 5))
    x = np.repeat(rng.integers(-8, 9, (3, 1)), 5, axis=1).astype(np.float64)
    expected = backward_steps(dy, x, gamma, 0.04)["dx"]
    expect_near(step_of(student.backward_steps(dy, x, gamma, 0.04), "dx"), expected, "dx")


@pytest.mark.parametrize("name", ["dgamma", "dvariance", "dx"])
def test_mean_far_larger_than_spread(student, rng, name):
    """Rows with a large mean."""
    x, gamma, _, dy = draw(rng, (4, 6), mean=1e6)
    expected = backward_steps(dy, x, gamma)[name]
    # The mean is rounded to 1e-10, squares of x to 1e-4.
    expect_near(step_of(student.backward_steps(dy, x, gamma), name), expected, name, room=1e-7)


def test_bad_neighbours_stay_alone(student, rng):
    """A table with NaN in one row of x and in one of the gradient."""
    x, gamma, _, dy = draw(rng, (5, 4))
    x[0], dy[1] = np.nan, np.nan
    expected = backward_steps(dy, x, gamma)
    actual = student.backward_steps(dy, x, gamma)
    for name in ("dx_hat", "drstd", "dvariance", "dcentered", "dmean", "dx"):
        size = np.nanmax(np.abs(expected[name]))
        expect_close(step_of(actual, name), expected[name], rtol=0.0, atol=1e-11 * (1.0 + size))


def test_many_features(student, rng):
    """Rows of many features."""
    expect_step(student, "dx", (3, 1200), rng)


@pytest.mark.property
def test_one_feature(student, rng):
    """Rows of a single feature: nothing gets through to x."""
    x, gamma, _, dy = draw(rng, (3, 1))
    expect_walk(student, x, gamma, dy)


@pytest.mark.property
def test_no_rows(student, rng):
    """An empty batch."""
    x, gamma, _, dy = draw(rng, (0, 4))
    expected = backward_steps(dy, x, gamma)
    expect_close(student.backward_steps(dy, x, gamma), expected)


@pytest.mark.property
@pytest.mark.weight(2)
def test_arguments_are_left_alone(student, rng):
    """No argument holds other numbers after the call."""
    for dtype in ("float64", "float32"):
        for x, gamma, _, dy in batches(rng, dtype, [(3, 4), (4, 4), (1, 4), (3, 1)]):
            is_other = dtype == "float32"
            expect_left_alone(student.backward_steps, may_refuse=is_other, dy=dy, x=x, gamma=gamma)


@pytest.mark.parametrize("layout", ["read-only", "every second", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that do not lie in memory row by row."""
    x, gamma, _, dy = draw(rng, (4, 6))
    if layout == "every second":
        x, gamma, dy = x[::2, ::2], gamma[::2], dy[::2, ::2]
    elif layout == "transposed":
        x, gamma, dy = x.T, gamma[:4], dy.T
    else:
        for array in (x, gamma, dy):
            array.flags.writeable = False  # public: how anybody makes an array read-only
    expected = backward_steps(dy, x, gamma)["dx"]
    expect_near(step_of(student.backward_steps(dy, x, gamma), "dx"), expected, "dx")
