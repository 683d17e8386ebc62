"""Whose file it is, by what a learning platform calls it in its download of all submissions."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from unicodedata import normalize

from nbjudge.errors import UserError
from nbjudge.nbgrader_adapter.archive import Entry, entries, entries_inside, open_archive

_MOODLE = re.compile(
    r"(?P<who>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?[/_]?(?P<file>.+)", re.DOTALL
)
_CANVAS = re.compile(r"(?P<who>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<order>\d+)_(?P<file>[^/]+)")
_CANVAS_AGAIN = re.compile(r"-\d{1,2}(?=\.[^.]+$)")
"""Canvas numbers a file that was handed in again: `ps1-2.ipynb`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SentFile:
    """One file of a download, and who sent it."""

    entry: Entry
    who: str = ""
    """The platform's word for the student, as far as the name tells."""
    platform_id: str = ""
    """The platform's number of the student; "" if the name tells none."""
    name: str = ""
    """The file's own name, without what the platform added."""
    order: int = 0
    """A larger one was handed in later."""
    timestamp: str = ""
    is_late: bool = False
    """The platform says so, and not by how much."""
    trouble: str = ""
    """Why it cannot be placed; empty if it can."""


def sent_files(archive: Path, kind: str, table: Path | None = None) -> list[SentFile]:
    """List every file of an archive; one that cannot be placed says why.

    Args:
        archive: A ZIP file.
        kind: `moodle`, `canvas` or `csv`.
        table: For `csv`: columns `file` and `student`, and perhaps `timestamp`.

    Raises:
        UserError: If it is no ZIP file or not of that kind.
    """
    rows = _table_rows(table) if kind == "csv" else {}
    readers: dict[str, Callable[[str], SentFile | None]] = {
        "moodle": _from_moodle,
        "canvas": _from_canvas,
        "csv": lambda name: _from_table(rows, name),
    }
    found: list[SentFile] = []
    with open_archive(archive) as opened:
        for entry in entries(opened):
            sent = readers[kind](entry.name)
            if sent is None:
                found.append(_unnamed(entry, kind))
                continue
            found += _opened(replace(sent, entry=entry), entries_inside(opened, entry))
    meant = [sent for sent in found if not sent.entry.is_hidden]
    if meant and not any(sent.name for sent in meant):
        raise UserError(
            f"No file in the archive is named as {kind} names them.",
            context=f"{archive}, for instance {meant[0].entry.name[:80]!r}",
            hint="choose another --from; csv takes a table that says whose file is whose.",
        )
    return [*found, *_missing(rows, found)]


def _opened(sent: SentFile, inside: Iterable[Entry]) -> list[SentFile]:
    """Take what is in an archive that somebody handed in for what they handed in."""
    found = [
        replace(sent, entry=one, name=PurePosixPath(one.name).name, trouble=one.trouble)
        for one in inside
    ]
    return found or [replace(sent, trouble=sent.entry.trouble)]


def _unnamed(entry: Entry, kind: str) -> SentFile:
    why = "no row of the table names it" if kind == "csv" else f"not named as {kind} names files"
    return SentFile(entry=entry, trouble=why)


def _missing(rows: Mapping[str, Mapping[str, str]], found: Iterable[SentFile]) -> list[SentFile]:
    """Name the rows of a table that no file of the archive belongs to."""
    names = {sent.entry.name for sent in found}
    names |= {PurePosixPath(name).name for name in names}
    return [
        SentFile(
            entry=Entry(name=name),
            who=row["student"].strip(),
            trouble="it is in the table, and not in the archive",
        )
        for name, row in rows.items()
        if name not in names and not any(other.startswith(f"{name}/") for other in names)
    ]


def _from_moodle(name: str) -> SentFile | None:
    match = _MOODLE.fullmatch(name)
    if match is None:
        return None
    return SentFile(
        entry=Entry(name=name),
        # Moodle's number counts participants of one assignment; it names nobody elsewhere.
        who=PurePosixPath(match["who"]).name,
        name=PurePosixPath(match["file"]).name,
    )


def _from_canvas(name: str) -> SentFile | None:
    match = _CANVAS.fullmatch(PurePosixPath(name).name)
    if match is None:
        return None
    return SentFile(
        entry=Entry(name=name),
        who=match["who"],
        platform_id=match["id"],
        name=_CANVAS_AGAIN.sub("", match["file"]),
        order=int(match["order"]),
        is_late=bool(match["late"]),
    )


def _table_rows(table: Path | None) -> dict[str, Mapping[str, str]]:
    if table is None:
        raise UserError(
            "--from csv needs a table that says whose file is whose.",
            hint="--table FILE, with the columns file and student, and perhaps timestamp.",
        )
    rows = read_table(table, ("file", "student"))
    return {normalize("NFC", row["file"].strip()).replace("\\", "/"): row for row in rows}


def _from_table(rows: Mapping[str, Mapping[str, str]], name: str) -> SentFile | None:
    row = rows.get(name) or rows.get(PurePosixPath(name).name)
    if row is None:
        return None
    return SentFile(
        entry=Entry(name=name),
        who=row["student"].strip(),
        platform_id=row["student"].strip(),
        name=PurePosixPath(name).name,
        timestamp=(row.get("timestamp") or "").strip(),
    )


def read_table(path: Path, columns: tuple[str, ...]) -> Iterator[Mapping[str, str]]:
    """Read a CSV file with a header.

    Raises:
        UserError: If it cannot be read or lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            lacking = [name for name in columns if name not in (reader.fieldnames or ())]
            if lacking:
                raise UserError(f"The table lacks the column {lacking[0]!r}.", context=str(path))
            rows = [{key: value or "" for key, value in row.items() if key} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"The table cannot be read: {error}.", context=str(path)) from None
    return iter(rows)
