"""Hidden suite of `standardize_tokens`.

Public cases come first: fixed numbers on which no two mistakes of the bank behave
alike. Then one case for each part of the formula, so that one wrong part costs that
part; then the whole. What zeros, the input or a constant could pass is a property.
What is expected is computed before the call: afterwards the arguments hold what the
student's code wrote into them. Long, for it is the whole promise of the exercise,
case by case.
"""

import numpy as np
import pytest

from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l00_fundamental_concepts import standardize_tokens

pytestmark = pytest.mark.limits(call_cpu_s=2)

DTYPES = ["float64", "float32"]
# Float64 answers of any right kind agree to 1e-7 here; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-5)
# Rounding of float32 inputs near 8192, where scale and offset were folded into one step.
public_narrow = pytest.mark.public(rtol=0.0, atol=0.01)
# For a promise about the arguments: any finite numbers of the right shape and dtype will do.
public_arguments = pytest.mark.public(rtol=0.0, atol=1e3)


def reference(x, eps=1e-5):
    """Return the right answer in the dtype of `x`, and a tolerance for each token.

    The answer is the solution's in float64. The tolerance allows eight times the
    error that the solution itself makes in the dtype of `x`, and as a floor what
    every right way of writing it may lose: summing D features one by one rounds D
    times, numbers as large as `x`; folding the two steps into `x * a - mean * a`
    rounds terms as large as `x * a`, which cancel afterwards; and `eps` may be held
    in float32.
    """
    wide = x.astype(np.float64)
    exact = standardize_tokens(wide, eps)
    own_error = np.abs(standardize_tokens(x, eps) - exact).max(axis=-1, keepdims=True)
    divisor = wide.var(axis=-1, keepdims=True) + eps
    terms = np.abs(wide).max(axis=-1, keepdims=True) / np.sqrt(divisor)
    largest = np.abs(exact).max(axis=-1, keepdims=True)
    floor = np.finfo(x.dtype).eps * ((x.shape[-1] + 8) * terms + 4 * largest)
    floor += np.finfo(np.float32).eps * eps / divisor * largest
    return exact.astype(x.dtype), 8 * own_error + floor


def expect_standardized(student, x, **options):
    """Check one call against the reference; without `eps` the default is used."""
    expected, atol = reference(x, **options)
    actual = student.standardize_tokens(x, **options)
    expect_close(actual, expected, rtol=0.0, atol=atol)


def expect_public(student, x, *, atol=1e-5, **options):
    """Check one call with an absolute tolerance."""
    expected = standardize_tokens(x, **options)
    actual = student.standardize_tokens(x, **options)
    expect_close(actual, expected, rtol=0.0, atol=atol)


def expect_array_like(actual, x):
    """Check type, shape, dtype and that all entries are finite, whatever their values."""
    expect_close(actual, np.zeros_like(x), atol=np.inf)


def unit(rows):
    """Return each row divided by its length; a zero row stays zero."""
    return rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-300)


# Public: recorded as probes, so the numbers are fixed.


@public
def test_worked_example(student):
    """The token [6, 0, 2, 4, 8] of the lesson, and one beside it."""
    expect_public(student, np.array([[6.0, 0.0, 2.0, 4.0, 8.0], [0.0, 0.5, 4.0, -2.0, 1.0]]))


@public
def test_large_eps(student):
    """Two tokens of three features, with eps = 0.5."""
    expect_public(student, np.array([[1.0, 4.0, -2.0], [0.0, 3.0, 9.0]]), eps=0.5)


@public
def test_constant_token(student):
    """A token of equal features above one that varies little."""
    expect_public(student, np.array([[3.0, 3.0, 3.0], [1.0, 1.5, 0.75]]), eps=0.02)


@public
def test_two_sentences(student):
    """Two sentences of two tokens: shape (2, 2, 3)."""
    x = np.array([[[1.0, 2.0, 4.0], [0.0, -1.0, 5.0]], [[3.0, 3.5, 2.0], [-2.0, 0.5, 8.0]]])
    expect_public(student, x, eps=0.25)


@public
def test_three_short_sentences(student):
    """Three sentences of a single token: shape (3, 1, 2)."""
    expect_public(student, np.array([[[0.5, 2.0]], [[1.0, -3.0]], [[4.0, 4.5]]]), eps=0.1)


@public
def test_one_token(student):
    """A token alone, of small numbers: shape (3,)."""
    expect_public(student, np.array([0.002, 0.007, 0.003]), eps=2e-5)


# The tokens have equal means: whoever loses the last axis of both statistics gets the
# same numbers whether the variance came from the deviations or from np.var.
@public
def test_as_many_tokens_as_features(student):
    """As many tokens as features: shape (3, 3), small numbers."""
    x = np.array([[0.001, 0.002, 0.003], [0.002, 0.001, 0.003], [-0.001, 0.0025, 0.0045]])
    expect_public(student, x, eps=3e-5)


# Their variances are smaller than the default eps.
@public
def test_small_numbers_with_the_default_eps(student):
    """Small numbers, and no eps passed."""
    expect_public(student, np.array([[0.003, 0.001, 0.005, 0.002], [0.0, 0.002, 0.001, -0.004]]))


@public
def test_token_of_small_numbers_with_the_default_eps(student):
    """A single token of small numbers, and no eps passed."""
    expect_public(student, np.array([0.002, -0.001, 0.004]))


# In float32, 8193 squared is rounded to 2**26 + 2**14: sums of these squares are exact in
# any order, and the one-pass variance is exactly 0.
@public_narrow
@pytest.mark.parametrize("last", [8193.0, 8192.0])
def test_float32_with_a_large_mean(student, last):
    """A float32 token near 8192 whose features differ by 1."""
    x = np.array([[8192.0, 8193.0, 8193.0, last]], np.float32)
    expect_public(student, x, eps=0.01, atol=0.01)


# The same for float64; in float32 these entries would all be equal.
@public
@pytest.mark.parametrize("last", [0, 1])
def test_float64_with_a_large_mean(student, last):
    """A float64 token near 2**27 whose features differ by 1."""
    expect_public(student, 2.0**27 + np.array([[0.0, 1.0, 0.0, last]]), eps=0.01)


@pytest.mark.property
@public_arguments
def test_input_is_left_alone(student):
    """The array x holds the same numbers after the call."""
    x = np.array([[5.0, 1.0], [2.0, 4.0]])
    before = x.copy()
    student.standardize_tokens(x)
    expect_unchanged(x, before, name="x")


# Each part of the formula alone: one wrong part must not cost the others.


@pytest.mark.weight(4)
def test_mean_is_removed(student, rng):
    """The mean of each token is removed.

    Only the direction of the result counts: it points along the deviations.
    """
    x = rng.normal(1.0, 2.0, (4, 7))
    directions = unit(x - x.mean(axis=-1, keepdims=True))
    actual = student.standardize_tokens(x)
    expect_array_like(actual, x)
    expect_close(unit(actual), directions, rtol=0.0, atol=1e-6)


@pytest.mark.weight(4)
def test_spread_becomes_one(student, rng):
    """The spread of each token becomes 1.

    Along the deviations the result has length sqrt(D); eps is too small to matter.
    """
    x = rng.normal(1.0, 2.0, (4, 7))
    directions = unit(x - x.mean(axis=-1, keepdims=True))
    actual = student.standardize_tokens(x)
    expect_array_like(actual, x)
    expect_close(np.sum(actual * directions, axis=-1), np.full(4, np.sqrt(7.0)), rtol=1e-3)


# The whole formula.


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(1, 8), (4, 6), (6, 6), (5, 2)])
def test_tokens(student, rng, shape):
    """Several tokens: shape (N, D)."""
    expect_standardized(student, rng.normal(1.0, 2.0, shape))


@pytest.mark.parametrize("dtype", DTYPES)
def test_single_token(student, rng, dtype):
    """A single token: shape (D,)."""
    expect_standardized(student, rng.normal(1.0, 2.0, 7).astype(dtype))


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(2, 3, 5), (3, 5, 4), (1, 4, 4), (4, 4, 4), (2, 2, 3, 4)])
def test_sentences(student, rng, shape):
    """Sentences of tokens, and stacks of them."""
    expect_standardized(student, rng.normal(1.0, 2.0, shape))


def test_many_tokens(student, rng):
    """Many sentences of several tokens, with many features."""
    expect_standardized(student, rng.normal(1.0, 2.0, (18, 5, 130)).astype("float32"))


@pytest.mark.weight(2)
@pytest.mark.parametrize("dtype", DTYPES)
def test_dtypes(student, rng, dtype):
    """Tokens in float32, and in float64."""
    for shape in [(5, 33), (2, 3, 2, 5)]:
        expect_standardized(student, rng.normal(1.0, 2.0, shape).astype(dtype))


def test_many_features(student, rng):
    """Tokens of many features."""
    expect_standardized(student, rng.normal(1.0, 2.0, (2, 1500)).astype("float32"))


def test_outlier(student, rng):
    """Tokens in which one feature is far from all others."""
    x = rng.normal(1.0, 2.0, (3, 400))
    x[np.arange(3), rng.integers(0, 400, 3)] = 1e4
    expect_standardized(student, x)


@pytest.mark.parametrize(("mean", "std"), [(1e5, 2e4), (-1e5, 10.0)])
def test_hundred_thousands(student, rng, mean, std):
    """Numbers in the hundred thousands, in float32."""
    expect_standardized(student, rng.normal(mean, std, (4, 12)).astype("float32"))


def test_tiny_numbers(student, rng):
    """Tiny numbers with a tiny eps."""
    expect_standardized(student, rng.normal(2e-7, 1e-7, (4, 12)), eps=1e-15)


@pytest.mark.weight(2)
@pytest.mark.parametrize("dtype", DTYPES)
def test_mean_far_larger_than_spread(student, rng, dtype):
    """Tokens with a mean far larger than their spread."""
    mean = {"float32": 1e4, "float64": 1e9}[dtype]
    expect_standardized(student, rng.normal(mean, 1.0, (8, 32)).astype(dtype))


def test_one_call_after_another(student, rng):
    """Two calls of one shape: the second with other numbers and another eps."""
    for eps in (0.7, 0.02):
        expect_standardized(student, rng.normal(1.0, 0.3, (3, 5)), eps=eps)
    expect_standardized(student, rng.normal(1.0, 0.003, (3, 5)))


@pytest.mark.weight(2)
@pytest.mark.parametrize("eps", [0.5, 0.01, 1e-12])
def test_eps_as_passed(student, rng, eps):
    """An eps as large as the variance."""
    expect_standardized(student, rng.normal(1.0, np.sqrt(eps), (4, 6)), eps=eps)


def test_eps_by_position(student, rng):
    """The second argument is eps."""
    x = rng.normal(1.0, 2.0, (2, 5))
    expected, atol = reference(x, 0.3)
    expect_close(student.standardize_tokens(x, 0.3), expected, rtol=0.0, atol=atol)


@pytest.mark.weight(2)
def test_default_eps(student, rng):
    """Tokens that hardly vary, with the default eps."""
    expect_standardized(student, rng.normal(1.0, 1e-4, (4, 6)))


@pytest.mark.property
@pytest.mark.parametrize("dtype", DTYPES)
def test_constant_tokens_become_zero(student, rng, dtype):
    """Tokens whose features are all equal."""
    expect_standardized(student, np.repeat(rng.integers(-8, 9, (3, 1)), 5, axis=1).astype(dtype))


@pytest.mark.property
def test_one_feature_becomes_zero(student, rng):
    """Tokens of a single feature."""
    expect_standardized(student, rng.normal(1.0, 2.0, (3, 1)))


# A token alone decides its result.


def test_bad_neighbour_stays_alone(student, rng):
    """A batch in which one token is NaN."""
    x = rng.normal(1.0, 2.0, (3, 5))
    expected, atol = reference(x[1:])
    x[0] = np.nan
    actual = student.standardize_tokens(x)
    expect_close(getattr(actual, "shape", None), x.shape, name="the shape")
    expect_close(actual[1:], expected, rtol=0.0, atol=atol)


@pytest.mark.property
def test_alone_as_in_a_batch(student, rng):
    """A token alone, and the same token in a batch."""
    x = rng.normal(1.0, 2.0, (4, 6))
    together = student.standardize_tokens(x)
    expect_array_like(together, x)
    for i in range(4):
        expect_close(student.standardize_tokens(x[i : i + 1]), together[i : i + 1], rtol=1e-9)


@pytest.mark.property
def test_shift_and_scale_do_not_matter(student, rng):
    """The same token, shifted and stretched."""
    x = rng.normal(1.0, 2.0, (3, 8))
    expected = student.standardize_tokens(x)
    expect_array_like(expected, x)
    actual = student.standardize_tokens(4.0 * x + 25.0)
    expect_close(actual, expected, rtol=0.0, atol=1e-4)


@pytest.mark.property
def test_opposite_token(student, rng):
    """A token with all signs changed."""
    x = rng.normal(1.0, 2.0, (3, 8))
    expected = student.standardize_tokens(x)
    expect_array_like(expected, x)
    expect_close(student.standardize_tokens(-x), -expected, rtol=1e-9)


# Promises about the arguments.


@pytest.mark.property
@pytest.mark.parametrize("shape", [(6,), (3, 4), (2, 3, 4), (2, 2, 2, 3)])
def test_x_is_not_changed(student, rng, shape):
    """The array x after the call."""
    for dtype in DTYPES:
        x = rng.normal(1.0, 2.0, shape).astype(dtype)
        before = x.copy()
        expect_array_like(student.standardize_tokens(x), x)
        expect_unchanged(x, before, name="x")


@pytest.mark.property
def test_bad_neighbour_is_not_repaired(student, rng):
    """The array x after the call, with a token that is NaN."""
    x = rng.normal(1.0, 2.0, (3, 5))
    x[1] = np.nan
    before = x.copy()
    student.standardize_tokens(x)
    expect_unchanged(x, before, name="x")


@pytest.mark.parametrize("layout", ["read-only", "every other feature", "transposed"])
def test_layouts(student, rng, layout):
    """A read-only array, and arrays that are views of others."""
    x = rng.normal(1.0, 2.0, (6, 10))
    if layout == "every other feature":
        x = x[:, ::2]
    elif layout == "transposed":
        x = x.T
    expected, atol = reference(x)
    if layout == "read-only":
        x.flags.writeable = False
    expect_close(student.standardize_tokens(x), expected, rtol=0.0, atol=atol)
