"""The promises of the lesson on distributions: its text, its numbers, its figures."""

import math
import re

import numpy as np
import pytest
import torch

from solutions.m1_l03_distributions import activation_trace, drift_score, moments
from tests.lessons import lesson_cells, lesson_text

SLUG = "m1_l03_distributions"
TEXT = lesson_text(SLUG)


def definitions(containing, until):
    """Run a demonstration up to the line that begins to draw; return its names."""
    codes = [cell.source for cell in lesson_cells(SLUG) if cell.cell_type == "code"]
    (source,) = [code for code in codes if containing in code]
    names = {}
    exec(source[: source.index(until)], names)  # noqa: S102 - the course's own text
    return names


def test_worked_moments_are_right():
    four = moments(np.array([2.0, 4.0, 4.0, 10.0]))
    assert (four["mean"], four["var"]) == (5.0, 9.0)
    assert f"24/27 = **{four['skew']:.4f}**" in TEXT
    assert f"minus 3: **{four['ex_kurt']:.4f}**" in TEXT
    four = moments(np.array([0.0, 0.0, 0.0, 4.0]))
    assert f"a skew of {four['skew']:.3f}" in TEXT
    assert f"the excess kurtosis is {four['ex_kurt']:.3f}" in TEXT


def test_shapes_of_the_figure_have_the_moments_of_its_titles():
    shapes = definitions("two humps", "grid =")["shapes"]
    for title, values in shapes.items():
        skew, ex_kurt = map(float, re.findall(r"-?\d+(?:\.\d+)?", title.split("\n")[1]))
        four = moments(values)
        # Means of 20000 numbers; those with a tail scatter more.
        slack = 1.5 if ex_kurt > 0 else 0.1
        assert abs(four["mean"]) < 0.03
        assert abs(four["var"] - 1) < 0.05
        assert four["skew"] == pytest.approx(skew, abs=0.5 * slack)
        assert four["ex_kurt"] == pytest.approx(ex_kurt, abs=slack)
    two_humps = 3 * 0.0975**2 + 6 * 0.0975 * 0.95**2 + 0.95**4 - 3
    assert two_humps == pytest.approx(-1.63, abs=0.005)


def test_kurtosis_of_few_numbers_scatters_as_told():
    of_50 = moments(np.random.default_rng(0).normal(size=(4000, 50)))["ex_kurt"]

    assert (of_50 > 1).mean() > 0.02
    assert (of_50 < -0.7).mean() > 0.05


def test_equal_tenths_look_like_a_distribution():
    fees = np.array([0.1, 0.1, 0.1])
    z = (fees - fees.mean()) / fees.std()

    assert (z**3).mean() == pytest.approx(-1)
    assert (z**4).mean() - 3 == pytest.approx(-2)
    assert moments(fees)["skew"] == moments(fees)["ex_kurt"] == 0


def test_worked_trace_is_that_of_torch():
    x = torch.tensor([[1.0, 2.0], [3.0, 0.0]], dtype=torch.float64)
    weights = [torch.tensor(w, dtype=torch.float64) for w in ([[1, -1], [0, 2]], [[2, 0], [1, -1]])]
    one = x @ weights[0]
    two = torch.relu(one) @ weights[1]
    plain = activation_trace(x.numpy(), [w.numpy() for w in weights], False)

    assert one.tolist() == [[1, 3], [3, -3]]
    assert two.tolist() == [[5, -3], [6, 0]]
    for line, z in zip(plain, (one, two), strict=True):
        assert line.tolist() == pytest.approx([z.mean().item(), z.std(correction=0).item()])
        assert f"= **{line[0]:g}**" in TEXT
        assert f"= **{line[1]:.3f}**" in TEXT
    stable = activation_trace(x.numpy(), [w.numpy() for w in weights], True, 1e-12)
    np.testing.assert_allclose(stable, [[0, 1], [0, 1]], atol=1e-9)


def test_spread_follows_the_law():
    """A mean over many draws: the standard error of 20000 is far below 3 percent."""
    rng = np.random.default_rng(1)
    h = np.abs(rng.normal(2.0, 1.0, 100))
    h *= 2 / np.sqrt(np.mean(h**2))
    z = h @ rng.normal(0.0, 0.1, (100, 20000))
    relu = np.maximum(rng.normal(size=10**6), 0)

    assert z.std() == pytest.approx(2.0, rel=0.03)  # the example of the text
    assert np.mean(relu**2) == pytest.approx(0.5, rel=0.01)
    assert relu.mean() == pytest.approx(1 / math.sqrt(2 * math.pi), rel=0.01)
    assert relu.var() == pytest.approx(0.341, rel=0.01)


def test_ridges_have_the_spreads_of_the_text():
    layers = definitions("def pre_activations", "columns =")["pre_activations"]
    fading, growing = ([z.std() for z in layers(gain, False)] for gain in (0.7, 1.3))

    assert f"from {fading[0]:.2f} to {fading[-1]:.2f}" in TEXT
    assert f"from {growing[0]:.2f} to {growing[-1]:.2f}" in TEXT
    assert [z.std() for z in layers(1.3, True)] == pytest.approx([1.0] * 10)


@pytest.fixture(scope="module")
def learn():
    return definitions("def learn", "steps = 5")["learn"]


def test_drift_of_the_figure_is_the_recorded_one(learn):
    for normalized, recorded in [(False, 0.55), (True, 0.65)]:
        film = learn(normalized)
        # Six hundred steps may round differently on another machine.
        assert drift_score(film[0], film[-1]) == pytest.approx(recorded, abs=0.02)
        assert f"{recorded:.2f}" in TEXT
    assert film.mean(axis=(1, 2)) == pytest.approx(np.zeros(120), abs=1e-9)
    assert film.std(axis=(1, 2)) == pytest.approx(np.ones(120), abs=1e-3)


def test_gradient_of_the_demonstration_is_that_of_torch():
    """A push forward through the normalization does for a pull back: its Jacobian is symmetric."""
    unit_tokens = definitions("def learn", "def learn")["unit_tokens"]
    rng = np.random.default_rng(0)
    summed, gradient = rng.normal(1.0, 2.0, (5, 32)), rng.normal(size=(5, 32)) / 64
    leaf = torch.from_numpy(summed).requires_grad_()
    torch.nn.functional.layer_norm(leaf, (32,), eps=1e-5).backward(torch.from_numpy(gradient))
    pushed = unit_tokens(summed + 0.01 * gradient) - unit_tokens(summed - 0.01 * gradient)

    np.testing.assert_allclose(pushed / 0.02, leaf.grad.numpy(), atol=1e-9)


def test_worked_drift_is_right():
    a, b = np.array([[1.0, 10.0], [3.0, 10.0]]), np.array([[5.0, 0.0], [19.0, 6.0]])
    first, second = (drift_score(a[:, [j]], b[:, [j]], 1e-12) for j in (0, 1))

    assert first == pytest.approx(2.0)
    assert f"$d_2 = 7/{math.sqrt(4.5):.4f} = {second:.4f}$" in TEXT
    assert f"= {drift_score(a, b, 1e-12):.2f}$" in TEXT


def test_largest_entry_is_that_of_the_text():
    token = torch.zeros(64, dtype=torch.float64)
    token[0] = 1000.0
    hat = torch.nn.functional.layer_norm(token, (64,), eps=0.0)

    assert f"$\\sqrt{{63}} = {hat[0]:.2f}$" in TEXT
    assert f"$-1/\\sqrt{{63}} = {hat[1]:.3f}$" in TEXT


def test_normalization_keeps_the_shape():
    rows = np.random.default_rng(2).exponential(3.0, (5, 40))
    hats = torch.nn.functional.layer_norm(torch.from_numpy(rows), (40,), eps=0.0).numpy()

    for name in ("skew", "ex_kurt"):
        np.testing.assert_allclose(moments(hats)[name], moments(rows)[name], rtol=1e-9)
