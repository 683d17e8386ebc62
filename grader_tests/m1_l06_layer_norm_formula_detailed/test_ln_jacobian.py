"""Hidden suite of `ln_jacobian`.

Public cases come first. Then the matrix against the right one and against central
differences; then what is true of it whatever the row is.
"""

import numpy as np
import pytest

from grader_tests.m1_l06_layer_norm_formula_detailed.rows import (
    central_differences,
    expect_left_alone,
)
from nbjudge.expect import expect_close
from solutions.m1_l06_layer_norm_formula_detailed import ln_forward, ln_jacobian

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Float64 answers of any right kind agree to 1e-12 here; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-9)


def expect_jacobian(student, x, **options):
    """Check one call, with room for some roundings of numbers as large as 1 / std."""
    expected = ln_jacobian(x, **options)
    gain = 1.0 / np.sqrt(x.var() + options.get("eps", 1e-5))
    size = np.abs(x - x.mean()).max() ** 2 * gain**2 + 2.0
    rounding = 1e-14 * (x.size + 8) * (1.0 + np.abs(x).max() * gain)
    actual = student.ln_jacobian(x, **options)
    expect_close(actual, expected, rtol=0.0, atol=rounding * size * gain)


def expect_public(student, x, **options):
    """Check one call with an absolute tolerance."""
    expected = ln_jacobian(x, **options)
    expect_close(student.ln_jacobian(x, **options), expected, rtol=0.0, atol=1e-9)


@public
def test_worked_example(student):
    """The row [2, 4, 4, 10] from the lesson, with eps = 7."""
    expect_public(student, np.array([2.0, 4.0, 4.0, 10.0]), eps=7.0)


@public
def test_three_features(student):
    """A row of three features, with eps = 0.5."""
    expect_public(student, np.array([0.25, 1.0, -0.5]), eps=0.5)


@public
def test_default_eps(student):
    """A row that hardly varies, and no eps passed."""
    expect_public(student, np.array([0.002, 0.007, 0.003]))


# A step of 1e-6 or more, for differences, is no small step here.
@pytest.mark.public(rtol=1e-7, atol=0.0)
def test_tiny_numbers(student):
    """A row of tiny numbers, with a tiny eps."""
    x = np.array([2e-6, 5e-6, 3e-6, 9e-6])
    expect_close(student.ln_jacobian(x, eps=4e-12), ln_jacobian(x, 4e-12), rtol=1e-7)


@pytest.mark.weight(3)
@pytest.mark.parametrize("features", [2, 3, 5, 12])
def test_rows(student, rng, features):
    """Rows of some features."""
    expect_jacobian(student, rng.normal(1.0, 2.0, features))


@pytest.mark.weight(2)
@pytest.mark.parametrize("eps", [0.5, 0.01, 1e-18])
def test_eps_as_passed(student, rng, eps):
    """An eps as large as the variance."""
    expect_jacobian(student, rng.normal(0.0, np.sqrt(eps), 6), eps=eps)


def test_eps_by_position(student, rng):
    """The second argument is eps."""
    x = rng.normal(1.0, 2.0, 5)
    expected = ln_jacobian(x, 0.3)
    expect_close(student.ln_jacobian(x, 0.3), expected, rtol=0.0, atol=1e-11)


@pytest.mark.weight(2)
def test_against_central_differences(student, rng):
    """Each row, against differences of one normalized feature."""
    x = rng.normal(1.0, 2.0, 4)
    ones, zeros = np.ones(4), np.zeros(4)

    def feature(i):
        return lambda row: float(ln_forward(row, ones, zeros, 0.1)[0][i])

    expected = np.array([central_differences(feature(i), x) for i in range(4)])
    expect_close(student.ln_jacobian(x, 0.1), expected, rtol=0.0, atol=1e-7)


def test_one_call_after_another(student, rng):
    """Two rows of one length, the second with another eps."""
    for eps in (0.7, 0.02):
        expect_jacobian(student, rng.normal(0.0, 0.3, 5), eps=eps)


def test_many_features(student, rng):
    """A row of many features."""
    expect_jacobian(student, rng.normal(1.0, 2.0, 300))


def test_outlier(student, rng):
    """A row in which one number is far from all others."""
    x = rng.normal(0.0, 1.0, 40)
    x[rng.integers(0, 40)] = 1e3
    expect_jacobian(student, x)


def test_mean_far_larger_than_spread(student, rng):
    """A row with a large mean."""
    expect_jacobian(student, rng.normal(1e6, 2.0, 6))


def test_constant_row(student, rng):
    """A constant row."""
    expect_jacobian(student, np.full(5, float(rng.integers(-8, 9))), eps=0.04)


@pytest.mark.property
def test_one_feature(student):
    """A single feature: its derivative is 0."""
    expect_close(student.ln_jacobian(np.array([3.0])), np.zeros((1, 1)), rtol=0.0, atol=1e-9)


def expect_matrix(actual, x):
    """Check the form, and that it is not 0: zeros have every property below."""
    expect_close(actual, np.zeros((x.size, x.size)), atol=np.inf)
    expect_close(bool(np.abs(actual).max() > 1e-3), True, name="a matrix that is not 0")


@pytest.mark.property
def test_symmetric(student, rng):
    """The matrix is its own transpose."""
    x = rng.normal(1.0, 2.0, 6)
    actual = student.ln_jacobian(x)
    expect_matrix(actual, x)
    expect_close(actual, actual.T.copy(), rtol=0.0, atol=1e-12)


@pytest.mark.property
def test_constant_direction_is_lost(student, rng):
    """Every row of the matrix sums to 0."""
    x = rng.normal(1.0, 2.0, 6)
    actual = student.ln_jacobian(x)
    expect_matrix(actual, x)
    expect_close(actual.sum(axis=1), np.zeros(6), rtol=0.0, atol=1e-11)


@pytest.mark.property
def test_two_directions_are_lost(student, rng):
    """With a tiny eps the rank is D - 2."""
    x = rng.normal(1.0, 2.0, 6)
    actual = student.ln_jacobian(x, 1e-14)
    expect_matrix(actual, x)
    sizes = np.sort(np.abs(np.linalg.eigvals(actual)))
    expect_close(sizes[:2], np.zeros(2), rtol=0.0, atol=1e-6, name="the two smallest eigenvalues")
    expect_close(bool(sizes[2] > 1e-3), True, name="a third that is not 0")


@pytest.mark.property
def test_row_is_left_alone(student, rng):
    """The row holds the same numbers after the call."""
    x = rng.normal(1.0, 2.0, 8)
    for row in (x, x[:1], x[::2], np.full(4, 3.0)):
        expect_left_alone(student.ln_jacobian, x=row)
    for row in (x.astype(np.float32), np.where(x > 1.0, x, np.nan)):
        expect_left_alone(student.ln_jacobian, may_refuse=True, x=row)


@pytest.mark.parametrize("layout", ["read-only", "every second"])
def test_memory_layout(student, rng, layout):
    """A row that cannot be written to, or that has gaps."""
    x = rng.normal(1.0, 2.0, 8)
    if layout == "read-only":
        x.flags.writeable = False  # public: how anybody makes an array read-only
    else:
        x = x[::2]
    expect_jacobian(student, x)
