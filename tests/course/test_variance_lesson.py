"""The promises of the lesson on variance: its text, its numbers, its figures."""

import re
import statistics
from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pytest
import torch
from nbconvert.preprocessors import ExecutePreprocessor

from nbjudge.suite.implementation import load_bank
from solutions.m1_l04_variance_and_std import Welford, merge_stats, rescale_to, variance_two_pass

ROOT = Path(__file__).resolve().parents[2]
SLUG = "m1_l04_variance_and_std"
BANK = load_bank(SLUG)
TEXT = (ROOT / "course" / f"{SLUG}.md").read_text(encoding="utf-8")
MISTAKES = [m for name in BANK.entries for m in BANK.misconceptions(name)]


def explanation(exercise, name):
    return BANK.entries[exercise][name].misconception.explanation


def var(*values, correction=0):
    return torch.tensor(values, dtype=torch.float64).var(correction=correction).item()


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


def test_numbers_in_the_texts_are_those_of_torch():
    large = torch.tensor(1e18, dtype=torch.float64)
    apart = (torch.nextafter(large, 2 * large) - large).item()
    assert f"are {apart:.0f} apart" in explanation("Welford", "one-pass-variance")
    row = (1.0, 2.0, 3.0, 4.0)
    ratio = var(*row, correction=1) / var(*row)
    assert f"4/3 = {ratio:.3f} times" in explanation("variance_two_pass", "unbiased-variance")
    for exercise in ("variance_two_pass", "Welford"):
        text = explanation(exercise, "standard-deviation")
        assert f"{var(*row) ** 0.5:.3f} where {var(*row)} was" in text
    # The first of two numbers has the deviation 0 from itself, and is its own mean.
    assert f"variance is {(1**2 + 2**2) / 2} and should be {var(1.0, 3.0):.0f}" in explanation(
        "Welford", "old-mean-twice"
    )
    assert f"variance is {1**2 / 2} and should be {var(1.0, 3.0):.0f}" in explanation(
        "Welford", "new-mean-twice"
    )
    halves = BANK.wrong_code("Welford", "mean-of-last-two")()
    for value in row:
        halves.update(value)
    assert f"mean is {halves.mean} and should be 2.5" in explanation("Welford", "mean-of-last-two")
    wrong, right = (
        code((10, 0.0, 0.0), (10, 1.0, 0.0))[2]
        for code in (BANK.wrong_code("merge_stats", "between-not-divided"), merge_stats)
    )
    assert f"ten that is {wrong / right:.0f} times" in explanation(
        "merge_stats", "between-not-divided"
    )


def test_worked_rescaling_of_the_lesson_is_that_of_torch():
    row = torch.tensor([1.0, 2.0, 3.0, 4.0], dtype=torch.float64)
    normalized = torch.nn.functional.layer_norm(row, (4,), eps=1e-5).numpy()
    for line in (normalized, 15 * normalized, 15 * normalized + 100):
        assert "| " + " | ".join(f"{value:.4f}" for value in line) + " |" in TEXT
    np.testing.assert_allclose(rescale_to(row.numpy(), 100.0, 15.0), 15 * normalized + 100)


def test_worked_stream_and_merge_of_the_lesson_are_those_of_torch():
    rows = {4: "| 4 | 2 | 2 | 3 | 1 | 2 | 1 |", 9: "| 9 | 3 | 6 | 5 | 4 | 26 | 8.667 |"}
    assert all(row in TEXT for row in rows.values())
    assert var(2.0, 4.0) == 1.0
    assert round(var(2.0, 4.0, 9.0), 3) == 8.667
    assert "drops to $26/4 = 6.5$" in TEXT
    assert var(2.0, 4.0, 9.0, 5.0) == 6.5
    assert "= 29.2$ |" in TEXT
    assert 5 * var(2.0, 4.0, 9.0, 5.0, 7.0) == pytest.approx(29.2)
    assert merge_stats((2, 3.0, 2.0), (3, 7.0, 8.0)) == pytest.approx((5, 5.4, 29.2))


def test_shortcut_fails_as_the_lesson_says():
    noise = np.random.default_rng(4).normal(size=1000)
    pressure = (1e5 + noise).astype(np.float32)
    assert "finds a variance of 1024 where it is about 1" in TEXT
    assert (pressure * pressure).mean() - pressure.mean() ** 2 == 1024.0
    assert variance_two_pass(pressure) == pytest.approx(1.03, abs=0.01)
    assert np.spacing(np.float32(1e10)) == 1024.0


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_recorded_line_of_the_figure_is_what_a_right_answer_gives(dtype):
    recorded = re.search(rf'"{dtype}": \[(.*?)\]', TEXT, flags=re.DOTALL).group(1)
    noise = np.random.default_rng(4).normal(size=1000)
    for k, written in enumerate(map(float, recorded.split(","))):
        x = (10.0**k + noise).astype(dtype)
        stream = Welford()
        for value in x:
            stream.update(value)
        exact = statistics.pvariance(x.tolist())
        # Written with two digits; below ten roundings an error is another machine's luck.
        assert abs(float(stream.var) - exact) / exact == pytest.approx(
            written, rel=0.05, abs=10 * float(np.finfo(dtype).eps)
        )


def test_every_figure_is_described_and_readable_on_a_dark_page():
    cells = jupytext.reads(TEXT, "md:myst").cells
    figures = [k for k, cell in enumerate(cells) if "plt.show()" in cell.source]
    assert len(figures) == 3
    for k in figures:
        # After it: words that stand before it would answer the prediction.
        assert cells[k + 1].source.startswith("<details>\n<summary>The figure in words</summary>")
        assert "Predict before you run" in cells[k - 1].source
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
    assert sum("image/png" in o.get("data", {}) for o in outputs) == 3
    assert sum("still waiting for you" in str(o.get("data", {})) for o in outputs) == 4
