"""Hidden suite of `signal_std`.

Every right way of writing the answer is within 1e-13 of the others here, and who goes
through float32 is off by 1e-8; so each layer is compared to 1e-10 of its own value,
whether the signal has grown or shrunk by then. What is expected is
computed before the call: afterwards the arguments hold what the student's code wrote
into them.
"""

import numpy as np
import pytest

from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l00_fundamental_concepts import signal_std

pytestmark = pytest.mark.limits(call_cpu_s=2)

public = pytest.mark.public(rtol=0.0, atol=1e-6)
# For a promise about the arguments: any finite numbers of the right shape and dtype will do.
public_arguments = pytest.mark.public(rtol=0.0, atol=1e3)


def draw(rng, layers, shape=(6, 4), *, gain=1.0, mean=1.0):
    """Return a signal and layers that multiply its size by about `gain` each."""
    width = shape[1]
    x = rng.normal(mean, 1.0, shape)
    return x, [gain / np.sqrt(width) * rng.normal(size=(width, width)) for _ in range(layers)]


def expect_signal(student, x, weights):
    """Check one call, every layer relative to its own value."""
    expected = signal_std(x, weights)
    actual = student.signal_std(x, weights)
    expect_close(actual, expected, rtol=0.0, atol=1e-10 * expected)


def expect_public(student, x, weights):
    """Check one call with the tolerance of the public cases."""
    expected = signal_std(x, weights)
    expect_close(student.signal_std(x, weights), expected, rtol=0.0, atol=1e-6)


@public
def test_worked_example(student):
    """The two tokens and the two layers of the lesson."""
    x = np.array([[1.0, 2.0], [3.0, 0.0]])
    expect_public(
        student, x, [np.array([[1.0, 1.0], [0.0, 2.0]]), np.array([[0.5, 0.0], [1.0, 0.5]])]
    )


@public
def test_one_layer(student):
    """Three tokens and a single layer."""
    x = np.array([[1.0, -2.0], [0.5, 4.0], [2.0, 1.0]])
    expect_public(student, x, [np.array([[0.0, 3.0], [-1.0, 0.5]])])


@public
def test_three_layers(student):
    """Two tokens of three features and three layers."""
    x = np.array([[1.0, 0.0, 2.0], [-1.0, 3.0, 0.5]])
    first = np.array([[0.5, 1.0, 0.0], [0.0, -1.0, 2.0], [1.0, 0.0, 0.5]])
    second = np.array([[1.0, 0.0, 1.5], [0.0, 0.5, 0.0], [-1.0, 0.25, 1.0]])
    third = np.array([[2.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.5, -0.5]])
    expect_public(student, x, [first, second, third])


@public
def test_one_feature(student):
    """Four tokens of a single feature and two layers."""
    x = np.array([[1.0], [2.0], [4.0], [9.0]])
    expect_public(student, x, [np.array([[0.5]]), np.array([[3.0]])])


@pytest.mark.property
@public
def test_no_layers(student):
    """No layer at all."""
    expect_public(student, np.array([[1.0, 2.0], [3.0, 5.0]]), [])


@pytest.mark.property
@public_arguments
def test_input_is_left_alone(student):
    """The array x holds the same numbers after the call."""
    x = np.array([[1.0, 2.0], [3.0, 5.0]])
    before = x.copy()
    student.signal_std(x, [np.array([[1.0, 0.5], [0.0, 2.0]]), np.array([[1.0, 1.0], [3.0, 0.0]])])
    expect_unchanged(x, before, name="x")


@pytest.mark.weight(3)
def test_one_random_layer(student, rng):
    """A single layer of random weights."""
    expect_signal(student, *draw(rng, 1))


@pytest.mark.weight(3)
@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (5, 5)])
def test_several_layers(student, rng, shape):
    """Several layers of random weights."""
    expect_signal(student, *draw(rng, 5, shape))


@pytest.mark.weight(2)
@pytest.mark.parametrize("gain", [0.5, 2.0])
def test_shrinking_and_growing(student, rng, gain):
    """Layers that shrink the signal, and layers that make it grow."""
    expect_signal(student, *draw(rng, 12, (20, 10), gain=gain))


@pytest.mark.weight(2)
@pytest.mark.parametrize("gain", [0.75, 1.25])
def test_gain_to_the_power_of_the_layers(student, rng, gain):
    """Layers that only reorder the features and multiply all of them by one number.

    Behind layer l the standard deviation is the gain to the power of l, times that of x.
    """
    x = rng.normal(1.0, 1.0, (7, 6))
    weights = [gain * np.eye(6)[rng.permutation(6)] for _ in range(9)]
    expected = x.std() * gain ** np.arange(1.0, 10.0)
    actual = student.signal_std(x, weights)
    expect_close(actual, expected, rtol=0.0, atol=1e-10 * expected)


@pytest.mark.weight(2)
def test_signal_with_a_large_mean(student, rng):
    """A signal whose mean is larger than its spread."""
    expect_signal(student, *draw(rng, 3, mean=20.0))


def test_one_token(student, rng):
    """A single token."""
    expect_signal(student, *draw(rng, 4, (1, 5)))


def test_one_feature_of_many_tokens(student, rng):
    """Tokens of a single feature."""
    expect_signal(student, *draw(rng, 4, (9, 1)))


def test_many_layers(student, rng):
    """Many layers, with many features."""
    expect_signal(student, *draw(rng, 50, (100, 64)))


def test_one_call_after_another(student, rng):
    """Two calls, with other numbers and another number of layers."""
    for layers in (3, 5, 2):
        expect_signal(student, *draw(rng, layers))


@pytest.mark.property
def test_no_layer_no_number(student, rng):
    """No layers, and a signal of any size."""
    expect_signal(student, *draw(rng, 0, (3, 5)))


@pytest.mark.property
@pytest.mark.parametrize("layers", [1, 4])
def test_arguments_are_not_changed(student, rng, layers):
    """The signal and the weights after the call."""
    x, weights = draw(rng, layers)
    before, weights_before = x.copy(), [W.copy() for W in weights]
    student.signal_std(x, weights)
    expect_unchanged(x, before, name="x")
    for i, (after, own) in enumerate(zip(weights, weights_before, strict=True)):
        expect_unchanged(after, own, name=f"weights[{i}]")


def test_read_only_arguments(student, rng):
    """Arrays that may be read and not written."""
    x, weights = draw(rng, 3)
    expected = signal_std(x, weights)
    for array in (x, *weights):
        array.flags.writeable = False
    expect_close(student.signal_std(x, weights), expected, rtol=0.0, atol=1e-10 * expected)
