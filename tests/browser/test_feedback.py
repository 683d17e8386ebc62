"""The page that a student gets, opened from a file, as it comes by mail."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import Watched
from tests.browser.contrast import least_contrast
from tests.browser.small_class import LESSON, SmallClass

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


def test_the_first_screen_says_what_was_earned_and_what_to_do(watched, a_class):
    page = watched.page
    page.goto(a_class.feedback_page("ben"))
    score = f"{a_class.score('ben'):.2f}".rstrip("0").rstrip(".")

    assert f"You earned {score} of " in page.locator("header").inner_text()
    steps = page.get_by_role("region", name="What to do next")
    assert "layer_norm: " in steps.inner_text()
    box = steps.bounding_box()
    assert box["y"] + box["height"] < 900


def test_the_card_names_the_mistake_beside_the_score(watched, a_class):
    watched.page.goto(a_class.feedback_page("ben"))
    part = watched.page.get_by_role("region", name="layer_norm", exact=False).first
    score = float(part.locator(".points").inner_text().split()[0])
    card = watched.page.get_by_role("group", name=f"layer_norm: {score:g} of 6 points")

    assert 0 < score < 6
    assert "This behaves like dividing by D - 1." in card.inner_text()


def test_hint_and_paragraph_are_reached_by_keyboard(watched, a_class):
    page = watched.page
    page.goto(a_class.feedback_page("ben"))
    hint = page.locator(CARD).locator("details").first
    part = page.locator("section.part", has=page.locator(CARD))
    part.get_by_text("Your answer", exact=True).focus()

    page.keyboard.press("Tab")
    assert hint.locator("summary").evaluate("(e) => e === document.activeElement")
    page.keyboard.press("Enter")
    assert hint.evaluate("(e) => e.open")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="The variance divides by D", exact=True)
    assert abs(heading.bounding_box()["y"]) < 30


@pytest.mark.parametrize("student", ["ada", "ben", "eva"])
@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)]
)
def test_axe_finds_nothing(chromium: Browser, a_class, student, scheme, width):
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(a_class.feedback_page(student))
    page.locator("details").evaluate_all("(all) => all.forEach((d) => { d.open = true; })")
    found = Axe().run(page).response["violations"]
    context.close()

    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []


def test_the_page_has_its_landmarks_and_one_title(watched, a_class):
    page = watched.page
    page.goto(a_class.feedback_page("ben"))

    for role in ("banner", "main", "navigation", "contentinfo"):
        assert page.get_by_role(role).count() == 1
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.title() == "Feedback: The layer normalization formula"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_readable_whatever_the_reader_prefers(chromium: Browser, a_class, scheme):
    """WCAG 2.2, 1.4.3 wants a contrast of 4.5."""
    context = chromium.new_context(color_scheme=scheme)
    page = Watched(context.new_page()).page
    page.goto(a_class.feedback_page("ben"))
    page.locator("details").evaluate_all("(all) => all.forEach((d) => { d.open = true; })")
    ratio, words = least_contrast(page.locator("body"))
    context.close()

    assert ratio >= 4.5, words


def test_the_page_fits_a_telephone(watched, a_class):
    watched.page.set_viewport_size({"width": 360, "height": 740})
    watched.page.goto(a_class.feedback_page("ben"))
    card = watched.page.locator(CARD)

    assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert card.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
