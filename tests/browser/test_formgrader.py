"""A grader's work in nbgrader's formgrader, as `make grader` serves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import Watched
from tests.browser.jupyter import serving
from tests.browser.small_class import LESSON, SmallClass

PAGES = {
    "manage_assignments": LESSON,
    f"manage_submissions/{LESSON}": "mallory",
    "gradebook": LESSON,
    f"gradebook/{LESSON}": LESSON,
    f"gradebook/{LESSON}/{LESSON}": "Submission #3",
    "manage_students": "mallory",
    f"manage_students/ada/{LESSON}": LESSON,
}
"""Path, and words in its table."""


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SmallClass, str]]:
    """The class, all judged but `ben`, and the address of `make grader`."""
    checkout = tmp_path_factory.mktemp("checkout")
    a_class = SmallClass(checkout)
    for student in ("ada", "eva", "mallory"):
        a_class.run("nbjudge", "grade", LESSON, "--student", student)
    with serving("grader", checkout, tmp_path_factory.mktemp("jupyter")) as url:
        yield a_class, url


@dataclass
class Formgrader:
    """The formgrader in one page."""

    watched: Watched
    url: str
    a_class: SmallClass

    def open(self, path: str) -> None:
        self.watched.page.goto(f"{self.url}{path}", wait_until="networkidle")

    def row(self, student: str) -> Locator:
        """The student's row among the submissions, once it is filled."""
        self.open(f"/formgrader/manage_submissions/{LESSON}")
        return self._row(student)

    def autograde(self, student: str) -> Locator:
        """Click the flash in the student's row; return the row with the mark in it."""
        self.row(student).locator(".autograde a").click()
        page = self.watched.page
        page.get_by_text(f"Successfully autograded '{LESSON}' for student").wait_for()
        page.get_by_role("button", name="OK").click()
        return self._row(student)

    def _row(self, student: str) -> Locator:
        name = self.watched.page.locator(".student-id").get_by_text(student, exact=True)
        return self.watched.page.locator("#main-table tr", has=name)


@pytest.fixture
def formgrader(school: tuple[SmallClass, str], watched: Watched) -> Formgrader:
    a_class, url = school
    return Formgrader(watched, url, a_class)


def test_the_button_gives_the_mark_that_the_command_gives(formgrader):
    assert "needs autograding" in formgrader.row("ben").inner_text()

    row = formgrader.autograde("ben")
    by_button = formgrader.a_class.score("ben")
    row.get_by_text(f"{round(by_button, 2):g} / ").wait_for()
    assert by_button > 0

    formgrader.a_class.run("nbjudge", "grade", LESSON, "--student", "ben")
    assert formgrader.a_class.score("ben") == by_button


def test_a_mark_given_by_hand_stays_when_the_notebook_is_judged_again(formgrader):
    page = formgrader.watched.page
    path = formgrader.a_class.submission_path("ada")
    formgrader.open(path)
    points = page.locator("#test_layer_norm")
    assert points.input_value() == "" or float(points.get_attribute("placeholder")) > 3.5

    with page.expect_response(lambda r: "/api/grade/" in r.url and r.request.method == "PUT"):
        points.fill("3.5")
        points.blur()
    by_hand = formgrader.a_class.score("ada")
    formgrader.autograde("ada")

    assert formgrader.a_class.score("ada") == by_hand
    formgrader.open(path)
    assert page.locator("#test_layer_norm").input_value() == "3.5"


@pytest.mark.parametrize(("path", "words"), PAGES.items())
def test_every_page_renders_without_an_error_or_another_host(formgrader, path, words):
    formgrader.open(f"/formgrader/{path}")

    assert words in formgrader.watched.page.locator("#main-table").inner_text()
    assert formgrader.watched.errors == []
    assert elsewhere(formgrader) == []


@pytest.mark.parametrize("student", ["ada", "eva", "mallory"])
def test_a_submission_is_shown_without_an_error_or_another_host(formgrader, student):
    formgrader.open(formgrader.a_class.submission_path(student))

    assert formgrader.watched.page.locator(".nbjudge-card").first.is_visible()
    assert formgrader.watched.errors == []
    assert elsewhere(formgrader) == []


def test_no_script_of_a_students_runs_at_the_grader(formgrader):
    formgrader.open(formgrader.a_class.submission_path("mallory"))

    assert formgrader.watched.page.get_by_text("A text of mine.").is_visible()
    assert formgrader.watched.page.evaluate("window.ran") is None


def elsewhere(formgrader: Formgrader) -> list[str]:
    """Requests that left the server."""
    own = (formgrader.url, "data:", "blob:")
    return [url for url in formgrader.watched.requests if not url.startswith(own)]
