"""The promises of the exercises on zero mean: their bank and their suites."""

# ruff: noqa: N803, N806 - W is named as in the exercise

import numpy as np
import pytest
import torch

from grader_tests.m1_l02_zero_mean import misconceptions as bank_module
from nbjudge.suite.implementation import load_bank
from solutions import m1_l02_zero_mean as solution
from tests.judging import failed, named, outcomes, paid, refusals

SLUG = "m1_l02_zero_mean"
BANK = load_bank(SLUG)
EXERCISES = ["center", "center_backward", "masked_center", "fold_centering"]

# NaN and infinity are what some of these wrong answers are about.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


CHEATERS = {
    "center": {
        "zeros": lambda x, axis=-1: np.zeros_like(x),
        "a constant": lambda x, axis=-1: np.full_like(x, 0.5),
        "the input": lambda x, axis=-1: x,
        "the mean": lambda x, axis=-1: 0 * x + x.mean(axis, keepdims=True),
        "ups and downs": lambda x, axis=-1: x - np.roll(x, 1, axis),
    },
    "center_backward": {
        "zeros": lambda dy, axis=-1: np.zeros_like(dy),
        "a constant": lambda dy, axis=-1: np.full_like(dy, 0.5),
        "the input turned": lambda dy, axis=-1: -dy,
        "ups and downs": lambda dy, axis=-1: dy - np.roll(dy, 1, axis),
    },
    "masked_center": {
        "zeros": lambda x, mask: np.zeros_like(x),
        "the input": lambda x, mask: x,
        "the real tokens": lambda x, mask: np.where(mask[..., None], x, 0).astype(x.dtype),
        "the mask": lambda x, mask: np.repeat(mask[..., None], x.shape[2], 2).astype(x.dtype),
    },
    "fold_centering": {
        "zeros": lambda W, b: (np.zeros_like(W), np.zeros_like(b)),
        "the input": lambda W, b: (W, b),
        "swapped": lambda W, b: (b, W),
        "one array": lambda W, b: W,
    },
}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_cheap_answers_earn_nothing(exercise):
    assert paid(SLUG, exercise, CHEATERS[exercise]) == []


def draw_masked(rng, dtype):
    x, mask = rng.normal(3.0, 2.0, (3, 4, 5)).astype(dtype), rng.random((3, 4)) < 0.6
    x[~mask] = np.nan
    return x, mask


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_variants_without_switches_are_the_solutions(dtype):
    rng = np.random.default_rng(1)
    x, mask = draw_masked(rng, dtype)
    calls = [("masked_center", (x, mask))]
    for axis in (0, 1, -1):
        calls.append(("center", (rng.normal(3.0, 2.0, (4, 3, 5)).astype(dtype), axis)))
        calls.append(("center_backward", calls[-1][1]))
    calls.append(("fold_centering", tuple(rng.normal(size=s).astype(dtype) for s in [(4, 3), 4])))
    for name, args in calls:
        expected = getattr(solution, name)(*args)
        actual = getattr(bank_module, f"{name}_variant")(*args)
        for a, e in zip(actual, expected, strict=True):
            assert a.dtype == e.dtype == np.dtype(dtype)
            np.testing.assert_array_equal(a, e)


def test_gradient_is_that_of_torch():
    rng = np.random.default_rng(2)
    x, dy = (torch.from_numpy(rng.normal(size=(4, 3, 5))) for _ in range(2))
    for axis in (0, 1, -1):
        leaf = x.clone().requires_grad_()
        (leaf - leaf.mean(axis, keepdim=True)).backward(dy)
        for code in [solution.center_backward, *BANK.alternatives["center_backward"].values()]:
            np.testing.assert_allclose(code(dy.numpy(), axis), leaf.grad.numpy(), atol=1e-12)


def test_folded_map_makes_torchs_layer_norm_of_its_root_mean_square():
    rng = np.random.default_rng(3)
    W, b, x = rng.normal(1.0, 1.0, (6, 4)), rng.normal(2.0, 1.0, 6), rng.normal(size=(5, 4))
    outputs = torch.nn.functional.linear(*(torch.from_numpy(a) for a in (x, W, b)))
    expected = torch.nn.functional.layer_norm(outputs, (6,), eps=0.02).numpy()
    for code in [solution.fold_centering, *BANK.alternatives["fold_centering"].values()]:
        weights, bias = (torch.from_numpy(np.ascontiguousarray(a)) for a in code(W, b))
        folded = torch.nn.functional.linear(torch.from_numpy(x), weights, bias)
        divisor = (folded.square().mean(-1, keepdim=True) + 0.02).sqrt()
        np.testing.assert_allclose((folded / divisor).numpy(), expected, atol=1e-12)


def test_masked_means_are_those_of_numpys_masked_arrays():
    x, mask = draw_masked(np.random.default_rng(4), "float64")
    hidden = np.ma.masked_array(x, np.repeat(~mask[..., None], 5, axis=2))
    expected = (hidden - hidden.mean(axis=1, keepdims=True)).filled(0)
    for code in [solution.masked_center, *BANK.alternatives["masked_center"].values()]:
        np.testing.assert_allclose(code(x, mask), expected, atol=1e-12)


# Mistakes as somebody else writes them, and right answers put together in other ways.


def _mean_by_sum_over_all_places(x, mask):
    mean = np.nansum(np.where(mask[..., None], x, 0), axis=1) / x.shape[1]
    out = np.zeros_like(x)
    for k, valid in enumerate(mask):
        out[k, valid] = x[k, valid] - mean[k]
    return out


def _multiplied(x, mask):
    m = mask[..., None].astype(x.dtype)
    mean = (x * m).sum(1, keepdims=True) / np.maximum(m.sum(1, keepdims=True), 1)
    return (x - mean) * m


def _multiplied_in_the_sum(x, mask):
    m = mask[..., None].astype(x.dtype)
    mean = np.einsum("bsd,bsx->bd", x, m) / np.maximum(m.sum(1), 1)
    return np.where(m == 1, x - mean[:, None], 0).astype(x.dtype)


def _multiplied_at_the_end(x, mask):
    result = np.empty_like(x)
    for k, valid in enumerate(mask):
        mean = x[k, valid].sum(0) / max(valid.sum(), 1)
        result[k] = (x[k] - mean) * valid[:, None]
    return result


def _by_the_longest(x, mask):
    total = np.where(mask[..., None], x, 0).sum(1, keepdims=True)
    longest = max(mask.sum(1).max(initial=0), 1)
    return np.where(mask[..., None], x - total / longest, 0).astype(x.dtype)


def _rows_and_bias(W, b):
    return (W.T - W.T.mean(0)).T, b - b.sum() / len(b)


def _no_path(dy, axis=-1):
    return dy.copy()


def _sum_and_in_place(dy, axis=-1):
    dy -= dy.sum(axis, keepdims=True)
    return dy


@pytest.mark.parametrize(
    ("exercise", "code", "ids"),
    [
        ("center", lambda x, axis=-1: x - np.median(x, axis)[..., None], None),
        ("center", lambda x, axis=-1: (x.T - x.T.mean(axis=0)).T, {"axis-ignored"}),
        ("center", lambda x, axis=-1: (x - x.mean()).astype(x.dtype), {"whole-tensor"}),
        ("center_backward", _no_path, {"identity-grad"}),
        ("masked_center", _mean_by_sum_over_all_places, {"divides-by-s"}),
        ("masked_center", _multiplied, {"mask-multiplies-nan"}),
        ("masked_center", _multiplied_in_the_sum, {"nan-in-the-sum"}),
        ("masked_center", _multiplied_at_the_end, {"nan-at-the-end"}),
        ("masked_center", lambda x, m: solution.masked_center(x, ~m), {"mask-inverted"}),
        ("fold_centering", _rows_and_bias, {"centers-rows"}),
        ("fold_centering", lambda W, b: (solution.center(W, 0), b * 0), {"bias-dropped"}),
    ],
)
def test_mistake_is_named_however_it_is_written(exercise, code, ids):
    assert named(SLUG, exercise, code) == ([ids] if ids else [])


@pytest.mark.parametrize(
    ("exercise", "code"),
    [
        ("center", lambda x, axis=-1: x - x.mean(axis=axis, keepdims=True) + 1),
        ("center", lambda x, axis=-1: x.mean(axis=axis, keepdims=True) - x),
        ("center", lambda x, axis=-1: x / x.sum(axis=axis, keepdims=True)),
        ("center_backward", lambda dy, axis=-1: 0 * dy),
        ("masked_center", lambda x, mask: x[mask]),
        ("masked_center", _by_the_longest),
        ("fold_centering", lambda W, b: (W - W.max(0), b - b.max())),
    ],
)
def test_mistake_that_nobody_described_has_no_name(exercise, code):
    assert named(SLUG, exercise, code) == []


def _in_place(exercise, applies, part=0):
    """Write the result of the solution into an argument where `applies` says so."""

    def code(*args, **kwargs):
        results = getattr(solution, exercise)(*args, **kwargs)
        if applies(*args) and args[part].flags.writeable:
            args[part][...] = results[part] if isinstance(results, tuple) else results
        return results

    return code


def _repairs_padding(x, mask):
    result = solution.masked_center(x, mask)
    if x.flags.writeable:
        np.nan_to_num(x, copy=False)
    return result


def _repairs_mask(x, mask):
    result = solution.masked_center(x, mask)
    if mask.flags.writeable:
        mask[~mask.any(axis=1)] = True
    return result


def _rows_in_memory(x, mask):
    return solution.masked_center(x.ravel(order="K").reshape(x.shape), mask)


def _last_axis_of_four(x, axis=-1):
    return solution.center(x, axis if x.ndim < 4 else -1)


def _batch_of_one(x, axis=-1):
    return x - x.mean() if len(x) == 1 and x.ndim > 1 else solution.center(x, axis)


def _some_inputs(W, b):
    weights, bias = solution.fold_centering(W, b)
    weights[:, 64:] = W[:, 64:]
    return weights, bias


def _is_float32(array, *_):
    return array.dtype == np.float32


def _widened(ndim):
    def code(x, axis=-1):
        result = solution.center(x, axis)
        return result.astype(float) if x.ndim == ndim else result

    return code


RARELY_WRONG = {
    "center": {
        "in place in float32": _in_place("center", _is_float32),
        "float64 for one axis": _widened(1),
        "float64 for three axes": _widened(3),
        "last axis of four": _last_axis_of_four,
        "batch of one": _batch_of_one,
    },
    "center_backward": {
        "in place in float32": _in_place("center_backward", _is_float32),
        "float64 for one axis": _widened(1),
        "float64 for three axes": _widened(3),
        "last axis of four": _last_axis_of_four,
        "batch of one": _batch_of_one,
    },
    "masked_center": {
        "in place in float32": _in_place("masked_center", _is_float32),
        "repairs the padding": _repairs_padding,
        "repairs the mask": _repairs_mask,
        "rows as they lie in memory": _rows_in_memory,
        "one place": lambda x, m: x.copy() if x.shape[1] == 1 else solution.masked_center(x, m),
    },
    "fold_centering": {
        "weights in place in float32": _in_place("fold_centering", _is_float32),
        "bias in place in float32": _in_place("fold_centering", _is_float32, part=1),
        "some inputs": _some_inputs,
    },
}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_answer_that_is_rarely_wrong_is_refused(exercise):
    for key, result in outcomes(SLUG, exercise, RARELY_WRONG[exercise]).items():
        assert failed(result), key


MEANS = {
    "mean": lambda y: y.mean(-1, keepdims=True),
    "None": lambda y: np.mean(y, -1)[..., None],
    "sum / n": lambda y: y.sum(-1, keepdims=True) / y.shape[-1],
    "sum * (1 / n)": lambda y: y.sum(-1, keepdims=True) * (1.0 / y.shape[-1]),
    "shifted": lambda y: y[..., :1] + (y - y[..., :1]).mean(-1, keepdims=True),
    "product": lambda y: y @ np.full((y.shape[-1], 1), 1 / y.shape[-1], y.dtype),
    "einsum": lambda y: np.einsum("...i->...", y)[..., None] / y.shape[-1],
    "loop": lambda y: sum(y[..., i : i + 1] for i in range(y.shape[-1])) / y.shape[-1],
    "shares": lambda y: (y / y.shape[-1]).sum(-1, keepdims=True),
    "average": lambda y: np.average(y, axis=-1, keepdims=True),
    "float64": lambda y: y.mean(-1, keepdims=True, dtype=np.float64),
    "longdouble": lambda y: y.astype(np.longdouble).mean(-1, keepdims=True),
}


def _centering(mean):
    def center(x, axis=-1):
        last = np.moveaxis(x, axis, -1)
        return np.moveaxis((last - mean(last)).astype(x.dtype), -1, axis)

    return center


def _masking(mean):
    def masked_center(x, mask):
        result = np.zeros_like(x)
        for k, valid in enumerate(mask):
            if valid.any():
                result[k, valid] = _centering(mean)(x[k, valid], 0)
        return result

    return masked_center


def _folding(mean):
    return lambda W, b: (_centering(mean)(W, 0), _centering(mean)(b))


@pytest.mark.parametrize(
    ("exercise", "make"),
    [
        ("center", _centering),
        ("center_backward", _centering),
        ("masked_center", _masking),
        ("fold_centering", _folding),
    ],
)
def test_no_right_style_loses_a_mark(exercise, make):
    assert refusals(SLUG, exercise, {name: make(mean) for name, mean in MEANS.items()}) == []
