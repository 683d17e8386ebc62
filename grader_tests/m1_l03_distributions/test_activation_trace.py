"""Hidden suite of `activation_trace`.

Public cases come first: few numbers, chosen so that no two mistakes of the bank
behave alike on all of them. With the default eps every right trace with
normalization is close to (0, 1), so the cases that tell one network from another
have an eps as large as the variances. What is expected is computed before the call:
afterwards the arguments hold what the student's code wrote into them.
"""

from itertools import pairwise

import numpy as np
import pytest

from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l03_distributions import activation_trace

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Right answers agree to 1e-12 here; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-5)


def draw(rng, tokens, widths, dtype="float64", *, gain=1.5):
    """Return tokens with a mean, and matrices from each width to the next."""
    x = rng.normal(0.5, 1.0, (tokens, widths[0])).astype(dtype)
    return x, [
        rng.normal(0.1, gain / np.sqrt(n), (n, m)).astype(dtype) for n, m in pairwise(widths)
    ]


def reference(x, weights, norm, eps=1e-5):
    """Return the right trace in the dtype of `x`, and a tolerance for each entry.

    The answer is the solution's in float64. The tolerance allows eight times the
    error that the solution itself makes in the dtype of `x`, and as a floor what
    every right way may lose: a product over n features rounds n times, and each
    layer passes on what it got; a token that hardly varies is blown up by the
    normalization, its rounding too, by at most max|z| / sqrt(eps) of a layer.
    """
    wide = [w.astype(np.float64) for w in weights]
    exact = activation_trace(x.astype(np.float64), wide, norm, eps)
    own_error = np.abs(activation_trace(x, weights, norm, eps) - exact)
    width = max([x.shape[1], *(w.shape[1] for w in weights)])
    steps = np.finfo(x.dtype).eps * (width + 16) * (1 + np.arange(len(weights)))[:, None]
    size = np.abs(exact).max(axis=1, keepdims=True, initial=0.0) + float(norm)
    return exact.astype(x.dtype), 8 * own_error.max(axis=-1, keepdims=True) + 4 * steps * size


def expect_trace(student, x, weights, norm, **options):
    """Check one trace; without `eps` the default is used."""
    expected, atol = reference(x, weights, norm, **options)
    actual = student.activation_trace(x, weights, norm, **options)
    expect_close(actual, expected, rtol=0.0, atol=atol)


def expect_public(student, x, weights, norm, **options):
    """Check one trace with a fixed tolerance."""
    expected = activation_trace(x, weights, norm, **options)
    actual = student.activation_trace(x, weights, norm, **options)
    expect_close(actual, expected, rtol=0.0, atol=1e-5)


def square_weights():
    """Return two square matrices, anew for each call, which may overwrite them."""
    return [np.array([[1.0, -2.0], [0.5, 1.5]]), np.array([[2.0, 0.5], [-1.0, 3.0]])]


def other_weights():
    """Return matrices from 2 to 3 to 2 features, anew for each call."""
    first = np.array([[1.0, -1.0, 2.0], [0.5, 1.5, -1.0]])
    return [first, np.array([[1.0, -0.5], [2.0, 1.0], [-1.0, 0.25]])]


@public
def test_worked_example(student):
    """Two tokens through two layers, from the lesson, without normalization."""
    x = np.array([[1.0, 2.0], [3.0, 0.0]])
    weights = [np.array([[1.0, -1.0], [0.0, 2.0]]), np.array([[2.0, 0.0], [1.0, -1.0]])]
    expect_public(student, x, weights, norm=False)


@public
def test_square_matrices(student):
    """Three tokens through two square matrices, without normalization."""
    x = np.array([[1.0, 0.5], [-2.0, 1.0], [0.25, 3.0]])
    expect_public(student, x, square_weights(), norm=False)


@public
def test_widths_that_differ(student):
    """Two tokens through layers of 3 and 2 features, without normalization."""
    expect_public(student, np.array([[1.0, 2.0], [-1.0, 0.5]]), other_weights(), norm=False)


@public
def test_normalized_with_a_large_eps(student):
    """Two tokens through layers of 3 and 2 features, normalized with eps = 0.5."""
    x = np.array([[1.0, 2.0], [-1.0, 0.5]])
    expect_public(student, x, other_weights(), norm=True, eps=0.5)


@public
def test_square_matrices_normalized(student):
    """Three tokens through two square matrices, normalized with eps = 2."""
    x = np.array([[1.0, 0.5], [-2.0, 1.0], [0.25, 3.0]])
    expect_public(student, x, square_weights(), norm=True, eps=2.0)


@public
def test_small_numbers_normalized(student):
    """Three tokens of small numbers, normalized with the default eps."""
    x = 0.002 * np.array([[1.0, 0.5], [-2.0, 1.0], [0.25, 3.0]])
    expect_public(student, x, other_weights(), norm=True)


# A row of zeros has no spread: eps alone keeps the division from being 0/0.
@public
def test_token_of_zeros_normalized(student):
    """A token of zeros beside another, normalized with eps = 0.25."""
    x = np.array([[0.0, 0.0], [1.0, -2.0]])
    expect_public(student, x, other_weights(), norm=True, eps=0.25)


@public
def test_small_numbers_through_square_matrices(student):
    """Two tokens of small numbers through square matrices, normalized with the default eps."""
    x = 0.003 * np.array([[1.0, -0.5], [0.5, 2.0]])
    expect_public(student, x, square_weights(), norm=True)


# Without normalization.


@pytest.mark.weight(3)
@pytest.mark.parametrize("widths", [(5, 7), (6, 4, 3), (4, 4, 4, 4), (3, 8, 5, 6, 2, 7)])
def test_plain_network(student, rng, widths):
    """Layers without normalization."""
    expect_trace(student, *draw(rng, 9, widths), norm=False)


@pytest.mark.weight(2)
def test_first_line(student, rng):
    """A single layer: mean and standard deviation of one product."""
    expect_trace(student, *draw(rng, 20, (6, 5), gain=4.0), norm=False)


@pytest.mark.weight(2)
def test_growing_numbers(student, rng):
    """Matrices so large that the numbers grow from layer to layer."""
    expect_trace(student, *draw(rng, 8, (16,) * 9, gain=8.0), norm=False)


# With normalization.


@pytest.mark.property
@pytest.mark.weight(2)
# No layer of two: its two numbers may agree in many digits, and what is left is rounding.
@pytest.mark.parametrize("widths", [(5, 7), (3, 8, 5, 6, 4, 7)])
def test_normalized_layers_are_stable(student, rng, widths):
    """Normalized layers: means of 0, standard deviations close to 1."""
    x, weights = draw(rng, 9, widths)
    expect_trace(student, x, [50 * w for w in weights], norm=True)


@pytest.mark.weight(3)
@pytest.mark.parametrize("eps", [5.0, 0.3])
@pytest.mark.parametrize("widths", [(5, 7), (6, 4, 3), (4, 4, 4, 4), (3, 8, 5, 6, 2, 7)])
def test_normalized_network(student, rng, widths, eps):
    """Normalized layers, with an eps as large as the variances."""
    expect_trace(student, *draw(rng, 9, widths), norm=True, eps=eps)


@pytest.mark.weight(2)
def test_as_many_tokens_as_features(student, rng):
    """As many tokens as features, normalized."""
    expect_trace(student, *draw(rng, 5, (5, 5, 5)), norm=True, eps=0.7)


@pytest.mark.weight(2)
def test_default_eps(student, rng):
    """Small numbers, normalized with the default eps."""
    x, weights = draw(rng, 6, (4, 5, 3))
    expect_trace(student, 0.002 * x, weights, norm=True)


@pytest.mark.property
def test_tokens_of_equal_products(student, rng):
    """Matrices with equal columns: nothing varies within a token."""
    x, weights = draw(rng, 6, (4, 5, 3))
    weights[0][:] = rng.integers(1, 5, (4, 1))
    expect_trace(student, np.round(8 * x) / 8, weights, norm=True, eps=0.5)


def test_arguments_by_position(student, rng):
    """All four arguments by position."""
    x, weights = draw(rng, 6, (4, 5, 3))
    expected, atol = reference(x, weights, True, 0.4)
    actual = student.activation_trace(x, weights, True, 0.4)
    expect_close(actual, expected, rtol=0.0, atol=atol)


# Sizes and dtypes.


@pytest.mark.weight(2)
@pytest.mark.parametrize("norm", [False, True])
def test_float32(student, rng, norm):
    """Layers in float32."""
    expect_trace(student, *draw(rng, 10, (16, 24, 8), "float32"), norm=norm, eps=0.1)


@pytest.mark.parametrize("norm", [False, True])
def test_many_layers(student, rng, norm):
    """Thirty layers of forty features."""
    expect_trace(student, *draw(rng, 50, (40,) * 31), norm=norm, eps=0.05)


@pytest.mark.parametrize("norm", [False, True])
def test_one_token(student, rng, norm):
    """A single token."""
    expect_trace(student, *draw(rng, 1, (4, 5, 3)), norm=norm, eps=0.2)


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_no_layers(student, rng, dtype):
    """A network without layers."""
    x, _ = draw(rng, 3, (4,), dtype)
    expect_close(student.activation_trace(x, [], False), np.zeros((0, 2), dtype))


# Promises that hold for every network.


@pytest.mark.property
def test_order_of_tokens(student, rng):
    """The same tokens in another order."""
    x, weights = draw(rng, 7, (4, 6, 3))
    order = rng.permutation(7)
    for norm in (False, True):
        trace = student.activation_trace(x, weights, norm)
        expect_close(trace, np.zeros((2, 2)), atol=np.inf)
        again = student.activation_trace(x[order], weights, norm)
        expect_close(again, trace, rtol=0.0, atol=1e-9)


@pytest.mark.property
def test_one_call_after_another(student, rng):
    """The same network again, after another one."""
    first, other = draw(rng, 6, (4, 5, 3)), draw(rng, 6, (4, 5, 3))
    before = student.activation_trace(*first, True, 0.3)
    expect_close(before, np.zeros((2, 2)), atol=np.inf)
    student.activation_trace(*other, False, 0.1)
    expect_close(student.activation_trace(*first, True, 0.3), before, rtol=0.0, atol=1e-15)


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("norm", [False, True])
def test_arguments_are_left_alone(student, rng, norm, dtype):
    """Neither x nor a matrix holds other numbers after the call."""
    for widths in [(4,), (4, 3), (4, 4, 4)]:
        x, weights = draw(rng, 5, widths, dtype)
        before = [x.copy(), *(w.copy() for w in weights)]
        student.activation_trace(x, weights, norm, eps=0.1)
        expect_close(len(weights), len(widths) - 1, name="the number of matrices in the list")
        names = ("x", "W1", "W2")
        for name, now, then in zip(names, [x, *weights], before, strict=False):
            expect_unchanged(now, then, name=name)


@pytest.mark.parametrize("layout", ["read-only", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that do not lie in memory row by row."""
    x, weights = draw(rng, 4, (4, 4, 4))
    if layout == "transposed":
        x, weights = x.T, [w.T for w in weights]
    else:
        for array in (x, *weights):
            array.flags.writeable = False  # public: how anybody makes an array read-only
    expect_trace(student, x, weights, norm=True, eps=0.5)
