"""A feedback page without hidden tests and without scripts of a student's."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import bleach
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import MarkdownWithMath
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import is_grade, is_locked

from nbjudge.nbgrader_adapter.mathml import MathRenderer

_PLAIN_TAGS = """
a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3
h4 h5 h6 hr i img kbd li ol p pre q s small span strong sub summary sup table tbody td tfoot
th thead tr u ul var
"""
_CLASS = re.compile(r"(highlight|hl-[\w-]+|anchor-link|[a-z][a-z0-9]{0,2})")
"""What code highlighting and headings need; not the page's own components."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SECTION_ID = re.compile(r"(?!.*-comment$)[^_\s]+")
"""Anchors of sections; the formgrader finds its fields by ids like `double-comment`."""
_ANCHOR_LINK = re.compile(r'<a class="anchor-link"[^<>]*>[^<>]*</a>')
_UNDESCRIBED = re.compile(r"<img((?:(?!\salt=)[^<>])*>)")
_PLAIN_ATTRIBUTES = frozenset({"title", "alt", "align", "colspan", "rowspan", "start", "open"})


class HideTests(ClearHiddenTests):
    """Leaves hidden test regions out of the page; nbgrader prints them."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Cut the regions out of a test cell; one that is malformed is left out whole."""
        if is_grade(cell) and is_locked(cell):
            before = cell.source
            try:
                self._remove_hidden_test_region(cell)
            except RuntimeError:
                cell.source = ""
            if cell.source != before:
                _shorten_tracebacks(cell)
        return cell, resources


def _shorten_tracebacks(cell: NotebookNode) -> None:
    """Leave the message: a traceback prints the lines that were cut out."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            output.traceback = [f"{output.ename}: {output.evalue}"]


@pass_context
def safe_markdown2html(context: Context, source: str) -> str:
    """Render a Markdown cell for a page that the instructor or another person opens.

    Takes the place of nbconvert's filter, which passes scripts on. Only plain markup
    is left; pictures are those attached to the cell or lying beside it.
    """
    attachments = context.get("cell", {}).get("attachments", {})
    return _rendered(source, attachments) if attachments else _rendered_alone(source)


# A class's pages repeat the lesson's text: without this, most of their time goes into it.
@lru_cache(maxsize=128)
def _rendered_alone(source: str) -> str:
    return _rendered(source, {})


def _rendered(source: str, attachments: dict[str, dict[str, str]]) -> str:
    renderer = MathRenderer(attachments=attachments)
    html = MarkdownWithMath(renderer=renderer).render(source)
    cleaned: str = bleach.clean(
        html,
        tags=_PLAIN_TAGS.split(),
        attributes=_is_harmless,
        protocols={"http", "https", "mailto", "data"},
        strip_comments=True,
    )
    cleaned = _UNDESCRIBED.sub(r'<img alt="A picture without a description"\1', cleaned)
    # Headings keep their ids. An empty link would not be closed in HTML: it would swallow the page.
    return renderer.put_formulas_back(_ANCHOR_LINK.sub("", cleaned))


def _is_harmless(tag: str, name: str, value: str) -> bool:
    if name == "id":
        return tag in _HEADINGS and _SECTION_ID.fullmatch(value) is not None
    if name == "class":
        return all(_CLASS.fullmatch(word) for word in value.split())
    if tag == "a" and name == "href":
        return not value.strip().lower().startswith("data:")
    if tag == "img" and name == "src":
        attached = value.startswith(("data:image/png", "data:image/jpeg", "data:image/gif"))
        beside = re.fullmatch(r"[\w -]+(/[\w -]+)*\.(png|jpe?g|gif|svg)", value) is not None
        return attached or beside
    return name in _PLAIN_ATTRIBUTES
