"""A notebook open in JupyterLab, worked as a learner works it: with mouse and keyboard."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page


class OpenNotebook:
    """One notebook of the learner's, in one page."""

    def __init__(self, page: Page, url: str, path: Path, below: Path) -> None:
        self.page = page
        self._path = path
        page.goto(f"{url}/lab/tree/{path.relative_to(below)}?reset")
        page.get_by_text("| Idle").wait_for()

    def run_all(self) -> None:
        """Choose Run, Run All Cells; return when every code cell has run and is saved."""
        self.choose("Run", "Run All Cells")
        self._saved(lambda cells: all(cell["execution_count"] for cell in cells))

    def choose(self, *menus: str) -> None:
        """Choose from the menus at the top: the menu, perhaps a submenu, the entry."""
        self.page.get_by_role("menuitem", name=menus[0], exact=True).click()
        for submenu in menus[1:-1]:
            self._entry(submenu).hover()
        self._entry(menus[-1]).click()

    def answer(self, exercise: str, source: str) -> None:
        """Write over the stub, run it and the points cell below it, all by keyboard."""
        stub = self.page.locator(".jp-CodeCell", has_text=f"def {exercise}(").first
        stub.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        # As if pasted: the editor would indent what is typed a second time.
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Shift+Enter")
        self.page.keyboard.press("Shift+Enter")

    def card(self, exercise: str) -> Locator:
        """The card that `check` drew, in view: what is not has no text to read."""
        card = self.page.locator(f'.nbjudge-card[aria-label^="{exercise}:"]')
        # Cells above it find their height only when they are drawn, and push it out again.
        in_view = "(e) => { e.scrollIntoView({block: 'center'}); return e.innerText !== ''; }"
        self.page.wait_for_function(in_view, arg=card.element_handle())
        return card

    def outputs(self) -> list[dict[str, Any]]:
        """What all cells have put out, as the saved file has it."""
        return [output for cell in self._saved() for output in cell["outputs"]]

    def theme(self, name: str) -> None:
        """Choose a theme: `JupyterLab Dark`."""
        self.choose("Settings", "Theme", name)
        dark = "true" if "Light" in name else "false"
        self.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{dark}'")

    def _entry(self, label: str) -> Locator:
        return self.page.locator(".lm-Menu-item", has=self.page.get_by_text(label, exact=True))

    def _saved(
        self, enough: Callable[[list[dict[str, Any]]], bool] = bool, most_s: float = 60
    ) -> list[dict[str, Any]]:
        """Save until the file's code cells are enough; return them."""
        deadline = time.monotonic() + most_s
        while time.monotonic() < deadline:
            self.page.keyboard.press("Control+s")
            self.page.wait_for_timeout(300)
            # The server may be in the middle of writing it.
            with contextlib.suppress(json.JSONDecodeError):
                cells = json.loads(self._path.read_text())["cells"]
                code = [cell for cell in cells if cell["cell_type"] == "code"]
                if enough(code):
                    return code
        raise AssertionError(f"not every cell of {self._path.name} has run in {most_s} s")
