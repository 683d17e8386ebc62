"""The promises of the exercises on the formula in detail: their bank and their suites."""

import itertools

import numpy as np
import pytest
import torch

from grader_tests.m1_l06_layer_norm_formula_detailed import misconceptions as bank_module
from nbjudge.suite.implementation import load_bank
from solutions import m1_l06_layer_norm_formula_detailed as solution
from tests.judging import failed, named, outcomes

SLUG = "m1_l06_layer_norm_formula_detailed"
BANK = load_bank(SLUG)

# NaN, infinity and 0/0 are what some of these wrong answers are about.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def _writing(exercise, place, dtype, axes):
    """Return the solution, but it writes into an argument in one dtype and number of axes only."""

    def code(*args, **kwargs):
        result = getattr(solution, exercise)(*args, **kwargs)
        first, *_ = args
        flat = [a for arg in args for a in (arg if isinstance(arg, tuple) else (arg,))]
        target = flat[place]
        if getattr(first, "dtype", None) == dtype and first.ndim == axes and target.flags.writeable:
            target += np.ones((), dtype)
        return result

    return code


@pytest.mark.parametrize(
    ("exercise", "arguments", "dtypes", "axes"),
    [
        ("output_std", 1, ["float32", "float64"], [1, 2, 3]),
        ("ln_forward", 3, ["float16", "float32", "float64"], [1, 2, 3, 4]),
        ("backward_steps", 3, ["float32", "float64"], [2]),
        ("ln_backward", 4, ["float32", "float64"], [1, 2, 3, 4]),
        ("ln_jacobian", 1, ["float32", "float64"], [1]),
        ("ln_backward_from_output", 5, ["float32", "float64"], [1, 2, 3, 4]),
    ],
)
def test_suite_refuses_whoever_writes_into_an_argument_of_one_kind(
    exercise, arguments, dtypes, axes
):
    codes = {
        case: _writing(exercise, *case)
        for case in itertools.product(range(arguments), dtypes, axes)
    }
    for (case, _), result in outcomes(SLUG, exercise, codes, [b"one"]).items():
        assert any("left_alone" in c.id for c in failed(result)), case


STEPS = ["dbeta", "dgamma", "dx_hat", "drstd", "dvariance", "dcentered", "dmean", "dx"]


@pytest.mark.parametrize(
    ("mistake", "step"),
    [
        ("dgamma-uses-x", "dgamma"),
        ("gamma-forgotten-bwd", "dx_hat"),
        ("drstd-averaged", "drstd"),
        ("dvariance-without-half", "dvariance"),
        ("square-without-two", "dcentered"),
        ("dmean-sign", "dmean"),
        ("no-mean-term", "dx"),
    ],
)
def test_one_wrong_step_costs_itself_and_what_needs_the_end(mistake, step):
    code = BANK.wrong_code("backward_steps", mistake)
    (result,) = outcomes(SLUG, "backward_steps", {mistake: code}, [b"one"]).values()
    by_step = {
        "drstd": "test_gradient_of_rstd_",
        "dvariance": "test_gradient_of_the_variance_",
        "dcentered": "test_gradient_of_the_deviations_",
        "dmean": "test_gradient_of_the_mean_",
        "dx": "test_gradient_of_x_",
    }
    wrong = {case.id for case in failed(result)}
    for name in STEPS[:3]:
        assert any(f"[{name}-" in i and "first_steps" in i for i in wrong) == (name == step)
    for name, prefix in by_step.items():
        assert any(i.startswith(prefix) for i in wrong) == (name == step), name
    assert 0.3 < result.score < 0.9


def gradients(x, gamma, beta, dy, eps):
    """Return torch's output, and its gradients by x, gamma and beta."""
    leaves = [torch.tensor(a, requires_grad=True) for a in (x, gamma, beta)]
    y = torch.nn.functional.layer_norm(leaves[0], gamma.shape, *leaves[1:], eps=eps)
    y.backward(torch.tensor(dy))
    return y.detach().numpy(), [leaf.grad.numpy() for leaf in leaves]


@pytest.mark.parametrize("shape", [(5, 7), (7,), (2, 3, 4), (3, 1), (2, 2)])
@pytest.mark.parametrize("eps", [1e-5, 0.1])
def test_right_answers_agree_with_torch(shape, eps):
    rng = np.random.default_rng(1)
    x, dy = rng.normal(1.0, 2.0, shape), rng.normal(size=shape)
    gamma, beta = rng.normal(size=shape[-1]), rng.normal(size=shape[-1])
    y, expected = gradients(x, gamma, beta, dy, eps)
    for forward in [solution.ln_forward, *BANK.alternatives["ln_forward"].values()]:
        actual, cache = forward(x, gamma, beta, eps)
        np.testing.assert_allclose(actual, y, rtol=0, atol=1e-11)
    for backward in [solution.ln_backward, *BANK.alternatives["ln_backward"].values()]:
        for got, right in zip(backward(dy, cache), expected, strict=True):
            np.testing.assert_allclose(got, right, rtol=0, atol=1e-9)
    from_output = [
        solution.ln_backward_from_output,
        *BANK.alternatives["ln_backward_from_output"].values(),
    ]
    for backward in from_output:
        for got, right in zip(backward(dy, y, gamma, beta, cache[1]), expected, strict=True):
            np.testing.assert_allclose(got, right, rtol=0, atol=1e-9)


def test_every_step_agrees_with_torch():
    rng = np.random.default_rng(2)
    x, dy, gamma = rng.normal(1.0, 2.0, (4, 6)), rng.normal(size=(4, 6)), rng.normal(size=6)
    row, scale = torch.tensor(x, requires_grad=True), torch.tensor(gamma, requires_grad=True)
    shift = torch.zeros(6, dtype=torch.float64, requires_grad=True)
    mean = row.mean(-1, keepdim=True)
    centered = row - mean
    variance = (centered**2).mean(-1, keepdim=True)
    rstd = (variance + 0.3).rsqrt()
    x_hat = centered * rstd
    kept = dict(zip(STEPS, [shift, scale, x_hat, rstd, variance, centered, mean, row], strict=True))
    for value in kept.values():
        value.retain_grad()
    (x_hat * scale + shift).backward(torch.tensor(dy))
    for code in [solution.backward_steps, *BANK.alternatives["backward_steps"].values()]:
        steps = code(dy, x, gamma, 0.3)
        assert set(steps) == set(kept)
        for name, value in kept.items():
            np.testing.assert_allclose(steps[name], value.grad.numpy(), rtol=0, atol=1e-11)


def test_jacobian_and_spread_agree_with_torch():
    x = torch.from_numpy(np.random.default_rng(3).normal(1.0, 2.0, 6))

    def normalize(row):
        return torch.nn.functional.layer_norm(row, (6,), eps=0.2)

    expected = torch.autograd.functional.jacobian(normalize, x).numpy()
    for code in [solution.ln_jacobian, *BANK.alternatives["ln_jacobian"].values()]:
        np.testing.assert_allclose(code(x.numpy(), 0.2), expected, rtol=0, atol=1e-12)
    spread = normalize(x).std(correction=0).item()
    for code in [solution.output_std, *BANK.alternatives["output_std"].values()]:
        assert code(x.std(correction=0).item(), 0.2) == pytest.approx(spread, rel=1e-12)


def test_variants_without_switches_are_the_solutions():
    rng = np.random.default_rng(4)
    x, gamma, beta, dy = (rng.normal(size=s) for s in [(3, 5), (5,), (5,), (3, 5)])
    y, cache = solution.ln_forward(x, gamma, beta)
    calls = {
        "output_std": (np.abs(x), 0.3),
        "ln_forward": (x, gamma, beta, 0.3),
        "backward_steps": (dy, x, gamma, 0.3),
        "ln_backward": (dy, cache),
        "ln_jacobian": (x[0], 0.3),
        "ln_backward_from_output": (dy, y, gamma, beta, cache[1]),
    }
    for name, arguments in calls.items():
        expected = getattr(solution, name)(*arguments)
        actual = getattr(bank_module, f"{name}_variant")(*arguments)
        torch.testing.assert_close(actual, expected, rtol=0, atol=1e-12)


def _aliasing(x, gamma, beta, eps=1e-5):
    wide = x.astype(np.promote_types(x.dtype, np.float32))
    scale = (wide.var(-1, keepdims=True) + eps) ** -0.5
    rows = (wide - wide.mean(-1, keepdims=True)) * scale
    return (beta + gamma * rows).astype(x.dtype), (rows, scale, gamma[:])


def _overwriting(x, gamma, beta, eps=1e-5):
    _, (rows, scale, kept) = solution.ln_forward(x, gamma, beta, eps)
    rows *= gamma
    rows += beta
    return rows.astype(x.dtype), (rows, scale, kept)


def _constants(dy, cache):
    rows = tuple(range(dy.ndim - 1))
    return cache[2] * dy * cache[1], np.sum(cache[0] * dy, rows), np.sum(dy, rows)


def _whole_variance(dy, x, gamma, eps=1e-5):
    steps = solution.backward_steps(dy, x, gamma, eps)
    away = x - x.mean(1, keepdims=True)
    extra = (x.shape[1] - 1) * 2 / x.shape[1] * away * steps["dvariance"]
    steps["dcentered"] = steps["dcentered"] + extra
    steps["dx"] = steps["dcentered"] + steps["dmean"] / x.shape[1]
    return steps


@pytest.mark.parametrize(
    ("exercise", "code", "ids"),
    [
        ("output_std", lambda s, eps=1e-5: (1 + eps / s**2) ** 0.5, {"inflates"}),
        ("ln_forward", _aliasing, {"cache-aliases-gamma"}),
        ("ln_forward", _overwriting, {"cache-holds-y"}),
        ("backward_steps", _whole_variance, {"square-without-d"}),
        ("ln_backward", _constants, {"constant-stats-grad"}),
        (
            "ln_jacobian",
            lambda x, eps=1e-5: np.diag(0 * x + (x.var() + eps) ** -0.5),
            {"diag-only"},
        ),
    ],
)
def test_mistake_is_named_however_it_is_written(exercise, code, ids):
    assert named(SLUG, exercise, code) == [ids]
