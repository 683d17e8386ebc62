"""Four students of a copy of the course, where `make grader` looks for the demonstration."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.api import Gradebook

from nbjudge.authoring.sample_notebooks import Notebook, fill_in
from nbjudge.cli.demo import copy_course
from nbjudge.model import Course
from tests.browser.jupyter import ROOT, isolated_environment

LESSON = "m1_l05_layer_norm_formula"
DIVIDES_BY_D_MINUS_1 = """def layer_norm(x, gamma, beta, eps=1e-5):
    wide = x.astype(np.result_type(x.dtype, np.float32))
    variance = wide.var(axis=-1, keepdims=True, ddof=1)
    normalized = (wide - wide.mean(axis=-1, keepdims=True)) / np.sqrt(variance + eps)
    return (normalized * gamma + beta).astype(x.dtype)
"""
RIGHT = DIVIDES_BY_D_MINUS_1.replace(", ddof=1", "")
_SCRIPT = (
    "<script>window.ran = true</script><img src=x onerror='window.ran = true'>"
    "<svg onload='window.ran = true'></svg><a id='ran' href='javascript:window.ran = true'>x</a>"
)


class SmallClass:
    """The course's folder, and what a test does in it.

    `ada` handed in a right `layer_norm`, `ben` divides by D - 1, `eva` changed nothing,
    and `mallory` wants scripts to run at whoever opens the page.
    """

    def __init__(self, checkout: Path) -> None:
        self.folder = checkout / ".demo"
        self._environment = isolated_environment(checkout / "home")
        copy_course(Course.load(ROOT), self.folder)
        self.run("nbgrader", "generate_assignment", LESSON, "--force")
        ada = fill_in(self._released(), {"layer_norm": (RIGHT,)})
        ben = fill_in(self._released(), {"layer_norm": (DIVIDES_BY_D_MINUS_1,)})
        self._hand_in("ada", ada)
        self._hand_in("ben", ben)
        self._hand_in("eva", self._released())
        self._hand_in("mallory", _with_scripts(ben))

    def _released(self) -> Notebook:
        released = self.folder / "release" / LESSON / f"{LESSON}.ipynb"
        return dict(json.loads(released.read_bytes()))

    def _hand_in(self, student: str, notebook: Notebook) -> None:
        folder = self.folder / "submitted" / student / LESSON
        folder.mkdir(parents=True)
        (folder / f"{LESSON}.ipynb").write_text(json.dumps(notebook))

    def run(self, program: str, *arguments: str) -> None:
        """Run a command of nbjudge's or nbgrader's in the course's folder."""
        module = {"nbjudge": "nbjudge.cli.main", "nbgrader": "nbgrader"}[program]
        done = subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def score(self, student: str) -> float:
        """The student's score in the gradebook."""
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            return float(gradebook.find_submission(LESSON, student).score)

    def submission_path(self, student: str) -> str:
        """Where the formgrader shows the student's notebook."""
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            notebook = gradebook.find_submission_notebook(LESSON, LESSON, student)
            return f"/formgrader/submissions/{notebook.id}/?index=0"

    def feedback_page(self, student: str) -> str:
        """The address of the page that the student gets."""
        page = self.folder / "feedback" / student / LESSON / f"{LESSON}.html"
        return page.as_uri()


def _with_scripts(notebook: Notebook) -> Notebook:
    """Return the notebook with scripts in a text, an output and a comment in code."""
    shown = new_output("display_data", data={"text/html": _SCRIPT, "image/svg+xml": _SCRIPT})
    code = new_code_cell(f"1  # {_SCRIPT}", id="mallory-code", outputs=[shown])
    text = new_markdown_cell(f"A text of mine. {_SCRIPT}", id="mallory-text")
    return {**notebook, "cells": [*notebook["cells"], text, code]}
