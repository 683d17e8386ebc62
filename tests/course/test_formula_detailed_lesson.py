"""The promises of the lesson on the formula in detail: its text, its numbers, its figures."""

import re

import numpy as np
import pytest
import torch

from tests.lessons import lesson_text

SLUG = "m1_l06_layer_norm_formula_detailed"
TEXT = lesson_text(SLUG)


def table_row(label, values):
    return f"| {label} | " + " | ".join(f"{value:g}" for value in values) + " |"


def test_worked_row_there_and_back_is_that_of_torch():
    x = torch.tensor([2.0, 4.0, 4.0, 10.0], dtype=torch.float64, requires_grad=True)
    gamma = torch.tensor([1.0, 2.0, 1.0, 1.0], dtype=torch.float64, requires_grad=True)
    beta = torch.tensor([0.0, 1.0, 0.0, 5.0], dtype=torch.float64)
    dy = torch.tensor([2.0, 2.0, 2.0, -4.0], dtype=torch.float64)
    centered = x - x.mean()
    variance = (centered**2).mean()
    rstd = (variance + 7.0).rsqrt()
    x_hat = centered * rstd
    kept = (centered, variance, rstd, x_hat)
    for value in kept:
        value.retain_grad()
    y = gamma * x_hat + beta
    y.backward(dy)
    assert table_row(r"$\hat{x}$", x_hat.tolist()) in TEXT
    assert table_row("$y$", y.tolist()) in TEXT
    assert table_row(r"$d\gamma = dy\,\hat{x}$", gamma.grad.tolist()) in TEXT
    assert table_row(r"$d\hat{x} = dy\,\gamma$", x_hat.grad.tolist()) in TEXT
    assert table_row("$dc$, their sum", centered.grad.tolist()) in TEXT
    assert f"= {rstd.grad.item():g}$ |" in TEXT
    assert rf"\cdot (-32) = {variance.grad.item():g}$ |" in TEXT
    assert f'"all three: dx": ({x.grad.tolist()}' in TEXT
    assert TEXT.count("-0.125") >= 3


def test_curve_of_the_figure_is_what_a_normalized_row_measures():
    listed = re.search(r"measured = \[(.*?)\n\]", TEXT, flags=re.DOTALL).group(1)
    recorded = [float(number) for number in re.findall(r"\d+\.\d+", listed)]
    pattern = torch.tensor([1.0, -1.0, 1.0, -1.0], dtype=torch.float64)
    ratios = np.logspace(-3, 3, 25)
    assert len(recorded) == len(ratios)
    for ratio, written in zip(ratios, recorded, strict=True):
        row = torch.nn.functional.layer_norm(ratio * pattern, (4,), eps=1.0)
        assert row.std(correction=0).item() == pytest.approx(written, rel=1e-3)


@pytest.mark.parametrize(
    ("sigma", "eps", "shown"),
    [(0.003, 1e-5, "0.6882"), (0.01, 1e-5, "0.953"), (0.001, 1e-5, "0.30"), (3.0, 16.0, "**0.6**")],
)
def test_spreads_in_the_text_are_those_of_torch(sigma, eps, shown):
    row = torch.tensor([sigma, -sigma], dtype=torch.float64)
    spread = torch.nn.functional.layer_norm(row, (2,), eps=eps).std(correction=0).item()
    digits = len(shown.strip("*").split(".")[1])
    assert f"{spread:.{digits}f}" == shown.strip("*")
    assert shown in TEXT


def test_float16_keeps_of_eps_what_the_text_says():
    assert np.float16(1e-8) == 0
    assert float(np.float16(1e-5)) / 1e-5 == pytest.approx(1.001, abs=5e-4)
    assert "0.1 % too large" in TEXT
