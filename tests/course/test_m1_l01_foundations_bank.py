"""The promises of the exercises on the mathematical foundations: their bank and their suites."""

import itertools

import numpy as np
import pytest
import torch

from grader_tests.m1_l01_mathematical_foundations import misconceptions as bank_module
from nbjudge.suite.implementation import load_bank
from solutions import m1_l01_mathematical_foundations as solution
from tests.judging import named, paid, refusals

SLUG = "m1_l01_mathematical_foundations"
BANK = load_bank(SLUG)
EXERCISES = ["mean_var_std", "centering_matrix", "numerical_grad", "grad_mean_var"]

# 0/0 and roots of negative numbers are what some of these wrong answers are about.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


CHEATERS = {
    "mean_var_std": {
        "zeros": lambda x, axis=None, ddof=0: (0.0 * x.sum(axis),) * 3,
        "ones": lambda x, axis=None, ddof=0: (0.0 * x.sum(axis) + 1,) * 3,
        "the input": lambda x, axis=None, ddof=0: (x, x, x),
        "the sum": lambda x, axis=None, ddof=0: (x.sum(axis),) * 3,
    },
    "centering_matrix": {
        "zeros": lambda d: np.zeros((d, d)),
        "ones": lambda d: np.ones((d, d)),
        "the identity": np.eye,
        "one number": lambda d: np.full((d, d), 0.5),
    },
    "numerical_grad": {
        "zeros": lambda f, x, h=0.0: np.zeros(x.shape),
        "ones": lambda f, x, h=0.0: np.ones(x.shape),
        "the input": lambda f, x, h=0.0: x,
        "the value": lambda f, x, h=0.0: np.full(x.shape, f(x)),
    },
    "grad_mean_var": {
        "zeros": lambda x: (0 * x, 0 * x),
        "ones": lambda x: (0 * x + 1, 0 * x + 1),
        "the input": lambda x: (x, x),
        "shares": lambda x: (x / x.sum(), x / x.sum()),
    },
}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_cheap_answers_earn_nothing(exercise):
    assert paid(SLUG, exercise, CHEATERS[exercise]) == []


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64"])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2)])
def test_statistics_without_switches_are_the_solutions(dtype, axis):
    x = np.random.default_rng(1).normal(30.0, 20.0, (4, 3, 5)).astype(dtype)
    expected = solution.mean_var_std(x, axis, 1)
    for a, e in zip(bank_module.mean_var_std_variant(x, axis, 1), expected, strict=True):
        np.testing.assert_array_equal(a, e, strict=True)


def test_other_variants_without_switches_are_the_solutions():
    rng = np.random.default_rng(2)
    x, f = rng.normal(size=(2, 3)), solution.cube_of_sum(rng.normal(size=(2, 3)))
    calls = [("centering_matrix", (5,)), ("numerical_grad", (f, x)), ("grad_mean_var", (x[0],))]
    for name, args in calls:
        expected = getattr(solution, name)(*args)
        np.testing.assert_array_equal(getattr(bank_module, f"{name}_variant")(*args), expected)


def test_statistics_are_those_of_torch():
    x = np.random.default_rng(3).normal(2.0, 3.0, (4, 3, 5))
    tensor = torch.from_numpy(x)
    for code in [solution.mean_var_std, *BANK.alternatives["mean_var_std"].values()]:
        for axis, ddof in itertools.product([0, 2, (0, 2), (0, 1, 2)], [0, 1]):
            mean, variance, std = code(x, axis, ddof)
            np.testing.assert_allclose(mean, tensor.mean(axis), rtol=1e-12)
            np.testing.assert_allclose(variance, tensor.var(axis, correction=ddof), rtol=1e-12)
            np.testing.assert_allclose(std, tensor.std(axis, correction=ddof), rtol=1e-12)


def test_gradients_are_those_of_torch():
    leaf = torch.from_numpy(np.random.default_rng(4).normal(2.0, 3.0, 7)).requires_grad_()
    (of_mean,) = torch.autograd.grad(leaf.mean(), leaf)
    (of_variance,) = torch.autograd.grad(leaf.var(correction=0), leaf)
    x = leaf.detach().numpy()
    for code in [solution.grad_mean_var, *BANK.alternatives["grad_mean_var"].values()]:
        dmu, dvar = code(x)
        np.testing.assert_allclose(dmu, of_mean, rtol=1e-12)
        np.testing.assert_allclose(dvar, of_variance, rtol=0, atol=1e-12)
    for code in [solution.numerical_grad, *BANK.alternatives["numerical_grad"].values()]:
        slopes = code(lambda v: float(v.var()), x.copy())
        np.testing.assert_allclose(slopes, of_variance, rtol=0, atol=1e-9)


def test_centering_matrix_is_the_projection_off_the_ones():
    ones = torch.ones(6, 1, dtype=torch.float64)
    expected = torch.eye(6, dtype=torch.float64) - ones @ torch.linalg.pinv(ones)
    for code in [solution.centering_matrix, *BANK.alternatives["centering_matrix"].values()]:
        matrix = torch.from_numpy(code(6))
        torch.testing.assert_close(matrix, expected, rtol=0, atol=1e-14)
        assert torch.linalg.matrix_rank(matrix, atol=1e-9) == 5


# Mistakes as somebody else writes them.


def _len_of_x(x, axis=None, ddof=0):
    n = len(x)
    m = np.expand_dims(x.sum(axis) / n, axis if axis is not None else tuple(range(x.ndim)))
    v = ((x - m) ** 2).sum(axis) / (n - ddof)
    return x.sum(axis) / n, v, v**0.5


def _shortcut(x, axis=None, ddof=0):
    n = x.size // np.size(x.sum(axis))
    v = ((x * x).sum(axis) - x.sum(axis) ** 2 / n) / (n - ddof)
    return x.sum(axis) / n, v, np.sqrt(v)


def _forward(f, x, h=1e-5):
    here, slopes = f(x), []
    for place in np.ndindex(x.shape):
        there = x.copy()
        there[place] += h
        slopes.append((f(there) - here) / h)
    return np.reshape(slopes, x.shape)


def _never_put_back(f, x, h=1e-5):
    slopes = np.zeros_like(x)
    with np.nditer(x, flags=["multi_index"], op_flags=["readwrite"]) as entries:
        for entry in entries:
            entry[...] = entry + h
            above = f(x)
            entry[...] = entry - 2 * h
            slopes[entries.multi_index] = (above - f(x)) / 2 / h
    return slopes


def _forward_never_put_back(f, x, h=1e-5):
    slopes, here = np.zeros(x.shape), f(x)
    for place in np.ndindex(x.shape):
        x[place] = x[place] + h
        slopes[place] = (f(x) - here) / h
    return slopes


def _by_len(f, x, h=1e-5):
    slopes = []
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        slopes.append((f(up) - f(down)) / (2 * h))
    return np.array(slopes)


def _mean_as_subtracted(x, axis=None, ddof=0):
    n = x.size // x.sum(axis).size
    m = x.sum(axis, keepdims=True) / n
    v = ((x - m) ** 2).sum(axis) / (n - ddof)
    return m, v, np.sqrt(v)


def _divided_by_all(x, axis=None, ddof=0):
    m = np.sum(x, axis, keepdims=True) / x.size
    v = np.sum((x - m) ** 2, axis) / (x.size - ddof)
    return np.sum(x, axis) / x.size, v, v**0.5


def _put_back_by_adding(f, x, h=1e-5):
    slopes = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        x[place] += h
        above = f(x)
        x[place] -= 2 * h
        below = f(x)
        x[place] += h
        slopes[place] = (above - below) / (2 * h)
    return slopes


def _one_array(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up = x
        up[place] += h
        down = x
        down[place] -= h
        slopes[place] = (f(up) - f(down)) / (2 * h)
    return slopes


def _half_of_one_side(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up = x
        up[place] += h
        above = f(up)
        down = x
        down[place] -= h
        slopes[place] = (above - f(down)) / (2 * h)
    return slopes


def _own_path(x):
    d = len(x)
    return np.full_like(x, 1 / d), (2 * (x - x.mean()) * (d - 1) / d**2).astype(x.dtype)


def _outer_of_unit(d):
    return np.eye(d) - np.outer(np.ones(d), np.ones(d) / np.linalg.norm(np.ones(d)))


@pytest.mark.parametrize(
    ("exercise", "code", "ids"),
    [
        ("mean_var_std", _len_of_x, {"len-of-x"}),
        ("mean_var_std", _shortcut, {"one-pass-variance"}),
        (
            "mean_var_std",
            lambda x, axis=None, ddof=0: (x.mean(axis), x.var(axis), x.std(axis)),
            {"ddof-ignored"},
        ),
        (
            "mean_var_std",
            lambda x, axis=None, ddof=0: (np.mean(x), np.var(x, ddof=ddof), np.std(x, ddof=ddof)),
            {"whole-array"},
        ),
        ("centering_matrix", lambda d: np.full((d, d), 1 / d), {"projects-on-mean"}),
        ("centering_matrix", _outer_of_unit, {"length-not-squared"}),
        ("centering_matrix", lambda d: np.full((d, d), 1.0 / d) - np.eye(d), {"sign-turned"}),
        ("mean_var_std", _mean_as_subtracted, {"mean-keeps-its-axis"}),
        ("mean_var_std", _divided_by_all, {"size-of-x"}),
        ("numerical_grad", _forward, {"forward-difference"}),
        ("numerical_grad", _forward_never_put_back, {"forward-difference", "no-restore"}),
        ("numerical_grad", _by_len, {"one-slope-per-row"}),
        (
            "numerical_grad",
            lambda f, x, h=1e-5: (f(x + h) - f(x - h)) / (2 * h),
            {"one-number-for-all"},
        ),
        ("numerical_grad", _never_put_back, {"no-restore"}),
        ("numerical_grad", _put_back_by_adding, {"x-left-changed"}),
        ("numerical_grad", _one_array, {"one-array-two-names"}),
        ("grad_mean_var", _own_path, {"own-share-only"}),
        (
            "grad_mean_var",
            lambda x: (np.full_like(x, 1 / x.size), (2 / x.size) * x),
            {"mu-constant-factor"},
        ),
    ],
)
def test_mistake_is_named_however_it_is_written(exercise, code, ids):
    assert named(SLUG, exercise, code) == [ids]


def _steps_relative(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down, step = x.copy(), x.copy(), h * max(1.0, abs(x[place]))
        up[place] += step
        down[place] -= step
        slopes[place] = (f(up) - f(down)) / (2 * step)
    return slopes


@pytest.mark.parametrize(
    ("exercise", "code"),
    [
        ("mean_var_std", lambda x, axis=None, ddof=0: (x.max(axis), x.var(axis), x.std(axis))),
        ("mean_var_std", lambda x, axis=None, ddof=0: (np.median(x, axis), x.var(axis), 1.0)),
        ("mean_var_std", lambda x, axis=None, ddof=0: None),
        ("mean_var_std", lambda x, axis=None, ddof=0: [x.mean(axis), x.var(axis), x.std(axis)]),
        ("centering_matrix", lambda d: np.zeros((d, d))),
        ("centering_matrix", lambda d: np.eye(d) + np.ones((d, d)) / d),
        ("numerical_grad", lambda f, x, h=1e-5: np.zeros(x.shape)),
        ("numerical_grad", _steps_relative),
        ("grad_mean_var", lambda x: (0 * x, 0 * x)),
        ("grad_mean_var", lambda x: (np.full_like(x, 1 / x.size), x.mean() * x)),
    ],
)
def test_mistake_that_nobody_described_has_no_name(exercise, code):
    assert named(SLUG, exercise, code) == []


def test_unknown_values_are_not_explained_by_what_happened_to_x():
    # That x was computed back is true; it is not why the slopes are half as large.
    assert named(SLUG, "numerical_grad", _half_of_one_side) in ([], [{"x-left-changed"}])


# Right answers put together from how people write each step.

MEANS = {
    "mean": lambda y: y.mean(-1, keepdims=True),
    "sum / n": lambda y: y.sum(-1, keepdims=True) / y.shape[-1],
    "sum * (1 / n)": lambda y: y.sum(-1, keepdims=True) * (1.0 / y.shape[-1]),
    "shifted": lambda y: y[..., :1] + (y - y[..., :1]).mean(-1, keepdims=True),
    "product": lambda y: y @ np.full((y.shape[-1], 1), 1 / y.shape[-1], y.dtype),
    "einsum": lambda y: np.einsum("...i->...", y)[..., None] / y.shape[-1],
    "loop": lambda y: sum(y[..., i : i + 1] for i in range(y.shape[-1])) / y.shape[-1],
    "float64": lambda y: y.mean(-1, keepdims=True, dtype=np.float64),
    "longdouble": lambda y: y.astype(np.longdouble).mean(-1, keepdims=True),
}
SQUARES = {
    "sum": lambda c: np.square(c).sum(-1),
    "dot": lambda c: np.einsum("...i,...i->...", c, c),
    "norm": lambda c: np.linalg.norm(c, axis=-1) ** 2,
    "product": lambda c: (c[..., None, :] @ c[..., :, None])[..., 0, 0],
    "loop": lambda c: sum(c[..., i] * c[..., i] for i in range(c.shape[-1])),
    "centered again": lambda c: np.square(c - c.mean(-1, keepdims=True)).sum(-1),
}
ROOTS = {"sqrt": np.sqrt, "power": lambda v: v**0.5}


def _statistics(mean, squares, root):
    def mean_var_std(x, axis=None, ddof=0):
        dtype = x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)
        axes = tuple(range(x.ndim)) if axis is None else tuple(np.atleast_1d(axis).tolist())
        last = np.moveaxis(x, axes, range(-len(axes), 0))
        rows = last.reshape(*last.shape[: x.ndim - len(axes)], -1).astype(dtype)
        m = mean(rows)
        v = squares((rows - m) if rows.shape[-1] else rows) / (rows.shape[-1] - ddof)
        return tuple(np.asarray(a).astype(dtype)[()] for a in (m[..., 0], v, root(v)))

    return mean_var_std


def test_no_right_style_of_statistics_loses_a_mark():
    styles = itertools.product(MEANS, SQUARES, ROOTS)
    right = {s: _statistics(MEANS[s[0]], SQUARES[s[1]], ROOTS[s[2]]) for s in styles}

    assert refusals(SLUG, "mean_var_std", right, [b"styles"]) == []


@pytest.mark.parametrize("name", MEANS)
def test_no_right_style_of_gradients_loses_a_mark(name):
    def grad_mean_var(x):
        slopes = (x - MEANS[name](x)) * 2 / len(x)
        return (np.ones_like(x) / len(x), slopes.astype(x.dtype))

    assert refusals(SLUG, "grad_mean_var", {name: grad_mean_var}) == []


POINTS = {
    "copies": lambda x, k, h: (_moved(x, k, h), _moved(x, k, -h)),
    "directions": lambda x, k, h: (x + h * _direction(x, k), x - h * _direction(x, k)),
    "lists": lambda x, k, h: (np.array(_moved(x, k, h).tolist()), _moved(x, k, -h)),
    "one from the other": lambda x, k, h: (_moved(x, k, h), _moved(_moved(x, k, h), k, -2 * h)),
}
QUOTIENTS = {
    "2h": lambda a, b, h: (a - b) / (2 * h),
    "twice": lambda a, b, h: (a - b) / 2 / h,
    "half": lambda a, b, h: 0.5 * (a - b) / h,
    "each": lambda a, b, h: a / (2 * h) - b / (2 * h),
    "reciprocal": lambda a, b, h: (a - b) * (1 / (h + h)),
}


def _moved(x, place, step):
    moved = np.array(x)
    moved[place] += step
    return moved


def _direction(x, place):
    return _moved(np.zeros(x.shape), place, 1.0)


def _slopes(points, quotient):
    def numerical_grad(f, x, h=1e-5):
        result = np.empty(x.shape)
        for place in np.ndindex(x.shape):
            above, below = (f(point) for point in points(x, place, h))
            result[place] = quotient(above, below, h)
        return result

    return numerical_grad


def test_no_right_style_of_slopes_loses_a_mark():
    styles = itertools.product(POINTS, QUOTIENTS)
    right = {(p, q): _slopes(POINTS[p], QUOTIENTS[q]) for p, q in styles}

    assert refusals(SLUG, "numerical_grad", right) == []
