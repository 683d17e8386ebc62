"""What stands on the page that a learner gets; `templates/feedback` draws it.

Marks are the gradebook's, words the cards' and the last record's. A notebook without
a suite has no record: its page has the marks, the outputs and what a person wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import GetGrades
from pygments.formatters import HtmlFormatter

from nbjudge.grading.records import Record, read_record
from nbjudge.model import Course
from nbjudge.naming.card import prose_html
from nbjudge.naming.card_style import STYLE
from nbjudge.nbgrader_adapter.cell_display import harmless_outputs
from nbjudge.nbgrader_adapter.feedback_figures import figures_of
from nbjudge.nbgrader_adapter.feedback_folder import leave_out
from nbjudge.nbgrader_adapter.feedback_parts import PagePart, graded_parts, moved_cells
from nbjudge.nbgrader_adapter.feedback_words import default_review, page_words
from nbjudge.nbgrader_adapter.settings import NbJudge, Way
from nbjudge.reports.next_steps import Step, changes, next_steps
from nbjudge.reports.points import number_text
from nbjudge.texts import in_language, language, say, say_many

PAGE = "feedback_page"
"""Key of the `Page` in the resources that the template reads."""
_HEADING = re.compile(r"<(/?)h([1-6])\b")
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_FORMULA = re.compile(r'<math\b([^>]*display="block"[^>]*>)(.*?</math>)', re.DOTALL)
_EMPTY_HEAD = re.compile(r"<th[^>]*>\s*</th>")
_TAG = re.compile(r"<[^>]*>")
_LONG_FORMULA = 30
"""Characters; a shorter one is never wider than a telephone."""
_LOWER_BY = 2
"""A lesson's title stands below the page's own headings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageStep:
    """One thing to do next."""

    html: str
    section: str
    anchor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Everything on the page but the notebook itself."""

    title: str
    course: str
    language: str
    earned: str
    """HTML."""
    about: tuple[str, ...]
    steps: tuple[PageStep, ...]
    changes: tuple[str, ...]
    """HTML."""
    parts: tuple[PagePart, ...]
    moved: Mapping[str, str]
    """Id of a cell that a part shows -> the part's anchor."""
    review: str
    """Markdown: how to ask for a review."""
    footer: str
    words: Mapping[str, str]
    code_style: str
    card_style: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What is known about a hand-in beside the gradebook."""

    record: Record | None
    figures: Mapping[str, tuple[str, ...]]
    review: str


class DescribePage(GetGrades):
    """nbgrader's step that fetches the marks, and all else that the page says."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Put a `Page` into `resources`."""
        nb, resources = super().preprocess(nb, resources)
        coursedir = self.parent.parent.coursedir
        course = Course.find(Path(coursedir.root))
        settings = NbJudge(parent=self)
        folder = coursedir.format_path(
            coursedir.feedback_directory, self.student_id, self.assignment_id
        )
        leave_out(Path(folder), self.notebook_id)
        with in_language(settings.language_of(course, resources["nbgrader"]["assignment"])):
            resources[PAGE] = self._describe(nb, resources["nbgrader"], course, settings)
        return nb, resources

    def _describe(
        self, nb: NotebookNode, where: Mapping[str, Any], course: Course, settings: NbJudge
    ) -> Page:
        coursedir = self.parent.parent.coursedir
        if settings.way(course, where["assignment"], where["notebook"]) is not Way.SUITE:
            for cell in nb.cells:
                if cell.cell_type == "code":
                    cell.outputs = harmless_outputs(cell.outputs)
        about = (where["assignment"], where["notebook"], where["student"])
        folder = coursedir.format_path(
            coursedir.submitted_directory, where["student"], where["assignment"]
        )
        figures = figures_of(
            Path(folder) / f"{where['notebook']}.ipynb",
            course.source_notebook(where["assignment"], where["notebook"]),
        )
        known = _Known(
            record=read_record(course.state_folder, *about),
            figures=figures,
            review=settings.review_request,
        )
        return _page(nb, where, course, known)

    def _get_comment(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        """Tell what a person wrote from what nbgrader or the judge did."""
        comment = self.gradebook.find_comment(
            cell.metadata["nbgrader"]["grade_id"],
            self.notebook_id,
            self.assignment_id,
            self.student_id,
        )
        cell.metadata.nbgrader["comment"] = comment.manual_comment
        cell.metadata.nbgrader["remark"] = comment.auto_comment

    def _get_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        """Note, beside the score, whether there is one at all, and whose it is."""
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"],
            self.notebook_id,
            self.assignment_id,
            self.student_id,
        )
        cell.metadata.nbgrader["score"] = grade.score
        cell.metadata.nbgrader["points"] = grade.max_score
        cell.metadata.nbgrader["waiting"] = grade.auto_score is None and grade.manual_score is None
        cell.metadata.nbgrader["by_hand"] = grade.manual_score is not None
        cell.metadata.nbgrader["auto"] = grade.auto_score


def fit_into_page(html: str) -> str:
    """Fit a rendered text into the page around it.

    Its headings go below the page's own; what may be wider than a telephone scrolls, by
    keyboard too; an empty head of a table is none.
    """
    html = _HEADING.sub(lambda m: f"<{m[1]}h{min(6, int(m[2]) + _LOWER_BY)}", html)
    html = _TABLE.sub(
        rf'<div class="wide" role="group" aria-label="{say("Table")}" '
        r'tabindex="0">\g<0></div>',
        html,
    )
    html = _FORMULA.sub(_scrolling, html)
    return _EMPTY_HEAD.sub("<td></td>", html)


def _scrolling(formula: re.Match[str]) -> str:
    is_long = len(_TAG.sub("", formula[2])) > _LONG_FORMULA
    return f'<math tabindex="0"{formula[1]}{formula[2]}' if is_long else formula[0]


def _page(nb: NotebookNode, where: Mapping[str, Any], course: Course, known: _Known) -> Page:
    record = known.record
    _strip_card_styles(nb)
    parts = tuple(graded_parts(nb, known.figures))
    anchors = {part.anchor for part in parts}
    changed = changes(record.earlier, record.result) if record and record.earlier else []
    return Page(
        title=_title(nb, course, where),
        course=course.title,
        language=language(),
        earned=_earned(where, parts),
        about=tuple(_about(where, parts)),
        steps=tuple(_page_step(step, anchors) for step in _steps(parts, record)),
        changes=tuple(prose_html(line) for line in changed),
        parts=parts,
        moved=moved_cells(nb, parts),
        review=known.review or default_review(),
        footer=say(
            "Marks by nbjudge, in the gradebook of nbgrader. This page loads nothing from anywhere."
        ),
        words=page_words(),
        code_style=_code_style(),
        card_style=STYLE,
    )


def _title(nb: NotebookNode, course: Course, where: Mapping[str, Any]) -> str:
    """Return the lesson's title; of a translation, which course.toml does not have, its own."""
    if course.language(where["assignment"]):
        for cell in nb.cells:
            if cell.cell_type == "markdown" and cell.source.startswith("# "):
                return str(cell.source).split("\n")[0].removeprefix("# ").strip()
    titles = [lesson.title for lesson in course.lessons if lesson.slug == where["notebook"]]
    return titles[0] if titles else str(where["notebook"])


def _earned(where: Mapping[str, Any], parts: tuple[PagePart, ...]) -> str:
    open_parts = [part for part in parts if part.kind == "open"]
    if parts and len(open_parts) == len(parts):
        return f"<strong>{escape(say('No mark yet.'))}</strong>"
    numbers = {"score": number_text(where["score"]), "points": number_text(where["max_score"])}
    strong = f"<strong>{numbers['score']}</strong>"
    sentence = (
        say("You earned {score} of {points} points so far.", score="\0", points=numbers["points"])
        if open_parts
        else say("You earned {score} of {points} points.", score="\0", points=numbers["points"])
    )
    return escape(sentence).replace("\0", strong)


def _about(where: Mapping[str, Any], parts: tuple[PagePart, ...]) -> Iterator[str]:
    waiting = [part.name for part in parts if part.kind == "open"]
    if waiting and len(waiting) == len(parts):
        yield say("A person looks at it.")
    elif waiting:
        yield say_many(
            "One part has no mark yet: {names}. A person looks at it.",
            "{number} parts have no mark yet: {names}. A person looks at them.",
            len(waiting),
            names=", ".join(waiting),
        )
    if where["late_penalty"]:
        yield say(
            "{points} points are taken off because it was handed in late.",
            points=number_text(where["late_penalty"]),
        )


def _steps(parts: tuple[PagePart, ...], record: Record | None) -> list[Step]:
    """Return what is left to do: nothing of what a person has given full marks for.

    Without a record, name at least the parts that did not earn everything.
    """
    if record is not None:
        left = {part.anchor for part in parts if part.kind != "right"}
        steps = next_steps(record.result) if left or not parts else []
        return [step for step in steps if not step.points_cell or step.points_cell in left]
    return [
        Step(
            text=say(
                "`{name}`: {points}. Read what is said about it.",
                name=part.name,
                points=part.points,
            ),
            points_cell=part.anchor,
        )
        for part in parts
        if part.kind in ("partly", "notyet")
    ]


def _page_step(step: Step, anchors: set[str]) -> PageStep:
    anchor = step.points_cell if step.points_cell in anchors else ""
    return PageStep(html=prose_html(step.text), section=step.section, anchor=anchor)


def _strip_card_styles(nb: NotebookNode) -> None:
    """Every card brings the style sheet; the page needs it once."""
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html", "")
            if "nbjudge-card" in html:
                output.data["text/html"] = html.replace(f"<style>{STYLE}</style>", "")


@lru_cache(maxsize=1)
def _code_style() -> str:
    light = HtmlFormatter(style="default").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    return f"{light}\n@media screen and (prefers-color-scheme:dark){{{dark}}}"
