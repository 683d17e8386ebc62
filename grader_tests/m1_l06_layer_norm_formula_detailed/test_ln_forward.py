"""Hidden suite of `ln_forward`.

Public cases come first. Then the output alone and each entry of the cache alone,
so that a mistake in one of them costs that one; then dtypes, edges, and what has
become of the cache when the caller has written into everything that was passed
and returned. Rows and tolerances are those of the lesson before.
"""

import numpy as np
import pytest

from grader_tests.m1_l05_layer_norm_formula.rows import DTYPES, draw, plain, reference
from grader_tests.m1_l06_layer_norm_formula_detailed.rows import (
    batches,
    entries,
    expect_left_alone,
)
from nbjudge.expect import expect_close
from solutions.m1_l06_layer_norm_formula_detailed import ln_forward

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Float64 answers of any right kind agree to 1e-7 here; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-5)
# In float32 near 8192 right answers agree to 0.001, in any order of operations.
public_float32 = pytest.mark.public(rtol=0.0, atol=0.003)
# Results of float16 are rounded to 0.002.
public_narrow = pytest.mark.public(rtol=0.0, atol=0.01)


def right_statistics(x, eps=1e-5):
    """Return x_hat and rstd in the dtype of the statistics, and a tolerance for each.

    The rounding of a mean is as large as the rows, beside deviations of their spread.
    """
    wide = x.astype(np.result_type(x.dtype, np.float32))
    x_hat, atol = reference(wide, *plain(wide), eps)
    exact = x.astype(np.float64)
    rstd = 1.0 / np.sqrt(exact.var(axis=-1, keepdims=True) + eps)
    size = 1.0 + np.abs(exact).max(axis=-1, keepdims=True) * rstd
    relative = 2.0 * np.finfo(wide.dtype).eps * (x.shape[-1] + 8) * size
    relative = relative + np.finfo(np.float32).eps * eps * rstd**2
    return (x_hat, rstd.astype(wide.dtype)), (atol, rstd * relative)


def expect_output(student, x, gamma, beta, **options):
    """Check y alone, whatever the cache is."""
    expected, atol = reference(x, gamma, beta, **options)
    y, _ = entries(student.ln_forward(x, gamma, beta, **options), 2)
    expect_close(y, expected, rtol=0.0, atol=atol, name="y")


def cache_of(student, x, gamma, beta, **options):
    """Return the three entries of the cache."""
    _, cache = entries(student.ln_forward(x, gamma, beta, **options), 2)
    return entries(cache, 3, "the cache")


def expect_all(student, x, gamma, beta, **options):
    """Check the output and the whole cache."""
    expected, atol = reference(x, gamma, beta, **options)
    right, tolerances = right_statistics(x, **options)
    kept_gamma = gamma.copy()
    y, cache = entries(student.ln_forward(x, gamma, beta, **options), 2)
    x_hat, rstd, gamma_back = entries(cache, 3, "the cache")
    expect_close(y, expected, rtol=0.0, atol=atol, name="y")
    expect_close(x_hat, right[0], rtol=0.0, atol=tolerances[0], name="x_hat")
    expect_close(rstd, right[1], rtol=0.0, atol=tolerances[1], name="rstd")
    expect_close(gamma_back, kept_gamma, rtol=0.0, name="gamma")


# Public: recorded as probes, so the numbers are fixed.


def expect_public(student, x, gamma, beta, *, atol=1e-5, **options):
    """Check one call with an absolute tolerance."""
    expected = ln_forward(x, gamma.copy(), beta, **options)
    actual = student.ln_forward(x, gamma, beta, **options)
    expect_close(actual, expected, rtol=0.0, atol=atol)


@public
def test_worked_example(student):
    """The row [2, 4, 4, 10] from the lesson, with eps = 7, and a second one."""
    x = np.array([[2.0, 4.0, 4.0, 10.0], [1.0, 3.0, 3.0, 5.0]])
    expect_public(
        student, x, np.array([1.0, 2.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.0, 5.0]), eps=7.0
    )


@public
def test_three_rows_of_three(student):
    """As many rows as features: shape (3, 3)."""
    x = np.array([[0.0, 3.0, 6.0], [1.0, 1.0, 4.0], [2.0, -1.0, 5.0]])
    expect_public(student, x, np.array([2.0, -1.0, 0.5]), np.array([0.25, 1.0, -3.0]), eps=0.5)


@public
def test_two_sentences_of_two_tokens(student):
    """Two sentences of two tokens of small numbers, and no eps passed: shape (2, 2, 3)."""
    x = np.array(
        [
            [[0.001, 0.002, 0.004], [0.0, -0.001, 0.005]],
            [[0.003, 0.0035, 0.002], [-0.002, 0.0005, 0.008]],
        ]
    )
    expect_public(student, x, np.array([1.0, 3.0, -2.0]), np.array([0.5, 0.0, -1.5]))


@public
def test_vector_of_small_numbers(student):
    """A single vector of small numbers, and no eps passed."""
    x = np.array([0.002, -0.001, 0.004])
    expect_public(student, x, np.array([2.0, -1.0, 1.5]), np.array([0.25, 1.0, -0.5]))


@public
def test_single_vector_and_constant_row(student):
    """A constant row above one that hardly varies, with eps = 0.0001."""
    x = np.array([[3.0, 3.0, 3.0], [0.01, 0.02, 0.06]])
    expect_public(student, x, np.array([0.5, 1.5, -1.0]), np.array([1.0, -0.5, 0.25]), eps=1e-4)


# Sums of these squares are exact in float32, and the one-pass variance is exactly 0.
@public_float32
@pytest.mark.parametrize("first", [8192.0, 8193.0])
def test_float32_with_a_large_mean(student, first):
    """A float32 row near 8192 whose entries differ by 1."""
    x = np.array([[first, 8193.0, 8193.0, 8192.0]], np.float32)
    gamma, beta = np.array([[1.0, -1.0, 2.0, 0.5], [0.5, 0.0, -1.0, 1.0]], np.float32)
    expect_public(student, x, gamma, beta, eps=0.25, atol=0.003)


# Every square overflows in float16, and no sum of entries does.
@public_narrow
@pytest.mark.parametrize("last", [12000.0, -16000.0])
def test_float16_with_large_entries(student, last):
    """A float16 row with entries beyond 10000."""
    x = np.array([[10000.0, -10000.0, 20000.0, last]], np.float16)
    gamma, beta = np.array([[1.0, 2.0, -1.0, 0.5], [0.5, -1.0, 0.25, 1.0]], np.float16)
    expect_public(student, x, gamma, beta, atol=0.01)


# The output alone.


@pytest.mark.weight(3)
@pytest.mark.parametrize("shape", [(4, 6), (5, 5), (7,), (2, 3, 5), (2, 2, 3, 4)])
def test_output(student, rng, shape):
    """The output y of rows, of a single vector, of sequences."""
    expect_output(student, *draw(rng, shape))


@pytest.mark.weight(2)
@pytest.mark.parametrize("eps", [0.5, 0.01, 1e-12])
def test_output_with_eps_as_passed(student, rng, eps):
    """The output y with an eps as large as the variance."""
    expect_output(student, *draw(rng, (4, 6), std=np.sqrt(eps)), eps=eps)


# Each entry of the cache alone.


@pytest.mark.weight(3)
@pytest.mark.parametrize("shape", [(4, 6), (5, 5), (7,), (2, 3, 5)])
def test_normalized_rows_are_kept(student, rng, shape):
    """The first entry of the cache: the normalized rows."""
    x, gamma, beta = draw(rng, shape)
    right, tolerances = right_statistics(x)
    x_hat, _, _ = cache_of(student, x, gamma, beta)
    expect_close(x_hat, right[0], rtol=0.0, atol=tolerances[0], name="x_hat")


@pytest.mark.weight(3)
@pytest.mark.parametrize("shape", [(4, 6), (5, 5), (7,), (2, 3, 5)])
def test_reciprocal_standard_deviation_is_kept(student, rng, shape):
    """The second entry of the cache: one number for each row."""
    x, gamma, beta = draw(rng, shape)
    right, tolerances = right_statistics(x, eps=0.3)
    _, rstd, _ = cache_of(student, x, gamma, beta, eps=0.3)
    expect_close(rstd, right[1], rtol=0.0, atol=tolerances[1], name="rstd")


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(4, 6), (7,)])
def test_gamma_is_kept(student, rng, shape):
    """The third entry of the cache: gamma as it was passed."""
    x, gamma, beta = draw(rng, shape)
    before = gamma.copy()
    _, _, kept = cache_of(student, x, gamma, beta)
    expect_close(kept, before, rtol=0.0, name="gamma")


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(4, 6), (7,)])
@pytest.mark.parametrize("dtype", DTYPES)
def test_cache_outlives_its_arguments(student, rng, dtype, shape):
    """The cache, after the caller has written into x, gamma, beta and y."""
    x, gamma, beta = draw(rng, shape, dtype)
    expect_cache_to_last(student, x, gamma, beta)


def test_cache_outlives_an_output_that_equals_it(student, rng):
    """The cache of a gamma of ones and a beta of zeros, after the caller has written into y."""
    x, gamma, beta = draw(rng, (4, 6))
    expect_cache_to_last(student, x, np.ones_like(gamma), np.zeros_like(beta))


def expect_cache_to_last(student, x, gamma, beta):
    """Write into all that was passed and returned, then check the cache."""
    right, tolerances = right_statistics(x)
    before = gamma.copy()
    y, cache = entries(student.ln_forward(x, gamma, beta), 2)
    expect_close(y, np.zeros_like(x), atol=np.inf, name="y")
    x_hat, rstd, kept = entries(cache, 3, "the cache")
    for array in (x, gamma, beta, y):
        array[...] = 7.0
    expect_close(kept, before, rtol=0.0, name="gamma")
    expect_close(x_hat, right[0], rtol=0.0, atol=tolerances[0], name="x_hat")
    expect_close(rstd, right[1], rtol=0.0, atol=tolerances[1], name="rstd")


# All of it.


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(3, 5), (6,), (2, 3, 4), (2, 1, 3, 2)])
def test_dtypes(student, rng, dtype, shape):
    """Every dtype: y has that of x, the cache at least float32."""
    expect_all(student, *draw(rng, shape, dtype))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_many_features(student, rng, dtype):
    """Rows of many features."""
    expect_all(student, *draw(rng, (2, 1200), dtype))


def test_outlier(student, rng):
    """A row in which one number is far from all others."""
    x, gamma, beta = draw(rng, (3, 400))
    x[1, rng.integers(0, 400)] = 1e4
    expect_all(student, x, gamma, beta)


def test_many_rows(student, rng):
    """Many rows."""
    expect_all(student, *draw(rng, (40, 30, 5)))


@pytest.mark.weight(2)
def test_default_eps(student, rng):
    """Rows that hardly vary, with the default eps."""
    expect_all(student, *draw(rng, (4, 6), std=1e-3))


def test_eps_by_position(student, rng):
    """The fourth argument is eps."""
    x, gamma, beta = draw(rng, (2, 5))
    expected, atol = reference(x, gamma, beta, 0.3)
    y, _ = entries(student.ln_forward(x, gamma, beta, 0.3), 2)
    expect_close(y, expected, rtol=0.0, atol=atol, name="y")


def test_one_call_after_another(student, rng):
    """Two calls of one shape: the second with other numbers and another eps."""
    for eps in (0.7, 0.02):
        expect_all(student, *draw(rng, (3, 5), std=0.3), eps=eps)
    expect_all(student, *draw(rng, (3, 5), std=0.003))


def test_zero_in_gamma(student, rng):
    """Zeros in gamma: the normalized rows are kept all the same."""
    x, gamma, beta = draw(rng, (3, 4))
    expect_all(student, x, gamma * [1.0, 0.0, -1.0, 0.0], beta)


def test_constant_rows(student, rng):
    """Constant rows: rstd is as large as eps lets it be."""
    _, gamma, beta = draw(rng, (3, 5))
    x = np.repeat(rng.integers(-8, 9, (3, 1)), 5, axis=1).astype(np.float64)
    expect_all(student, x, gamma, beta, eps=0.0004)


@pytest.mark.weight(2)
def test_mean_far_larger_than_spread_in_float32(student, rng):
    """Rows in float32 with a large mean."""
    expect_all(student, *draw(rng, (8, 32), "float32", mean=1e4, std=1.0))


@pytest.mark.weight(2)
def test_large_float16_entries(student, rng):
    """Large numbers in float16, whose squares do not fit."""
    x = rng.choice([-1.0, 1.0], (3, 40)) * rng.uniform(8e3, 1.2e4, (3, 40)) + 5e3
    _, gamma, beta = draw(rng, (3, 40), "float16")
    expect_all(student, x.astype(np.float16), gamma, beta)


@pytest.mark.weight(2)
def test_small_float16_entries(student, rng):
    """Small numbers in float16, with an eps that is lost there."""
    x, gamma, beta = draw(rng, (3, 16), "float16", mean=0.0, std=3e-4)
    expect_all(student, x, gamma, beta, eps=1e-8)


def test_tiny_numbers(student, rng):
    """Tiny numbers with a tiny eps."""
    expect_all(student, *draw(rng, (4, 12), mean=2e-9, std=1e-9), eps=1e-19)


@pytest.mark.property
@pytest.mark.parametrize("shape", [(0, 5), (2, 0, 3)])
def test_no_rows(student, rng, shape):
    """An empty batch."""
    expect_all(student, *draw(rng, shape))


@pytest.mark.property
def test_one_feature(student, rng):
    """Rows of a single feature."""
    expect_all(student, *draw(rng, (3, 1)))


def test_bad_neighbour_stays_alone(student, rng):
    """A batch in which one row is NaN."""
    x, gamma, beta = draw(rng, (3, 5))
    expected, atol = reference(x, gamma, beta)
    x[0] = expected[0] = np.nan
    y, _ = entries(student.ln_forward(x, gamma, beta), 2)
    expect_close(y, expected, rtol=0.0, atol=atol, name="y")


# A good citizen.


@pytest.mark.property
@pytest.mark.weight(3)
@pytest.mark.parametrize("dtype", DTYPES)
def test_arguments_are_left_alone(student, rng, dtype):
    """No argument holds other numbers after the call."""
    for x, gamma, beta, _ in batches(rng, dtype):
        expect_left_alone(student.ln_forward, x=x, gamma=gamma, beta=beta)


@pytest.mark.parametrize("layout", ["read-only", "every second", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that do not lie in memory row by row."""
    x, gamma, beta = draw(rng, (4, 6))
    if layout == "every second":
        x, gamma, beta = x[::2, ::2], gamma[::2], beta[::2]
    elif layout == "transposed":
        x, gamma, beta = x.T, gamma[:4], beta[:4]
    else:
        for array in (x, gamma, beta):
            array.flags.writeable = False  # public: how anybody makes an array read-only
    expect_all(student, x, gamma, beta)
