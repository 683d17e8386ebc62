"""Hidden suite of `fold_centering`.

Public cases come first: fixed numbers on which no two mistakes of the bank behave
alike. What is expected is computed before the call: afterwards the arguments hold
what the student's code wrote into them. Then the pair itself, each half alone and
both together, and what it is for: the outputs of the folded map, and that the root
mean square alone turns them into layer normalization.
"""

# ruff: noqa: N803, N806 - W is named as in the exercise

import numpy as np
import pytest

from grader_tests.m1_l02_zero_mean.rounding import centered
from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l02_zero_mean import center, fold_centering

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Float64 answers of any right kind agree to 1e-9 here; no two mistakes of the bank do to 1e-2.
public = pytest.mark.public(rtol=0.0, atol=1e-5)
# For a promise about the arguments: any finite numbers of the right shape and dtype will do.
public_arguments = pytest.mark.public(rtol=0.0, atol=1e3)


def draw(rng, outputs, inputs, dtype="float64", *, mean=0.5):
    """Return a weight matrix and a bias whose means are far from 0."""
    W = rng.normal(mean, 1.0, (outputs, inputs)) + rng.normal(0.0, 1.0, (1, inputs))
    b = rng.normal(2.0, 1.0, outputs)
    return W.astype(dtype), b.astype(dtype)


def expect_halves(actual, W, b):
    """Check that a pair of arrays like W and b came back, whatever their values."""
    expect_close(actual, (np.zeros_like(W), np.zeros_like(b)), atol=np.inf)


def expect_folded(student, W, b):
    """Check one call: both halves."""
    (weights, weights_atol), (bias, bias_atol) = centered(W, axis=0), centered(b)
    actual = student.fold_centering(W, b)
    expect_halves(actual, weights, bias)
    expect_close(actual[0], weights, rtol=0.0, atol=weights_atol, name="the weights")
    expect_close(actual[1], bias, rtol=0.0, atol=bias_atol, name="the bias")


def expect_public(student, W, b):
    """Check one call with a fixed tolerance."""
    expected = fold_centering(W, b)
    expect_close(student.fold_centering(W, b), expected, rtol=0.0, atol=1e-5)


# Public: recorded as probes, so the numbers are fixed.


@public
def test_worked_example(student):
    """Three outputs from two inputs, from the lesson."""
    W, b = np.array([[1.0, 0.0], [2.0, 5.0], [6.0, 1.0]]), np.array([1.0, 2.0, 9.0])
    expect_public(student, W, b)


@public
def test_as_many_outputs_as_inputs(student):
    """Three outputs from three inputs."""
    W = np.array([[1.0, 4.0, -2.0], [0.0, 3.0, 9.0], [5.0, 3.5, 2.0]])
    expect_public(student, W, np.array([0.5, -1.0, 4.0]))


@public
def test_more_inputs_than_outputs(student):
    """Two outputs from four inputs."""
    W = np.array([[1.0, 7.0, -2.0, 0.5], [3.0, 2.0, 4.0, -6.0]])
    expect_public(student, W, np.array([3.0, -0.5]))


@public
def test_float32(student):
    """Two outputs from three inputs, in float32."""
    W = np.array([[0.5, 4.0, -1.25], [7.0, 2.0, 2.5]], np.float32)
    expect_public(student, W, np.array([1.5, -4.0], np.float32))


@public
def test_float32_with_one_input(student):
    """Four outputs from one input, in float32."""
    W = np.array([[3.0], [-1.0], [0.5], [8.0]], np.float32)
    expect_public(student, W, np.array([2.0, 0.0, -5.0, 1.5], np.float32))


@pytest.mark.property
@public_arguments
def test_inputs_are_left_alone(student):
    """W and b hold the same numbers after the call."""
    W, b = np.array([[5.0, 1.0], [2.0, 4.0]]), np.array([3.0, 1.0])
    before = W.copy(), b.copy()
    student.fold_centering(W, b)
    expect_unchanged(W, before[0], name="W")
    expect_unchanged(b, before[1], name="b")


# Each half alone: one wrong half must not cost the other.


@pytest.mark.weight(4)
@pytest.mark.parametrize("shape", [(5, 3), (4, 4), (2, 6)])
def test_weights(student, rng, shape):
    """The weights alone."""
    W, b = draw(rng, *shape)
    expected, atol = centered(W, axis=0)
    actual = student.fold_centering(W, b)
    expect_halves(actual, W, b)
    expect_close(actual[0], expected, rtol=0.0, atol=atol, name="the weights")


@pytest.mark.weight(4)
@pytest.mark.parametrize("shape", [(5, 3), (4, 4), (2, 6)])
def test_bias(student, rng, shape):
    """The bias alone."""
    W, b = draw(rng, *shape)
    expected, atol = centered(b)
    actual = student.fold_centering(W, b)
    expect_halves(actual, W, b)
    expect_close(actual[1], expected, rtol=0.0, atol=atol, name="the bias")


# Both, and what they are for.


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(5, 3), (4, 4), (2, 6), (7, 1)])
def test_weights_and_bias(student, rng, shape):
    """Weights and bias together."""
    expect_folded(student, *draw(rng, *shape))


@pytest.mark.weight(3)
def test_outputs_are_the_centered_outputs(student, rng):
    """The outputs of the folded map, for random inputs."""
    W, b = draw(rng, 6, 4)
    inputs = rng.normal(1.0, 2.0, (5, 4))
    expected = center(inputs @ W.T + b)
    actual = student.fold_centering(W, b)
    expect_halves(actual, W, b)
    expect_close(inputs @ actual[0].T + actual[1], expected, rtol=0.0, atol=1e-11)


@pytest.mark.weight(3)
def test_root_mean_square_is_enough(student, rng):
    """After folding, division by the root mean square gives layer normalization."""
    W, b = draw(rng, 6, 4)
    inputs, eps = rng.normal(1.0, 2.0, (5, 4)), 0.3
    outputs = center(inputs @ W.T + b)
    normalized = outputs / np.sqrt((outputs**2).mean(axis=-1, keepdims=True) + eps)
    actual = student.fold_centering(W, b)
    expect_halves(actual, W, b)
    folded = inputs @ actual[0].T + actual[1]
    folded = folded / np.sqrt((folded**2).mean(axis=-1, keepdims=True) + eps)
    expect_close(folded, normalized, rtol=0.0, atol=1e-11)


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(5, 3), (33, 8)])
def test_float32_maps(student, rng, shape):
    """Weights and bias in float32."""
    expect_folded(student, *draw(rng, *shape, "float32"))


@pytest.mark.parametrize("shape", [(1500, 3), (3, 700)])
def test_large_maps(student, rng, shape):
    """Many outputs from a few inputs, and the reverse."""
    expect_folded(student, *draw(rng, *shape, "float32"))


def test_mean_far_larger_than_spread(student, rng):
    """Weights whose mean is far larger than their spread."""
    expect_folded(student, *draw(rng, 6, 4, mean=1e8))


def test_one_call_after_another(student, rng):
    """Two calls with the same shapes and other numbers."""
    for mean in (0.5, -3.0):
        expect_folded(student, *draw(rng, 4, 3, mean=mean))


# Promises that hold for every map.


@pytest.mark.property
def test_one_output_becomes_zero(student, rng):
    """A map with a single output."""
    expect_folded(student, *draw(rng, 1, 3))


@pytest.mark.property
def test_sums_are_zero(student, rng):
    """Each column of the weights sums to 0, and so does the bias."""
    W, b = draw(rng, 5, 4)
    actual = student.fold_centering(W, b)
    expect_halves(actual, W, b)
    expect_close(actual[0].sum(axis=0), np.zeros(4), rtol=0.0, atol=1e-12)
    expect_close(float(actual[1].sum()), 0.0, rtol=0.0, atol=1e-12)


@pytest.mark.property
def test_folding_twice_changes_nothing(student, rng):
    """A map that was folded already."""
    W, b = draw(rng, 5, 4)
    once = student.fold_centering(W, b)
    expect_halves(once, W, b)
    expect_close(student.fold_centering(*once), tuple(once), rtol=0.0, atol=1e-12)


@pytest.mark.property
@pytest.mark.parametrize("shape", [(3, 4), (4, 4)])
def test_arguments_are_left_alone(student, rng, shape):
    """No argument holds other numbers after the call."""
    for dtype in ("float64", "float32"):
        W, b = draw(rng, *shape, dtype)
        before = W.copy(), b.copy()
        student.fold_centering(W, b)
        expect_unchanged(W, before[0], name="W")
        expect_unchanged(b, before[1], name="b")


@pytest.mark.parametrize("layout", ["read-only", "reversed", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that do not lie in memory row by row."""
    W, b = draw(rng, 5, 5)
    views = {"reversed": W[::-1, ::-1], "transposed": W.T}
    W.flags.writeable = b.flags.writeable = layout != "read-only"
    expect_folded(student, views.get(layout, W), b[::-1] if layout == "reversed" else b)
