"""Rows, gradients and how exact an answer must be, for the suites of this lesson."""

import contextlib

import numpy as np

from nbjudge.expect import Mismatch, expect_unchanged, show
from solutions.m1_l06_layer_norm_formula_detailed import ln_backward, ln_forward


def entries(result, count, name="the result"):
    """Return the entries of a tuple of `count`; anything else is no answer."""
    if type(result) is not tuple or len(result) != count:
        raise Mismatch(f"{name} is {show(result)}; expected a tuple of {count}", aspect="type")
    return result


def draw(rng, shape, dtype="float64", *, mean=1.0, std=2.0):
    """Return rows, a scale and a shift that differ from feature to feature, and a gradient."""
    x = rng.normal(mean, std, shape)
    gamma = rng.uniform(0.5, 2.0, shape[-1]) * rng.choice([-1.0, 1.0], shape[-1])
    beta = rng.normal(0.0, 1.0, shape[-1])
    dy = rng.normal(0.5, 1.5, shape)
    return tuple(a.astype(dtype) for a in (x, gamma, beta, dy))


def draw_backward(rng, shape, dtype="float64", *, eps=1e-5, **options):
    """Return a gradient and the right cache, in `dtype`."""
    x, gamma, beta, dy = draw(rng, shape, **options)
    _, cache = ln_forward(x, gamma, beta, eps)
    return dy.astype(dtype), tuple(a.astype(dtype) for a in cache)


def batches(rng, dtype="float64", shapes=((4,), (1, 4), (3, 1), (3, 4), (2, 3, 4), (2, 2, 3, 4))):
    """Give what `draw` gives, of every shape, and batches that one may want to repair on the spot.

    Those hold a constant row and rows of NaN, and rows with gaps in memory.
    """
    for shape in shapes:
        yield draw(rng, shape, dtype)
    x, gamma, beta, dy = draw(rng, (4, 4), dtype)
    x[0], x[1], dy[1], dy[2] = np.nan, 3.0, 0.5, np.nan
    yield x, gamma, beta, dy
    x, gamma, beta, dy = draw(rng, (4, 8), dtype)
    yield x[:, ::2], gamma[::2], beta[::2], dy[:, ::2]


def expect_left_alone(call, *, may_refuse=False, **arguments):
    """Check that a call, with the arguments by position, leaves every number of them as it was.

    Nobody has to take a dtype that was not promised, but whoever takes it does no harm.
    """
    before = {name: value.copy() for name, value in arguments.items()}
    with contextlib.suppress(Exception) if may_refuse else contextlib.nullcontext():
        call(*arguments.values())
    for name, value in arguments.items():
        expect_unchanged(value, before[name], name=name)


def right_gradients(dy, cache):
    """Return dx, dgamma and dbeta in the dtype of `dy`, and a tolerance for each.

    The answers are the solution's in float64. Any right way adds the same terms in
    another order: sums of D features, or of N rows, round as often as they have terms,
    each time numbers as large as the terms themselves.
    """
    x_hat, rstd, gamma = (np.asarray(a, np.float64) for a in cache)
    wide = dy.astype(np.float64)
    exact = ln_backward(wide, (x_hat, rstd, gamma))
    g, rounding = wide * gamma, np.finfo(dy.dtype).eps
    size = np.abs(x_hat).max(axis=-1, keepdims=True)
    # The staged way divides by rstd and multiplies again: the size of x_hat enters twice.
    terms = rstd * np.abs(g).max(axis=-1, keepdims=True) * (2.0 + size + size**2)
    lead = tuple(range(dy.ndim - 1))
    count = dy.size // dy.shape[-1] + 8
    of_gamma = np.abs(wide * x_hat).sum(axis=lead) * count * rounding + 4e-300
    of_beta = np.abs(wide).sum(axis=lead) * count * rounding + 4e-300
    # Some right ways take it that x_hat sums to 0; what rounding has left of its sum counts too.
    off_center = np.abs(x_hat.mean(axis=-1, keepdims=True))
    of_x = (2.0 * (dy.shape[-1] + 16) * rounding + 2.0 * off_center) * terms
    tolerances = (of_x, of_gamma, of_beta)
    return tuple(a.astype(dy.dtype) for a in exact), tolerances


def central_differences(loss, x, step=1e-5):
    """Return the gradient of `loss` at `x` from two values for each entry."""
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        around = []
        for sign in (1.0, -1.0):
            moved = x.copy()
            moved[index] += sign * step
            around.append(loss(moved))
        gradient[index] = (around[0] - around[1]) / (2.0 * step)
    return gradient
