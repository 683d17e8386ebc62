"""The class report as an instructor sees it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from bench.report import made_up_class
from nbjudge.reports.class_page import report_page
from nbjudge.reports.class_report import class_report


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a made-up class."""
    report = class_report("a", ([result] for result in made_up_class(120)))
    page = report_page(
        report,
        title="Made up",
        day=date(2026, 11, 21),
        table="report.csv",
        change=None,
        names=False,
        similar=[],
    )
    path: Path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(page, encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_it_fits(chromium: Browser, address, scheme, width):
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(address)
    page.locator("details").evaluate_all("(all) => all.forEach((d) => { d.open = true; })")
    found = Axe().run(page).response["violations"]
    fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()

    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    assert fits


def test_everything_to_act_on_is_on_the_first_screen(watched, address):
    watched.page.goto(address)
    for heading in ("Teach tomorrow", "Probably our fault", "Needs a person"):
        box = watched.page.get_by_role("region", name=heading).bounding_box()
        assert box["y"] + box["height"] < 900
    assert watched.requests == [address]
    assert watched.errors == []
