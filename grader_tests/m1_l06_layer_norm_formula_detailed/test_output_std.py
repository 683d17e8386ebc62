"""Hidden suite of `output_std`.

Public cases come first: fixed numbers, with eps small, large, and equal to the
variance. Then single numbers, arrays, both ends of the range, and the arguments.
"""

import numpy as np
import pytest

from grader_tests.m1_l06_layer_norm_formula_detailed.rows import expect_left_alone
from nbjudge.expect import expect_close
from solutions.m1_l06_layer_norm_formula_detailed import output_std

pytestmark = pytest.mark.limits(call_cpu_s=2)

# Right answers agree to 1e-15; no two mistakes of the bank do to 2e-4.
public = pytest.mark.public(rtol=0.0, atol=1e-6)


def expect_std(student, *arguments, **options):
    """Check one call; a handful of roundings are allowed."""
    expected = output_std(*arguments, **options)
    actual = student.output_std(*arguments, **options)
    expect_close(actual, expected, rtol=1e-12)


@public
def test_three_and_four(student):
    """A standard deviation of 3, and eps = 16."""
    expect_std(student, 3.0, 16.0)


@public
def test_some_with_eps_one_quarter(student):
    """Four standard deviations, with eps = 0.25."""
    expect_std(student, np.array([0.5, 2.0, 0.25, 10.0]), eps=0.25)


@public
def test_small_ones_with_the_default_eps(student):
    """Three small standard deviations, and no eps passed."""
    expect_std(student, np.array([0.001, 0.003, 0.01]))


@public
def test_table_with_zero(student):
    """A table of two by two, with a 0 in it, and eps = 0.04."""
    expect_std(student, np.array([[0.0, 0.1], [0.2, 1.5]]), 0.04)


@pytest.mark.weight(2)
@pytest.mark.parametrize("eps", [0.5, 0.01, 1e-5, 1e-12])
def test_numbers(student, rng, eps):
    """Single numbers, as large as the root of eps."""
    for factor in rng.uniform(0.3, 3.0, 3):
        expect_std(student, float(factor * np.sqrt(eps)), eps)


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(5,), (1,), (3, 4), (2, 3, 2)])
def test_arrays(student, rng, shape):
    """Arrays of standard deviations."""
    expect_std(student, rng.uniform(0.0, 2.0, shape), 0.3)


@pytest.mark.weight(2)
def test_default_eps(student, rng):
    """Small standard deviations, with the default eps."""
    expect_std(student, rng.uniform(0.001, 0.01, 6))


@pytest.mark.parametrize("factor", [1e-5, 1e4])
def test_far_from_the_root_of_eps(student, rng, factor):
    """Standard deviations far below the root of eps, or far above."""
    expect_std(student, factor * np.sqrt(1e-5) * rng.uniform(1.0, 3.0, (20, 2)))


def test_eps_by_name(student, rng):
    """Eps by name."""
    expect_std(student, rng.uniform(0.1, 1.0, 3), eps=float(rng.uniform(0.1, 1.0)))


def test_many(student, rng):
    """Many standard deviations."""
    expect_std(student, rng.uniform(0.0, 1.0, 5000), 0.2)


def test_one_call_after_another(student, rng):
    """The same standard deviations, with one eps and then with another."""
    sigma = rng.uniform(0.1, 1.0, 4)
    for eps in (0.7, 0.02):
        expect_std(student, sigma.copy(), eps)
    expect_std(student, 0.01 * sigma)


@pytest.mark.property
def test_zero(student):
    """A constant row: its standard deviation is 0, and stays 0."""
    expect_close(student.output_std(0.0, 0.5), 0.0)
    expect_close(student.output_std(np.zeros(3)), np.zeros(3))


@pytest.mark.property
def test_large_ones_become_one(student, rng):
    """Large standard deviations."""
    sigma = rng.uniform(1e3, 1e6, 4)
    expect_close(student.output_std(sigma), np.ones(4), rtol=0.0, atol=1e-10)


@pytest.mark.property
def test_input_is_left_alone(student, rng):
    """The array sigma holds the same numbers after the call."""

    def call(sigma):
        student.output_std(sigma, 0.3)

    for shape in [(4,), (1,), (3, 4), (2, 3, 4)]:
        sigma = rng.uniform(0.1, 1.0, shape)
        expect_left_alone(call, sigma=sigma)
        expect_left_alone(call, sigma=np.where(sigma < 0.6, 0.0, sigma))
        expect_left_alone(call, sigma=sigma.astype(np.float32), may_refuse=True)
    expect_left_alone(call, sigma=sigma[..., ::2])


@pytest.mark.parametrize("layout", ["read-only", "every second"])
def test_memory_layout(student, rng, layout):
    """Arrays that cannot be written to, or that have gaps."""
    sigma = rng.uniform(0.1, 1.0, 8)
    if layout == "read-only":
        sigma.flags.writeable = False  # public: how anybody makes an array read-only
    else:
        sigma = sigma[::2]
    expect_std(student, sigma, 0.3)
