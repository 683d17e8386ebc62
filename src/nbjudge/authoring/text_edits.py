"""A lesson's text with a notebook's edits in it, every other line as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from nbjudge.authoring.lesson_text import LessonText, TextCell
from nbjudge.authoring.source_notebook import authored, settled
from nbjudge.authoring.stubs import without_answers

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_YAML_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def edited_text(
    text: LessonText, built: Sequence[Mapping[str, Any]], cells: Sequence[Mapping[str, Any]]
) -> str:
    """Write the cells of an edited notebook as MyST.

    Args:
        text: The text that the notebook was built from.
        built: What it builds to, cell by cell.
        cells: The edited notebook's cells.
    """
    origins = {own["id"]: i for i, own in enumerate(built)}
    lines = list(text.lines[: text.cells[0].start]) if text.cells else [*text.lines, ""]
    before: tuple[int, str] = (-1, "")
    for cell in cells:
        origin = origins.pop(cell["id"], -1)
        same_kind = origin >= 0 and cell["cell_type"] == built[origin]["cell_type"]
        same_metadata = origin >= 0 and _metadata(cell) == _metadata(built[origin])
        if before != (-1, ""):
            follows = before[0] >= 0 and origin == before[0] + 1
            keeps = same_kind and (same_metadata or cell["cell_type"] != "markdown")
            if follows and keeps:
                lines += text.lines[text.cells[before[0]].end : text.cells[origin].start]
            else:
                lines += _separator(before[1], cell)
        if same_kind and same_metadata:
            lines += _chunk(text, text.cells[origin], built[origin], cell)
        else:
            lines += _new_chunk(text, cell)
        before = (origin if same_kind else -1, cell["cell_type"])
    keeps_end = bool(text.cells) and before[0] == len(text.cells) - 1
    return "\n".join([*lines, *(text.lines[text.cells[-1].end :] if keeps_end else [""])])


def _metadata(cell: Mapping[str, Any]) -> dict[str, Any]:
    return authored(cell["metadata"])


def _text_source(cell: Mapping[str, Any]) -> list[str]:
    source = settled(cell["source"])
    own = cell["metadata"].get("nbgrader")
    if isinstance(own, Mapping) and own.get("solution"):
        source = without_answers(source)
    return source.split("\n")


def _separator(before: str, cell: Mapping[str, Any]) -> list[str]:
    """What stands between two cells that were no neighbours."""
    if cell["cell_type"] != "markdown":
        return [""]
    metadata = _metadata(cell)
    if metadata:
        return ["", f"+++ {json.dumps(metadata)}", ""]
    return ["", "+++", ""] if before == "markdown" else [""]


def _chunk(
    text: LessonText, own: TextCell, built: Mapping[str, Any], cell: Mapping[str, Any]
) -> Sequence[str]:
    """A cell that is where it was: its options and fence stay as the author wrote them."""
    source = _text_source(cell)
    if source == _text_source(built):
        return text.lines[own.start : own.end]
    if own.kind == "markdown":
        return source
    fence = text.lines[own.end - 1]
    if any(re.match(r"\s*" + re.escape(fence.strip()), line) for line in source):
        return _new_chunk(text, cell)
    return [*text.lines[own.start : own.body], *source, fence]


def _new_chunk(text: LessonText, cell: Mapping[str, Any]) -> list[str]:
    source = _text_source(cell)
    if cell["cell_type"] == "markdown":
        return source
    ticks = max((len(run) for line in source for run in re.findall(r"`{3,}", line)), default=2)
    fence = "`" * (ticks + 1)
    kind = "{code-cell} " + _lexer(text) if cell["cell_type"] == "code" else "{raw-cell}"
    options = [f":{key}: {_option(key, value)}" for key, value in sorted(_metadata(cell).items())]
    # A blank line ends the options, and keeps a source that starts with a colon from being one.
    blank = [""] if options or source[0].startswith((":", "---")) else []
    return [f"{fence}{kind}".rstrip(), *options, *blank, *source, fence]


def _option(key: str, value: Any) -> str:
    if key == "nbgrader" and isinstance(value, Mapping):
        wanted = ("grade_id", "points") if "points" in value else ("grade_id", "solution")
        value = {name: value[name] for name in wanted if name in value}
    return _flow(value)


def _flow(value: Any) -> str:
    """Write a value as YAML on one line, with as few quotes as an author would."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(str(k))}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    is_plain = isinstance(value, str) and _PLAIN.fullmatch(value)
    if is_plain and value.lower() not in _YAML_WORDS:
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _lexer(text: LessonText) -> str:
    """The language that the author's own code cells name."""
    for cell in text.cells:
        if cell.kind == "code":
            return text.lines[cell.start].partition("}")[2].strip()
    return "ipython3"
