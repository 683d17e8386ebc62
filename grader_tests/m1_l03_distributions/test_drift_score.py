"""Hidden suite of `drift_score`.

Public cases come first: few numbers, chosen so that no two mistakes of the bank
behave alike on all of them. What is expected is computed before the call:
afterwards the arguments hold what the student's code wrote into them. Cases that
a constant could pass are properties.
"""

import numpy as np
import pytest

from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l03_distributions import drift_score

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Right answers agree to 1e-12 here; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-5)
# For a promise about the arguments: any finite number will do.
public_arguments = pytest.mark.public(rtol=0.0, atol=1e3)


def reference(a, b, eps=1e-8):
    """Return the right score, and a tolerance.

    The answer is the solution's in float64. The tolerance allows eight times the
    error that the solution itself makes in the dtype of `a`, and as a floor what
    every right way may lose: means of n numbers are off by about `shift`, which
    counts in units of the common spread; the score may come back in the dtype of
    `a`, and `eps` may be held in it.
    """
    wide_a, wide_b = a.astype(np.float64), b.astype(np.float64)
    exact = drift_score(wide_a, wide_b, eps)
    own_error = abs(drift_score(a, b, eps) - exact)
    steps = np.finfo(a.dtype).eps * (np.sqrt(max(len(a), len(b))) + 8)
    size = np.maximum(np.abs(wide_a).max(axis=0), np.abs(wide_b).max(axis=0))
    spread = np.sqrt((wide_a.var(axis=0) + wide_b.var(axis=0)) / 2 + eps)
    gap = np.abs(wide_a.mean(axis=0) - wide_b.mean(axis=0)) / spread
    floor = (steps * size / spread * (2 + 2 * gap)).mean() + 8 * steps * exact
    return exact, 8 * own_error + floor


def expect_score(student, a, b, **options):
    """Check one call; without `eps` the default is used."""
    expected, atol = reference(a, b, **options)
    expect_close(student.drift_score(a, b, **options), expected, rtol=0.0, atol=atol)


def expect_public(student, a, b, **options):
    """Check one call with a fixed tolerance."""
    expected = drift_score(a, b, **options)
    expect_close(student.drift_score(a, b, **options), expected, rtol=0.0, atol=1e-5)


def draw(rng, n, m, features, dtype="float64"):
    """Return two groups whose features have means and spreads of their own."""
    a = rng.normal(rng.normal(0.0, 2.0, features), rng.uniform(0.5, 3.0, features), (n, features))
    b = rng.normal(rng.normal(0.0, 2.0, features), rng.uniform(0.5, 3.0, features), (m, features))
    return a.astype(dtype), b.astype(dtype)


@public
def test_worked_example(student):
    """Two features in two samples each, from the lesson."""
    expect_public(
        student, np.array([[1.0, 10.0], [3.0, 10.0]]), np.array([[5.0, 0.0], [19.0, 6.0]])
    )


@public
def test_more_samples_in_the_second_group(student):
    """Two samples against four, with three features."""
    a = np.array([[1.0, 4.0, 0.5], [2.0, -2.0, 1.5]])
    b = np.array([[3.0, 1.0, 1.0], [5.0, 2.0, -1.0], [4.0, 2.5, 0.0], [9.0, 0.0, 1.5]])
    expect_public(student, a, b)


@public
def test_opposite_directions(student):
    """One feature goes up, the other one down."""
    a = np.array([[0.0, 5.0], [2.0, 9.0], [1.0, 4.0]])
    b = np.array([[4.0, -9.0], [9.0, -8.0], [5.0, -13.0]])
    expect_public(student, a, b)


@public
def test_large_eps(student):
    """Three samples against two, with eps = 3."""
    a = np.array([[1.0, 2.0, 4.0], [0.0, 3.0, -1.0], [5.0, 4.0, 0.0]])
    b = np.array([[2.0, 8.0, 1.0], [3.5, 6.0, -7.0]])
    expect_public(student, a, b, eps=3.0)


@public
def test_small_numbers(student):
    """Small numbers, with eps = 0.000002."""
    a = np.array([[0.002, 0.007], [0.003, 0.001], [0.004, 0.001]])
    b = np.array([[0.005, 0.002], [0.001, 0.004], [0.009, 0.009]])
    expect_public(student, a, b, eps=2e-6)


@public
def test_feature_that_never_changes(student):
    """A feature that is 0 in all samples of both groups."""
    expect_public(student, np.array([[0.0, 1.0], [0.0, 5.0]]), np.array([[0.0, 2.0], [0.0, 9.0]]))


@public
def test_two_features_that_never_change(student):
    """Two features that are the same in all samples, beside one that is not."""
    a = np.array([[2.0, 1.0, 0.0], [2.0, 5.0, 0.0], [2.0, 0.0, 0.0]])
    expect_public(student, a, np.array([[2.0, 2.0, 0.0], [2.0, 10.0, 0.0]]), eps=0.25)


# Values.


@pytest.mark.weight(3)
@pytest.mark.parametrize("sizes", [(6, 6, 3), (5, 9, 4), (12, 3, 2), (7, 5, 1), (4, 4, 4)])
def test_groups(student, rng, sizes):
    """Two groups of samples, of equal and of different sizes."""
    expect_score(student, *draw(rng, *sizes))


@pytest.mark.weight(3)
@pytest.mark.parametrize("eps", [4.0, 0.1])
def test_eps_as_passed(student, rng, eps):
    """An eps as large as the variances."""
    a, b = draw(rng, 6, 8, 3)
    expect_score(student, np.sqrt(eps) * a, np.sqrt(eps) * b, eps=eps)


@pytest.mark.weight(2)
def test_default_eps(student, rng):
    """Groups that hardly vary, with the default eps."""
    a, b = draw(rng, 6, 8, 3)
    expect_score(student, 1e-4 * a, 1e-4 * b)


def test_eps_by_position(student, rng):
    """The third argument is eps."""
    a, b = draw(rng, 6, 8, 3)
    expected, atol = reference(a, b, 0.7)
    expect_close(student.drift_score(a, b, 0.7), expected, rtol=0.0, atol=atol)


@pytest.mark.weight(2)
def test_spreads_far_apart(student, rng):
    """One group spreads far wider than the other."""
    a, b = draw(rng, 9, 9, 4)
    expect_score(student, 20.0 * a, b)


@pytest.mark.weight(2)
def test_drift_far_larger_than_spread(student, rng):
    """A drift many times as large as the spread."""
    a, b = draw(rng, 9, 9, 4)
    expect_score(student, a + 300.0 * rng.choice([-1.0, 1.0], 4), b)


@pytest.mark.weight(2)
def test_mean_far_larger_than_spread(student, rng):
    """Features whose mean is far larger than their spread."""
    a, b = draw(rng, 10, 12, 3)
    expect_score(student, a + 1e7, b + 1e7)


@pytest.mark.weight(2)
def test_float32(student, rng):
    """Groups in float32."""
    expect_score(student, *draw(rng, 30, 20, 6, "float32"))


@pytest.mark.weight(2)
def test_mean_far_larger_than_spread_in_float32(student, rng):
    """Features in float32 whose mean is far larger than their spread."""
    a, b = draw(rng, 10, 12, 3)
    expect_score(student, (a + 3e3).astype(np.float32), (b + 3e3).astype(np.float32))


def test_many_samples(student, rng):
    """Thousands of samples."""
    expect_score(student, *draw(rng, 4000, 3000, 20))


@pytest.mark.weight(2)
def test_features_that_never_change(student, rng):
    """Some features are the same in all samples, in the two groups or in one."""
    a, b = draw(rng, 8, 4, 5)
    a[:, :3] = rng.integers(1, 9, 3)
    b[:, 0], b[:, 1] = a[0, 0], a[0, 1] + 2.0
    expect_score(student, a, b, eps=0.01)


def test_one_sample(student, rng):
    """A single sample in one of the groups."""
    expect_score(student, *draw(rng, 1, 7, 3))


# Promises that hold for all groups.


@pytest.mark.property
def test_groups_swapped(student, rng):
    """The two groups swapped."""
    a, b = draw(rng, 6, 9, 3)
    forth, back = student.drift_score(a, b), student.drift_score(b, a)
    expect_close(forth, 0.0, atol=np.inf)
    expect_close(back, forth, rtol=1e-12)


@pytest.mark.property
def test_same_group_twice(student, rng):
    """A group and itself."""
    a, _ = draw(rng, 6, 9, 3)
    expect_close(student.drift_score(a, a.copy()), 0.0, atol=1e-12)


@pytest.mark.property
def test_other_unit(student, rng):
    """Both groups in another unit, and eps in its square."""
    a, b = draw(rng, 6, 9, 3)
    score = student.drift_score(a, b, 0.5)
    expect_close(score, 0.0, atol=np.inf)
    expect_close(student.drift_score(8.0 * a, 8.0 * b, 32.0), score, rtol=1e-9)


@pytest.mark.property
def test_samples_twice(student, rng):
    """Every sample of one group twice."""
    a, b = draw(rng, 6, 9, 3)
    score = student.drift_score(a, b)
    expect_close(score, 0.0, atol=np.inf)
    expect_close(student.drift_score(a, np.concatenate([b, b])), score, rtol=1e-9)


@pytest.mark.property
@public_arguments
def test_input_is_left_alone(student):
    """The arrays a and b hold the same numbers after the call."""
    a, b = np.array([[5.0, 1.0], [2.0, 4.0]]), np.array([[4.0, 1.5], [1.0, 4.5]])
    before = a.copy(), b.copy()
    student.drift_score(a, b)
    expect_unchanged(a, before[0], name="a")
    expect_unchanged(b, before[1], name="b")


@pytest.mark.property
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_both_groups_are_left_alone(student, rng, dtype):
    """No number of a or b is another one after the call."""
    for sizes in [(5, 5, 3), (4, 7, 2), (1, 6, 3)]:
        a, b = draw(rng, *sizes, dtype)
        before = a.copy(), b.copy()
        student.drift_score(a, b, eps=0.1)
        expect_unchanged(a, before[0], name="a")
        expect_unchanged(b, before[1], name="b")


@pytest.mark.parametrize("layout", ["read-only", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that do not lie in memory row by row."""
    a, b = draw(rng, 5, 5, 5)
    if layout == "transposed":
        a, b = a.T, b.T
    else:
        for array in (a, b):
            array.flags.writeable = False  # public: how anybody makes an array read-only
    expect_score(student, a, b)
