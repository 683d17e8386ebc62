"""Figures that a learner's own cells drew, out of the notebook as they handed it in.

They go back to the learner and decide nothing. Only PNG is taken: no browser runs it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbjudge.errors import LessonError
from nbjudge.notebook.lesson import comparable, grade_id, nbgrader, read_lesson

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST = 3
"""Figures per exercise."""
_LARGEST = 1 << 20
_LARGEST_NOTEBOOK = 64 << 20


def figures_of(submitted: Path, source: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the figures of each exercise, as PNG in base64.

    A figure belongs to the answer that it follows. Those of cells that came with the
    lesson are left out: the learner has seen them.

    Args:
        submitted: The notebook as handed in; nothing about it is trusted.
        source: The instructor's notebook.
    """
    found: dict[str, list[str]] = {}
    exercise = ""
    released = _demonstrations(source, source.stat().st_mtime_ns) if source.exists() else ()
    for cell in _code_cells(submitted):
        if nbgrader(cell).get("solution") is True:
            exercise = grade_id(cell)
        if not exercise or comparable(cell["source"]) in released:
            continue
        figures = found.setdefault(exercise, [])
        figures += list(_pngs(cell))[: _MOST - len(figures)]
    return {name: tuple(figures) for name, figures in found.items() if figures}


def _code_cells(path: Path) -> Iterator[dict[str, Any]]:
    try:  # not by read_notebook, which drops outputs
        if path.is_symlink() or path.stat().st_size > _LARGEST_NOTEBOOK:
            return
        cells = json.loads(path.read_bytes())["cells"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return
    for cell in cells if isinstance(cells, list) else []:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            text = "".join(map(str, source)) if isinstance(source, list) else str(source)
            about = cell.get("metadata")
            yield {**cell, "source": text, "metadata": about if isinstance(about, dict) else {}}


def _pngs(cell: Mapping[str, Any]) -> Iterator[str]:
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else []:
        data = output.get("data") if isinstance(output, dict) else None
        encoded = data.get("image/png") if isinstance(data, dict) else None
        text = "".join(map(str, encoded)) if isinstance(encoded, list) else encoded
        if not isinstance(text, str) or len(text) > 2 * _LARGEST:
            continue
        try:
            content = base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            continue
        if content.startswith(_SIGNATURE) and len(content) <= _LARGEST:
            yield base64.b64encode(content).decode()


@lru_cache(maxsize=8)
def _demonstrations(source: Path, _changed: int) -> frozenset[str]:
    """Read them once for a class: a source that was built again has another time."""
    try:
        return read_lesson(source.read_bytes()).demonstrations
    except (OSError, LessonError):
        return frozenset()
