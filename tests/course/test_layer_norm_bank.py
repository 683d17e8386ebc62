"""The promises of the exercise `layer_norm`: its bank, its suite, its text."""

import itertools

import numpy as np
import pytest
import torch

from grader_tests.m1_l05_layer_norm_formula.misconceptions import layer_norm_variant
from grader_tests.shared_misconceptions import SHARED
from nbjudge.naming.compare import is_as
from nbjudge.naming.match import pair_names
from nbjudge.suite.implementation import load_bank
from solutions.m1_l05_layer_norm_formula import layer_norm
from tests.judging import named, outcomes, paid, probes, wrong_codes
from tests.lessons import lesson_text

SLUG = "m1_l05_layer_norm_formula"
BANK = load_bank(SLUG)
MISTAKES = [mistake.id for mistake in BANK.misconceptions("layer_norm")]
ALTERNATIVES = BANK.alternatives["layer_norm"]
TEXT = lesson_text(SLUG)

# NaN and infinity are what some of these wrong answers are about.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def test_most_pairs_of_mistakes_can_be_named():
    # What is missing cannot be told apart by anybody: divided by nothing, any eps is the same.
    assert len(pair_names(probes(SLUG)["layer_norm"])) >= 0.85 * len(BANK.pairs("layer_norm"))


def test_variant_without_switches_is_the_solution():
    rng = np.random.default_rng(1)
    for dtype, shape in itertools.product(
        ["float64", "float32", "float16"], [(5,), (3, 4), (2, 3, 4)]
    ):
        x, gamma, beta = (rng.normal(size=s).astype(dtype) for s in (shape, shape[-1], shape[-1]))

        expected = layer_norm(x, gamma, beta, 0.1)

        assert layer_norm_variant(x, gamma, beta, 0.1).tobytes() == expected.tobytes()


@pytest.mark.parametrize("name", ["solution", *ALTERNATIVES])
def test_right_answers_agree_with_torch(name):
    code = ALTERNATIVES.get(name, layer_norm)
    rng = np.random.default_rng(2)
    x = rng.normal(3.0, 2.0, (4, 3, 7))
    gamma, beta = rng.normal(size=(2, 7))
    arguments = [torch.from_numpy(a) for a in (gamma, beta)]

    expected = torch.nn.functional.layer_norm(torch.from_numpy(x), (7,), *arguments, eps=0.02)

    np.testing.assert_allclose(code(x, gamma, beta, 0.02), expected.numpy(), rtol=0, atol=1e-13)


CHEATERS = {
    "zeros": lambda x, gamma, beta, eps=1e-5: np.zeros_like(x),
    "the input": lambda x, gamma, beta, eps=1e-5: x,
    "a copy of the input": lambda x, gamma, beta, eps=1e-5: x.copy(),
    "a constant": lambda x, gamma, beta, eps=1e-5: np.full_like(x, 0.5),
    "beta": lambda x, gamma, beta, eps=1e-5: np.broadcast_to(beta, x.shape).astype(x.dtype),
    "scale and shift alone": lambda x, gamma, beta, eps=1e-5: (x * gamma + beta).astype(x.dtype),
}


def test_cheap_answers_earn_nothing():
    assert paid(SLUG, "layer_norm", CHEATERS) == []


def test_one_mistake_leaves_credit_for_the_rest():
    results = outcomes(SLUG, "layer_norm", wrong_codes(SLUG, "layer_norm"))
    scores = {name: result.score for (name, _), result in results.items()}

    # Swapped parameters spoil every number of every result.
    assert {name for name, score in scores.items() if score == 0.0} == {"gamma-beta-swapped"}
    # What harms few inputs costs less than what harms nearly all.
    assert scores["mutates-input"] > scores["eps-outside-sqrt"] > scores["no-centering"]


def _by_variance_of_torch(x, gamma, beta, eps=1e-5):
    wide = torch.from_numpy(x.astype(np.result_type(x, np.float32)))
    spread = torch.sqrt(wide.var(-1, keepdim=True) + eps)
    return (((wide - wide.mean(-1, keepdim=True)) / spread).numpy() * gamma + beta).astype(x.dtype)


def _lost_axis_of_deviations(x, gamma, beta, eps=1e-5):
    wide = x.astype(np.result_type(x, np.float32))
    centered = wide - wide.mean(-1)
    return (centered / np.sqrt((centered**2).mean(-1) + eps) * gamma + beta).astype(x.dtype)


def _all_in_place(x, gamma, beta, eps=1e-5):
    wide = x.astype(np.result_type(x, np.float32))
    x[...] = (wide - wide.mean(-1, keepdims=True)) / np.sqrt(wide.var(-1, keepdims=True) + eps)
    x *= gamma
    x += beta
    return x


def _as_in_the_textbook(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


def _without_epsilon_or_dtype(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True) + beta


def _float16_mean(x, gamma, beta, eps=1e-5):
    mean = x.mean(-1, keepdims=True)
    var = x.var(-1, keepdims=True, dtype=np.result_type(x, np.float32))
    return ((x - mean) / np.sqrt(var + eps) * gamma + beta).astype(x.dtype)


def _float16_deviations(x, gamma, beta, eps=1e-5):
    deviations = (x - x.mean(-1, keepdims=True)).astype(np.result_type(x, np.float32))
    spread = np.sqrt(np.square(deviations).mean(-1, keepdims=True) + eps)
    return (deviations / spread * gamma + beta).astype(x.dtype)


def _beta_times_gamma(x, gamma, beta, eps=1e-5):
    return layer_norm(x, beta, gamma, eps)


def _along_axis_1(x, gamma, beta, eps=1e-5):
    wide = x.astype(np.result_type(x, np.float32))
    spread = np.sqrt(wide.var(axis=1, keepdims=True) + eps)
    return ((wide - wide.mean(axis=1, keepdims=True)) / spread * gamma + beta).astype(x.dtype)


def _in_float64(x, gamma, beta, eps=1e-5):
    return layer_norm(np.asarray(x, float), gamma, beta, eps)


def test_promise_about_arguments_passes_whatever_the_numbers_are():
    own = probes(SLUG)["layer_norm"].probes
    (probe,) = [p for p in own if p.case.startswith("test_input_is_left_alone")]
    seen = {name: probe.behaviour(name) for name in MISTAKES}

    differ = {name for name, behaviour in seen.items() if not is_as(probe, behaviour, probe.right)}

    assert differ == {"mutates-input"}


@pytest.mark.parametrize(
    ("code", "ids"),
    [
        (_by_variance_of_torch, {"unbiased-variance"}),
        (_lost_axis_of_deviations, {"keepdims-missing"}),
        (_all_in_place, {"mutates-input"}),
        (_as_in_the_textbook, {"low-precision-stats"}),
        (_without_epsilon_or_dtype, {"eps-omitted", "low-precision-stats"}),
        (_in_float64, {"float64-leak"}),
        (_float16_mean, {"low-precision-mean"}),
        (_float16_deviations, {"low-precision-mean"}),
        (_beta_times_gamma, {"gamma-beta-swapped"}),
        (_along_axis_1, {"second-axis"}),
    ],
)
def test_mistake_is_named_however_it_is_written(code, ids):
    assert named(SLUG, "layer_norm", code) == [ids]


def test_numbers_in_the_texts_are_those_of_torch():
    def size(variance, eps=0.0):
        row = torch.tensor([-1.0, 1.0, -1.0, 1.0], dtype=torch.float64) * variance**0.5
        return torch.nn.functional.layer_norm(row, (4,), eps=eps).abs().max().item()

    row = torch.tensor([1.0, 2.0, 3.0, 4.0], dtype=torch.float64)
    biased, unbiased = row.std(correction=0).item(), row.std().item()
    neighbours = torch.nextafter(torch.tensor(1e8), torch.tensor(2e8)) - 1e8
    numbers = {
        "eps-outside-sqrt": f"{1e-3 / (1e-3 + 1e-5) / size(1e-6, 1e-5):.1f} times",
        "eps-hard-coded": f"to {size(1.0, 0.5):.3f} of",
        "unbiased-variance": f"sqrt(3/4) = {biased / unbiased:.3f}",
        "divide-by-variance": f"deviation {10 / 10**2}",
        "whole-tensor": f"it needs {32 * 50}",
        "all-non-batch-axes": f"it needs {32 * 50}",
        "low-precision-stats": f"{torch.finfo(torch.float16).max:.0f}, the largest",
        "low-precision-mean": f"1507.5 becomes {torch.tensor(1507.5).half().item():.0f}",
        "one-pass-variance": f"are {neighbours.item():.0f} apart",
    }
    for name, number in numbers.items():
        assert number in SHARED[name]["explanation"], (name, number)


def test_worked_example_of_the_lesson_is_right():
    gamma, beta = np.array([2.0, 1.0, 1.0, 0.0]), np.array([0.0, 0.0, 10.0, 5.0])
    result = layer_norm(np.array([1.0, 2.0, 3.0, 4.0]), gamma, beta)

    assert "| " + " | ".join(f"{value:.4f}" for value in result[:3]) + " | 5 |" in TEXT
