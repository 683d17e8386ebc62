"""The promises of the lesson on fundamental concepts: its text, its numbers, its answers."""

import math
from functools import partial

import numpy as np
import pytest
import torch

from solutions.m1_l00_fundamental_concepts import count_stats, signal_std, standardize_tokens
from tests import lessons
from tests.judging import named, refusals

SLUG = "m1_l00_fundamental_concepts"
TEXT = lessons.lesson_text(SLUG)
TEA = np.array([[[2.0, 4.0], [3.0, 1.0], [5.0, 3.0]], [[5.0, 3.0], [6.0, 6.0], [9.0, 7.0]]])

explanation = partial(lessons.explanation, SLUG)

# 0/0 is what some of these wrong answers are about.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def test_table_of_kinds_lists_the_means_of_the_batch():
    for kind, axes in [("ln", 2), ("ln_seq", (1, 2)), ("bn", (0, 1)), ("in", 1)]:
        means = TEA.mean(axis=axes)
        written = ", ".join(f"{value:.2f}".removesuffix(".00") for value in means.ravel())
        (row,) = [line for line in TEXT.splitlines() if line.startswith(f'| `"{kind}"`')]
        assert row.endswith(f"| {written} |")
        assert count_stats(TEA.shape, kind) == means.size


def test_counts_of_the_running_example_are_those_of_torch():
    sentences = torch.zeros(32, 50, 128, dtype=torch.float64)
    ones = torch.ones(128, dtype=torch.float64)
    _, means, _ = torch.native_layer_norm(sentences, [128], ones, 0 * ones, 1e-5)
    assert means.numel() == count_stats((32, 50, 128), "ln") == 1600
    grown = torch.ones(50, 128, dtype=torch.float64)
    _, means, _ = torch.native_layer_norm(sentences, [50, 128], grown, 0 * grown, 1e-5)
    assert means.numel() == count_stats((32, 50, 128), "ln_seq") == 32
    by_feature = torch.nn.BatchNorm1d(128)
    assert by_feature.running_mean.numel() == count_stats((32, 50, 128), "bn") == 128
    assert "4096" in explanation("count_stats", "in-per-sentence")
    assert count_stats((32, 50, 128), "in") == 4096


def test_worked_token_is_that_of_torch():
    token = torch.tensor([6.0, 0.0, 2.0, 4.0, 8.0], dtype=torch.float64)
    normalized = torch.nn.functional.layer_norm(token, (5,), eps=1e-5).numpy()
    line = " | ".join("0" if abs(v) < 1e-12 else f"{v:.4f}" for v in normalized)
    assert f"| {line} | mean 0, variance 1 |" in TEXT
    assert token.var(correction=0) == 8
    np.testing.assert_allclose(standardize_tokens(token.numpy()), normalized, rtol=0, atol=1e-12)
    both = standardize_tokens(np.array([[1.0, 2.0, 3.0], [1.0, 5.0, 9.0]]), 1e-12)
    np.testing.assert_allclose(both, [[-1.22, 0, 1.22]] * 2, atol=0.005)


def test_worked_layers_are_those_of_torch():
    x = torch.tensor([[1.0, 2.0], [3.0, 0.0]], dtype=torch.float64)
    first = torch.tensor([[1.0, 1.0], [0.0, 2.0]], dtype=torch.float64)
    second = torch.tensor([[0.5, 0.0], [1.0, 0.5]], dtype=torch.float64)
    assert (x @ first).tolist() == [[1, 5], [3, 3]]
    assert (x @ first @ second).tolist() == [[5.5, 2.5], [4.5, 1.5]]
    spreads = [h.std(correction=0).item() for h in (x @ first, x @ first @ second)]
    assert all(f"spread {value:.4f}" in TEXT for value in spreads)
    actual = signal_std(x.numpy(), [first.numpy(), second.numpy()])
    np.testing.assert_allclose(actual, spreads, rtol=1e-12)


def test_numbers_in_prose_are_right():
    assert r"$0.9^{50} \approx 0.005$ and $1.1^{50} \approx 117$" in TEXT
    assert round(0.9**50, 3) == 0.005
    assert round(1.1**50) == 117
    z = torch.tensor(10.0, dtype=torch.float64, requires_grad=True)
    torch.sigmoid(z).backward()
    assert "At $z = 10$ it is 0.00005" in TEXT
    assert round(z.grad.item(), 5) == 0.00005
    assert np.spacing(np.float32(1e8)) > 1  # the variance, with a spread of 1
    assert "1.5 where the standard deviation is 1.732" in explanation(
        "standardize_tokens", "mean-absolute-deviation"
    )
    token = torch.tensor([0.0, 0.0, 0.0, 4.0], dtype=torch.float64)
    assert (token - 1).abs().mean() == 1.5
    assert round(token.std(correction=0).item(), 3) == 1.732
    assert f"sqrt(4/3) = {math.sqrt(4 / 3):.3f}" in explanation("signal_std", "sample-std")


def test_random_weights_have_the_gain_of_the_lesson():
    rng = np.random.default_rng(0)
    x, W = rng.normal(size=(2000, 400)), rng.normal(0.0, math.sqrt(0.02), (400, 400))  # noqa: N806 - a matrix
    assert signal_std(x, [W])[0] / x.std() == pytest.approx(math.sqrt(400 * 0.02), rel=0.02)


def _axis_1(x, eps=1e-5):
    return (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + eps)


def _torch_var(x, eps=1e-5):
    t = torch.from_numpy(x)
    return ((t - t.mean(-1, keepdim=True)) / (t.var(-1, keepdim=True) + eps).sqrt()).numpy()


def _std_plus_eps(x, eps=1e-5):
    return (x - x.mean(-1, keepdims=True)) / (x.std(-1, keepdims=True) + eps)


def _to_the_range(x, eps=1e-5):
    low, high = x.min(-1, keepdims=True), x.max(-1, keepdims=True)
    return (x - low) / (high - low + eps)


def _everything(x, eps=1e-5):
    return (x - np.mean(x)) / np.sqrt(np.var(x) + eps)


def _median(x, eps=1e-5):
    return (x - np.median(x, -1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps)


def _two_mistakes(x, eps=1e-5):
    return (x - x.mean()) / (x.std() + eps)


def _always_the_first(x, weights):
    return np.array([(x @ W).std() for W in weights])


def _torch_std(x, weights):
    spreads, h = [], torch.from_numpy(x)
    for W in weights:  # noqa: N806 - a matrix
        h = h @ torch.from_numpy(W)
        spreads.append(h.std().item())
    return np.array(spreads)


def _relu(x, weights):
    spreads, h = [], x
    for W in weights:  # noqa: N806 - a matrix
        h = np.maximum(h @ W, 0)
        spreads.append(h.std())
    return np.array(spreads)


def _list(x, weights):
    return signal_std(x, weights).tolist()


@pytest.mark.parametrize(
    ("exercise", "code", "ids"),
    [
        ("count_stats", lambda shape, kind: shape[0] * shape[1], set()),
        ("count_stats", lambda shape, kind: math.prod(shape), {"product-all"}),
        ("count_stats", lambda shape, kind: 1600, set()),
        (
            "count_stats",
            lambda shape, kind: {
                "ln": shape[2],
                "ln_seq": shape[1] * shape[2],
                "bn": shape[2],
                "in": shape[0] * shape[2],
            }[kind],
            {"params-not-stats", "seq-params"},
        ),
        (
            "count_stats",
            lambda shape, kind: {"ln": 1600, "ln_seq": 32, "bn": 128, "in": 4096}[kind],
            {"numbers-of-the-lesson"},
        ),
        ("standardize_tokens", _axis_1, {"second-axis"}),
        ("standardize_tokens", _torch_var, {"unbiased-variance"}),
        ("standardize_tokens", _std_plus_eps, {"eps-outside-sqrt"}),
        ("standardize_tokens", _to_the_range, set()),
        ("standardize_tokens", _median, set()),
        ("standardize_tokens", _everything, {"whole-tensor"}),
        ("standardize_tokens", _two_mistakes, {"whole-tensor", "eps-outside-sqrt"}),
        ("signal_std", _always_the_first, {"no-carry"}),
        ("signal_std", _torch_std, {"sample-std"}),
        ("signal_std", _relu, set()),
        ("signal_std", _list, set()),
    ],
)
def test_mistake_is_named_however_it_is_written_or_not_at_all(exercise, code, ids):
    assert named(SLUG, exercise, code) == ([ids] if ids else [])


def _in_place(applies):
    """Center `x` where it is, if `applies` says so."""

    def code(x, eps=1e-5):
        result = standardize_tokens(x, eps)
        if applies(x) and x.flags.writeable:
            x -= x.mean(axis=-1, keepdims=True)
        return result

    return code


def _repairs_nan(x, eps=1e-5):
    result = standardize_tokens(x, eps)
    if x.flags.writeable:
        np.nan_to_num(x, copy=False)
    return result


def _widens_four_axes(x, eps=1e-5):
    return standardize_tokens(x, eps).astype(float if x.ndim == 4 else x.dtype)


def _one_sentence_as_a_whole(x, eps=1e-5):
    axis = (1, 2) if x.ndim == 3 and len(x) == 1 else -1
    return (x - x.mean(axis, keepdims=True)) / np.sqrt(x.var(axis, keepdims=True) + eps)


def _in_float32(x, weights):
    return signal_std(x.astype("f"), [W.astype("f") for W in weights])


def _tokens_for_sentences(shape, kind):
    _, s, d = shape
    return s * d if s == d and kind == "ln" else count_stats(shape, kind)


@pytest.mark.parametrize(
    ("exercise", "code"),
    [
        ("count_stats", _tokens_for_sentences),
        ("standardize_tokens", _in_place(lambda x: x.dtype == np.float32)),
        ("standardize_tokens", _in_place(lambda x: x.ndim == 4)),
        ("standardize_tokens", _repairs_nan),
        ("standardize_tokens", _widens_four_axes),
        ("standardize_tokens", _one_sentence_as_a_whole),
        ("signal_std", _in_float32),
    ],
)
def test_answer_that_is_rarely_wrong_is_refused(exercise, code):
    assert refusals(SLUG, exercise, {"it": code}, [b"rarely"])
