"""The card of `check` in JupyterLab: the ladder by mouse and keyboard, what a crash leaves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from tests.browser.contrast import least_contrast
from tests.browser.lab import OpenNotebook
from tests.browser.small_class import DIVIDES_BY_D_MINUS_1, RIGHT

CRASHES = """import ctypes


def layer_norm(x, gamma, beta, eps=1e-5):
    return ctypes.string_at(0)
"""
QUESTION = "How many deviations do you sum, and by what do you divide?"
IDEA = "This behaves like dividing by D - 1."
EXAMPLE = "Three squares were added up"
RUNGS = {
    "Ask me a question": QUESTION,
    "Tell me the idea": IDEA,
    "Show me a worked example": EXAMPLE,
}


@pytest.fixture
def notebook(notebook: OpenNotebook) -> OpenNotebook:
    """The lesson, untouched, of which all cells have run."""
    notebook.run_all()
    return notebook


@pytest.fixture
def card(notebook: OpenNotebook) -> Locator:
    """The card of an answer that divides by D - 1."""
    notebook.answer("layer_norm", DIVIDES_BY_D_MINUS_1)
    notebook.page.get_by_text("Stuck? One step at a time.").wait_for()
    return notebook.card("layer_norm")


def keep_picture(card: Locator, name: str) -> None:
    """Keep a screenshot where a person asked for one, to look at."""
    folder = os.environ.get("NBJUDGE_SCREENSHOTS")
    if folder:
        card.screenshot(path=Path(folder) / f"{name}.png")


def test_the_ladder_is_climbed_by_mouse_one_rung_at_a_time(card):
    keep_picture(card, "closed")
    for invitation, words in RUNGS.items():
        text = card.get_by_text(words)
        expect(text).to_be_hidden()
        card.get_by_text(invitation).click()
        expect(text).to_be_visible()
    keep_picture(card, "climbed")


def test_the_ladder_is_climbed_by_keyboard(notebook, card):
    keyboard = notebook.page.keyboard
    keyboard.press("ArrowUp")
    for invitation, words in RUNGS.items():
        summary = card.locator("summary", has_text=invitation)
        for _ in range(3):  # a link may lie between two rungs
            keyboard.press("Tab")
            if summary.evaluate("(e) => e === document.activeElement"):
                break
        keyboard.press("Enter")
        expect(card.get_by_text(words)).to_be_visible()
    keyboard.press("Space")
    expect(card.get_by_text(EXAMPLE)).to_be_hidden()


def test_the_idea_leads_to_its_section(notebook, card):
    for invitation in list(RUNGS)[:2]:
        card.get_by_text(invitation).click()
    card.get_by_role("link", name="The variance divides by D").click()

    heading = notebook.page.get_by_role("heading", name="The variance divides by D")
    expect(heading).to_be_in_viewport()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_every_rung_is_readable_in_both_themes(notebook, card, theme):
    """WCAG 2.2, 1.4.3: a contrast of 4.5 for text of normal size; and nothing serious by axe."""
    notebook.theme(theme)
    card = notebook.card("layer_norm")
    for invitation in RUNGS:
        card.get_by_text(invitation).click()
    keep_picture(card, theme.split()[-1])

    ratio, words = least_contrast(card)
    found = Axe().run(notebook.page, context=".nbjudge-card").response["violations"]

    assert ratio >= 4.5, words
    assert [
        f"{v['id']}: {v['help']}" for v in found if v["impact"] in ("serious", "critical")
    ] == []


def test_a_crash_leaves_the_kernel_and_its_names(notebook):
    notebook.answer("layer_norm", CRASHES)
    notebook.page.get_by_text("Your code ended the whole process it ran in.").wait_for()
    keep_picture(notebook.card("layer_norm"), "crash")

    notebook.answer("layer_norm", RIGHT.replace("layer_norm(", "layer_norm("))
    notebook.page.get_by_text("good so far").wait_for()
