"""The promises of the lesson on variance: its text, its numbers, its figures."""

import re
import statistics
from functools import partial

import numpy as np
import pytest
import torch

from nbjudge.suite.implementation import load_bank
from solutions.m1_l04_variance_and_std import Welford, merge_stats, rescale_to, variance_two_pass
from tests import lessons

SLUG = "m1_l04_variance_and_std"
BANK = load_bank(SLUG)
TEXT = lessons.lesson_text(SLUG)

explanation = partial(lessons.explanation, SLUG)


def var(*values, correction=0):
    return torch.tensor(values, dtype=torch.float64).var(correction=correction).item()


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
