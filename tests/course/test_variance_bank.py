"""The promises of the exercises on variance: their bank and their suites."""

import itertools

import numpy as np
import pytest
import torch

from grader_tests.m1_l04_variance_and_std import misconceptions as bank_module
from nbjudge.suite.implementation import load_bank
from solutions import m1_l04_variance_and_std as solution
from tests.judging import named, paid

SLUG = "m1_l04_variance_and_std"
BANK = load_bank(SLUG)
EXERCISES = ["variance_two_pass", "Welford", "merge_stats", "rescale_to"]
EMPTY = (0, 0.0, 0.0)

# NaN, infinity and 0/0 are what some of these wrong answers are about.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


class _Zeros:
    n, mean, var = 0, 0.0, 0.0

    def update(self, v):
        self.n += 1


class _LastNumber(_Zeros):
    def update(self, v):
        self.n, self.mean = self.n + 1, v


CHEATERS = {
    "variance_two_pass": {
        "zeros": lambda x, axis=-1, ddof=0: np.zeros_like(x.sum(axis)),
        "a constant": lambda x, axis=-1, ddof=0: np.full_like(x.sum(axis), 0.5),
        "the input": lambda x, axis=-1, ddof=0: x,
        "the first entries": lambda x, axis=-1, ddof=0: np.take(x, 0, axis),
        "the mean": lambda x, axis=-1, ddof=0: x.mean(axis),
    },
    "Welford": {"zeros": _Zeros, "the last number": _LastNumber},
    "merge_stats": {
        "zeros": lambda a, b: EMPTY,
        "a constant": lambda a, b: (5, 1.0, 2.0),
        "the first": lambda a, b: a,
        "the second": lambda a, b: b,
        "the sum": lambda a, b: tuple(x + y for x, y in zip(a, b, strict=True)),
    },
    "rescale_to": {
        "zeros": lambda x, mean, std, eps=0.0, axis=-1: np.zeros_like(x),
        "a constant": lambda x, mean, std, eps=0.0, axis=-1: np.full_like(x, 0.5),
        "the input": lambda x, mean, std, eps=0.0, axis=-1: x,
        "the wanted mean": lambda x, mean, std, eps=0.0, axis=-1: (0 * x + mean).astype(x.dtype),
        "no statistics": lambda x, mean, std, eps=0.0, axis=-1: (x * std + mean).astype(x.dtype),
    },
}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_cheap_answers_earn_nothing(exercise):
    assert paid(SLUG, exercise, CHEATERS[exercise]) == []


def test_variants_without_switches_are_the_solutions():
    rng = np.random.default_rng(1)
    for dtype, axis in itertools.product(["float64", "float32"], [0, 1, -1]):
        x = rng.normal(3.0, 2.0, (4, 3, 5)).astype(dtype)
        for name, args in [("variance_two_pass", (axis, 1)), ("rescale_to", (2.0, 3.0, 0.1, axis))]:
            expected = getattr(solution, name)(x, *args)
            actual = getattr(bank_module, f"{name}_variant")(x, *args)
            assert actual.dtype == expected.dtype
            # The variants divide a sum where the solution takes a mean.
            roundings = 8 * float(np.finfo(dtype).eps) * np.abs(expected).max()
            np.testing.assert_allclose(actual, expected, rtol=0, atol=roundings)
    groups = [(3, 1.0, 2.0), (5, -4.0, 0.5), EMPTY]
    for a, b in itertools.product(groups, groups):
        assert bank_module.merge_stats_variant(a, b) == solution.merge_stats(a, b)
    streams = solution.Welford(), bank_module.Welford_variant()
    for value in rng.normal(1e6, 1.0, 20):
        for stream in streams:
            stream.update(value)
    assert streams[0].var == streams[1].var
    assert streams[0].mean == streams[1].mean


def test_right_answers_agree_with_torch():
    rng = np.random.default_rng(2)
    x, mean, std = rng.normal(3.0, 2.0, (4, 3, 7)), rng.normal(size=7), rng.normal(size=7)
    tensors = [torch.from_numpy(a) for a in (x, mean, std)]
    variance = tensors[0].var(1, correction=1).numpy()
    rescaled = torch.nn.functional.layer_norm(tensors[0], (7,), tensors[2], tensors[1], eps=0.02)
    for code in [solution.variance_two_pass, *BANK.alternatives["variance_two_pass"].values()]:
        np.testing.assert_allclose(code(x, 1, 1), variance, rtol=1e-12)
    for code in [solution.rescale_to, *BANK.alternatives["rescale_to"].values()]:
        actual = code(x, mean, std, 0.02)
        np.testing.assert_allclose(actual, rescaled.numpy(), rtol=0, atol=1e-12)


def test_streams_and_merges_agree_with_torch():
    values = torch.from_numpy(np.random.default_rng(3).normal(50.0, 2.0, 30))
    mean, variance = values.mean().item(), values.var(correction=0).item()
    parts = [
        (len(p), p.mean().item(), p.var(correction=0).item() * len(p))
        for p in (values[:8], values[8:])
    ]
    for make in [solution.Welford, *BANK.alternatives["Welford"].values()]:
        stream = make()
        for value in values.tolist():
            stream.update(value)
        assert (stream.n, stream.mean, stream.var) == pytest.approx((30, mean, variance), rel=1e-12)
    for merge in [solution.merge_stats, *BANK.alternatives["merge_stats"].values()]:
        assert merge(*parts) == pytest.approx((30, mean, variance * 30), rel=1e-12)


def _sample_variance(x, axis=-1, ddof=0):
    return torch.from_numpy(x).var(axis).numpy()[()]


def _shortcut(x, axis=-1, ddof=0):
    return ((x**2).sum(axis) - x.sum(axis) ** 2 / x.shape[axis]) / (x.shape[axis] - ddof)


class _TwiceTheOldMean:
    def __init__(self):
        self.n, self.mean, self._m2 = 0, 0.0, 0.0

    def update(self, v):
        self.n += 1
        self._m2 += (v - self.mean) ** 2
        self.mean = ((self.n - 1) * self.mean + v) / self.n

    var = property(lambda self: self._m2 / self.n if self.n else float("nan"))


def _pooled(a, b):
    n = a[0] + b[0]
    return (n, (a[0] * a[1] + b[0] * b[1]) / n, a[2] + b[2]) if n else EMPTY


def _both_forgotten(x, mean, std, eps=1e-5, axis=-1):
    return std**2 * (x - x.mean(axis, keepdims=True)) / x.std(axis, keepdims=True) + mean


@pytest.mark.parametrize(
    ("exercise", "code", "ids"),
    [
        ("variance_two_pass", _sample_variance, {"unbiased-variance"}),
        ("variance_two_pass", _shortcut, {"one-pass-variance"}),
        ("Welford", _TwiceTheOldMean, {"old-mean-twice"}),
        ("merge_stats", _pooled, {"no-delta-term"}),
        ("rescale_to", _both_forgotten, {"std-as-variance", "eps-omitted"}),
    ],
)
def test_mistake_is_named_however_it_is_written(exercise, code, ids):
    assert named(SLUG, exercise, code) == [ids]
