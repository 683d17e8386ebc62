"""The promises of `layer_norm_nd`, `layer_norm_axis` and `ln_rnn_step`: bank, suite, text."""

import numpy as np
import pytest
import torch

import solutions.m1_l05_layer_norm_formula as solutions
from nbjudge.suite.implementation import load_bank
from tests.judging import named, paid
from tests.lessons import lesson_text

SLUG = "m1_l05_layer_norm_formula"
BANK = load_bank(SLUG)
EXERCISES = ["layer_norm_nd", "layer_norm_axis", "ln_rnn_step"]
RIGHT_ONES = [
    (exercise, name)
    for exercise in EXERCISES
    for name in ["solution", *BANK.alternatives[exercise]]
]
TEXT = lesson_text(SLUG)

# NaN and infinity are what some of these wrong answers are about.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def right_code(exercise, name):
    return BANK.alternatives[exercise].get(name, getattr(solutions, exercise))


CHEATERS = {
    "zeros": np.zeros_like,
    "the input": lambda x: x,
    "a copy of the input": lambda x: x.copy(),
    "a constant": lambda x: np.full_like(x, 0.5),
    "NaN": lambda x: np.full_like(x, np.nan),
}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_cheap_answers_earn_nothing(exercise):
    like = 1 if exercise == "ln_rnn_step" else 0  # the argument that the result looks like
    cheap = {
        name: lambda *args, code=code, **kwargs: code(args[like]) for name, code in CHEATERS.items()
    }
    assert paid(SLUG, exercise, cheap) == []


def test_refusing_everything_earns_nothing():
    def refuse(*args, **kwargs):
        raise ValueError("no")

    assert paid(SLUG, "layer_norm_nd", {"refuse": refuse}) == []


@pytest.mark.parametrize("name", [name for e, name in RIGHT_ONES if e == "layer_norm_nd"])
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_layer_norm_nd_agrees_with_torch(name, axes):
    rng = np.random.default_rng(3)
    x = rng.normal(3.0, 2.0, (4, 3, 2, 5))
    shape = x.shape[-axes:]
    gamma, beta = rng.normal(size=(2, *shape))
    expected = torch.nn.functional.layer_norm(
        torch.from_numpy(x), shape, torch.from_numpy(gamma), torch.from_numpy(beta), eps=0.02
    )

    actual = right_code("layer_norm_nd", name)(x, shape, gamma, beta, 0.02)

    np.testing.assert_allclose(actual, expected.numpy(), rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", [name for e, name in RIGHT_ONES if e == "layer_norm_axis"])
@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_layer_norm_axis_agrees_with_torch(name, axis):
    rng = np.random.default_rng(4)
    x = rng.normal(3.0, 2.0, (4, 3, 5))
    gamma, beta = rng.normal(size=(2, x.shape[axis]))
    last = torch.from_numpy(x).movedim(axis, -1)
    parameters = [torch.from_numpy(a) for a in (gamma, beta)]
    expected = torch.nn.functional.layer_norm(last, (x.shape[axis],), *parameters, eps=0.02)

    actual = right_code("layer_norm_axis", name)(x, gamma, beta, axis, 0.02)

    np.testing.assert_allclose(actual, expected.movedim(-1, axis).numpy(), rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", [name for e, name in RIGHT_ONES if e == "ln_rnn_step"])
def test_ln_rnn_step_agrees_with_torch(name):
    rng = np.random.default_rng(5)
    x_t, h = rng.normal(size=(4, 3)), rng.normal(size=(4, 5))
    w_x, w_h = rng.normal(size=(3, 5)), rng.normal(size=(5, 5))
    gamma, beta = rng.normal(size=(2, 5))
    summed = torch.from_numpy(h @ w_h + x_t @ w_x)
    parameters = [torch.from_numpy(a) for a in (gamma, beta)]
    expected = torch.nn.functional.layer_norm(summed, (5,), *parameters, eps=0.02).tanh()

    actual = right_code("ln_rnn_step", name)(x_t, h, w_x, w_h, gamma, beta, 0.02)

    np.testing.assert_allclose(actual, expected.numpy(), rtol=0, atol=1e-13)


def _gamma_by_einsum(x, gamma, beta, axis, eps=1e-5):
    normalized = solutions.layer_norm_axis(x, np.ones_like(gamma), np.zeros_like(beta), axis, eps)
    return np.einsum("...w,w->...w", normalized, gamma) + beta


def _axis_first_and_left_there(x, gamma, beta, axis, eps=1e-5):
    rows = np.moveaxis(x, axis, -1)
    return solutions.layer_norm(rows, gamma, beta, eps)


def _without_any_check(x, normalized_shape, gamma=None, beta=None, eps=1e-5):
    axes = tuple(range(-np.size(normalized_shape), 0))
    one = np.ones(x.shape[-len(axes) :]) if gamma is None else gamma
    mean, var = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
    return one * (x - mean) / np.sqrt(var + eps) + (0 if beta is None else beta)


def _norm_of_the_new_state(x_t, h, w_x, w_h, gamma, beta, eps=1e-5):  # noqa: PLR0917
    return solutions.layer_norm(np.tanh(x_t @ w_x + h @ w_h), gamma, beta, eps)


def _eps_not_passed_on(x_t, h, w_x, w_h, gamma, beta, eps=1e-5):  # noqa: PLR0917
    return np.tanh(solutions.layer_norm(x_t @ w_x + h @ w_h, gamma, beta))


def _tiny_eps_along_an_axis(x, gamma, beta, axis, eps=1e-5):
    return solutions.layer_norm_axis(x, gamma, beta, axis, 1e-8)


def _no_eps_at_all(x, normalized_shape, gamma=None, beta=None, eps=1e-5):
    return solutions.layer_norm_nd(x, normalized_shape, gamma, beta, 0.0)


@pytest.mark.parametrize(
    ("exercise", "code", "ids"),
    [
        ("layer_norm_nd", _no_eps_at_all, {"eps-omitted"}),
        ("layer_norm_axis", _tiny_eps_along_an_axis, {"eps-hard-coded"}),
        ("ln_rnn_step", _eps_not_passed_on, {"eps-hard-coded"}),
        ("layer_norm_axis", _gamma_by_einsum, {"gamma-on-last-axis"}),
        ("layer_norm_axis", _axis_first_and_left_there, {"returns-moved-axes"}),
        ("layer_norm_nd", _without_any_check, {"broadcast-gamma", "x-unchecked"}),
        ("ln_rnn_step", _norm_of_the_new_state, {"norm-after-tanh"}),
    ],
)
def test_mistake_is_named_however_it_is_written(exercise, code, ids):
    assert named(SLUG, exercise, code) == [ids]


def test_numbers_worked_out_in_the_lesson_are_those_of_torch():
    def normalized(*row):
        values = torch.tensor(row, dtype=torch.float64)
        return torch.nn.functional.layer_norm(values, (len(row),), eps=0.0)

    block = normalized(0, 0, 1, 3).numpy()
    step = normalized(2, 4, 3)
    outlier = normalized(1000, *[1] * 99)
    numbers = [
        f"${block[0]:.4f}, {block[1]:.4f}, 0, {block[3]:.4f}$",
        f"({step[0]:.4f}, {step[1]:.4f}, 0)",
        f"({step.tanh()[0]:.4f}, {step.tanh()[1]:.4f}, 0)",
        f"becomes {outlier[0]:.2f}, and all the others become {outlier[1]:.4f}",
    ]
    assert [number for number in numbers if number not in TEXT] == []
