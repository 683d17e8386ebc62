"""Hidden suite of `ln_rnn_step`.

Public cases come first, with fixed numbers: single steps, and sequences, of
which every step is a probe of its own. Then values, then exact consequences of
normalizing the summed inputs: scaling both weights, or adding the same number
to every summed input, changes nothing.
"""

# ruff: noqa: N803, N806 - Wx and Wh are named as in the exercise

import numpy as np
import pytest

from grader_tests.m1_l05_layer_norm_formula.rows import unit
from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l05_layer_norm_formula import ln_rnn_step

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Float64 answers of any right kind agree to 1e-12 here; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-5)


def draw_weights(rng, inputs, features, dtype="float64"):
    """Return Wx, Wh, gamma and beta; the last two differ from feature to feature.

    Gamma stays below 1: then an error fades from step to step, and a sequence of
    twenty steps needs no wider tolerance than one.
    """
    Wx = rng.normal(0.0, 1.0, (inputs, features))
    Wh = rng.normal(0.0, 0.5, (features, features))
    gamma, beta = rng.uniform(0.3, 0.9, features), rng.normal(0.0, 0.5, features)
    return tuple(a.astype(dtype) for a in (Wx, Wh, gamma, beta))


def draw_step(rng, lead, inputs, features, dtype="float64"):
    """Return all arguments of one step but eps; `lead` are the axes of the batch."""
    x_t = rng.normal(0.5, 1.0, (*lead, inputs)).astype(dtype)
    h = np.tanh(rng.normal(0.0, 1.0, (*lead, features))).astype(dtype)
    return x_t, h, *draw_weights(rng, inputs, features, dtype)


def right_step(x_t, h, Wx, Wh, gamma, beta, eps=1e-5):  # noqa: PLR0917 - as the exercise
    """Return the right answer in the dtype of `h`, and a tolerance for each row.

    Sums of E + D products may be taken in any order, and rounding them is
    magnified by gamma over the standard deviation; `eps` may be held in float32;
    tanh never magnifies.
    """
    wide = [a.astype(np.float64) for a in (x_t, h, Wx, Wh, gamma, beta)]
    exact = ln_rnn_step(*wide, eps)
    terms = np.abs(wide[1]) @ np.abs(wide[3]) + np.abs(wide[0]) @ np.abs(wide[2])
    std = np.sqrt((wide[1] @ wide[3] + wide[0] @ wide[2]).var(axis=-1, keepdims=True) + eps)
    count = sum(Wx.shape) + 16
    gamma_max = np.abs(wide[4]).max()
    magnified = terms.max(axis=-1, keepdims=True) / std * gamma_max + 4.0
    rounded_eps = np.finfo(np.float32).eps * eps / std**2 * np.sqrt(h.shape[-1]) * gamma_max
    return exact.astype(h.dtype), 2 * np.finfo(h.dtype).eps * count * magnified + rounded_eps


def expect_step(student, *arguments, **options):
    """Check one step against the reference."""
    expected, atol = right_step(*arguments, **options)
    actual = student.ln_rnn_step(*arguments, **options)
    expect_close(actual, expected, rtol=0.0, atol=atol)


def expect_public_steps(student, inputs, h, weights, **options):
    """Check a sequence of steps, each from the right state before it."""
    states = [h]
    for x_t in inputs:
        states.append(ln_rnn_step(x_t, states[-1], *weights(), **options))
    for x_t, before, after in zip(inputs, states[:-1], states[1:], strict=True):
        actual = student.ln_rnn_step(x_t.copy(), before.copy(), *weights(), **options)
        expect_close(actual, after, rtol=0.0, atol=1e-5)


# Public: recorded as probes, so the numbers are fixed.


def public_weights():
    """Return Wx, Wh, gamma and beta, anew for each call, which may overwrite them."""
    Wx = np.array([[1.0, -0.5, 2.0], [0.5, 1.5, -1.0]])
    Wh = np.array([[0.5, -1.0, 0.25], [1.0, 0.5, -0.5], [-0.25, 2.0, 1.0]])
    return Wx, Wh, np.array([0.5, 1.0, 0.75]), np.array([0.25, -0.5, 0.0])


@public
def test_step_of_a_batch(student):
    """One step of a batch of two, with two inputs and three features."""
    x_t = np.array([[1.0, 2.0], [-1.0, 0.5]])
    h = np.array([[0.5, -0.25, 0.75], [-0.5, 0.25, 0.0]])
    expect_public_steps(student, [x_t], h, public_weights)


@public
def test_large_eps(student):
    """One step of a single vector, with eps = 0.5."""
    h = np.array([0.25, 0.5, -0.5])
    expect_public_steps(student, [np.array([0.5, -1.0])], h, public_weights, eps=0.5)


@public
def test_large_eps_in_a_batch(student):
    """One step of a batch of two, with eps = 0.25."""
    x_t = np.array([[0.5, 0.25], [-0.25, 1.0]])
    h = np.array([[-0.25, 0.5, 0.25], [0.5, 0.0, -0.75]])
    expect_public_steps(student, [x_t], h, public_weights, eps=0.25)


@public
def test_silence(student):
    """One step of a batch of two, of which the first is silent: input and state are 0."""
    x_t, h = np.array([[0.0, 0.0], [0.5, -1.0]]), np.array([[0.0, 0.0, 0.0], [0.5, 0.25, -0.5]])
    expect_public_steps(student, [x_t], h, public_weights, eps=0.02)


@public
def test_silence_at_first(student):
    """Two steps of a single vector from the state 0, the first without input."""
    inputs = np.array([[0.0, 0.0], [1.0, 0.5]])
    expect_public_steps(student, inputs, np.zeros(3), public_weights)


@public
def test_three_steps(student):
    """Three steps of a batch of one, from the state 0."""
    inputs = np.array([[[1.0, 0.5]], [[-2.0, 1.0]], [[0.25, 3.0]]])
    expect_public_steps(student, inputs, np.zeros((1, 3)), public_weights)


@public
def test_two_steps_of_a_vector(student):
    """Two steps of a single vector, the second with a much smaller input."""
    inputs = np.array([[4.0, -2.0], [0.1, 0.1]])
    expect_public_steps(student, inputs, np.zeros(3), public_weights)


# A part of the formula alone: a wrong divisor must not cost this.


@pytest.mark.weight(4)
@pytest.mark.parametrize("lead", [(), (4,)])
def test_mean_of_the_sum_is_removed(student, rng, lead):
    """The mean of all summed inputs is removed before tanh, whatever the scale.

    Only the direction counts of what went into tanh: it points along the deviations.
    """
    x_t, h, Wx, Wh, gamma, beta = draw_step(rng, lead, 3, 6)
    summed = h @ Wh + x_t @ Wx
    directions = unit(summed - summed.mean(axis=-1, keepdims=True))
    actual = student.ln_rnn_step(x_t, h, Wx, Wh, 0 * gamma + 0.5, 0 * beta)
    expect_close(actual, np.zeros_like(h), atol=np.inf)
    squeezed = np.clip(actual, -0.99, 0.99)  # what tanh never returned is cut off, and wrong
    expect_close(unit(np.arctanh(squeezed)), directions, rtol=0.0, atol=1e-6)


# Values.


@pytest.mark.weight(3)
@pytest.mark.parametrize("sizes", [(3, 4), (4, 4), (5, 2), (1, 8)])
def test_batch(student, rng, sizes):
    """One step of a batch."""
    expect_step(student, *draw_step(rng, (6,), *sizes))


@pytest.mark.weight(2)
def test_batch_as_large_as_the_state(student, rng):
    """One step of as many samples as there are features and inputs."""
    expect_step(student, *draw_step(rng, (5,), 5, 5))


@pytest.mark.weight(2)
def test_single_vector(student, rng):
    """One step of a single vector."""
    expect_step(student, *draw_step(rng, (), 3, 5))


@pytest.mark.weight(2)
def test_state_of_zeros(student, rng):
    """The first step: the state is 0."""
    x_t, h, *weights = draw_step(rng, (4,), 3, 5)
    expect_step(student, x_t, np.zeros_like(h), *weights)


@pytest.mark.weight(2)
def test_input_of_zeros(student, rng):
    """A step without input: it is 0."""
    x_t, h, *weights = draw_step(rng, (4,), 3, 5)
    expect_step(student, np.zeros_like(x_t), h, *weights)


@pytest.mark.weight(4)
@pytest.mark.parametrize(("lead", "steps"), [((), 6), ((3,), 20)])
def test_many_steps(student, rng, lead, steps):
    """Many steps, each from the state that the one before returned."""
    weights = draw_weights(rng, 3, 8)
    inputs = rng.normal(0.5, 1.0, (steps, *lead, 3)) * rng.uniform(0.1, 4.0, (steps, *lead, 1))
    expected = actual = np.zeros((*lead, 8))
    for x_t in inputs:
        expected = ln_rnn_step(x_t, expected, *weights)
    for x_t in inputs:
        actual = student.ln_rnn_step(x_t, actual, *weights)
    expect_close(actual, expected, rtol=0.0, atol=1e-8)


@pytest.mark.weight(2)
def test_steps_from_a_given_state(student, rng):
    """Four steps from a state that is not 0, their inputs ever larger."""
    x_t, expected, *weights = draw_step(rng, (2,), 3, 6)
    actual = expected
    for size in (1.0, 2.0, 4.0, 8.0):
        expected = ln_rnn_step(size * x_t, expected, *weights)
    for size in (1.0, 2.0, 4.0, 8.0):
        actual = student.ln_rnn_step(size * x_t, actual, *weights)
    expect_close(actual, expected, rtol=0.0, atol=1e-8)


def test_state_of_zeros_without_shift(student, rng):
    """The first step, with a beta of zeros."""
    x_t, h, Wx, Wh, gamma, beta = draw_step(rng, (4,), 3, 5)
    expect_step(student, x_t, 0 * h, Wx, Wh, gamma, 0 * beta)


@pytest.mark.weight(2)
@pytest.mark.parametrize("eps", [0.5, 0.01, 1e-12])
def test_eps_as_passed(student, rng, eps):
    """An eps as large as the variance of the summed inputs."""
    x_t, h, *weights = draw_step(rng, (4,), 3, 5)
    expect_step(student, x_t * np.sqrt(eps), h * np.sqrt(eps), *weights, eps=eps)


def test_eps_by_position(student, rng):
    """The seventh argument is eps."""
    arguments = draw_step(rng, (2,), 3, 5)
    expected, atol = right_step(*arguments, 0.3)
    expect_close(student.ln_rnn_step(*arguments, 0.3), expected, rtol=0.0, atol=atol)


def test_default_eps(student, rng):
    """Summed inputs that hardly vary, with the default eps."""
    x_t, h, *weights = draw_step(rng, (4,), 3, 5)
    expect_step(student, x_t * 1e-3, h * 1e-3, *weights)


def test_float32(student, rng):
    """One step in float32."""
    expect_step(student, *draw_step(rng, (4,), 6, 16, "float32"))


def test_large_mean_of_summed_inputs(student, rng):
    """Summed inputs whose mean is far larger than their spread, in float32."""
    x_t, h, Wx, *others = draw_step(rng, (4,), 3, 16, "float32")
    expect_step(student, np.abs(x_t) + np.float32(1.0), h, Wx + np.float32(1e3), *others)


def test_large_gamma(student, rng):
    """Large numbers in gamma: most entries of the new state are 1 or -1.

    The exponentials of such numbers do not fit into any dtype; their tanh does.
    """
    x_t, h, Wx, Wh, gamma, beta = draw_step(rng, (4,), 3, 6)
    expect_step(student, x_t, h, Wx, Wh, 2e3 * gamma, beta)


@pytest.mark.property
def test_equal_summed_inputs(student, rng):
    """Summed inputs that are all equal: what is left is beta."""
    x_t, h, Wx, Wh, gamma, beta = draw_step(rng, (4,), 3, 5)
    Wx[:], Wh[:] = 2.0, -1.0
    expected = np.tile(np.tanh(beta), (4, 1))
    actual = student.ln_rnn_step(np.round(x_t), np.round(h), Wx, Wh, gamma, beta)
    expect_close(actual, expected, rtol=0.0, atol=1e-12)


@pytest.mark.property
def test_gamma_of_zeros(student, rng):
    """A gamma of zeros: what is left is beta, squashed."""
    x_t, h, Wx, Wh, gamma, beta = draw_step(rng, (4,), 3, 5)
    expected = np.tile(np.tanh(beta), (4, 1))
    actual = student.ln_rnn_step(x_t, h, Wx, Wh, 0 * gamma, beta)
    expect_close(actual, expected, rtol=0.0, atol=1e-12)


# Exact consequences.


@pytest.mark.property
def test_scale_of_both_weights_changes_nothing(student, rng):
    """Both weights multiplied by a constant, and eps by its square."""
    x_t, h, Wx, Wh, gamma, beta = draw_step(rng, (4,), 3, 5)
    right = ln_rnn_step(x_t, h, Wx, Wh, gamma, beta, 0.02)
    scaled = student.ln_rnn_step(x_t, h, 8 * Wx, 8 * Wh, gamma, beta, 64 * 0.02)
    expect_close(scaled, right, rtol=0.0, atol=1e-8)


@pytest.mark.property
def test_constant_in_both_weights_changes_nothing(student, rng):
    """Weights with a constant added to every row, which shifts all summed inputs alike."""
    x_t, h, Wx, Wh, gamma, beta = draw_step(rng, (4,), 3, 5)
    right = ln_rnn_step(x_t, h, Wx, Wh, gamma, beta)
    shifted = student.ln_rnn_step(x_t, h, Wx + 3.0, Wh - 2.0, gamma, beta)
    expect_close(shifted, right, rtol=0.0, atol=1e-10)


@pytest.mark.property
def test_sample_alone(student, rng):
    """One sample alone and inside a batch."""
    x_t, h, *weights = draw_step(rng, (4,), 3, 5)
    together = student.ln_rnn_step(x_t, h, *weights)
    expect_close(together, np.zeros_like(h), atol=np.inf)
    alone = student.ln_rnn_step(x_t[1:2], h[1:2], *weights)
    expect_close(alone, together[1:2], rtol=0.0, atol=1e-12)


@pytest.mark.property
def test_order_of_samples(student, rng):
    """The same samples in another order."""
    x_t, h, *weights = draw_step(rng, (5,), 3, 4)
    order = rng.permutation(5)
    together = student.ln_rnn_step(x_t, h, *weights)
    expect_close(together, np.zeros_like(h), atol=np.inf)
    actual = student.ln_rnn_step(x_t[order], h[order], *weights)
    expect_close(actual, together[order], rtol=0.0, atol=1e-12)


def test_bad_neighbour_stays_alone(student, rng):
    """A batch in which one sample is NaN."""
    x_t, h, *weights = draw_step(rng, (3,), 3, 5)
    expected, atol = right_step(x_t[1:], h[1:], *weights)
    x_t[0] = np.nan
    actual = student.ln_rnn_step(x_t, h, *weights)
    expect_close(getattr(actual, "shape", None), h.shape, name="the shape")
    expect_close(actual[1:], expected, rtol=0.0, atol=atol)


@pytest.mark.property
def test_empty_batch(student, rng):
    """An empty batch."""
    arguments = draw_step(rng, (0,), 3, 5)
    expect_close(student.ln_rnn_step(*arguments), arguments[1])


@pytest.mark.property
def test_same_step_again(student, rng):
    """The same step again, after another one."""
    first, other = draw_step(rng, (3,), 3, 5), draw_step(rng, (3,), 3, 5)
    before = student.ln_rnn_step(*first)
    expect_close(before, np.zeros_like(first[1]), atol=np.inf)
    student.ln_rnn_step(*other)
    expect_close(student.ln_rnn_step(*first), before, rtol=0.0, atol=1e-15)


# A good citizen.


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_shape_and_dtype_of_the_state(student, rng, dtype):
    """The new state has the shape and the dtype of the old one."""
    arguments = draw_step(rng, (2, 3), 4, 5, dtype)
    expect_close(student.ln_rnn_step(*arguments), arguments[1], atol=np.inf)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_any_number_of_axes(student, rng, dtype):
    """No, one and two axes of the batch, and fewer or more inputs than features."""
    names = ("x_t", "h", "Wx", "Wh", "gamma", "beta")
    for lead in [(), (3,), (2, 3)]:
        for inputs, features in [(2, 5), (4, 4), (6, 3)]:
            arguments = draw_step(rng, lead, inputs, features, dtype)
            before = [argument.copy() for argument in arguments]
            expect_step(student, *arguments, eps=0.5)
            for name, now, then in zip(names, arguments, before, strict=True):
                expect_unchanged(now, then, name=name)


@pytest.mark.property
def test_arguments_are_left_alone(student, rng):
    """No argument holds other numbers after the call."""
    names = ("x_t", "h", "Wx", "Wh", "gamma", "beta")
    for dtype in ("float64", "float32"):
        arguments = dict(zip(names, draw_step(rng, (3,), 4, 4, dtype), strict=True))
        before = {name: value.copy() for name, value in arguments.items()}
        student.ln_rnn_step(*arguments.values())
        for name, value in arguments.items():
            expect_unchanged(value, before[name], name=name)


@pytest.mark.parametrize("layout", ["read-only", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that do not lie in memory row by row."""
    arguments = list(draw_step(rng, (4,), 4, 4))
    if layout == "transposed":
        arguments[:4] = [a.T for a in arguments[:4]]
    else:
        for array in arguments:
            array.flags.writeable = False  # public: how anybody makes an array read-only
    expect_step(student, *arguments)
