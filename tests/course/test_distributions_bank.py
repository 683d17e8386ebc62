"""The promises of the exercises on distributions: their bank and their suites."""

import itertools
import math

import numpy as np
import pytest
import torch

from grader_tests.m1_l03_distributions import misconceptions as bank_module
from nbjudge.suite.implementation import load_bank
from solutions import m1_l03_distributions as solution
from tests.judging import failed, named, outcomes, paid, refusals

SLUG = "m1_l03_distributions"
BANK = load_bank(SLUG)
EXERCISES = ["moments", "activation_trace", "drift_score"]

# NaN is what some of these wrong answers are about.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def _four(values):
    return dict(zip(("mean", "var", "skew", "ex_kurt"), values, strict=True))


CHEATERS = {
    "moments": {
        "zeros": lambda x, axis=-1: _four([0 * x.sum(axis)] * 4),
        "a constant": lambda x, axis=-1: _four([0 * x.sum(axis) + 0.5] * 4),
        "a bell curve": lambda x, axis=-1: _four([0 * x.sum(axis) + v for v in (0, 1, 0, 0)]),
        "nothing": lambda x, axis=-1: {},
    },
    "activation_trace": {
        "zeros": lambda x, weights, norm, eps=1e-5: np.zeros((len(weights), 2), x.dtype),
        "zeros and ones": lambda x, weights, norm, eps=1e-5: np.tile(
            np.array([0, 1], x.dtype), (len(weights), 1)
        ),
        "of the input": lambda x, weights, norm, eps=1e-5: np.array(
            [[x.mean(), x.std()]] * len(weights), x.dtype
        ).reshape(-1, 2),
    },
    "drift_score": {
        "zero": lambda a, b, eps=1e-8: 0.0,
        "one": lambda a, b, eps=1e-8: 1.0,
        "same or not": lambda a, b, eps=1e-8: float(not np.array_equal(a, b)),
    },
}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_cheap_answers_earn_nothing(exercise):
    assert paid(SLUG, exercise, CHEATERS[exercise]) == []


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_variants_without_switches_are_the_solutions(dtype):
    rng = np.random.default_rng(1)
    x = rng.normal(3.0, 2.0, (4, 3, 5)).astype(dtype)
    calls = [("moments", (x, axis)) for axis in (0, 1, -1)]
    weights = [rng.normal(size=shape).astype(dtype) for shape in [(3, 4), (4, 2)]]
    calls += [("activation_trace", (x[:, :, 0], weights, norm, 0.3)) for norm in (False, True)]
    calls += [("drift_score", (x[:, :, 0], x[:3, :, 1], 0.2))]
    tolerance = 1e-12 if dtype == "float64" else 2e-5
    for name, args in calls:
        expected = getattr(solution, name)(*args)
        actual = getattr(bank_module, f"{name}_variant")(*args)
        keys = expected if name == "moments" else [...]
        for key in keys:
            a, e = (np.asarray(r)[()] if key is ... else r[key] for r in (actual, expected))
            np.testing.assert_allclose(a, e, rtol=tolerance, atol=tolerance)


def test_trace_is_that_of_torch():
    rng = np.random.default_rng(2)
    x = rng.normal(0.5, 1.0, (7, 5))
    weights = [rng.normal(size=shape) for shape in [(5, 6), (6, 3), (3, 8)]]
    for norm, eps in [(False, 1e-5), (True, 1e-5), (True, 0.4)]:
        h, lines = torch.from_numpy(x), []
        for w in weights:
            z = torch.nn.functional.linear(h, torch.from_numpy(w).T)
            z = torch.nn.functional.layer_norm(z, z.shape[-1:], eps=eps) if norm else z
            lines.append([z.mean().item(), z.std(correction=0).item()])
            h = torch.relu(z)
        for code in [solution.activation_trace, *BANK.alternatives["activation_trace"].values()]:
            np.testing.assert_allclose(code(x, weights, norm, eps), lines, atol=1e-12)


def test_moments_are_those_of_whole_numbers():
    """By exact arithmetic: the row is -6, 1, 1, 4 with the mean 0."""
    row = np.array([-6.0, 1.0, 1.0, 4.0])
    m2, m3, m4 = (sum(v**k for v in (-6, 1, 1, 4)) / 4 for k in (2, 3, 4))
    for code in [solution.moments, *BANK.alternatives["moments"].values()]:
        four = code(row + 8)
        assert (four["mean"], four["var"]) == (8.0, m2)
        assert four["skew"] == pytest.approx(m3 / m2**1.5, rel=1e-12)
        assert four["ex_kurt"] == pytest.approx(m4 / m2**2 - 3, rel=1e-12)


# Mistakes as somebody else writes them, and answers that nobody described.


def _moments_by_std(ddof=0, minus=3, guard=True):
    def moments(x, axis=-1):
        std = np.std(x, axis=axis, ddof=ddof, keepdims=True)
        flat = x.max(axis=axis, keepdims=True) == x.min(axis=axis, keepdims=True)
        z = (x - np.mean(x, axis=axis, keepdims=True)) / (np.where(flat, 1, std) if guard else std)
        flat = np.squeeze(flat, axis) & guard
        return {
            "mean": np.mean(x, axis=axis),
            "var": np.var(x, axis=axis, ddof=ddof),
            "skew": np.where(flat, 0, np.mean(z**3, axis=axis)),
            "ex_kurt": np.where(flat, 0, np.mean(z**4, axis=axis) - minus),
        }

    return moments


def _never_guarded(x, axis=-1):
    """Numbers where `_moments_by_std` has arrays of no axes: both are right."""
    z = (x - x.mean(axis, keepdims=True)) / x.std(axis, keepdims=True)
    return _four([x.mean(axis), x.var(axis), (z**3).mean(axis), (z**4).mean(axis) - 3])


def _guarded_by(is_flat):
    def moments(x, axis=-1):
        std = x.std(axis, keepdims=True)
        z = (x - x.mean(axis, keepdims=True)) / np.where(is_flat(x, std, axis), 1, std)
        z = np.where(is_flat(x, std, axis), 0, z)
        return _four([x.mean(axis), x.var(axis), (z**3).mean(axis), (z**4).mean(axis) - 3])

    return moments


def _ptp_is_0(x, std, axis):
    return np.ptp(x, axis, keepdims=True) == 0


def _std_is_0(x, std, axis):
    return std == 0


def _trace(norm_first=True, spread=np.std, fed=True):
    def activation_trace(x, weights, norm, eps=1e-5):
        out = []
        for w in weights:
            z = np.dot(x, w)
            hat = (z.T - z.mean(1)).T / np.sqrt(z.var(1)[:, None] + eps) if norm else z
            out.append([hat.mean(), spread(hat)] if norm_first else [z.mean(), spread(z)])
            x = np.maximum(0, hat if fed else z)
        return np.array(out).reshape(-1, 2).astype(x.dtype)

    return activation_trace


def _drift(pool, gap=np.abs, root=np.sqrt):
    def drift_score(a, b, eps=1e-8):
        pooled = pool(np.std(a, 0), np.std(b, 0), len(a), len(b))
        return np.mean(gap(np.mean(b, 0) - np.mean(a, 0)) / root(pooled + eps))

    return drift_score


def _half(s, t, n, m):
    return (s * s + t * t) / 2


@pytest.mark.parametrize(
    ("exercise", "code", "ids"),
    [
        ("moments", _moments_by_std(minus=0), {"raw-kurtosis"}),
        ("moments", _moments_by_std(ddof=1), {"unbiased-variance"}),
        ("moments", _moments_by_std(guard=False), {"nan-on-constant"}),
        ("moments", _never_guarded, {"nan-on-constant"}),
        ("moments", _guarded_by(_ptp_is_0), {"minus-three-on-constant"}),
        ("moments", _guarded_by(_std_is_0), {"minus-three-on-constant", "rounding-is-spread"}),
        ("moments", _moments_by_std(ddof=1, minus=0), {"unbiased-variance", "raw-kurtosis"}),
        ("activation_trace", _trace(fed=False), {"norm-not-fed-forward"}),
        ("activation_trace", _trace(norm_first=False), {"recorded-before-norm"}),
        ("activation_trace", _trace(spread=np.var), {"variance-recorded"}),
        ("drift_score", _drift(_half, gap=lambda d: d), {"signed-after-minus-before"}),
        ("drift_score", _drift(_half, gap=lambda d: -d), {"signed"}),
        ("drift_score", _drift(lambda s, t, n, m: s * s), {"no-pooling"}),
        ("drift_score", _drift(lambda s, t, n, m: s * s + t * t), {"variances-summed"}),
        ("drift_score", _drift(_half, root=lambda v: v), {"divide-by-variance"}),
        (
            "drift_score",
            _drift(lambda s, t, n, m: (n * s**2 + m * t**2) / (n + m)),
            {"weighted-by-size"},
        ),
    ],
)
def test_mistake_is_named_however_it_is_written(exercise, code, ids):
    assert named(SLUG, exercise, code) == [ids]


def _wrong(name, change):
    def moments(x, axis=-1):
        four = solution.moments(x, axis)
        return {**four, name: change(four[name])}

    return moments


def _expanded(x, axis=-1):
    """Moments by expanding the powers: right in algebra, and without digits far from 0."""
    e1, e2, e3, e4 = (np.mean(x**k, axis=axis) for k in (1, 2, 3, 4))
    var = e2 - e1**2
    m3, m4 = e3 - 3 * e1 * e2 + 2 * e1**3, e4 - 4 * e1 * e3 + 6 * e1**2 * e2 - 3 * e1**4
    flat = np.ptp(x, axis=axis) == 0
    safe = np.where(flat, 1, var)
    skew = np.where(flat, 0, m3 / safe**1.5)
    return _four([e1, var, skew, np.where(flat, 0, m4 / safe**2 - 3)])


@pytest.mark.parametrize(
    ("exercise", "code"),
    [
        ("moments", _wrong("skew", np.abs)),
        ("moments", _wrong("ex_kurt", lambda k: k + 6)),
        ("moments", _wrong("mean", lambda m: -m)),
        ("moments", _expanded),
        ("activation_trace", lambda x, weights, norm, eps=1e-5: np.zeros((len(weights), 2))),
        ("activation_trace", lambda x, w, norm, eps=1e-5: solution.activation_trace(-x, w, norm)),
        ("drift_score", _drift(_half, gap=np.square)),
        ("drift_score", lambda a, b, eps=1e-8: float(np.median(np.abs(a.mean(0) - b.mean(0))))),
    ],
)
def test_mistake_that_nobody_described_has_no_name_and_no_full_marks(exercise, code):
    assert named(SLUG, exercise, code) == []
    assert all(failed(result) for result in outcomes(SLUG, exercise, {"it": code}).values())


# Right answers put together from how people write each step.

MEANS = {
    "mean": lambda y: y.mean(-1, keepdims=True),
    "None": lambda y: np.mean(y, -1)[..., None],
    "sum / n": lambda y: y.sum(-1, keepdims=True) / y.shape[-1],
    "sum * (1 / n)": lambda y: y.sum(-1, keepdims=True) * (1.0 / y.shape[-1]),
    "product": lambda y: y @ np.full((y.shape[-1], 1), 1 / y.shape[-1], y.dtype),
    "loop": lambda y: sum(y[..., i : i + 1] for i in range(y.shape[-1])) / y.shape[-1],
    "shares": lambda y: (y / y.shape[-1]).sum(-1, keepdims=True),
    "float64": lambda y: y.mean(-1, keepdims=True, dtype=np.float64),
    "longdouble": lambda y: y.astype(np.longdouble).mean(-1, keepdims=True),
}
STANDARDIZED_POWERS = {
    "z": lambda d, v, k, mean: mean((d / np.sqrt(v)) ** k),
    "m / std": lambda d, v, k, mean: mean(d**k) / np.sqrt(v) ** k,
    "m / var": lambda d, v, k, mean: mean(d**k) / v ** (k / 2),
    "products": lambda d, v, k, mean: mean(math.prod([d] * k)) / math.prod([np.sqrt(v)] * k),
    "inverse": lambda d, v, k, mean: mean((d * v**-0.5) ** k),
}
EQUAL = {
    "ptp": lambda y: np.ptp(y, axis=-1, keepdims=True) == 0,
    "max": lambda y: y.max(-1, keepdims=True) == y.min(-1, keepdims=True),
    "first": lambda y: (y == y[..., :1]).all(-1, keepdims=True),
    "close": lambda y: np.ptp(y, axis=-1, keepdims=True) <= 1e-14 * np.abs(y[..., :1]),
}


def _moments(mean, power, equal):
    def moments(x, axis=-1):
        y = np.moveaxis(x, axis, -1)
        flat = equal(y)
        d = y - mean(y)
        variance = mean(d * d)
        safe = np.where(flat, np.ones_like(variance), variance)
        skew, kurtosis = (np.where(flat, 0, power(d, safe, k, mean)) for k in (3, 4))
        excess = np.where(flat, 0, kurtosis - 3)
        return _four([v[..., 0].astype(x.dtype) for v in (mean(y), variance, skew, excess)])

    return moments


def test_no_right_style_of_moments_loses_a_mark():
    styles = {
        (m, p, e): _moments(MEANS[m], STANDARDIZED_POWERS[p], EQUAL[e])
        for m, p, e in itertools.product(MEANS, STANDARDIZED_POWERS, EQUAL)
    }
    chosen = dict(list(styles.items())[::7])
    assert {part for name in chosen for part in name} >= {*MEANS, *STANDARDIZED_POWERS, *EQUAL}
    assert refusals(SLUG, "moments", chosen) == []


SPREADS = {
    "std": np.std,
    "root of var": lambda z: np.var(z) ** 0.5,
    "length": lambda z: np.linalg.norm(z - z.mean()) / np.sqrt(z.size),
    "squares": lambda z: np.sqrt(np.mean(z * z) - np.mean(z) ** 2),
    "flat": lambda z: z.ravel().std(),
}
RELUS = {
    "maximum": lambda z: np.maximum(z, 0),
    "where": lambda z: np.where(z > 0, z, 0),
    "times": lambda z: z * (z > 0),
    "half": lambda z: (z + abs(z)) / 2,
    "clip": lambda z: z.clip(0),
}


def _tracing(mean, spread, relu):
    def activation_trace(x, weights, norm, eps=1e-5):
        trace, h = np.zeros((len(weights), 2), x.dtype), x
        for layer, w in enumerate(weights):
            z = h @ w
            if norm:
                d = z - mean(z)
                z = d / np.sqrt(mean(d**2) + eps)
            trace[layer] = z.mean(), spread(z)
            h = relu(z)
        return trace

    return activation_trace


def test_no_right_style_of_tracing_loses_a_mark():
    styles = {
        (m, s, r): _tracing(MEANS[m], SPREADS[s], RELUS[r])
        for m, s, r in itertools.product(MEANS, SPREADS, RELUS)
    }
    chosen = dict(list(styles.items())[::7])
    assert {part for name in chosen for part in name} >= {*MEANS, *SPREADS, *RELUS}
    assert refusals(SLUG, "activation_trace", chosen) == []


POOLED = {
    "var": lambda a, b: (a.var(0) + b.var(0)) / 2,
    "std squared": lambda a, b: np.std(a, 0) ** 2 / 2 + np.std(b, 0) ** 2 / 2,
    "stack": lambda a, b: np.mean([a.var(0), b.var(0)], axis=0),
    "deviations": lambda a, b: (
        0.5 * (np.mean((a - a.mean(0)) ** 2, 0) + np.mean((b - b.mean(0)) ** 2, 0))
    ),
}
RATIOS = {
    "abs first": lambda d, v: np.mean(np.abs(d) / np.sqrt(v)),
    "abs last": lambda d, v: np.abs(d / np.sqrt(v)).mean(),
    "power": lambda d, v: float(np.average(abs(d) * v**-0.5)),
    "sum": lambda d, v: (
        sum(abs(float(x)) / math.sqrt(y) for x, y in zip(d, v, strict=True)) / len(d)
    ),
    "squares": lambda d, v: np.sqrt(d**2 / v).mean(),
    "as an array": lambda d, v: np.asarray((np.abs(d) / np.sqrt(v)).mean()),
}


def test_no_right_style_of_drift_loses_a_mark():
    def style(pool, ratio):
        return lambda a, b, eps=1e-8: ratio(b.mean(0) - a.mean(0), pool(a, b) + eps)

    styles = {(p, r): style(POOLED[p], RATIOS[r]) for p, r in itertools.product(POOLED, RATIOS)}
    assert refusals(SLUG, "drift_score", styles) == []
