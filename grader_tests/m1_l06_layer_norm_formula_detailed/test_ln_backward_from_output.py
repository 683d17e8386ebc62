"""Hidden suite of `ln_backward_from_output`.

Every output and rstd that is passed is a right one. Public cases come first; their
normalized rows are those of the public cases of `ln_backward`, scaled and shifted.
Then the gradients, which must be those of `ln_backward`; then what is refused.
"""

import numpy as np
import pytest

from grader_tests.m1_l06_layer_norm_formula_detailed.rows import (
    batches,
    draw,
    entries,
    expect_left_alone,
    right_gradients,
)
from nbjudge.expect import expect_close, expect_raises, expect_unchanged
from solutions.m1_l06_layer_norm_formula_detailed import ln_backward_from_output, ln_forward

pytestmark = pytest.mark.limits(call_cpu_s=2)

NAMES = ("dx", "dgamma", "dbeta")

# Float64 answers of any right kind agree to 1e-12 here; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-5)


def draw_output(rng, shape, dtype="float64", *, eps=1e-5, **options):
    """Return dy, y, gamma, beta and rstd, and the cache of the same call."""
    x, gamma, beta, dy = draw(rng, shape, dtype, **options)
    y, cache = ln_forward(x, gamma, beta, eps)
    return (dy, y, gamma, beta, cache[1]), cache


def expect_gradients(student, arguments, cache, names=NAMES):
    """Check the gradients against those from the cache.

    x_hat is found again only as exactly as y and beta were rounded, divided by gamma.
    """
    dy, y, gamma, beta, rstd = arguments
    exact, tolerances = right_gradients(dy, cache)
    lost = np.finfo(y.dtype).eps * 4.0 * ((np.abs(y) + np.abs(beta)) / np.abs(gamma))
    of_gamma = (np.abs(dy) * lost).sum(axis=tuple(range(dy.ndim - 1)))
    size = np.abs(cache[0]).max(axis=-1, keepdims=True, initial=0.0) + 1.0
    g = np.abs(dy * gamma).max(axis=-1, keepdims=True)
    of_x = rstd * 4.0 * g * size * lost.max(axis=-1, keepdims=True)
    room = (of_x, of_gamma, 0.0)
    actual = entries(student.ln_backward_from_output(*arguments), 3)
    for name, got, right, atol, more in zip(NAMES, actual, exact, tolerances, room, strict=True):
        if name in names:
            expect_close(got, right, rtol=0.0, atol=atol + more, name=name)


# Public: recorded as probes, so the numbers are fixed.

FIRST, SECOND = (1.0, -1.5, 0.5, 0.0), (0.0, 1.0, 0.0, -1.0)


def expect_public(student, dy, x_hat, rstd, *, gamma, beta):
    """Check one call with an absolute tolerance."""
    gamma, beta, rstd = np.array(gamma), np.array(beta), np.array(rstd)
    arguments = (dy, np.array(x_hat) * gamma + beta, gamma, beta, rstd)
    expected = ln_backward_from_output(*arguments)
    actual = student.ln_backward_from_output(*arguments)
    expect_close(actual, expected, rtol=0.0, atol=1e-5)


@public
def test_two_rows(student):
    """Two rows of four features."""
    dy = np.array([[2.0, 0.0, 1.0, -1.0], [1.0, 4.0, -2.0, 0.0]])
    gamma, beta = [2.0, -1.0, 0.5, 4.0], [1.0, 0.5, -2.0, 3.0]
    expect_public(student, dy, [FIRST, SECOND], [[1.0], [2.0]], gamma=gamma, beta=beta)


@public
def test_single_vector(student):
    """A single vector: shape (4,)."""
    dy = np.array([3.0, 1.0, 0.0, -1.0])
    gamma, beta = [0.5, 2.0, -4.0, -1.0], [0.25, -1.0, 2.0, 1.0]
    expect_public(student, dy, SECOND, [2.0], gamma=gamma, beta=beta)


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
    gamma, beta = [-0.5, 2.0, -1.0, 4.0], [1.0, -2.0, 0.5, 1.5]
    expect_public(student, dy, x_hat, rstd, gamma=gamma, beta=beta)


@public
@pytest.mark.parametrize("place", [0, 2])
def test_zero_in_gamma(student, place):
    """A zero in gamma."""
    gamma, beta = np.array([1.0, 2.0, -1.0]), np.array([1.0, 0.0, 2.0])
    gamma[place] = 0.0
    y, dy, rstd = np.array([[1.0, 2.0, 2.0]]), np.array([[1.0, 0.0, 2.0]]), np.array([[1.5]])

    def call(scale):
        return lambda: student.ln_backward_from_output(dy, y, scale, beta, rstd)

    expect_raises(ValueError, call(gamma), valid=call(np.array([1.0, 2.0, -1.0])))


# The gradients.


@pytest.mark.weight(3)
@pytest.mark.parametrize("shape", [(4, 6), (5, 5), (7,), (2, 3, 5), (4, 4, 4)])
def test_gradient_of_x(student, rng, shape):
    """The gradient of x."""
    expect_gradients(student, *draw_output(rng, shape), names=("dx",))


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(4, 6), (5, 5), (7,), (2, 3, 5), (4, 4, 4)])
def test_gradient_of_the_scale(student, rng, shape):
    """The gradient of gamma."""
    expect_gradients(student, *draw_output(rng, shape), names=("dgamma",))


@pytest.mark.parametrize("shape", [(4, 6), (5, 5), (7,), (2, 3, 5), (4, 4, 4)])
def test_gradient_of_the_shift(student, rng, shape):
    """The gradient of beta."""
    expect_gradients(student, *draw_output(rng, shape), names=("dbeta",))


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(1, 8), (5, 2), (6, 3), (2, 2, 3, 4)])
def test_shapes(student, rng, shape):
    """Rows, sequences, and stacks of them."""
    expect_gradients(student, *draw_output(rng, shape))


@pytest.mark.parametrize("shape", [(5, 33), (9,), (3, 4, 8), (2, 2, 3, 4)])
def test_float32(student, rng, shape):
    """Every array in float32."""
    expect_gradients(student, *draw_output(rng, shape, "float32"))


@pytest.mark.weight(2)
@pytest.mark.parametrize("eps", [0.5, 1e-9])
def test_eps_as_large_as_the_variance(student, rng, eps):
    """An output that was made with an eps as large as the variance."""
    std = np.sqrt(eps)
    expect_gradients(student, *draw_output(rng, (4, 6), eps=eps, mean=std, std=std))


def test_small_gamma(student, rng):
    """Entries of gamma that are small but not 0."""
    x, gamma, beta, dy = draw(rng, (4, 6))
    gamma = gamma * [1.0, 1e-3, 1.0, -1e-3, 1.0, 1e-4]
    y, cache = ln_forward(x, gamma, beta)
    expect_gradients(student, (dy, y, gamma, beta, cache[1]), cache)


def test_tiny_scale_and_shift(student, rng):
    """A gamma and a beta that are tiny, but not 0."""
    x, gamma, beta, dy = draw(rng, (4, 30))
    # The product of all entries is too small for any float64.
    gamma, beta = 1e-14 * gamma, 1e-14 * beta
    y, cache = ln_forward(x, gamma, beta)
    expect_gradients(student, (dy, y, gamma, beta, cache[1]), cache)


def test_constant_rows(student, rng):
    """Constant rows: everything is finite."""
    _, gamma, beta, dy = draw(rng, (3, 5))
    x = np.repeat(rng.integers(-8, 9, (3, 1)), 5, axis=1).astype(np.float64)
    y, cache = ln_forward(x, gamma, beta, 0.0004)
    expect_gradients(student, (dy, y, gamma, beta, cache[1]), cache)


def test_many_features(student, rng):
    """Rows of many features."""
    expect_gradients(student, *draw_output(rng, (3, 1200)))


def test_many_rows(student, rng):
    """Many rows."""
    expect_gradients(student, *draw_output(rng, (40, 30, 5)))


@pytest.mark.parametrize("size", [1e-12, 1e12])
def test_small_and_large_gradients(student, rng, size):
    """Gradients that are all tiny, or all huge."""
    (dy, *others), cache = draw_output(rng, (4, 6))
    expect_gradients(student, (size * dy, *others), cache)


def test_bad_neighbours_stay_alone(student, rng):
    """A batch with NaN in one row of the output and in one of the gradient."""
    arguments, cache = draw_output(rng, (5, 4))
    dy, y = arguments[:2]
    exact, tolerances = right_gradients(dy, cache)
    y[0], dy[1], exact[0][:2] = np.nan, np.nan, np.nan
    dx = entries(student.ln_backward_from_output(*arguments), 3)[0]
    # What dividing by gamma loses is a few roundings here: no gamma is small.
    expect_close(dx, exact[0], rtol=0.0, atol=100.0 * tolerances[0], name="dx")


@pytest.mark.property
@pytest.mark.parametrize("shape", [(0, 5), (3, 1)])
def test_no_rows_and_one_feature(student, rng, shape):
    """An empty batch, and rows of a single feature."""
    expect_gradients(student, *draw_output(rng, shape))


# What is refused.


@pytest.mark.weight(2)
@pytest.mark.parametrize(
    "zeros", ["first", "last", "one among many", "all", "minus zero", "no rows"]
)
def test_zeros_in_gamma_are_refused(student, rng, zeros):
    """A gamma with one zero or several."""
    features = 50 if zeros == "one among many" else 5
    arguments, _ = draw_output(rng, (0 if zeros == "no rows" else 3, features))
    dy, y, gamma, beta, rstd = arguments
    place = {"first": 0, "last": -1, "all": slice(None)}.get(zeros, features // 2)
    bad = gamma.copy()
    bad[place] = -0.0 if zeros == "minus zero" else 0.0

    def call(scale):
        return lambda: student.ln_backward_from_output(
            dy.copy(), y.copy(), scale, beta.copy(), rstd.copy()
        )

    expect_raises(ValueError, call(bad), valid=call(gamma))


# A good citizen.


@pytest.mark.property
@pytest.mark.weight(2)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_arguments_are_left_alone(student, rng, dtype):
    """No argument holds other numbers after the call."""
    for x, gamma, beta, dy in batches(rng, dtype):
        y, cache = ln_forward(x, gamma, beta)
        expect_left_alone(
            student.ln_backward_from_output, dy=dy, y=y, gamma=gamma, beta=beta, rstd=cache[1]
        )


@pytest.mark.property
def test_arguments_are_left_alone_by_a_refusal(student, rng):
    """No argument holds other numbers after it was refused."""
    (dy, y, gamma, beta, rstd), _ = draw_output(rng, (3, 5))
    good = gamma.copy()
    gamma[rng.integers(0, 5)] = 0.0
    arguments = (dy, y, gamma, beta, rstd)
    before = [array.copy() for array in arguments]

    def valid():
        student.ln_backward_from_output(*before[:2], good, *before[3:])

    expect_raises(ValueError, lambda: student.ln_backward_from_output(*arguments), valid=valid)
    for name, now, then in zip(
        ("dy", "y", "gamma", "beta", "rstd"), arguments, before, strict=True
    ):
        expect_unchanged(now, then, name=name)


@pytest.mark.parametrize("layout", ["read-only", "reversed"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that do not lie in memory row by row."""
    (dy, y, gamma, beta, rstd), (x_hat, _, _) = draw_output(rng, (4, 6))
    if layout == "reversed":
        dy, y, x_hat, rstd = dy[::-1, ::-1], y[::-1, ::-1], x_hat[::-1, ::-1], rstd[::-1]
        gamma, beta = gamma[::-1], beta[::-1]
    else:
        for array in (dy, y, gamma, beta, rstd):
            array.flags.writeable = False  # public: how anybody makes an array read-only
    expect_gradients(student, (dy, y, gamma, beta, rstd), (x_hat, rstd, gamma))
