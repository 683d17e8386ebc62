"""Hidden suite of `layer_norm_nd`.

Public cases come first, with fixed numbers; then values, with the last axes of
an array laid side by side as the rows that `reference` knows; then what must be
refused. A refusal is a property: alone it earns nothing. Every wrong shape here
is one that broadcasting would accept, unless the case says otherwise.
"""

import math

import numpy as np
import pytest

from grader_tests.m1_l05_layer_norm_formula.rows import (
    DTYPES,
    FAR,
    SHAPES,
    draw,
    expect_array_like,
    plain,
    reference,
)
from nbjudge.expect import expect_close, expect_raises, expect_unchanged
from solutions.m1_l05_layer_norm_formula import layer_norm_nd

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Float64 answers of any right kind agree to 1e-7 here; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-5)


def draw_nd(rng, shape, axes, dtype="float64", **options):
    """Return an array, the shape of its last `axes` axes, and parameters of that shape."""
    normalized_shape = shape[len(shape) - axes :]
    rows, gamma, beta = draw(
        rng, (*shape[: len(shape) - axes], math.prod(normalized_shape)), dtype, **options
    )
    gamma, beta = gamma.reshape(normalized_shape), beta.reshape(normalized_shape)
    return rows.reshape(shape), normalized_shape, gamma, beta


def right_nd(x, normalized_shape, gamma=None, beta=None, eps=1e-5):
    """Return the right answer, and a tolerance for each row."""
    size = math.prod(normalized_shape)
    rows = x.reshape(*x.shape[: x.ndim - len(normalized_shape)], size)
    one, zero = plain(rows)
    scale = one if gamma is None else gamma.reshape(size)
    shift = zero if beta is None else beta.reshape(size)
    exact, atol = reference(rows, scale, shift, eps)
    one_each = (1,) * len(normalized_shape)
    return exact.reshape(x.shape), atol.reshape(*rows.shape[:-1], *one_each)


def expect_nd(student, x, normalized_shape, *parameters, **options):
    """Check one call against the reference."""
    expected, atol = right_nd(x, normalized_shape, *parameters, **options)
    actual = student.layer_norm_nd(x, normalized_shape, *parameters, **options)
    expect_close(actual, expected, rtol=0.0, atol=atol)


def expect_public(student, *arguments, **options):
    """Check one call with an absolute tolerance."""
    expected = layer_norm_nd(*arguments, **options)
    actual = student.layer_norm_nd(*arguments, **options)
    expect_close(actual, expected, rtol=0.0, atol=1e-5)


def expect_refusal(student, wrong, valid):
    """Check that the arguments `wrong` raise ValueError and that `valid` ones do not."""
    expect_raises(
        ValueError,
        lambda: student.layer_norm_nd(*wrong),
        valid=lambda: student.layer_norm_nd(*valid),
    )


# Public: recorded as probes, so the numbers are fixed.


def pages():
    """Return two pages of two lines; anew for each call, which may overwrite them."""
    return np.array([[[1.0, 2.0, 4.0], [0.0, -1.0, 5.0]], [[3.0, 3.5, 2.0], [-2.0, 0.5, 8.0]]])


@public
def test_two_axes_together(student):
    """The last two axes of shape (2, 2, 3) together, without gamma and beta."""
    expect_public(student, pages(), (2, 3))


@public
def test_parameters_of_two_axes(student):
    """All axes of shape (2, 3), with gamma and beta of that shape."""
    gamma = np.array([[1.0, 3.0, -2.0], [0.5, 2.0, 1.0]])
    beta = np.array([[0.5, 0.0, -1.5], [1.0, -1.0, 2.0]])
    expect_public(student, pages()[1], (2, 3), gamma, beta, eps=0.25)


@public
def test_one_axis_as_a_number(student):
    """One axis, given as the number 3, with gamma and without beta."""
    expect_public(student, pages()[0], 3, np.array([2.0, -1.0, 0.5]))


@public
def test_three_axes_without_gamma(student):
    """All three axes of shape (2, 2, 3), with beta and without gamma."""
    beta = np.arange(12.0).reshape(2, 2, 3)
    expect_public(student, pages(), (2, 2, 3), None, beta, eps=0.5)


@public
def test_constant_page(student):
    """A constant page of shape (2, 3) before one that varies."""
    x = np.array([[[2.0] * 3] * 2, [[1.0, 1.5, 0.75], [0.5, 2.0, 1.0]]])
    expect_public(student, x, (2, 3), eps=0.02)


@public
def test_constant_line(student):
    """A constant line of three numbers above one that varies."""
    x = np.array([[4.0, 4.0, 4.0], [0.5, -0.25, 1.0]])
    gamma, beta = np.array([2.0, -1.0, 0.5]), np.array([0.25, 1.0, -3.0])
    expect_public(student, x, 3, gamma, beta, eps=0.1)


@pytest.mark.property
@public
def test_gamma_for_the_last_axis_alone(student):
    """A gamma of shape (3,) where (2, 3) is normalized."""
    gamma = np.array([1.0, 3.0, -2.0])
    expect_refusal(student, (pages(), (2, 3), gamma), valid=(pages(), (2, 3), pages()[0]))


@pytest.mark.property
@public
def test_beta_for_the_first_axis_alone(student):
    """A beta of shape (2, 1) where (2, 3) is normalized."""
    beta = np.array([[0.5], [-1.0]])
    expect_refusal(
        student, (pages(), (2, 3), None, beta), valid=(pages(), (2, 3), None, pages()[0])
    )


@pytest.mark.property
@public
def test_x_that_ends_otherwise(student):
    """An x of shape (2, 2, 3) where (3, 3) is to be normalized."""
    expect_refusal(student, (pages(), (3, 3)), valid=(pages(), (2, 3)))


@pytest.mark.property
@public
def test_row_of_another_length(student):
    """A row of three features where four are to be normalized."""
    expect_refusal(student, (pages()[0, 0], 4), valid=(pages()[0, 0], 3))


# Values.


@pytest.mark.weight(3)
@pytest.mark.parametrize("shape", [(4, 2, 3), (3, 3, 3), (2, 3, 4, 5)])
def test_two_axes(student, rng, shape):
    """The last two axes."""
    expect_nd(student, *draw_nd(rng, shape, 2))


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(3, 2, 4, 2), (2, 2, 2, 2)])
def test_three_axes(student, rng, shape):
    """The last three axes."""
    expect_nd(student, *draw_nd(rng, shape, 3))


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(7,), (4, 6), (2, 3, 4)])
def test_all_axes(student, rng, shape):
    """Every axis of x."""
    expect_nd(student, *draw_nd(rng, shape, len(shape)))


@pytest.mark.parametrize("shape", [(1, 3, 4), (3, 4, 1), (3, 1, 5), (2, 1, 3, 4)])
def test_axes_of_length_one(student, rng, shape):
    """The last two axes, where an axis has length 1."""
    expect_nd(student, *draw_nd(rng, shape, 2))


@pytest.mark.weight(2)
@pytest.mark.parametrize("given_as", [int, tuple])
@pytest.mark.parametrize("shape", [(5, 8), (2, 3, 4)])
def test_one_axis(student, rng, shape, given_as):
    """The last axis, given as a number or as a tuple of one."""
    x, normalized_shape, gamma, beta = draw_nd(rng, shape, 1)
    expected, atol = right_nd(x, normalized_shape, gamma, beta)
    wanted = normalized_shape[0] if given_as is int else normalized_shape
    expect_close(student.layer_norm_nd(x, wanted, gamma, beta), expected, rtol=0.0, atol=atol)


@pytest.mark.weight(2)
@pytest.mark.parametrize("given", ["neither", "gamma alone", "beta alone"])
def test_parameters_left_out(student, rng, given):
    """Without gamma, without beta, or without both."""
    x, normalized_shape, gamma, beta = draw_nd(rng, (3, 4, 5), 2)
    named = {"neither": {}, "gamma alone": {"gamma": gamma}, "beta alone": {"beta": beta}}
    expect_nd_by_name(student, x, normalized_shape, named[given])


def expect_nd_by_name(student, x, normalized_shape, parameters):
    """Check one call with parameters given by their names."""
    expected, atol = right_nd(x, normalized_shape, **parameters)
    actual = student.layer_norm_nd(x, normalized_shape, **parameters)
    expect_close(actual, expected, rtol=0.0, atol=atol)


def test_none_for_a_parameter(student, rng):
    """None said aloud for gamma and beta."""
    x, normalized_shape, _, _ = draw_nd(rng, (3, 4, 5), 2)
    expect_nd_by_name(student, x, normalized_shape, {"gamma": None, "beta": None})


@pytest.mark.weight(2)
@pytest.mark.parametrize("eps", [0.5, 0.01, 1e-12])
def test_eps_as_passed(student, rng, eps):
    """An eps as large as the variance."""
    expect_nd(student, *draw_nd(rng, (3, 2, 4), 2, std=np.sqrt(eps)), eps=eps)


def test_eps_by_position(student, rng):
    """The fifth argument is eps."""
    x, normalized_shape, gamma, beta = draw_nd(rng, (2, 2, 5), 2)
    expected, atol = right_nd(x, normalized_shape, gamma, beta, 0.3)
    actual = student.layer_norm_nd(x, normalized_shape, gamma, beta, 0.3)
    expect_close(actual, expected, rtol=0.0, atol=atol)


def test_default_eps(student, rng):
    """Numbers that hardly vary, with the default eps."""
    expect_nd(student, *draw_nd(rng, (3, 2, 4), 2, std=1e-4))


@pytest.mark.weight(2)
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_narrow_dtypes(student, rng, dtype):
    """Two axes in float32 and in float16."""
    expect_nd(student, *draw_nd(rng, (4, 5, 6), 2, dtype))


def test_large_float16_entries(student, rng):
    """Large numbers in float16, whose squares do not fit."""
    x = rng.choice([-1.0, 1.0], (2, 4, 8)) * rng.uniform(8e3, 1.2e4, (2, 4, 8)) + 5e3
    _, normalized_shape, gamma, beta = draw_nd(rng, (2, 4, 8), 2, "float16")
    expect_nd(student, x.astype(np.float16), normalized_shape, gamma, beta)


@pytest.mark.parametrize("dtype", DTYPES)
def test_any_axes_in_each_dtype(student, rng, dtype):
    """The last axes of one to four in each dtype, near zero and far from it.

    Gamma and beta are given and left out in turn; for a single vector, in every way.
    """
    ways = [(True, True), (True, False), (False, True), (False, False)]
    kinds = [(shape, axes) for shape in SHAPES for axes in range(1, len(shape) + 1)]
    scales = [(0.0, 1.0, {"eps": 0.5}), (FAR[dtype], 3.0, {})]
    for number, (shape, axes) in enumerate(kinds):
        for turn, (mean, std, options) in enumerate(scales, start=number):
            x, lengths, gamma, beta = draw_nd(rng, shape, axes, dtype, mean=mean, std=std)
            before = [x.copy(), gamma.copy(), beta.copy()]
            for scaled, shifted in ways if len(shape) == 1 else [ways[turn % 4]]:
                parameters = [gamma if scaled else None, beta if shifted else None]
                expect_nd(student, x, lengths, *parameters, **options)
            for name, now, then in zip(
                ("x", "gamma", "beta"), (x, gamma, beta), before, strict=True
            ):
                expect_unchanged(now, then, name=name)


def test_mean_far_larger_than_spread(student, rng):
    """Numbers in float32 with a large mean."""
    expect_nd(student, *draw_nd(rng, (4, 4, 8), 2, "float32", mean=1e4, std=1.0))


def test_mean_far_larger_than_spread_in_float16(student, rng):
    """Numbers in float16 with a large mean, which float16 cannot hold."""
    x, normalized_shape, gamma, beta = draw_nd(rng, (8, 4, 8), 2, "float16", mean=0.0)
    x = (x + rng.uniform(1100.0, 1900.0, (8, 1, 1))).astype(np.float16)
    expect_nd(student, x, normalized_shape, gamma, beta)


@pytest.mark.parametrize(
    ("dtype", "of_parameters"), [("float16", "float32"), ("float32", "float64")]
)
def test_parameters_in_another_dtype(student, rng, dtype, of_parameters):
    """Gamma and beta in another dtype than x."""
    x, normalized_shape, gamma, beta = draw_nd(rng, (3, 2, 5), 2, of_parameters)
    expect_nd(student, x.astype(dtype), normalized_shape, gamma, beta)


@pytest.mark.property
@pytest.mark.parametrize("dtype", DTYPES)
def test_constant_entries_become_beta(student, rng, dtype):
    """Arrays whose last two axes are constant."""
    _, normalized_shape, gamma, beta = draw_nd(rng, (3, 2, 4), 2, dtype)
    x = np.broadcast_to(rng.integers(-8, 9, (3, 1, 1)), (3, 2, 4)).astype(dtype)
    expect_nd(student, x, normalized_shape, gamma, beta)


@pytest.mark.property
def test_gamma_of_zeros_leaves_beta(student, rng):
    """A gamma that is zero everywhere, which is another thing than no gamma."""
    x, normalized_shape, gamma, beta = draw_nd(rng, (3, 2, 4), 2)
    expect_nd(student, x, normalized_shape, 0 * gamma, beta)


def test_bad_neighbour_stays_alone(student, rng):
    """A batch in which one entry of the batch is NaN."""
    x, normalized_shape, gamma, beta = draw_nd(rng, (3, 2, 4), 2)
    expected, atol = right_nd(x[1:], normalized_shape, gamma, beta)
    x[0, 0, 0] = np.nan
    actual = student.layer_norm_nd(x, normalized_shape, gamma, beta)
    expect_close(getattr(actual, "shape", None), x.shape, name="the shape")
    expect_close(actual[1:], expected, rtol=0.0, atol=atol)


@pytest.mark.property
def test_empty_batch(student, rng):
    """An empty batch."""
    x, normalized_shape, gamma, beta = draw_nd(rng, (0, 2, 4), 2, "float32")
    expect_close(student.layer_norm_nd(x, normalized_shape, gamma, beta), x)


# What must be refused.

WRONG_PARAMETERS = [(5,), (1, 5), (4, 1), (1,), (1, 4, 5), (3, 4, 5)]


@pytest.mark.property
@pytest.mark.parametrize("shape", WRONG_PARAMETERS)
def test_gamma_of_another_shape(student, rng, shape):
    """A gamma of another shape than what is normalized."""
    x, normalized_shape, gamma, beta = draw_nd(rng, (3, 4, 5), 2)
    wrong = rng.uniform(0.5, 2.0, shape)
    expect_refusal(
        student, (x, normalized_shape, wrong, beta), valid=(x, normalized_shape, gamma, beta)
    )


@pytest.mark.property
@pytest.mark.parametrize("shape", WRONG_PARAMETERS)
def test_beta_of_another_shape(student, rng, shape):
    """A beta of another shape than what is normalized."""
    x, normalized_shape, gamma, beta = draw_nd(rng, (3, 4, 5), 2)
    wrong = rng.normal(0.0, 1.0, shape)
    expect_refusal(
        student, (x, normalized_shape, gamma, wrong), valid=(x, normalized_shape, gamma, beta)
    )


@pytest.mark.property
def test_parameters_laid_out_otherwise(student, rng):
    """A gamma and a beta with as many numbers as needed, in one axis."""
    x, normalized_shape, gamma, beta = draw_nd(rng, (3, 4, 5), 2)
    for wrong in [(gamma.ravel(), beta), (gamma, beta.ravel())]:
        expect_refusal(
            student, (x, normalized_shape, *wrong), valid=(x, normalized_shape, gamma, beta)
        )


@pytest.mark.property
@pytest.mark.parametrize("wanted", [(5, 4), (1, 5), (4, 1), (4,), 4, (20,), 1, (5, 3, 4)])
def test_x_of_another_shape(student, rng, wanted):
    """An x that does not end in normalized_shape."""
    x, normalized_shape, _, _ = draw_nd(rng, (3, 4, 5), 2)
    expect_refusal(student, (x, wanted), valid=(x, normalized_shape))


@pytest.mark.property
def test_x_with_too_few_axes(student, rng):
    """An x that has fewer axes than normalized_shape."""
    x, normalized_shape, _, _ = draw_nd(rng, (4, 5), 2)
    for wanted in [(1, 4, 5), (3, 4, 5)]:
        expect_refusal(student, (x, wanted), valid=(x, normalized_shape))


# A good citizen.


@pytest.mark.property
@pytest.mark.parametrize("dtype", DTYPES)
def test_shape_and_dtype_of_x(student, rng, dtype):
    """The result has the shape and the dtype of x."""
    arguments = draw_nd(rng, (2, 3, 4), 2, dtype)
    expect_array_like(student.layer_norm_nd(*arguments), arguments[0])
    expect_array_like(student.layer_norm_nd(*arguments[:2]), arguments[0])


@pytest.mark.property
def test_arguments_are_left_alone(student, rng):
    """No argument holds other numbers after the call."""
    for dtype in DTYPES:
        x, normalized_shape, gamma, beta = draw_nd(rng, (3, 2, 4), 2, dtype)
        before = {"x": x.copy(), "gamma": gamma.copy(), "beta": beta.copy()}
        student.layer_norm_nd(x, normalized_shape, gamma, beta)
        student.layer_norm_nd(x, normalized_shape)
        for name, value in zip(before, (x, gamma, beta), strict=True):
            expect_unchanged(value, before[name], name=name)


@pytest.mark.parametrize("layout", ["read-only", "reversed", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that do not lie in memory row by row."""
    x, normalized_shape, gamma, beta = draw_nd(rng, (3, 4, 4), 2)
    if layout == "reversed":
        x, gamma, beta = x[::-1, ::-1, ::-1], gamma[::-1], beta[:, ::-1]
    elif layout == "transposed":
        x, gamma, beta = x.transpose(0, 2, 1), gamma.T, beta.T
    else:
        for array in (x, gamma, beta):
            array.flags.writeable = False  # public: how anybody makes an array read-only
    expect_nd(student, x, normalized_shape, gamma, beta)
