"""Hidden suite of `layer_norm_axis`.

Public cases come first, with fixed numbers; then every axis of small arrays,
counted from either end. The reference moves the axis to the end, where
`reference` knows the answer, and back.
"""

import numpy as np
import pytest

from grader_tests.m1_l05_layer_norm_formula.rows import (
    DTYPES,
    FAR,
    SHAPES,
    draw,
    expect_array_like,
    reference,
    unit,
)
from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l05_layer_norm_formula import layer_norm_axis

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Float64 answers of any right kind agree to 1e-7 here; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-5)


def draw_axis(rng, shape, axis, dtype="float64", **options):
    """Return an array with its features on `axis`, and their gamma and beta."""
    moved = np.moveaxis(np.empty(shape), axis, -1).shape
    rows, gamma, beta = draw(rng, moved, dtype, **options)
    return np.ascontiguousarray(np.moveaxis(rows, -1, axis)), gamma, beta


def right_axis(x, gamma, beta, axis, eps=1e-5):
    """Return the right answer, and a tolerance for each of its entries."""
    exact, atol = reference(np.moveaxis(x, axis, -1), gamma, beta, eps)
    return np.moveaxis(exact, -1, axis), np.moveaxis(atol, -1, axis)


def expect_axis(student, x, gamma, beta, axis, **options):
    """Check one call against the reference."""
    expected, atol = right_axis(x, gamma, beta, axis, **options)
    actual = student.layer_norm_axis(x, gamma, beta, axis, **options)
    expect_close(actual, expected, rtol=0.0, atol=atol)


def expect_public(student, *arguments, **options):
    """Check one call with an absolute tolerance."""
    expected = layer_norm_axis(*arguments, **options)
    actual = student.layer_norm_axis(*arguments, **options)
    expect_close(actual, expected, rtol=0.0, atol=1e-5)


# Public: recorded as probes, so the numbers are fixed.


# Anew for each call, which may overwrite them.


def square():
    """Return an array of shape (3, 3)."""
    return np.array([[1.0, 4.0, -2.0], [0.0, 3.0, 9.0], [5.0, 3.5, 2.0]])


def images():
    """Return two images of three channels, two lines and two columns."""
    first = [[[1.0, 2.0], [4.0, 0.0]], [[-1.0, 5.0], [3.0, 3.5]], [[2.0, -2.0], [0.5, 8.0]]]
    second = [[[0.0, 1.0], [2.0, 7.0]], [[6.0, -3.0], [1.0, 2.5]], [[4.0, 4.5], [-5.0, 1.5]]]
    return np.array([first, second])


def parameters():
    """Return a gamma and a beta for three features."""
    return np.array([2.0, -1.0, 0.5]), np.array([0.25, 1.0, -3.0])


@public
def test_columns_of_a_square(student):
    """Axis 0 of shape (3, 3)."""
    expect_public(student, square(), *parameters(), 0, eps=0.5)


@public
def test_columns_counted_from_the_end(student):
    """Axis -2 of shape (3, 3)."""
    expect_public(student, square().T, *parameters(), -2)


@public
def test_channels_of_two_images(student):
    """Axis 1, the channels, of shape (2, 3, 2, 2)."""
    expect_public(student, images(), *parameters(), 1)


@public
def test_channels_counted_from_the_end(student):
    """Axis -3, the channels, of shape (2, 3, 2, 2)."""
    expect_public(student, images()[::-1].copy(), *parameters(), -3, eps=0.25)


@public
def test_last_axis(student):
    """The last axis, -1, of shape (2, 3)."""
    expect_public(student, square()[:2], *parameters(), -1)


@public
def test_middle_axis(student):
    """Axis 1 of shape (3, 3, 3)."""
    cube = np.stack([square(), square().T * 2.0, square()[::-1] - 1.0])
    expect_public(student, cube, *parameters(), 1)


@public
def test_constant_column(student):
    """Axis 0 of shape (3, 3), with a constant column beside others that vary."""
    x = np.array([[1.0, 2.0, 0.5], [1.0, 0.0, 1.5], [1.0, 4.0, -1.0]])
    expect_public(student, x, *parameters(), 0, eps=0.02)


@public
def test_constant_pixel(student):
    """Axis 1, the channels, of shape (1, 3, 1, 2): one pixel is grey."""
    x = np.array([[[[5.0, 1.0]], [[5.0, 3.0]], [[5.0, 2.5]]]])
    expect_public(student, x, *parameters(), 1, eps=0.1)


# A part of the formula alone: a wrong divisor, gamma or beta must not cost this.


@pytest.mark.weight(4)
@pytest.mark.parametrize("axis", [0, 1, -1, -2])
def test_mean_is_removed(student, rng, axis):
    """The mean is removed along the axis, whatever the scale.

    Only the direction of the result counts: it points along the deviations.
    """
    x = rng.normal(1.0, 2.0, (4, 4, 4))
    directions = unit(x - x.mean(axis=axis, keepdims=True), axis)
    actual = student.layer_norm_axis(x, np.ones(4), np.zeros(4), axis)
    expect_array_like(actual, x)
    expect_close(unit(actual, axis), directions, rtol=0.0, atol=1e-6)


# Values.


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [0, 1, 2, 3, -1, -2, -3, -4])
def test_axes_of_different_lengths(student, rng, axis):
    """Each axis of an array of four axes."""
    expect_axis(student, *draw_axis(rng, (2, 3, 4, 5), axis), axis)


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_axes_of_equal_lengths(student, rng, axis):
    """Each axis of a cube, where every shape fits every axis."""
    expect_axis(student, *draw_axis(rng, (4, 4, 4), axis), axis)


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(3, 6, 2, 2), (1, 5, 3, 4), (4, 4, 4, 4)])
def test_channels_of_images(student, rng, shape):
    """The channels of images: axis 1."""
    expect_axis(student, *draw_axis(rng, shape, 1), 1)


@pytest.mark.parametrize("axis", [0, -1])
def test_single_vector(student, rng, axis):
    """A single vector."""
    expect_axis(student, *draw_axis(rng, (7,), axis), axis)


@pytest.mark.weight(2)
@pytest.mark.parametrize("axis", [0, -2])
def test_columns(student, rng, axis):
    """The columns of a table."""
    expect_axis(student, *draw_axis(rng, (6, 4), axis), axis)


def test_zero_and_negative_gamma(student, rng):
    """Zero and negative entries in gamma."""
    x, gamma, beta = draw_axis(rng, (3, 4, 2), 1)
    expect_axis(student, x, gamma * [1.0, 0.0, -1.0, -1.0], beta, 1)


@pytest.mark.weight(2)
@pytest.mark.parametrize("eps", [0.5, 0.01, 1e-12])
def test_eps_as_passed(student, rng, eps):
    """An eps as large as the variance."""
    expect_axis(student, *draw_axis(rng, (4, 6, 2), 1, std=np.sqrt(eps)), 1, eps=eps)


def test_eps_by_position(student, rng):
    """The fifth argument is eps."""
    x, gamma, beta = draw_axis(rng, (2, 5, 3), 1)
    expected, atol = right_axis(x, gamma, beta, 1, 0.3)
    actual = student.layer_norm_axis(x, gamma, beta, 1, 0.3)
    expect_close(actual, expected, rtol=0.0, atol=atol)


def test_axis_by_name(student, rng):
    """The axis given by its name."""
    x, gamma, beta = draw_axis(rng, (2, 5, 3), -2)
    expected, atol = right_axis(x, gamma, beta, -2)
    actual = student.layer_norm_axis(x, gamma, beta, axis=-2)
    expect_close(actual, expected, rtol=0.0, atol=atol)


def test_default_eps(student, rng):
    """Numbers that hardly vary, with the default eps."""
    expect_axis(student, *draw_axis(rng, (4, 6, 2), 1, std=1e-4), 1)


@pytest.mark.weight(2)
@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("axis", [1, -3])
def test_narrow_dtypes(student, rng, axis, dtype):
    """Arrays in float32 and in float16."""
    expect_axis(student, *draw_axis(rng, (3, 9, 2), axis, dtype), axis)


def test_large_float16_entries(student, rng):
    """Large numbers in float16, whose squares do not fit."""
    x = rng.choice([-1.0, 1.0], (3, 16, 2)) * rng.uniform(8e3, 1.2e4, (3, 16, 2)) + 5e3
    _, gamma, beta = draw_axis(rng, (3, 16, 2), 1, "float16")
    expect_axis(student, x.astype(np.float16), gamma, beta, 1)


@pytest.mark.parametrize("dtype", DTYPES)
def test_any_axis_in_each_dtype(student, rng, dtype):
    """Each axis of one to four in each dtype, near zero and far from it.

    Which of the two changes from axis to axis, and with the end from which it is counted.
    """
    scales = [(0.0, 1.0, {"eps": 0.5}), (FAR[dtype], 3.0, {})]
    for shape in SHAPES:
        for axis in range(-len(shape), len(shape)):
            mean, std, options = scales[(axis % len(shape) + (axis < 0)) % 2]
            arguments = draw_axis(rng, shape, axis, dtype, mean=mean, std=std)
            before = [argument.copy() for argument in arguments]
            expect_axis(student, *arguments, axis, **options)
            for name, now, then in zip(("x", "gamma", "beta"), arguments, before, strict=True):
                expect_unchanged(now, then, name=name)


def test_mean_far_larger_than_spread(student, rng):
    """Numbers in float32 with a large mean."""
    expect_axis(student, *draw_axis(rng, (4, 16, 2), 1, "float32", mean=1e4, std=1.0), 1)


def test_mean_far_larger_than_spread_in_float16(student, rng):
    """Numbers in float16 with a large mean, which float16 cannot hold."""
    x, gamma, beta = draw_axis(rng, (8, 16, 2), 1, "float16", mean=0.0)
    x = (x + rng.uniform(1100.0, 1900.0, (8, 1, 2))).astype(np.float16)
    expect_axis(student, x, gamma, beta, 1)


@pytest.mark.parametrize(
    ("dtype", "of_parameters"), [("float16", "float32"), ("float32", "float64")]
)
def test_parameters_in_another_dtype(student, rng, dtype, of_parameters):
    """Gamma and beta in another dtype than x."""
    x, gamma, beta = draw_axis(rng, (3, 5, 2), 1, of_parameters)
    expect_axis(student, x.astype(dtype), gamma, beta, 1)


@pytest.mark.property
@pytest.mark.parametrize("axis", [0, -2])
def test_constant_entries_become_beta(student, rng, axis):
    """Arrays that are constant along the axis."""
    _, gamma, beta = draw_axis(rng, (5, 3), axis)
    x = np.broadcast_to(rng.integers(-8, 9, (1, 3)), (5, 3)).astype(float)
    expect_axis(student, x, gamma, beta, axis)


@pytest.mark.property
def test_one_feature_becomes_beta(student, rng):
    """An axis of length 1."""
    expect_axis(student, *draw_axis(rng, (3, 1, 4), 1), 1)


@pytest.mark.property
@pytest.mark.parametrize("axis", [1, -1])
def test_empty_batch(student, rng, axis):
    """An empty batch."""
    x, gamma, beta = draw_axis(rng, (0, 3, 4), axis, "float32")
    expect_close(student.layer_norm_axis(x, gamma, beta, axis), x)


def test_bad_neighbour_stays_alone(student, rng):
    """Images of which one pixel is NaN."""
    x, gamma, beta = draw_axis(rng, (2, 3, 2, 2), 1)
    expected, atol = right_axis(x[:, :, 1:], gamma, beta, 1)
    x[0, 0, 0, 0] = np.nan
    actual = student.layer_norm_axis(x, gamma, beta, 1)
    expect_close(getattr(actual, "shape", None), x.shape, name="the shape")
    expect_close(actual[:, :, 1:], expected, rtol=0.0, atol=atol)


# A good citizen.


@pytest.mark.property
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("axis", [0, -2])
def test_shape_and_dtype_of_x(student, rng, axis, dtype):
    """The result has the shape and the dtype of x."""
    x, gamma, beta = draw_axis(rng, (2, 3, 4), axis, dtype)
    expect_array_like(student.layer_norm_axis(x, gamma, beta, axis), x)


@pytest.mark.property
@pytest.mark.parametrize(("axis", "dtype"), [*zip([0, 1, -1], DTYPES, strict=True)])
def test_arguments_are_left_alone(student, rng, axis, dtype):
    """No argument holds other numbers after the call."""
    x, gamma, beta = draw_axis(rng, (3, 3, 3), axis, dtype)
    before = {"x": x.copy(), "gamma": gamma.copy(), "beta": beta.copy()}
    student.layer_norm_axis(x, gamma, beta, axis)
    for name, value in zip(before, (x, gamma, beta), strict=True):
        expect_unchanged(value, before[name], name=name)


@pytest.mark.parametrize("layout", ["read-only", "reversed", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that do not lie in memory row by row."""
    x, gamma, beta = draw_axis(rng, (3, 4, 3), 1)
    if layout == "reversed":
        x, gamma, beta = x[::-1, ::-1, ::-1], gamma[::-1], beta[::-1]
    elif layout == "transposed":
        x = x.transpose(2, 1, 0)
    else:
        for array in (x, gamma, beta):
            array.flags.writeable = False  # public: how anybody makes an array read-only
    expect_axis(student, x, gamma, beta, 1)
