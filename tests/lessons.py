"""Lessons as their tests read them: text, cells, mistakes, and what the release shows."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbconvert.preprocessors import ExecutePreprocessor

from nbjudge.model import Misconception
from nbjudge.suite.implementation import load_bank

ROOT = Path(__file__).resolve().parents[1]


def lesson_text(slug: str) -> str:
    """Return the lesson as it is written."""
    return (ROOT / "course" / f"{slug}.md").read_text(encoding="utf-8")


def lesson_cells(slug: str) -> list[Any]:
    """Return the lesson's cells, before the build."""
    return list(jupytext.reads(lesson_text(slug), "md:myst").cells)


def mistakes(slug: str) -> list[Misconception]:
    """Return every misconception of every exercise."""
    bank = load_bank(slug)
    return [mistake for exercise in bank.entries for mistake in bank.misconceptions(exercise)]


def explanation(slug: str, exercise: str, mistake: str) -> str:
    """Return how a misconception is explained."""
    return load_bank(slug).entries[exercise][mistake].misconception.explanation


@cache
def outputs_of_release(slug: str) -> list[Any]:
    """Run the untouched release to its end, once per process; return all outputs.

    Raises:
        CellExecutionError: If a cell does.
    """
    with tempfile.TemporaryDirectory() as folder:
        for path in (ROOT / "release" / slug).iterdir():
            Path(folder, path.name).write_bytes(path.read_bytes())
        notebook = nbformat.read(Path(folder, f"{slug}.ipynb"), 4)
        ExecutePreprocessor(timeout=120).preprocess(notebook, {"metadata": {"path": folder}})
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]
