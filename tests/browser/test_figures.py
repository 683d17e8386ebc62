"""Figures to move: the keyboard reaches them, JupyterLab does not take its arrow keys first."""

from __future__ import annotations

import pytest

from tests.browser.lab import OpenNotebook

_ANSWERS = {
    "m1_l00_fundamental_concepts": {
        "who-shares": '"ln_seq": 7 shares its mean with 5, 3, 6, 6, 9.',
        "gain-of-layers": "0.952: after 50 layers 0.085 of the signal",
    },
    "m1_l01_mathematical_foundations": {
        "plank": "the support sum to 1 dm: it tips to the right",
    },
    "m1_l06_layer_norm_formula_detailed": {
        "push-and-answer": "answer: 0.91 / 1.6 = 0.57",
    },
}
"""What a figure says after one press of the right arrow on the first thing that can be moved."""


@pytest.mark.parametrize("lesson", _ANSWERS)
def test_an_arrow_key_moves_every_figure(lab, watched, lesson):
    url, my_work = lab
    notebook = OpenNotebook(watched.page, url, my_work / lesson / f"{lesson}.ipynb", my_work)
    notebook.run_all()

    for name, answer in _ANSWERS[lesson].items():
        figure = watched.page.locator(f".{name}")
        figure.evaluate("(e) => e.scrollIntoView({block: 'center'})")
        figure.locator("input").first.focus()
        watched.page.keyboard.press("ArrowRight")
        assert answer in figure.locator("output").evaluate("(e) => e.textContent")
