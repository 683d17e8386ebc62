"""The page that a student gets, opened from a file, as it comes by mail."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Watched
from tests.browser.contrast import least_contrast
from tests.browser.small_class import LESSON, SmallClass

CELL = "test_layer_norm"
CARD = '.nbjudge-card[aria-label^="layer_norm:"]'


@pytest.fixture(scope="module")
def a_class(tmp_path_factory: pytest.TempPathFactory) -> SmallClass:
    """The class with its pages."""
    made = SmallClass(tmp_path_factory.mktemp("checkout"))
    made.run("nbjudge", "grade", LESSON)
    made.run("nbgrader", "generate_feedback", LESSON)
    return made


@pytest.mark.parametrize("student", ["ada", "ben", "eva", "mallory"])
def test_a_page_asks_nothing_of_the_network_and_runs_no_script(watched, a_class, student):
    address = a_class.feedback_page(student)
    watched.page.goto(address, wait_until="networkidle")

    assert watched.requests == [address]
    assert watched.errors == []
    assert watched.page.evaluate("window.ran") is None
    assert watched.page.locator("script").count() == 0


def test_formulas_are_drawn_without_a_script(watched, a_class):
    watched.page.goto(a_class.feedback_page("ben"))
    unfold = "(all) => all.forEach((details) => { details.open = true; })"
    watched.page.locator("details").evaluate_all(unfold)
    boxes = [formula.bounding_box() for formula in watched.page.locator("math").all()]

    assert len(boxes) > 10
    assert [box for box in boxes if box is None or box["width"] == 0] == []


def test_the_card_names_the_mistake_beside_the_score(watched, a_class):
    watched.page.goto(a_class.feedback_page("ben"))
    cell = watched.page.locator(".nbgrader_cell", has=watched.page.get_by_text(CELL, exact=True))
    score = cell.locator(".pull-right").inner_text().split()[1]
    card = watched.page.get_by_role("group", name=f"layer_norm: {float(score):g} of 6 points")

    assert 0 < float(score) < 6
    assert "This behaves like dividing by D - 1." in card.inner_text()


def test_hint_and_paragraph_are_reached_by_keyboard(watched, a_class):
    page = watched.page
    page.goto(a_class.feedback_page("ben"))
    hint = page.locator(CARD).locator("details").first
    cell = page.locator(".nbgrader_cell", has=page.get_by_text(CELL, exact=True))
    cell.get_by_text("(Top)").focus()

    page.keyboard.press("Tab")
    assert hint.locator("summary").evaluate("(e) => e === document.activeElement")
    page.keyboard.press("Enter")
    assert hint.evaluate("(e) => e.open")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="The variance divides by D", exact=True)
    assert abs(heading.bounding_box()["y"]) < 30


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_card_is_readable_whatever_the_reader_prefers(chromium: Browser, a_class, scheme):
    """The page around is light always; WCAG 2.2, 1.4.3 wants a contrast of 4.5."""
    context = chromium.new_context(color_scheme=scheme)
    page = Watched(context.new_page()).page
    page.goto(a_class.feedback_page("ben"))
    page.locator(CARD).locator("summary").first.click()
    ratio, words = least_contrast(page.locator(CARD))
    context.close()

    assert ratio >= 4.5, words


def test_a_card_fits_a_telephone(watched, a_class):
    watched.page.set_viewport_size({"width": 360, "height": 740})
    watched.page.goto(a_class.feedback_page("ben"))
    card = watched.page.locator(CARD)

    assert card.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
