"""The graded parts of a notebook, as the feedback page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task

from nbjudge.questions.answers import QUIZ_CELL
from nbjudge.reports.comments import comment_said
from nbjudge.reports.points import number_text
from nbjudge.texts import say


@dataclass(frozen=True, kw_only=True, slots=True)
class PagePart:
    """One graded part of the notebook."""

    anchor: str
    name: str
    points: str
    """In words: "3 of 6 points"."""
    state: str
    kind: str
    """`right`, `partly`, `notyet` or `open`: its colour."""
    notes: tuple[str, ...]
    answer: NotebookNode | None
    """The cell that the learner wrote."""
    is_read: bool
    """The answer is what a person read: it is not folded away."""
    comment: str
    """A person's, in Markdown."""
    tests: NotebookNode | None
    """The test cell, where it is one of nbgrader's own kind."""
    shown: NotebookNode | None
    """The cell whose outputs are the feedback."""
    figures: tuple[str, ...]
    """PNG in base64: what the learner's own cells drew."""


def graded_parts(nb: NotebookNode, figures: Mapping[str, tuple[str, ...]]) -> Iterator[PagePart]:
    """Return the parts in the order of the notebook.

    Args:
        nb: With grades and comments in it.
        figures: Name of an exercise -> what the learner's cells drew behind its answer.
    """
    answers = {
        cell.metadata.nbgrader["grade_id"]: cell
        for cell in nb.cells
        if is_solution(cell) and not is_grade(cell)
    }
    last: NotebookNode | None = None
    for cell in nb.cells:
        if is_solution(cell) and not is_grade(cell):
            last = cell
        elif is_grade(cell) or is_task(cell):
            name = cell.metadata.nbgrader["grade_id"].removeprefix("test_")
            own = cell if is_solution(cell) or is_task(cell) else answers.get(name, last)
            last = None if own is last else last
            yield _part(cell, own, name, figures.get(name, ()))


def _part(
    cell: NotebookNode, answer: NotebookNode | None, name: str, figures: tuple[str, ...]
) -> PagePart:
    about = cell.metadata.nbgrader
    is_quiz = about["grade_id"] == QUIZ_CELL or about["grade_id"].startswith(f"{QUIZ_CELL}_")
    is_card = any(
        "nbjudge-card" in o.get("data", {}).get("text/html", "") for o in cell.get("outputs", [])
    )
    kind, state = _standing(about)
    return PagePart(
        anchor=about["grade_id"],
        name=name,
        points=_points(about),
        state=state,
        kind=kind,
        notes=tuple(_notes(about, "" if is_card or answer is None else _remark(answer))),
        answer=None if is_quiz else answer,
        is_read=answer is cell,
        comment=(answer.metadata.nbgrader.get("comment") if answer is not None else "") or "",
        tests=None if answer is cell or is_card or is_quiz else cell,
        shown=cell if cell.get("outputs") else None,
        figures=figures,
    )


def _standing(about: Mapping[str, Any]) -> tuple[str, str]:
    """Return the kind of a part, and the same in words."""
    if about.get("waiting"):
        return "open", say("no mark yet")
    score, points = float(about["score"]), float(about["points"])
    if score >= points:
        return "right", say("right")
    return ("partly", say("partly right")) if score > 0 else ("notyet", say("not yet"))


def _points(about: Mapping[str, Any]) -> str:
    points = number_text(float(about["points"]))
    if about.get("waiting"):
        return say("no mark yet, of {points} points", points=points)
    score = number_text(float(about["score"]))
    return say("{score} of {points} points", score=score, points=points)


def _remark(answer: NotebookNode) -> str:
    """Return what nbgrader itself says of an answer: a card says it in its own words."""
    return comment_said(str(answer.metadata.nbgrader.get("remark") or ""))


def _notes(about: Mapping[str, Any], remark: str) -> Iterator[str]:
    auto = about.get("auto")
    if remark:
        yield remark
    if not about.get("by_hand"):
        return
    if auto is not None and abs(float(auto) - float(about["score"])) > 1e-9:
        yield say(
            "A person gave this mark; the tests had given {points} points.",
            points=number_text(float(auto)),
        )
    else:
        yield say("A person gave this mark.")


def moved_cells(nb: NotebookNode, parts: Iterable[PagePart]) -> dict[str, str]:
    """Return which cells stand in a part: id of the cell -> the part's anchor."""
    each = list(parts)
    shown = {
        id(cell): part.anchor
        for part in each
        for cell in (part.answer, part.shown, part.tests)
        if cell is not None
    }
    by_name = {part.anchor: part.anchor for part in each}
    moved = {}
    for cell in nb.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        anchor = shown.get(id(cell)) or by_name.get(name)
        if anchor:
            moved[cell.id] = anchor
    return moved
