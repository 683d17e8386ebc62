"""Outputs of a student's cells, fit for a page that an instructor opens.

The formgrader and the feedback page show rich outputs as they are: a script in one
would act with the instructor's rights. Marks depend on plain text, which stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import bleach
from nbformat.notebooknode import NotebookNode

_PICTURES = ("image/png", "image/jpeg", "image/gif")
_PLAIN = ("text/plain", "text/latex")
_TAGS = """
a abbr b blockquote br caption code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd
li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul
"""
_ATTRIBUTES = {"*": ["align", "colspan", "rowspan", "title", "border"], "a": ["href"]}


def harmless_outputs(outputs: Iterable[dict[str, Any]]) -> list[NotebookNode]:
    """Return outputs as a notebook's, with only what no browser runs.

    Pictures, plain text and formulas stay; HTML keeps its tables and text; Markdown
    and everything else is shown by its plain text.
    """
    return [NotebookNode(_harmless(output)) for output in outputs]


def _harmless(output: dict[str, Any]) -> dict[str, Any]:
    if "data" not in output:
        return dict(output)
    data = {k: v for k, v in output["data"].items() if k in (*_PLAIN, *_PICTURES)}
    if "text/html" in output["data"]:
        data["text/html"] = _clean(output["data"]["text/html"])
    return {**output, "data": NotebookNode(data), "metadata": NotebookNode()}


def _clean(html: str) -> str:
    """Keep the tables of a data frame, say, without its style sheet or a script."""
    for tag in ("style", "script"):
        html = _without(html, tag)
    cleaned: str = bleach.clean(
        html, tags=_TAGS.split(), attributes=_ATTRIBUTES, protocols={"http", "https"}, strip=True
    )
    return cleaned


def _without(html: str, tag: str) -> str:
    """Cut elements that are text to bleach; what is malformed bleach escapes."""
    kept, rest = "", html
    while (start := rest.lower().find(f"<{tag}")) >= 0:
        end = rest.lower().find(f"</{tag}>", start)
        kept += rest[:start]
        rest = "" if end < 0 else rest[end + len(tag) + 3 :]
    return kept + rest
