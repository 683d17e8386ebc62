"""The instructor's notebook from text and answers: `source/<assignment>/<slug>.ipynb`.

Everything in it is derived, so two builds are equal byte for byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from nbjudge.authoring.answers import Answers, read_answers
from nbjudge.authoring.lesson_rules import check_lesson, check_roles
from nbjudge.authoring.lesson_text import LessonText, TextCell, read_text
from nbjudge.authoring.quiz_cells import quiz_points, with_quiz_points
from nbjudge.authoring.stubs import filled
from nbjudge.errors import LessonError
from nbjudge.model import Course
from nbjudge.notebook.lesson import VIEWS

FORMAT = 1
"""Of `metadata.nbjudge`; an unknown one is refused, never guessed."""

_EDITORS_OWN = frozenset(
    {"collapsed", "deletable", "editable", "ExecuteTime", "execution", "jupyter", "scrolled"}
    | {"trusted", "id"}
)
"""Cell metadata that editors write unasked: in a notebook, no author's decision."""
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_UNGRADED = {"grade": False, "locked": False, "schema_version": 3, "solution": False, "task": False}


def built_notebook(course: Course, slug: str, language: str = "") -> dict[str, Any]:
    """Build one lesson's notebook in memory.

    Args:
        course: The course.
        slug: The lesson.
        language: Of a translation; "" for the lesson itself.

    Raises:
        LessonError: If the lesson's files contradict each other or break a rule.
    """
    text = with_quiz_points(read_text(course.text(slug, language)), quiz_points(course, slug))
    answers = read_answers(course.solution(slug))
    return source_notebook(text, answers, suites(course, slug))


def suites(course: Course, slug: str) -> set[str]:
    """Return the exercises of a lesson that have a hidden suite."""
    files = course.suite_folder(slug).glob("test_*.py")
    return {file.stem.removeprefix("test_") for file in files}


def source_notebook(text: LessonText, answers: Answers, suites: set[str]) -> dict[str, Any]:
    """Build a lesson's notebook.

    Args:
        text: The lesson's text.
        answers: Its solutions.
        suites: Exercises that have a hidden suite.

    Raises:
        LessonError: If the lesson's files contradict each other or break a rule.
    """
    check_roles(text)
    cells = [_cell(text, cell, answers) for cell in text.cells]
    check_lesson(text, [cell["source"] for cell in cells], suites)
    about = {
        "format": FORMAT,
        "lesson": text.path.name.partition(".")[0],
        "view": _view(text),
        "built": [f"{cell['id']} {digest(cell)}" for cell in cells],
    }
    metadata = {
        "kernelspec": dict(text.front.get("kernelspec") or _KERNEL),
        "language_info": {"name": "python"},
        "nbjudge": about,
    }
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}


def notebook_bytes(notebook: Mapping[str, Any]) -> bytes:
    """Encode a notebook as Jupyter saves it, so that saving it again changes nothing."""
    cells = [{**c, "source": c["source"].splitlines(keepends=True)} for c in notebook["cells"]]
    document = {**notebook, "cells": cells}
    return (json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def digest(cell: Mapping[str, Any]) -> str:
    """Return what tells a hand-edited cell: 16 hex digits over type, metadata and source."""
    content = [cell["cell_type"], authored(cell["metadata"]), settled(cell["source"])]
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def authored(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return a cell's metadata without what editors write unasked."""
    return {k: v for k, v in metadata.items() if k not in _EDITORS_OWN}


def settled(source: str) -> str:
    """Return a cell's source without blank ends, which MyST does not keep."""
    return source.rstrip().lstrip("\n")


def completed(own: Mapping[str, Any]) -> dict[str, Any]:
    """Complete an author's nbgrader metadata: of a stub, or of a points cell."""
    whole = {**_UNGRADED, **own}
    if "points" in own:
        whole |= {"grade": True, "locked": True}
    return whole


def _view(text: LessonText) -> str:
    own = text.front.get("nbjudge")
    view = own.get("view", VIEWS[0]) if isinstance(own, Mapping) else VIEWS[0]
    if view not in VIEWS:
        raise LessonError(
            f"The view {view!r} is not known.",
            context=f"{text.name}, front matter",
            hint=f"it is one of: {', '.join(VIEWS)}.",
        )
    return str(view)


def _cell(text: LessonText, cell: TextCell, answers: Answers) -> dict[str, Any]:
    # All of it: what stands in the text an author did write, even `jupyter: {source_hidden: true}`.
    metadata = json.loads(json.dumps(cell.metadata, default=str))
    source = cell.source
    if cell.nbgrader:
        metadata["nbgrader"] = completed(cell.nbgrader)
        if cell.nbgrader.get("solution"):
            source = filled(text, cell, answers)
    built = {"cell_type": cell.kind, "id": cell.id, "metadata": metadata, "source": source}
    return built | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})
