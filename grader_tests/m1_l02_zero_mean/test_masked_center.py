"""Hidden suite of `masked_center`.

Public cases come first: fixed numbers on which no two mistakes of the bank behave
alike. What is expected is computed before the call: afterwards the arguments hold
what the student's code wrote into them. The reference takes each sequence apart and
looks at no place where the mask is False. Cases that zeros could pass are properties.
"""

import numpy as np
import pytest

from grader_tests.m1_l02_zero_mean.rounding import centered, expect_array_like
from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l02_zero_mean import masked_center

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Float64 answers of any right kind agree to 1e-9 here; no two mistakes of the bank do to 1e-2.
public = pytest.mark.public(rtol=0.0, atol=1e-5)
# For a promise about the arguments: any finite numbers of the right shape and dtype will do.
public_arguments = pytest.mark.public(rtol=0.0, atol=1e3)


def reference(x, mask):
    """Return the right answer and a tolerance: each sequence alone, real tokens only."""
    expected, atol = np.zeros_like(x), np.zeros(x.shape)
    for k, valid in enumerate(mask):
        if valid.any():
            expected[k, valid], atol[k, valid] = centered(x[k, valid], axis=0)
    return expected, atol


def expect_masked(student, x, mask):
    """Check one call against the reference."""
    expected, atol = reference(x, mask)
    expect_close(student.masked_center(x, mask), expected, rtol=0.0, atol=atol)


def expect_public(student, x, mask):
    """Check one call with a fixed tolerance."""
    expected = masked_center(x, mask)
    expect_close(student.masked_center(x, mask), expected, rtol=0.0, atol=1e-5)


def lengths_to_mask(lengths, size):
    """Return a mask of shape (len(lengths), size): each sequence is real up to its length."""
    return np.arange(size) < np.asarray(lengths)[:, None]


def draw(rng, shape, dtype="float64", *, mean=3.0, std=2.0):
    """Return sequences of different lengths, with leftovers in their padding, and the mask."""
    lengths = rng.integers(1, shape[1], shape[0])
    lengths[0] = shape[1] - 1  # one sequence at least has deviations
    mask = lengths_to_mask(lengths, shape[1])
    x = rng.normal(mean, std, shape) + rng.normal(0.0, 5 * std, (1, 1, shape[2]))
    return np.where(mask[:, :, None], x, 7 * x + 50.0).astype(dtype), mask


# Public: recorded as probes, so the numbers are fixed. Anew for each call, which may overwrite.


def two_sentences():
    """Return two sequences of three places and two features; the second has one empty place."""
    x = [[[1.0, 20.0], [2.0, 35.0], [6.0, 5.0]], [[4.0, 50.0], [7.0, 20.0], [-3.0, 11.0]]]
    return np.array(x), np.array([[True, True, True], [True, True, False]])


@public
def test_worked_example(student):
    """The two sequences from the lesson."""
    x = np.array([[[2.0, 10.0], [4.0, 40.0], [0.0, 0.0], [0.0, 0.0]]])
    x = np.concatenate([x, np.array([[[5.0, 0.0], [6.0, 30.0], [10.0, 60.0], [0.0, 0.0]]])])
    mask = np.array([[True, True, False, False], [True, True, True, False]])
    expect_public(student, x, mask)


@public
def test_leftovers_in_the_padding(student):
    """Two sequences with leftover numbers in the padding."""
    expect_public(student, *two_sentences())


@public
def test_nan_in_the_padding(student):
    """NaN in the padding."""
    x, mask = two_sentences()
    x *= [3.0, -0.5]
    x[1, 2] = [np.nan, 3.0]
    expect_public(student, x, mask)


@public
def test_infinity_in_the_padding(student):
    """Infinity in the padding, in front."""
    x, mask = two_sentences()
    x, mask = x[:, ::-1].copy(), mask[:, ::-1].copy()
    x[1, 0] = [np.inf, -np.inf]
    expect_public(student, x, mask)


@public
def test_real_token_of_zeros(student):
    """A real token that is all zeros, and padding in the middle."""
    x = np.array([[[0.0, 0.0], [9.0, 1.0], [3.0, 4.5]], [[8.0, -2.0], [0.0, 0.0], [1.0, 3.0]]])
    expect_public(student, x, np.array([[True, False, True], [True, True, True]]))


@public
def test_sequence_without_tokens(student):
    """A sequence without a single token, beside another."""
    x = np.array([[[4.0, 1.0], [3.0, 7.0]], [[1.0, -5.0], [6.0, 2.5]]])
    expect_public(student, x, np.array([[False, False], [True, True]]))


@public
def test_nothing_but_padding_in_the_second(student):
    """A sequence of padding only, after one without padding."""
    x, _ = two_sentences()
    expect_public(student, x[:, :2] + 1.0, np.array([[True, True], [False, False]]))


@public
def test_float32(student):
    """Two sequences in float32."""
    x, mask = two_sentences()
    expect_public(student, x.astype(np.float32), mask)


@public
def test_float32_of_one_feature(student):
    """Three short sequences of one feature in float32."""
    x = [[[1.5], [4.0], [7.0]], [[2.0], [-3.0], [9.0]], [[5.0], [6.5], [-1.0]]]
    # None is full: the longest has fewer tokens than there are places.
    mask = np.array([[True, True, False], [False, True, False], [True, False, True]])
    expect_public(student, np.array(x, np.float32), mask)


@pytest.mark.property
@public_arguments
def test_input_is_left_alone(student):
    """The array x holds the same numbers after the call."""
    x, mask = two_sentences()
    before = x.copy()
    student.masked_center(x, mask)
    expect_unchanged(x, before, name="x")


# Each part alone: one wrong part must not cost the others.


@pytest.mark.weight(3)
def test_without_padding(student, rng):
    """Sequences without padding."""
    x = rng.normal(2.0, 1.0, (3, 4, 5))
    expect_masked(student, x, np.ones((3, 4), bool))


@pytest.mark.weight(3)
def test_real_tokens(student, rng):
    """What becomes of the real tokens, whatever the padding becomes."""
    x, mask = draw(rng, (4, 5, 3))
    expected, atol = reference(x, mask)
    real = mask.copy()  # which nobody's code can overwrite
    actual = student.masked_center(x, mask)
    expect_array_like(actual, x)
    expect_close(actual[real], expected[real], rtol=0.0, atol=atol[real])


# Zeros would pass this, but not real tokens that are left as they are.
@pytest.mark.property
@pytest.mark.weight(2)
def test_padding_becomes_zero(student, rng):
    """What becomes of the padding."""
    x, mask = draw(rng, (4, 5, 3))
    padding = ~mask
    actual = student.masked_center(x, mask)
    expect_array_like(actual, x)
    expect_close(actual[padding], np.zeros_like(x[padding]), rtol=0.0, atol=0.0)


# The whole.


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(1, 6, 4), (4, 5, 3), (3, 3, 3), (5, 3, 1), (2, 8, 8)])
def test_padding_at_the_end(student, rng, shape):
    """Sequences of different lengths, with padding at the end."""
    expect_masked(student, *draw(rng, shape))


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(3, 6, 4), (4, 4, 4)])
def test_padding_anywhere(student, rng, shape):
    """Padding anywhere."""
    x, _ = draw(rng, shape)
    mask = rng.permuted(np.arange(shape[1]) % 2 == 0, axis=0) & np.ones(shape[:2], bool)
    expect_masked(student, x, rng.permuted(mask, axis=1))


@pytest.mark.weight(2)
@pytest.mark.parametrize("garbage", [np.nan, np.inf, -np.inf])
def test_garbage_in_the_padding(student, rng, garbage):
    """NaN or infinity in the padding."""
    x, mask = draw(rng, (3, 5, 4))
    x[~mask] = garbage
    expect_masked(student, x, mask)


def test_huge_numbers_in_the_padding(student, rng):
    """Huge numbers in the padding, in float32."""
    x, mask = draw(rng, (3, 5, 4), "float32")
    x[~mask] = 3e38
    expect_masked(student, x, mask)


@pytest.mark.weight(2)
@pytest.mark.parametrize("garbage", [1.0, np.nan])
def test_sequences_without_tokens(student, rng, garbage):
    """Sequences without a single token, beside others."""
    x, mask = draw(rng, (4, 5, 3))
    mask[rng.integers(1, 4)] = False
    x[~mask] = garbage
    expect_masked(student, x, mask)


def test_tokens_of_zeros(student, rng):
    """Real tokens that are all zeros."""
    x, mask = draw(rng, (3, 6, 2))
    x[:, 0] = 0.0
    expect_masked(student, x, mask)


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(4, 5, 3), (2, 40, 6)])
def test_float32_sequences(student, rng, shape):
    """Sequences in float32."""
    expect_masked(student, *draw(rng, shape, "float32"))


def test_long_sequences(student, rng):
    """Long sequences."""
    expect_masked(student, *draw(rng, (2, 1500, 3), "float32"))


def test_mean_far_larger_than_spread(student, rng):
    """Features whose mean is far larger than their spread."""
    expect_masked(student, *draw(rng, (3, 8, 4), mean=1e8, std=1.0))


def test_features_of_different_sizes(student, rng):
    """Features of very different sizes."""
    x, mask = draw(rng, (3, 6, 3))
    expect_masked(student, x * np.array([1e-6, 1.0, 1e6]), mask)


def test_one_call_after_another(student, rng):
    """Two calls of one shape, with other numbers and another mask."""
    for _ in range(2):
        expect_masked(student, *draw(rng, (3, 5, 2)))


# Promises that hold for every x.


@pytest.mark.property
def test_nothing_but_padding(student, rng):
    """A batch of padding only."""
    x, _ = draw(rng, (2, 3, 4), "float32")
    expect_masked(student, x, np.zeros((2, 3), bool))


@pytest.mark.property
@pytest.mark.parametrize("places", [4, 1])
def test_single_tokens_become_zero(student, rng, places):
    """Sequences of one token."""
    x = rng.normal(3.0, 2.0, (3, places, 2))
    expect_masked(student, x, lengths_to_mask([1, 1, 1], places))


@pytest.mark.property
def test_sequence_alone(student, rng):
    """One sequence alone and inside a batch."""
    x, mask = draw(rng, (3, 4, 2))
    together = student.masked_center(x, mask)
    expect_array_like(together, x)
    expect_close(student.masked_center(x[1:2], mask[1:2]), together[1:2])


@pytest.mark.property
def test_empty_batch(student):
    """A batch of no sequences."""
    x = np.zeros((0, 3, 2), np.float32)
    expect_close(student.masked_center(x, np.zeros((0, 3), bool)), x)


# NaN, and a sequence without tokens, tempt to repair x or the mask on the spot.
@pytest.mark.property
@pytest.mark.parametrize("padding", ["numbers", "NaN", "a whole sequence"])
def test_arguments_are_left_alone(student, rng, padding):
    """No argument holds other numbers after the call."""
    for dtype in ("float64", "float32"):
        x, mask = draw(rng, (3, 4, 2), dtype)
        mask[1] &= padding != "a whole sequence"
        if padding == "NaN":
            x[~mask] = np.nan
        before = x.copy(), mask.copy()
        student.masked_center(x, mask)
        expect_unchanged(x, before[0], name="x")
        expect_unchanged(mask, before[1], name="mask")


@pytest.mark.parametrize("layout", ["read-only", "reversed", "every second", "column by column"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that do not lie in memory row by row."""
    x, mask = draw(rng, (4, 6, 4))
    if layout == "reversed":
        x, mask = x[::-1, ::-1, ::-1], mask[::-1, ::-1]
    elif layout == "every second":
        x, mask = x[::2, :, ::2], mask[::2]
    elif layout == "column by column":
        x, mask = np.asfortranarray(x), np.asfortranarray(mask)
    else:
        x.flags.writeable = mask.flags.writeable = False
    expect_masked(student, x, mask)
