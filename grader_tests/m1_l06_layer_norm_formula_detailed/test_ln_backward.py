"""Hidden suite of `ln_backward`.

Every cache that is passed is a right one, so that nobody pays here for a mistake in
`ln_forward`. Public cases come first; their caches have numbers that can be followed
by hand. Then each of the three gradients alone, then all of them, then what follows
from the way forward whatever the numbers are.
"""

import numpy as np
import pytest

from grader_tests.m1_l06_layer_norm_formula_detailed.rows import (
    batches,
    central_differences,
    draw,
    draw_backward,
    entries,
    expect_left_alone,
    right_gradients,
)
from nbjudge.expect import expect_close
from solutions.m1_l06_layer_norm_formula_detailed import ln_backward, ln_forward

pytestmark = pytest.mark.limits(call_cpu_s=2)

NAMES = ("dx", "dgamma", "dbeta")

# Float64 answers of any right kind agree to 1e-12 here; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-5)


def gradient(student, which, dy, cache):
    """Return one of the three gradients."""
    return entries(student.ln_backward(dy, cache), 3)[NAMES.index(which)]


def expect_one(student, which, dy, cache):
    """Check one of the three gradients."""
    exact, tolerances = right_gradients(dy, cache)
    place = NAMES.index(which)
    actual = gradient(student, which, dy, cache)
    expect_close(actual, exact[place], rtol=0.0, atol=tolerances[place], name=which)


def expect_all(student, dy, cache):
    """Check all three gradients of one call."""
    exact, tolerances = right_gradients(dy, cache)
    actual = entries(student.ln_backward(dy, cache), 3)
    for name, got, right, atol in zip(NAMES, actual, exact, tolerances, strict=True):
        expect_close(got, right, rtol=0.0, atol=atol, name=name)


# Public: recorded as probes, so the numbers are fixed.

# Two kinds of rows, with rstd 1 and 2: both belong to eps = 1/8.
FIRST, SECOND = (1.0, -1.5, 0.5, 0.0), (0.0, 1.0, 0.0, -1.0)


def expect_public(student, dy, x_hat, rstd, gamma):
    """Check one call with an absolute tolerance; each call gets arrays of its own."""
    cache = tuple(np.array(a) for a in (x_hat, rstd, gamma))
    expected = ln_backward(dy, cache)
    expect_close(student.ln_backward(dy, cache), expected, rtol=0.0, atol=1e-5)


@public
def test_two_rows(student):
    """Two rows of four features."""
    dy = np.array([[2.0, 0.0, 1.0, -1.0], [1.0, 4.0, -2.0, 0.0]])
    expect_public(student, dy, [FIRST, SECOND], [[1.0], [2.0]], [2.0, -1.0, 1.0, 4.0])


@public
def test_single_vector(student):
    """A single vector: shape (4,)."""
    dy = np.array([3.0, 1.0, 0.0, -1.0])
    expect_public(student, dy, SECOND, [2.0], [1.0, 2.0, -1.0, 0.5])


@public
def test_as_many_rows_as_features(student):
    """As many rows as features: shape (4, 4)."""
    dy = np.array(
        [[1.0, 0.0, 2.0, 0.0], [0.0, 3.0, 1.0, -1.0], [2.0, -1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 5.0]]
    )
    x_hat = [SECOND, FIRST, FIRST[::-1], SECOND[::-1]]
    expect_public(student, dy, x_hat, [[2.0], [1.0], [1.0], [2.0]], [1.0, -2.0, 3.0, 0.5])


@public
def test_two_sentences_of_two_tokens(student):
    """Two sentences of two tokens: shape (2, 2, 4)."""
    dy = np.array(
        [
            [[1.0, 2.0, 0.0, -1.0], [0.0, 1.0, 1.0, 3.0]],
            [[2.0, 0.0, -2.0, 1.0], [1.0, 1.0, 4.0, 0.0]],
        ]
    )
    x_hat = [[FIRST, SECOND], [SECOND[::-1], FIRST[::-1]]]
    rstd = [[[1.0], [2.0]], [[2.0], [1.0]]]
    expect_public(student, dy, x_hat, rstd, [0.5, 1.0, -1.0, 2.0])


# Each gradient alone.


@pytest.mark.weight(3)
@pytest.mark.parametrize("shape", [(4, 6), (5, 5), (7,), (2, 3, 5), (4, 4, 4)])
def test_gradient_of_the_shift(student, rng, shape):
    """The gradient of beta."""
    expect_one(student, "dbeta", *draw_backward(rng, shape))


@pytest.mark.weight(3)
@pytest.mark.parametrize("shape", [(4, 6), (5, 5), (7,), (2, 3, 5), (4, 4, 4)])
def test_gradient_of_the_scale(student, rng, shape):
    """The gradient of gamma."""
    expect_one(student, "dgamma", *draw_backward(rng, shape))


@pytest.mark.weight(6)
@pytest.mark.parametrize("shape", [(4, 6), (5, 5), (7,), (2, 3, 5), (4, 4, 4)])
def test_gradient_of_x(student, rng, shape):
    """The gradient of x."""
    expect_one(student, "dx", *draw_backward(rng, shape))


@pytest.mark.weight(3)
@pytest.mark.parametrize("eps", [1e-5, 0.1])
def test_gradient_of_x_against_central_differences(student, rng, eps):
    """The gradient of x, against differences of the loss."""
    x, gamma, beta, dy = draw(rng, (3, 5))

    def loss(rows):
        return float((dy * ln_forward(rows, gamma, beta, eps)[0]).sum())

    expected = central_differences(loss, x)
    _, cache = ln_forward(x, gamma, beta, eps)
    expect_close(gradient(student, "dx", dy, cache), expected, rtol=0.0, atol=1e-6, name="dx")


@pytest.mark.weight(2)
def test_gradient_of_the_scale_against_central_differences(student, rng):
    """The gradient of gamma, against differences of the loss."""
    x, gamma, beta, dy = draw(rng, (3, 5))

    def loss(scale):
        return float((dy * ln_forward(x, scale, beta)[0]).sum())

    expected = central_differences(loss, gamma)
    _, cache = ln_forward(x, gamma, beta)
    actual = gradient(student, "dgamma", dy, cache)
    expect_close(actual, expected, rtol=0.0, atol=1e-6, name="dgamma")


# All of it.


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(1, 8), (6, 4), (5, 2), (2, 2, 3, 4), (2, 1, 3, 2, 3)])
def test_shapes(student, rng, shape):
    """Rows, sequences, and stacks of them."""
    expect_all(student, *draw_backward(rng, shape))


@pytest.mark.parametrize("shape", [(5, 33), (9,), (3, 4, 8), (2, 2, 3, 4)])
def test_float32(student, rng, shape):
    """Every array in float32."""
    expect_all(student, *draw_backward(rng, shape, "float32"))


@pytest.mark.weight(2)
@pytest.mark.parametrize("eps", [0.5, 0.01, 1e-9])
def test_eps_as_large_as_the_variance(student, rng, eps):
    """A cache that was made with an eps as large as the variance."""
    std = np.sqrt(eps)
    expect_all(student, *draw_backward(rng, (4, 6), eps=eps, mean=std, std=std))


@pytest.mark.parametrize("std", [1e-4, 1e4])
def test_small_and_large_spread(student, rng, std):
    """Rows that hardly vary, and rows that vary much."""
    expect_all(student, *draw_backward(rng, (4, 6), mean=std, std=std, eps=1e-12))


def test_constant_rows(student, rng):
    """Constant rows: everything is finite."""
    _, gamma, beta, dy = draw(rng, (3, 5))
    x = np.repeat(rng.integers(-8, 9, (3, 1)), 5, axis=1).astype(np.float64)
    _, cache = ln_forward(x, gamma, beta, 0.0004)
    expect_all(student, dy, cache)


def test_zeros_in_gamma(student, rng):
    """Zeros in gamma."""
    dy, (x_hat, rstd, gamma) = draw_backward(rng, (3, 4))
    expect_all(student, dy, (x_hat, rstd, gamma * [1.0, 0.0, -1.0, 0.0]))


def test_many_features(student, rng):
    """Rows of many features, in float32."""
    expect_all(student, *draw_backward(rng, (3, 1200), "float32"))


def test_many_rows(student, rng):
    """Many rows."""
    expect_all(student, *draw_backward(rng, (40, 30, 5)))


@pytest.mark.parametrize("size", [1e-12, 1e12])
def test_small_and_large_gradients(student, rng, size):
    """Gradients that are all tiny, or all huge."""
    dy, cache = draw_backward(rng, (4, 6))
    expect_all(student, size * dy, cache)


def test_one_row_with_a_large_gradient(student, rng):
    """A gradient that is large in one row and small in the others."""
    dy, cache = draw_backward(rng, (4, 6))
    dy[1] *= 1e5
    expect_all(student, dy, cache)


@pytest.mark.property
def test_one_feature(student, rng):
    """Rows of a single feature: nothing gets through to x."""
    expect_all(student, *draw_backward(rng, (3, 1)))


@pytest.mark.property
@pytest.mark.parametrize("shape", [(0, 5), (2, 0, 3)])
def test_no_rows(student, rng, shape):
    """An empty batch."""
    expect_all(student, *draw_backward(rng, shape))


def test_same_cache_twice(student, rng):
    """Two gradients through one cache."""
    dy, cache = draw_backward(rng, (4, 6))
    expect_all(student, dy.copy(), cache)
    expect_all(student, 2.0 * dy + 1.0, cache)


def test_bad_neighbour_stays_alone(student, rng):
    """A batch in which one row of the gradient is NaN."""
    dy, cache = draw_backward(rng, (3, 5))
    exact, tolerances = right_gradients(dy, cache)
    dy[0] = exact[0][0] = np.nan
    dx = gradient(student, "dx", dy, cache)
    expect_close(dx, exact[0], rtol=0.0, atol=tolerances[0], name="dx")


# What follows from the way forward.


def expect_some(dx, dy):
    """Check that there is a gradient at all: zeros have every property below."""
    expect_close(dx, np.zeros_like(dy), atol=np.inf, name="dx")
    expect_close(bool(np.abs(dx).max() > 1e-3), True, name="a dx that is not 0")


@pytest.mark.property
def test_gradient_of_x_sums_to_zero(student, rng):
    """Adding a constant to a row changes nothing: its dx sums to 0."""
    dy, cache = draw_backward(rng, (4, 7))
    dx = gradient(student, "dx", dy, cache)
    expect_some(dx, dy)
    expect_close(dx.sum(axis=-1), np.zeros(4), rtol=0.0, atol=1e-11, name="the sums of dx")


@pytest.mark.property
def test_gradient_of_x_is_orthogonal_to_the_row(student, rng):
    """With a tiny eps scaling a row changes nothing: its dx is orthogonal to x_hat."""
    dy, cache = draw_backward(rng, (4, 7), eps=1e-14)
    along = np.array(cache[0])
    dx = gradient(student, "dx", dy, cache)
    expect_some(dx, dy)
    products = (dx * along).sum(axis=-1)
    expect_close(products, np.zeros(4), rtol=0.0, atol=1e-10, name="the products of dx and x_hat")


@pytest.mark.property
def test_gradients_add_up(student, rng):
    """The gradients of a sum are the sums of the gradients."""
    dy, cache = draw_backward(rng, (3, 5))
    other = rng.normal(0.0, 1.0, (3, 5))
    first, second, both = (
        gradient(student, "dx", d, cache) for d in (dy.copy(), other.copy(), dy + other)
    )
    expect_some(both, dy)
    expect_close(both, first + second, rtol=0.0, atol=1e-10, name="dx")


# A good citizen.


@pytest.mark.property
@pytest.mark.weight(2)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_arguments_are_left_alone(student, rng, dtype):
    """Neither dy nor the cache holds other numbers after the call."""

    def call(dy, x_hat, rstd, gamma):
        student.ln_backward(dy, (x_hat, rstd, gamma))

    for x, gamma, beta, dy in batches(rng, dtype):
        x_hat, rstd, kept = ln_forward(x, gamma, beta)[1]
        expect_left_alone(call, dy=dy, x_hat=x_hat, rstd=rstd, gamma=kept)


@pytest.mark.parametrize("layout", ["read-only", "reversed", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that do not lie in memory row by row."""
    dy, (x_hat, rstd, gamma) = draw_backward(rng, (4, 4))
    if layout == "reversed":
        dy, x_hat, rstd, gamma = dy[::-1, ::-1], x_hat[::-1, ::-1], rstd[::-1], gamma[::-1]
    elif layout == "transposed":
        dy = dy.T
    else:
        for array in (dy, x_hat, rstd, gamma):
            array.flags.writeable = False  # public: how anybody makes an array read-only
    expect_all(student, dy, (x_hat, rstd, gamma))
