"""Hidden suite of `numerical_grad`.

Public cases come first. They use the example function of the lesson's setup cell,
so that a notebook can repeat them; hidden cases lend functions of their own. What
is expected is a central difference with the step that the caller named: for a
large step that is another number than the gradient.
"""

import numpy as np
import pytest

from nbjudge.expect import expect_close, expect_unchanged
from solutions.m1_l01_mathematical_foundations import cube_of_sum, numerical_grad

pytestmark = pytest.mark.limits(call_cpu_s=3)

# Rounding divided by the default step is about 1e-10 here; forward differences are 2e-5 off.
# Some entries are tenths: x + h - h is then not always x, which tells who computes x back.
public = pytest.mark.public(rtol=0.0, atol=1e-6)

H = 1e-5


def expect_gradient(student, f, x, *, h=None):
    """Check one call; without `h` the default is used.

    The tolerance is what any right way may lose: sums in another order change the
    values of `f` by a few roundings, a step added to `x` is rounded to the digits of
    `x`, and both are divided by the step.
    """
    step = H if h is None else h
    expected = numerical_grad(f, x, step)
    size = abs(f(x)) + np.abs(x).max() * np.abs(expected).sum() + step * np.abs(expected).sum()
    atol = 32 * np.finfo(np.float64).eps * size / step
    options = {} if h is None else {"h": h}
    actual = student.numerical_grad(f, x, **options)
    expect_close(actual, expected, rtol=0.0, atol=atol)


def real(v):
    """Return what a function is asked for as float64, and refuse what is not real."""
    if np.iscomplexobj(v):
        raise TypeError("f takes real numbers only")
    return np.asarray(v, np.float64)


def quadratic(rng, shape):
    """Return a function whose slopes depend on all entries: every pair has a product."""
    size = int(np.prod(shape))
    table, linear = rng.normal(0.0, 1.0, (size, size)), rng.normal(0.0, 1.0, size)
    return lambda v: float(real(v).ravel() @ table @ real(v).ravel() + linear @ real(v).ravel())


def cubic(rng, shape):
    """Return a function that curves differently on both sides."""
    weights = rng.uniform(0.5, 2.0, shape)
    return lambda v: float((weights * real(v) ** 3).sum())


def expect_public(student, weights, x, **options):
    """Check one call with the example function and a fixed tolerance."""
    weights = np.array(weights)
    expected = numerical_grad(cube_of_sum(weights), x, **options)
    f = student.cube_of_sum(weights)
    expect_close(student.numerical_grad(f, x, **options), expected, rtol=0.0, atol=1e-6)


@public
def test_worked_example(student):
    """The cube of x[0] + 2 * x[1] at (1, 0.5), with h = 0.25."""
    expect_public(student, [1.0, 2.0], np.array([1.0, 0.5]), h=0.25)


@public
def test_three_entries(student):
    """The cube of 2 * x[0] - x[1] + 0.5 * x[2], with h = 0.5."""
    expect_public(student, [2.0, -1.0, 0.5], np.array([0.9, 0.3, -1.5]), h=0.5)


@public
def test_default_step(student):
    """Three entries, with the default h."""
    expect_public(student, [1.0, -2.0, 3.0], np.array([0.7, 0.3, 1.1]))


@public
def test_default_step_again(student):
    """Two other entries, with the default h."""
    expect_public(student, [2.0, 1.5], np.array([1.3, 0.9]))


@public
def test_table(student):
    """A table of two rows and three columns, with h = 0.25."""
    x = np.array([[0.9, 0.5, -1.0], [0.3, 0.0, 1.5]])
    expect_public(student, [[1.0, 2.0, 0.5], [-1.0, 3.0, 1.5]], x, h=0.25)


@public
def test_square_table(student):
    """A table of two rows and two columns, with the default h."""
    x = np.array([[0.3, 1.1], [0.7, -0.9]])
    expect_public(student, [[1.0, -0.5], [2.0, 1.5]], x)


# Slopes of functions whose slopes are known.


@pytest.mark.weight(2)
@pytest.mark.parametrize("count", [1, 2, 7])
def test_linear_function(student, rng, count):
    """A function with the same slope everywhere."""
    slopes = rng.normal(0.0, 2.0, count)
    expect_gradient(student, lambda v: float(slopes @ real(v)), rng.normal(0.0, 1.0, count))


@pytest.mark.weight(3)
@pytest.mark.parametrize("count", [1, 2, 6])
def test_quadratic_function(student, rng, count):
    """A function with products of all pairs of entries."""
    expect_gradient(student, quadratic(rng, count), rng.normal(0.0, 1.0, count))


@pytest.mark.weight(3)
@pytest.mark.parametrize("name", ["exp", "sin", "tanh"])
def test_smooth_function(student, rng, name):
    """A function that curves, with the default step."""
    inner = getattr(np, name)
    weights = rng.uniform(0.5, 2.0, 5)
    f = lambda v: float((weights * inner(real(v))).sum())  # noqa: E731 - lent as it stands
    expect_gradient(student, f, rng.uniform(0.2, 1.2, 5))


@pytest.mark.weight(2)
def test_default_step_where_it_shows(student, rng):
    """A function that curves so strongly that the default step can be seen."""
    waves = rng.uniform(250.0, 350.0, 3)
    expect_gradient(student, lambda v: float(np.sin(waves * real(v)).sum()), rng.uniform(0, 1, 3))


@pytest.mark.weight(2)
def test_product_of_all_entries(student, rng):
    """The product of all entries: each slope depends on all others."""
    expect_gradient(student, lambda v: float(np.prod(real(v))), rng.uniform(0.5, 1.5, 4))


@pytest.mark.property
def test_kink(student):
    """The function |x| at its kink: both sides cancel."""
    actual = student.numerical_grad(lambda v: float(np.abs(real(v)).sum()), np.zeros(3))
    expect_close(actual, np.zeros(3), rtol=0.0, atol=1e-12)


# The step.


@pytest.mark.weight(3)
@pytest.mark.parametrize("h", [0.5, 0.125, 1e-3])
def test_step_as_passed(student, rng, h):
    """A cubic function and a large step."""
    expect_gradient(student, cubic(rng, 4), rng.uniform(0.5, 2.0, 4), h=h)


def test_step_by_position(student, rng):
    """The third argument is the step."""
    f, x = cubic(rng, 3), rng.uniform(0.5, 2.0, 3)
    expected = numerical_grad(f, x, 0.25)
    expect_close(student.numerical_grad(f, x, 0.25), expected, rtol=0.0, atol=1e-12)


def test_default_step_after_another(student, rng):
    """No step named, after a call that named a large one."""
    f, x = cubic(rng, 3), rng.uniform(0.5, 2.0, 3)
    student.numerical_grad(f, x, h=0.5)
    expect_gradient(student, f, x)


@pytest.mark.weight(2)
def test_same_step_for_small_and_large_entries(student, rng):
    """Entries of very different sizes, and one that is 0."""
    x = np.array([0.0, 1e-3, 1.0, 50.0]) * rng.uniform(0.5, 1.0, 4)
    expect_gradient(student, cubic(rng, 4), x, h=0.25)


# Shapes.


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(2, 3), (3, 3), (4, 1), (2, 2, 2)])
def test_more_axes(student, rng, shape):
    """Arrays of two and more axes."""
    expect_gradient(student, quadratic(rng, shape), rng.normal(0.0, 1.0, shape))


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(2, 3), (3, 3)])
def test_tables_with_a_large_step(student, rng, shape):
    """Tables, with a step as passed."""
    expect_gradient(student, cubic(rng, shape), rng.uniform(0.5, 2.0, shape), h=0.25)


@pytest.mark.weight(2)
@pytest.mark.parametrize("layout", ["reversed", "every second", "transposed"])
def test_memory_layout(student, rng, layout):
    """Arrays that do not lie in memory row by row."""
    x = rng.normal(0.0, 1.0, (4, 6))
    views = {"reversed": x[::-1, ::-1], "every second": x[::2, ::2], "transposed": x.T}
    view = views[layout]
    expect_gradient(student, quadratic(rng, view.shape), view)


def test_many_entries(student, rng):
    """A hundred and more entries."""
    slopes = rng.normal(0.0, 1.0, 150)
    f = lambda v: float(slopes @ real(v) ** 2)  # noqa: E731 - lent as it stands
    expect_gradient(student, f, rng.normal(0.0, 1.0, 150))


# Promises that hold for every f and x.


@pytest.mark.property
@pytest.mark.parametrize("shape", [(5,), (2, 3)])
def test_two_calls_for_each_entry(student, rng, shape):
    """How often f is called: twice for each entry."""
    slopes, seen = rng.normal(0.0, 1.0, shape), []

    def f(v):
        seen.append(np.array(real(v)))
        return float((slopes * real(v)).sum())

    student.numerical_grad(f, rng.normal(0.0, 1.0, shape))
    expect_close(len(seen), 2 * slopes.size, name="the number of calls of f")


@pytest.mark.property
@pytest.mark.weight(2)
def test_one_entry_moves_at_a_time(student, rng):
    """Where f is asked: beside x in one entry, by the step, up and down."""
    x, seen = rng.normal(0.0, 1.0, 4), []
    places = np.concatenate([x + 0.25 * np.eye(4), x - 0.25 * np.eye(4)])

    def f(v):
        seen.append(np.array(real(v)))
        return float(seen[-1].sum())

    student.numerical_grad(f, x, h=0.25)
    expect_close(sorted({point.shape for point in seen}), [(4,)], name="the shapes given to f")
    order = np.lexsort(np.round(np.array(seen), 9).T)
    wanted = places[np.lexsort(np.round(places, 9).T)]
    expect_close(np.array(seen)[order], wanted, rtol=0.0, atol=1e-12, name="the points given to f")


@pytest.mark.property
@pytest.mark.parametrize("h", [None, 0.25])
@pytest.mark.parametrize("shape", [(6,), (3, 4), (2, 3, 2)])
def test_x_is_left_alone(student, rng, shape, h):
    """The array x holds the same numbers after the call, to the last bit."""
    x = rng.normal(0.0, 1.0, shape)
    before = x.copy()
    f, options = cubic(rng, shape), {} if h is None else {"h": h}
    student.numerical_grad(f, x, **options)
    expect_unchanged(x, before, name="x")


@pytest.mark.property
def test_result_is_not_x(student, rng):
    """The result is an array of its own: changing it leaves x alone."""
    x = rng.normal(0.0, 1.0, 3)
    before = x.copy()
    actual = student.numerical_grad(lambda v: float(real(v).sum()), x)
    expect_close(actual, np.ones(3), atol=np.inf)
    actual[:] = 7.0
    expect_unchanged(x, before, name="x")
