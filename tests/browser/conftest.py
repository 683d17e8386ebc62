"""Chromium, pages that remember what went wrong and what they asked for, and `make lab`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.jupyter import ROOT, serving
from tests.browser.lab import OpenNotebook
from tests.browser.small_class import LESSON

_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 180_000
_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: none runs without Chromium."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Watched:
    """A page with a diary."""

    page: Page
    errors: list[str] = field(default_factory=list)
    """What the console called an error, and exceptions that nobody caught."""
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window.

    Not for the whole session: while it runs, asyncio takes its loop for that of every test.
    """
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium on this machine: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Watched]:
    """An empty page in a context of its own."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    # Every wait is for a condition, so a long one costs nothing but on a machine that is busy.
    context.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    yield Watched(context.new_page())
    context.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """`make lab` on what is released: its address, and the learner's folder."""
    checkout = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "release", checkout / "release")
    with serving("lab", checkout, tmp_path_factory.mktemp("jupyter")) as url:
        yield url, checkout / "my_work"


@pytest.fixture
def notebook(lab: tuple[str, Path], watched: Watched) -> OpenNotebook:
    """The lesson, untouched, in a folder that no other test writes to."""
    url, my_work = lab
    folder = Path(tempfile.mkdtemp(dir=my_work))
    shutil.copytree(my_work / LESSON, folder, dirs_exist_ok=True)
    return OpenNotebook(watched.page, url, folder / f"{LESSON}.ipynb", my_work)
