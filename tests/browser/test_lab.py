"""A learner's first minutes: `make lab`, Run All, a wrong answer, a right one."""

from __future__ import annotations

import pytest

from tests.browser.contrast import least_contrast
from tests.browser.small_class import DIVIDES_BY_D_MINUS_1, RIGHT


def test_run_all_on_the_untouched_lesson_shows_no_red_and_a_kind_card(notebook):
    notebook.run_all()

    outputs = notebook.outputs()
    assert [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"] == []
    assert "layer_norm is still waiting for you." in notebook.card("layer_norm").inner_text()


def test_a_wrong_answer_is_named_and_a_right_one_is_not_yet_the_mark(notebook):
    notebook.run_all()

    notebook.answer("layer_norm", DIVIDES_BY_D_MINUS_1)
    notebook.page.get_by_text("Stuck? One step at a time.").wait_for()
    wrong = notebook.card("layer_norm").inner_text()
    assert "≠ differs" in wrong
    assert "dividing by D - 1" not in wrong

    notebook.answer("layer_norm", RIGHT)
    notebook.page.get_by_text("good so far").wait_for()
    right = notebook.card("layer_norm").inner_text()
    assert "Stuck?" not in right
    assert "Not yet" not in right
    assert "Hidden tests still count" in right


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_a_card_is_readable_in_both_themes(notebook, theme):
    """WCAG 2.2, 1.4.3: a contrast of 4.5 for text of normal size."""
    notebook.theme(theme)
    notebook.run_all()
    notebook.answer("layer_norm", DIVIDES_BY_D_MINUS_1)
    notebook.page.get_by_text("Stuck? One step at a time.").wait_for()
    ratio, words = least_contrast(notebook.card("layer_norm"))

    assert ratio >= 4.5, words


def test_the_page_around_does_not_change_the_look_of_a_card(notebook):
    """JupyterLab has rules of its own for `pre` and `code`."""
    notebook.run_all()
    notebook.answer("layer_norm", DIVIDES_BY_D_MINUS_1)
    notebook.page.get_by_text("Stuck? One step at a time.").wait_for()
    card = notebook.card("layer_norm")

    example, name = card.locator("pre").first, card.locator(".nbjudge-head code")
    assert example.evaluate("(e) => getComputedStyle(e).paddingLeft") != "0px"
    assert name.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgba(0, 0, 0, 0)"
