"""Hidden suite of `layer_norm`.

Public cases come first: few features, fixed numbers, chosen so that no two
mistakes of the bank behave alike on all of them. Then one case for each part of
the formula, so that one wrong part costs that part; then the whole formula.

Cases that returning `x`, a constant or `beta` could pass are properties. The
first line of a case's docstring is shown to learners: it names the kind of
input and no value of a hidden one. What is expected is computed before the
call: afterwards the arguments hold what the student's code wrote into them.
Long, for it is the whole promise of the exercise, case by case.
"""

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
    unit,
)
from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l05_layer_norm_formula import layer_norm

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Float64 answers of any right kind agree to 1e-7 here; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-5)
# Rounding of float16 results, or of float32 inputs near 8192 in the folded form: up to 0.004.
public_narrow = pytest.mark.public(rtol=0.0, atol=0.01)
# For a promise about the arguments: any finite numbers of the right shape and dtype will do.
public_arguments = pytest.mark.public(rtol=0.0, atol=1e3)


def expect_layer_norm(student, x, gamma, beta, **options):
    """Check one call against the reference; without `eps` the default is used."""
    expected, atol = reference(x, gamma, beta, **options)
    actual = student.layer_norm(x, gamma, beta, **options)
    expect_close(actual, expected, rtol=0.0, atol=atol)


# Public: recorded as probes, so the numbers are fixed.


def expect_public(student, x, gamma, beta, *, atol=1e-5, **options):
    """Check one call with an absolute tolerance."""
    expected = layer_norm(x, gamma, beta, **options)
    actual = student.layer_norm(x, gamma, beta, **options)
    expect_close(actual, expected, rtol=0.0, atol=atol)


@public
def test_worked_example(student):
    """The row [1, 2, 3, 4] from the lesson."""
    x = np.array([[1.0, 2.0, 3.0, 4.0]])
    expect_public(student, x, *plain(x))


@public
def test_scale_and_shift_per_feature(student):
    """Two rows, with a scale and a shift for each of three features."""
    x = np.array([[1.0, 4.0, -2.0], [0.0, 3.0, 9.0]])
    gamma, beta = np.array([2.0, -1.0, 0.5]), np.array([0.25, 1.0, -3.0])
    expect_public(student, x, gamma, beta, eps=0.5)


@public
def test_constant_row(student):
    """A constant row above one that varies little."""
    x = np.array([[3.0, 3.0, 3.0], [1.0, 1.5, 0.75]])
    gamma, beta = np.array([1.5, 2.0, -0.5]), np.array([0.5, -1.0, 2.0])
    expect_public(student, x, gamma, beta, eps=0.02)


@public
def test_two_sentences_of_two_tokens(student):
    """Two sentences of two tokens: shape (2, 2, 3)."""
    x = np.array([[[1.0, 2.0, 4.0], [0.0, -1.0, 5.0]], [[3.0, 3.5, 2.0], [-2.0, 0.5, 8.0]]])
    gamma, beta = np.array([1.0, 3.0, -2.0]), np.array([0.5, 0.0, -1.5])
    expect_public(student, x, gamma, beta, eps=0.25)


@public
def test_single_vector_of_small_numbers(student):
    """A single vector of small numbers: shape (3,)."""
    x = np.array([0.002, 0.007, 0.003])
    gamma, beta = np.array([0.5, 1.5, -1.0]), np.array([1.0, -0.5, 0.25])
    expect_public(student, x, gamma, beta, eps=2e-5)


# The rows have equal means: whoever loses the last axis of both statistics gets the
# same numbers whether the variance came from the deviations or from np.var.
@public
def test_as_many_tokens_as_features(student):
    """As many tokens as features: shape (3, 3), small numbers."""
    x = np.array([[0.001, 0.002, 0.003], [0.002, 0.001, 0.003], [-0.001, 0.0025, 0.0045]])
    gamma, beta = np.array([2.0, 1.0, -1.5]), np.array([-1.0, 0.5, 0.25])
    expect_public(student, x, gamma, beta, eps=3e-5)


# Their variances are smaller than the default eps.
@public
def test_small_numbers_with_the_default_eps(student):
    """Small numbers, and no eps passed."""
    x = np.array([[0.003, 0.001, 0.005, 0.002], [0.0, 0.002, 0.001, -0.004]])
    expect_public(student, x, np.array([1.0, -2.0, 0.5, 3.0]), np.array([0.5, 0.0, -1.0, 2.0]))


@public
def test_vector_of_small_numbers_with_the_default_eps(student):
    """A single vector of small numbers, and no eps passed."""
    x = np.array([0.002, -0.001, 0.004])
    expect_public(student, x, np.array([2.0, -1.0, 1.5]), np.array([0.25, 1.0, -0.5]))


# In float32, 8193 squared is rounded to 2**26 + 2**14: sums of these squares are exact in
# any order, and the one-pass variance is exactly 0.
@public_narrow
def test_float32_with_a_large_mean(student):
    """A float32 row near 8192 whose entries differ by 1."""
    x = np.array([[8192.0, 8193.0, 8193.0, 8193.0]], np.float32)
    gamma, beta = np.array([[1.0, -1.0, 2.0, 0.5], [0.5, 0.0, -1.0, 1.0]], np.float32)
    expect_public(student, x, gamma, beta, eps=0.01, atol=0.01)


# The same for float64; in float32 these entries would all be equal.
@public
@pytest.mark.parametrize("last", [0, 1])
def test_float64_with_a_large_mean(student, last):
    """A float64 row near 2**27 whose entries differ by 1."""
    x = 2.0**27 + np.array([[0.0, 1.0, 0.0, last]])
    gamma, beta = np.array([[2.0, 1.0, -1.0, 0.5], [-0.5, 1.0, 0.25, 0.0]])
    expect_public(student, x, gamma, beta, eps=0.01)


# Every deviation overflows when it is squared in float16, and no sum of entries does.
@public_narrow
@pytest.mark.parametrize("last", [12000.0, -16000.0])
def test_float16_with_large_entries(student, last):
    """A float16 row with entries beyond 10000."""
    x = np.array([[10000.0, -10000.0, 20000.0, last]], np.float16)
    gamma, beta = np.array([[1.0, 2.0, -1.0, 0.5], [0.5, -1.0, 0.25, 1.0]], np.float16)
    expect_public(student, x, gamma, beta, atol=0.01)


# Here float16 holds integers only, and no row has an integer mean. The entries beside the
# mean have the large scale, so that the rounded mean shows and the variance hardly counts.
@public_narrow
@pytest.mark.parametrize(
    "row", [[1500.0, 1507.0, 1508.0, 1515.0], [1115.0, 1108.0, 1107.0, 1100.0]]
)
def test_float16_with_a_large_mean(student, row):
    """A float16 row beyond 1000 whose entries differ by a few."""
    x = np.array([row])
    gamma, beta = np.array([[0.5, 8.0, -8.0, 0.25], [0.0, 0.5, 1.0, -1.0]], np.float16)
    expect_public(student, x.astype(np.float16), gamma, beta, atol=0.01)


@pytest.mark.property
@public_arguments
def test_input_is_left_alone(student):
    """The array x holds the same numbers after the call."""
    x = np.array([[5.0, 1.0], [2.0, 4.0]])
    before = x.copy()
    student.layer_norm(x, *plain(x))
    expect_unchanged(x, before, name="x")


# Each part of the formula alone: one wrong part must not cost the others.


@pytest.mark.weight(4)
def test_mean_is_removed(student, rng):
    """The mean of each row is removed.

    Only the direction of the result counts: it points along the deviations.
    """
    x, _, _ = draw(rng, (4, 7))
    directions = unit(x - x.mean(axis=-1, keepdims=True))
    actual = student.layer_norm(x, *plain(x))
    expect_array_like(actual, x)
    expect_close(unit(actual), directions, rtol=0.0, atol=1e-6)


@pytest.mark.weight(4)
def test_spread_becomes_one(student, rng):
    """The spread of each row becomes 1.

    Along the deviations the result has length sqrt(D); eps is too small to matter.
    """
    x, _, _ = draw(rng, (4, 7))
    directions = unit(x - x.mean(axis=-1, keepdims=True))
    actual = student.layer_norm(x, *plain(x))
    expect_array_like(actual, x)
    expect_close(np.sum(actual * directions, axis=-1), np.full(4, np.sqrt(7.0)), rtol=1e-3)


@pytest.mark.weight(4)
def test_gamma_scales_and_beta_shifts_at_the_end(student, rng):
    """Gamma scales the normalized rows and beta shifts them.

    Whatever the normalized rows are: but not `x` as it came, and not flat rows,
    which any scale would fit.
    """
    x, gamma, beta = draw(rng, (4, 7))
    normalized = student.layer_norm(x, *plain(x))
    expect_array_like(normalized, x)
    expect_close(np.ptp(normalized, axis=-1) > 0.1, np.full(4, True), name="rows that vary")
    expect_close(np.array_equal(normalized, x), False, name="x came back as it was")
    expected = normalized * gamma + beta
    actual = student.layer_norm(x, gamma, beta)
    expect_close(actual, expected, rtol=0.0, atol=1e-6)


# The whole formula.


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(1, 8), (4, 6), (6, 6), (5, 2)])
def test_rows(student, rng, shape):
    """A batch of rows."""
    expect_layer_norm(student, *draw(rng, shape))


@pytest.mark.parametrize("dtype", DTYPES)
def test_any_number_of_axes(student, rng, dtype):
    """One to four axes in each dtype, near zero and far from it."""
    for shape in SHAPES:
        for mean, std, options in [(0.0, 1.0, {"eps": 0.5}), (FAR[dtype], 3.0, {})]:
            arguments = draw(rng, shape, dtype, mean=mean, std=std)
            before = [argument.copy() for argument in arguments]
            expect_layer_norm(student, *arguments, **options)
            for name, now, then in zip(("x", "gamma", "beta"), arguments, before, strict=True):
                expect_unchanged(now, then, name=name)


@pytest.mark.parametrize("dtype", DTYPES)
def test_single_vector(student, rng, dtype):
    """A single vector."""
    expect_layer_norm(student, *draw(rng, (7,), dtype))


@pytest.mark.weight(2)
@pytest.mark.parametrize(
    "shape", [(2, 3, 5), (3, 5, 4), (3, 4, 4), (4, 4, 4), (2, 2, 3, 4), (2, 1, 3, 2, 3)]
)
def test_sequences(student, rng, shape):
    """Sequences of tokens, and stacks of them."""
    expect_layer_norm(student, *draw(rng, shape))


def test_many_tokens(student, rng):
    """Many sentences of several tokens, with many features."""
    expect_layer_norm(student, *draw(rng, (18, 5, 130), "float32"))


@pytest.mark.weight(2)
def test_float32(student, rng):
    """Rows in float32."""
    expect_layer_norm(student, *draw(rng, (5, 33), "float32"))


@pytest.mark.weight(2)
def test_float16(student, rng):
    """Rows in float16."""
    expect_layer_norm(student, *draw(rng, (5, 33), "float16"))


def test_many_features(student, rng):
    """Rows of many features."""
    expect_layer_norm(student, *draw(rng, (2, 1000), "float32"))


@pytest.mark.parametrize(
    ("dtype", "of_parameters"),
    [("float32", "float64"), ("float16", "float32"), ("float64", "float32")],
)
def test_parameters_in_another_dtype(student, rng, dtype, of_parameters):
    """Gamma and beta in another dtype than the rows."""
    x, gamma, beta = draw(rng, (3, 5))
    parameters = [gamma.astype(of_parameters), beta.astype(of_parameters)]
    expect_layer_norm(student, x.astype(dtype), *parameters)


def test_zero_and_negative_gamma(student, rng):
    """Zero and negative entries in gamma."""
    x, gamma, beta = draw(rng, (3, 4))
    gamma *= [1.0, 0.0, -1.0, -1.0]
    expect_layer_norm(student, x, gamma, beta)


def test_large_scale_and_shift(student, rng):
    """Large numbers in gamma and beta, of either sign."""
    x, gamma, beta = draw(rng, (4, 6))
    signs = rng.permuted([-1.0, -1.0, -1.0, 1.0, 1.0, 1.0])
    expect_layer_norm(student, x, 20 * signs * gamma, 10 * beta - 30 * signs)


def test_outlier(student, rng):
    """Rows in which one number is far from all others."""
    x, gamma, beta = draw(rng, (3, 400))
    x[np.arange(3), rng.integers(0, 400, 3)] = 1e4
    expect_layer_norm(student, x, gamma, beta)


@pytest.mark.parametrize(("mean", "std"), [(1e5, 2e4), (-1e5, 10.0)])
def test_hundred_thousands(student, rng, mean, std):
    """Numbers in the hundred thousands, in float32."""
    expect_layer_norm(student, *draw(rng, (4, 12), "float32", mean=mean, std=std))


def test_tiny_numbers(student, rng):
    """Tiny numbers with a tiny eps."""
    expect_layer_norm(student, *draw(rng, (4, 12), mean=2e-7, std=1e-7), eps=1e-15)


def test_one_call_after_another(student, rng):
    """Two calls of one shape: the second with other numbers and another eps."""
    for eps in (0.7, 0.02):
        expect_layer_norm(student, *draw(rng, (3, 5), std=0.3), eps=eps)
    expect_layer_norm(student, *draw(rng, (3, 5), std=0.003))


@pytest.mark.weight(2)
@pytest.mark.parametrize("eps", [0.5, 0.01, 1e-12])
def test_eps_as_passed(student, rng, eps):
    """An eps as large as the variance."""
    x, gamma, beta = draw(rng, (4, 6), std=np.sqrt(eps))
    expect_layer_norm(student, x, gamma, beta, eps=eps)


def test_eps_by_position(student, rng):
    """The fourth argument is eps."""
    x, gamma, beta = draw(rng, (2, 5))
    expected, atol = reference(x, gamma, beta, 0.3)
    actual = student.layer_norm(x, gamma, beta, 0.3)
    expect_close(actual, expected, rtol=0.0, atol=atol)


@pytest.mark.weight(2)
def test_default_eps(student, rng):
    """Rows that hardly vary, with the default eps."""
    x, gamma, beta = draw(rng, (4, 6), std=1e-4)
    expect_layer_norm(student, x, gamma, beta)


@pytest.mark.property
@pytest.mark.parametrize("dtype", DTYPES)
def test_constant_rows_become_beta(student, rng, dtype):
    """Constant rows."""
    _, gamma, beta = draw(rng, (3, 5), dtype)
    x = np.repeat(rng.integers(-8, 9, (3, 1)), 5, axis=1).astype(dtype)
    expect_layer_norm(student, x, gamma, beta)


@pytest.mark.property
def test_gamma_of_zeros_leaves_beta(student, rng):
    """A gamma that is zero everywhere."""
    x, gamma, beta = draw(rng, (3, 4))
    expect_layer_norm(student, x, 0 * gamma, beta)


@pytest.mark.property
def test_one_feature_becomes_beta(student, rng):
    """Rows of a single feature."""
    expect_layer_norm(student, *draw(rng, (3, 1)))


# Numbers that need room.


@pytest.mark.weight(2)
def test_large_float16_entries(student, rng):
    """Large numbers in float16.

    Neither their squares nor the sum of forty of them fit.
    """
    x = rng.choice([-1.0, 1.0], (3, 40)) * rng.uniform(8e3, 1.2e4, (3, 40)) + 5e3
    _, gamma, beta = draw(rng, (3, 40), "float16")
    expect_layer_norm(student, x.astype(np.float16), gamma, beta)


@pytest.mark.weight(2)
def test_mean_far_larger_than_spread_in_float16(student, rng):
    """Rows in float16 with a large mean.

    Beyond 1000 a float16 mean is wrong by up to a half, which is not small beside
    these deviations.
    """
    x, gamma, beta = draw(rng, (8, 32), "float16", mean=0.0, std=2.0)
    x = (x + rng.uniform(1100.0, 1900.0, (8, 1))).astype(np.float16)
    expect_layer_norm(student, x, gamma, beta)


@pytest.mark.weight(2)
def test_small_float16_entries(student, rng):
    """Small numbers in float16.

    Their squares, and this eps, are lost there.
    """
    x, gamma, beta = draw(rng, (3, 16), "float16", mean=0.0, std=3e-4)
    expect_layer_norm(student, x, gamma, beta, eps=1e-8)


@pytest.mark.weight(2)
def test_mean_far_larger_than_spread_in_float32(student, rng):
    """Rows in float32 with a large mean."""
    expect_layer_norm(student, *draw(rng, (8, 32), "float32", mean=1e4, std=1.0))


@pytest.mark.weight(2)
def test_mean_far_larger_than_spread_in_float64(student, rng):
    """Rows in float64 with a large mean."""
    expect_layer_norm(student, *draw(rng, (8, 32), mean=1e9, std=1.0))


def test_neighbours_of_a_power_of_two(student, rng):
    """Neighbouring float32 numbers.

    For entries 8192 and 8193 the one-pass variance is exactly 0 in any order.
    """
    x = rng.permuted(np.tile(np.float32([8192, 8193]), (4, 4)), axis=-1)
    _, gamma, beta = draw(rng, (4, 8), "float32")
    expect_layer_norm(student, x, gamma, beta)


# A row alone decides its result.


def test_bad_neighbour_stays_alone(student, rng):
    """A batch in which one row is NaN."""
    x, gamma, beta = draw(rng, (3, 5))
    expected, atol = reference(x[1:], gamma, beta)
    x[0] = np.nan
    actual = student.layer_norm(x, gamma, beta)
    expect_close(getattr(actual, "shape", None), x.shape, name="the shape")
    expect_close(actual[1:], expected, rtol=0.0, atol=atol)
    expect_close(np.isnan(actual[0]), np.full(5, True), name="whether the row of NaN is NaN")


@pytest.mark.property
def test_order_of_rows(student, rng):
    """The same rows in another order."""
    x, gamma, beta = draw(rng, (5, 4))
    order = rng.permutation(5)
    together = student.layer_norm(x, gamma, beta)
    expect_array_like(together, x)
    expect_close(student.layer_norm(x[order], gamma, beta), together[order])


@pytest.mark.property
def test_row_alone(student, rng):
    """One row alone and inside a batch."""
    x, gamma, beta = draw(rng, (3, 2, 4))
    together = student.layer_norm(x, gamma, beta)
    expect_array_like(together, x)
    expect_close(student.layer_norm(x[1:2, :1], gamma, beta), together[1:2, :1])


@pytest.mark.property
@pytest.mark.parametrize("shape", [(0, 4), (2, 0, 4)])
def test_no_rows(student, rng, shape):
    """An empty batch."""
    x, gamma, beta = draw(rng, shape, "float32")
    expect_close(student.layer_norm(x, gamma, beta), x)


# Exact consequences of the formula, eps included.


@pytest.mark.property
def test_shift_of_a_row_changes_nothing(student, rng):
    """Rows with a constant added."""
    x, gamma, beta = draw(rng, (4, 6))
    shift = rng.integers(1, 64, (4, 1))
    actual = student.layer_norm(x + shift, gamma, beta)
    expect_array_like(actual, x)
    expect_close(actual, student.layer_norm(x, gamma, beta))


@pytest.mark.property
def test_scale_of_a_row_changes_nothing(student, rng):
    """Rows multiplied by a constant, and eps by its square."""
    x, gamma, beta = draw(rng, (4, 6))
    actual = student.layer_norm(8 * x, gamma, beta, eps=64 * 0.02)
    expect_array_like(actual, x)
    expect_close(actual, student.layer_norm(x, gamma, beta, eps=0.02))


@pytest.mark.property
def test_sign_of_a_row_is_kept(student, rng):
    """Rows with the opposite sign."""
    x, gamma, beta = draw(rng, (4, 6))
    result = student.layer_norm(x, gamma, 0 * beta)
    expect_array_like(result, x)
    expect_close(student.layer_norm(-x, gamma, 0 * beta), -result)


# A good citizen: shape and dtype out, nothing else touched, any memory layout in.


@pytest.mark.property
@pytest.mark.parametrize("dtype", DTYPES)
def test_shape_and_dtype_of_x(student, rng, dtype):
    """The result has the shape and the dtype of x."""
    x, gamma, beta = draw(rng, (2, 3, 4), dtype)
    expect_array_like(student.layer_norm(x, gamma, beta), x)


@pytest.mark.property
@pytest.mark.parametrize("dtype", DTYPES)
def test_arguments_are_left_alone(student, rng, dtype):
    """No argument holds other numbers after the call."""
    for shape, options in [((5,), {}), ((3, 4), {"eps": 0.1}), ((2, 3, 4), {"eps": 1e-3})]:
        arguments = dict(zip(("x", "gamma", "beta"), draw(rng, shape, dtype), strict=True))
        before = {name: value.copy() for name, value in arguments.items()}
        expect_array_like(student.layer_norm(*arguments.values(), **options), before["x"])
        for name, value in arguments.items():
            expect_unchanged(value, before[name], name=name)


def test_read_only(student, rng):
    """Arrays that cannot be written to."""
    arguments = draw(rng, (4, 6))
    for array in arguments:
        array.flags.writeable = False  # public: how anybody makes an array read-only
    expect_layer_norm(student, *arguments)


@pytest.mark.parametrize("layout", ["reversed", "every second", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that do not lie in memory row by row."""
    x, gamma, beta = draw(rng, (4, 6))
    if layout == "reversed":
        x, gamma, beta = x[::-1, ::-1], gamma[::-1], beta[::-1]
    elif layout == "every second":
        x, gamma, beta = x[::2, ::2], gamma[::2], beta[::2]
    else:
        x, gamma, beta = x.T, gamma[:4], beta[:4]
    expect_layer_norm(student, x, gamma, beta)
