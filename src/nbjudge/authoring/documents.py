"""Files as a reader sees them: escapes, markup and archives undone."""

from __future__ import annotations

import html
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SKIPPED = frozenset({".git", "__pycache__", ".ipynb_checkpoints"})
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A piece of readable text and where it is."""

    place: str
    """The file, and the cell or archive member in it."""
    text: str
    has_lines: bool = True
    """Lines of `text` are lines of the file."""


def files_below(path: Path) -> list[Path]:
    """Return a file itself, or every file below a folder that could be published."""
    if path.is_file():
        return [path]
    return sorted(p for p in path.rglob("*") if p.is_file() and not _SKIPPED.intersection(p.parts))


def passages(name: str, content: bytes) -> Iterator[Passage]:
    """Undo what hides text in a file: JSON escapes, HTML, zip and tar archives.

    Args:
        name: The file, for messages; its suffix tells the kind.
        content: Its bytes.
    """
    if zipfile.is_zipfile(io.BytesIO(content)):
        yield from _zip_members(name, content)
        return
    if name.endswith((".tar", ".tar.gz", ".tgz")):
        yield from _tar_members(name, content)
        return
    text = content.decode("utf-8", errors="replace")
    document = _json(text) if name.endswith((".ipynb", ".json")) else None
    if document is not None:
        yield from _json_passages(name, document)
        return
    yield Passage(place=name, text=text)
    if name.endswith((".html", ".htm", ".xml", ".svg", ".md")):
        # Tags first: highlighting splits a line, and unescaping makes new angle brackets.
        yield Passage(place=name, text=html.unescape(_TAG.sub("", text)), has_lines=False)
        yield Passage(place=name, text=html.unescape(text))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _json_passages(name: str, document: Any) -> Iterator[Passage]:
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(cells, list):
        yield Passage(place=name, text=_strings(document), has_lines=False)
        return
    for number, cell in enumerate(cells, start=1):
        yield from _markup(f"{name}, cell {number}", _strings(cell))
    rest = {key: value for key, value in document.items() if key != "cells"}
    yield Passage(place=name, text=_strings(rest), has_lines=False)


def _markup(place: str, text: str) -> Iterator[Passage]:
    """A cell's text, and what its HTML shows: feedback stands in outputs."""
    yield Passage(place=place, text=text, has_lines=False)
    if "<" in text or "&" in text:
        yield Passage(place=place, text=html.unescape(_TAG.sub("", text)), has_lines=False)


def _strings(value: Any) -> str:
    """Every string in a JSON value, keys too; the lines of a list belong together."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(_strings(item) for item in value)
    if isinstance(value, dict):
        return "\n".join(f"{key}\n{_strings(item)}" for key, item in value.items())
    return ""


def _zip_members(name: str, content: bytes) -> Iterator[Passage]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                yield from passages(f"{name}, {member.filename}", archive.read(member))


def _tar_members(name: str, content: bytes) -> Iterator[Passage]:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                yield from passages(f"{name}, {member.name}", file.read())
