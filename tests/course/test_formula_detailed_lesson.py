"""The promises of the lesson on the formula in detail: its text, its numbers, its figures."""

import re
from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pytest
import torch
from nbconvert.preprocessors import ExecutePreprocessor

from nbjudge.suite.implementation import load_bank

ROOT = Path(__file__).resolve().parents[2]
SLUG = "m1_l06_layer_norm_formula_detailed"
BANK = load_bank(SLUG)
TEXT = (ROOT / "course" / f"{SLUG}.md").read_text(encoding="utf-8")
MISTAKES = [m for name in BANK.entries for m in BANK.misconceptions(name)]


def test_lesson_is_as_jupytext_writes_it():
    assert jupytext.writes(jupytext.reads(TEXT, "md:myst"), "md:myst") == TEXT


def test_lesson_explains_every_mistake():
    headings = re.findall(r"^#+ (.*)$", TEXT, flags=re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
    for mistake in MISTAKES:
        assert mistake.paragraph in anchors, mistake.id


def test_first_sentence_of_an_explanation_fits_into_a_table():
    for mistake in MISTAKES:
        first = re.split(r"(?<=\.) ", mistake.explanation)[0]
        assert first.startswith("This behaves like "), mistake.id
        assert len(first) <= 90, mistake.id


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


def test_every_figure_is_described_and_readable_on_a_dark_page():
    cells = jupytext.reads(TEXT, "md:myst").cells
    figures = [k for k, cell in enumerate(cells) if "plt.show()" in cell.source]
    assert len(figures) == 5
    for k in figures:
        assert "<summary>The figure in words</summary>" in cells[k + 1].source
        assert 'facecolor="white"' in cells[k].source
        assert "label" in cells[k].source


@pytest.mark.long
def test_untouched_release_runs_to_its_end(tmp_path):
    for path in (ROOT / "release" / SLUG).iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    notebook = nbformat.read(tmp_path / f"{SLUG}.ipynb", 4)

    ExecutePreprocessor(timeout=120).preprocess(notebook, {"metadata": {"path": str(tmp_path)}})

    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    assert [o for o in outputs if o.output_type in ("error", "stream") and "Error" in str(o)] == []
    assert sum("image/png" in o.get("data", {}) for o in outputs) == 5
    assert sum("still waiting for you" in str(o.get("data", {})) for o in outputs) == 6
