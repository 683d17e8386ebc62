"""Bytes of an untrusted `.ipynb` to a plain, checked notebook, or one sentence why not.

Works without nbformat: its schema check refuses much that Jupyter opens, and its
errors speak to developers. What leaves here has exactly the shape that
`read_notebook` promises, whatever came in.
"""

from __future__ import annotations

import json
import re
from typing import Any

from nbjudge.texts import say

MAX_BYTES = 64 << 20
"""A lesson has about 50 KB; more than this is output or an accident."""
MAX_DEPTH = 60
"""Levels of nesting; a real notebook has about ten, and recursion must end somewhere."""

_CELL_TYPES = ("code", "markdown", "raw")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class UnreadableNotebook(ValueError):
    """The file is no notebook; `str` is one plain sentence for whoever handed it in."""


def read_notebook(content: bytes) -> dict[str, Any]:
    r"""Check a notebook and bring it to one shape.

    Args:
        content: The file's bytes; nothing about them is trusted.

    Returns:
        `{"nbformat": 4, "nbformat_minor": 5, "metadata": {...}, "cells": [...]}`. Each cell
        has `cell_type` (code, markdown or raw), `id` ("" if it has none), `metadata` (a dict)
        and `source` (one string, line ends "\n"); a code cell has no outputs left, because
        nothing may be concluded from submitted outputs. Every string can be encoded as UTF-8.

    Raises:
        UnreadableNotebook: If that is impossible, and no other exception.
    """
    document = _document(content)
    version = document.get("nbformat")
    if version == 3 and isinstance(document.get("worksheets"), list):
        cells = [_upgraded(cell) for sheet in document["worksheets"] for cell in _cells_of(sheet)]
    elif type(version) is int and version == 4:
        cells = _cells_of(document)
    elif type(version) is int:
        raise UnreadableNotebook(say("nbformat {version} is not known", version=_short(version)))
    else:
        raise UnreadableNotebook(say("not a notebook: it does not say its nbformat"))
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": _dict_or_empty(document.get("metadata")),
        "cells": [_cell(cell, position) for position, cell in enumerate(cells, start=1)],
    }


def _document(content: bytes) -> dict[str, Any]:
    if len(content) > MAX_BYTES:
        raise UnreadableNotebook(say("the file is larger than {size} MB", size=MAX_BYTES >> 20))
    if not content.strip():
        raise UnreadableNotebook(say("the file is empty"))
    try:
        document = _cleaned(json.loads(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        place = error.start + 1
        raise UnreadableNotebook(say("not UTF-8 text, at byte {place}", place=place)) from None
    except json.JSONDecodeError as error:
        line = error.lineno
        raise UnreadableNotebook(say("unreadable JSON, line {line}", line=line)) from None
    except RecursionError:
        raise UnreadableNotebook(say("unreadable JSON: nested too deeply")) from None
    except UnreadableNotebook:
        raise
    except ValueError:  # Python refuses integers of more than 4300 digits
        raise UnreadableNotebook(say("unreadable JSON: a number is too long")) from None
    if not isinstance(document, dict):
        raise UnreadableNotebook(say("not a notebook: the file holds other JSON"))
    return document


def _cleaned(value: Any, depth: int = 0) -> Any:
    """Bound the nesting and replace lone surrogates, which no later encoding survives."""
    if depth > MAX_DEPTH:
        raise UnreadableNotebook(say("unreadable JSON: nested too deeply"))
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list):
        return [_cleaned(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_cleaned(k, depth + 1): _cleaned(v, depth + 1) for k, v in value.items()}
    return value


def _cells_of(holder: Any) -> list[Any]:
    cells = holder.get("cells") if isinstance(holder, dict) else None
    if not isinstance(cells, list):
        raise UnreadableNotebook(say("not a notebook: no cells"))
    return cells


def _upgraded(cell: Any) -> Any:
    """Bring a cell of nbformat 3 to nbformat 4."""
    if not isinstance(cell, dict):
        return cell
    kind = cell.get("cell_type")
    if kind == "code":
        return {**cell, "source": cell.get("input", "")}
    if kind == "heading":
        level = cell.get("level")
        marks = "#" * (level if type(level) is int and 1 <= level <= 6 else 1)
        return {**cell, "cell_type": "markdown", "source": f"{marks} {_joined(cell.get('source'))}"}
    return {**cell, "cell_type": "markdown"} if kind == "html" else cell


def _cell(cell: Any, position: int) -> dict[str, Any]:
    if not isinstance(cell, dict):
        raise UnreadableNotebook(say("cell {position} is not a cell", position=position))
    kind = cell.get("cell_type")
    if not isinstance(kind, str) or kind not in _CELL_TYPES:
        raise UnreadableNotebook(
            say("cell {position} has the unknown type {kind}", position=position, kind=_short(kind))
        )
    source = _joined(cell.get("source", ""))
    if source is None:
        raise UnreadableNotebook(
            say("cell {position} has a source that is not text", position=position)
        )
    checked: dict[str, Any] = {
        "cell_type": kind,
        "id": cell["id"] if isinstance(cell.get("id"), str) else "",
        "metadata": _dict_or_empty(cell.get("metadata")),
        "source": source.replace("\r\n", "\n").replace("\r", "\n"),
    }
    if kind == "code":
        checked |= {"outputs": [], "execution_count": None}
    elif isinstance(cell.get("attachments"), dict):
        checked["attachments"] = cell["attachments"]
    return checked


def _joined(source: Any) -> str | None:
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None


def _dict_or_empty(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:40] + "..."
