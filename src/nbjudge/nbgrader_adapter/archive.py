"""A learning platform's download of all submissions: who sent which file.

Names in an archive come from students. Nothing is unpacked to a path that it names.
"""

from __future__ import annotations

import csv
import re
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nbjudge.errors import UserError

MOST_BYTES = 64 << 20
"""One file."""
_MOST_ENTRIES = 50_000

_MOODLE = re.compile(
    r"(?P<who>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?[/_]?(?P<file>.+)", re.DOTALL
)
_CANVAS = re.compile(r"(?P<who>[^_]+)_(?:LATE_)?(?P<id>\d+)_(?P<order>\d+)_(?P<file>[^/]+)")
_CANVAS_AGAIN = re.compile(r"-\d+(?=\.[^.]+$)")
"""Canvas numbers a file that was handed in again: `ps1-2.ipynb`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SentFile:
    """One file of an archive."""

    entry: str
    """Its name in the archive."""
    who: str
    """The platform's word for the student, as far as the name tells."""
    platform_id: str
    """The platform's number of the student; "" if the name tells none."""
    name: str
    """The file's own name, without what the platform added."""
    order: int = 0
    """A larger one was handed in later."""
    timestamp: str = ""


def sent_files(archive: Path, kind: str, table: Path | None = None) -> list[SentFile]:
    """List an archive's files.

    Args:
        archive: A ZIP file.
        kind: `moodle`, `canvas` or `csv`.
        table: For `csv`: columns `file` and `student`, and perhaps `timestamp`.

    Raises:
        UserError: If it is no ZIP file or not of that kind.
    """
    readers: dict[str, Callable[[str], SentFile | None]] = {
        "moodle": _from_moodle,
        "canvas": _from_canvas,
    }
    reader = readers.get(kind) or _from_table(table)
    try:
        with zipfile.ZipFile(archive) as opened:
            names = [info.filename for info in opened.infolist() if _is_plain(info)]
    except zipfile.BadZipFile:
        raise UserError("This is no ZIP file.", context=str(archive)) from None
    except OSError as error:
        raise UserError(
            f"The archive cannot be read: {error.strerror}.", context=str(archive)
        ) from None
    if len(names) > _MOST_ENTRIES:
        raise UserError(f"The archive holds {len(names)} files.", context=str(archive))
    found = [sent for name in names if (sent := reader(name)) is not None]
    if names and not found:
        raise UserError(
            f"No file in the archive is named as {kind} names them.",
            context=f"{archive}, for instance {names[0][:80]!r}",
            hint="choose another --from; csv takes a table that says whose file is whose.",
        )
    return found


def read_entry(archive: zipfile.ZipFile, entry: str) -> bytes:
    """Read one file of an archive.

    Raises:
        UserError: If it is larger than a submission may be.
    """
    with archive.open(entry) as opened:
        data = opened.read(MOST_BYTES + 1)  # the size that the archive states may be a lie
    if len(data) > MOST_BYTES:
        raise UserError(
            f"{entry[:80]} is larger than {MOST_BYTES >> 20} MB.",
            context=str(archive.filename),
            hint="look at it, and put it into submitted/ by hand if it is honest.",
        )
    return data


def _is_plain(info: zipfile.ZipInfo) -> bool:
    """Say whether an entry is a file: no folder, no link, nothing of macOS's own."""
    mode = info.external_attr >> 16
    hidden = PurePosixPath(info.filename).name.startswith(".")
    own = info.filename.startswith("__MACOSX/")
    return not (info.is_dir() or stat.S_ISLNK(mode) or hidden or own)


def _from_moodle(entry: str) -> SentFile | None:
    match = _MOODLE.fullmatch(entry)
    if match is None:
        return None
    return SentFile(
        entry=entry,
        who=PurePosixPath(match["who"]).name,
        # Moodle's number counts participants of one assignment; it names nobody elsewhere.
        platform_id="",
        name=PurePosixPath(match["file"]).name,
    )


def _from_canvas(entry: str) -> SentFile | None:
    match = _CANVAS.fullmatch(PurePosixPath(entry).name)
    if match is None:
        return None
    return SentFile(
        entry=entry,
        who=match["who"],
        platform_id=match["id"],
        name=_CANVAS_AGAIN.sub("", match["file"]),
        order=int(match["order"]),
    )


def _from_table(table: Path | None) -> Callable[[str], SentFile | None]:
    if table is None:
        raise UserError(
            "--from csv needs a table that says whose file is whose.",
            hint="--table FILE, with the columns file and student, and perhaps timestamp.",
        )
    rows = {row["file"].strip(): row for row in read_table(table, ("file", "student"))}

    def reader(entry: str) -> SentFile | None:
        row = rows.get(entry) or rows.get(PurePosixPath(entry).name)
        if row is None:
            return None
        return SentFile(
            entry=entry,
            who=row["student"].strip(),
            platform_id=row["student"].strip(),
            name=PurePosixPath(entry).name,
            timestamp=(row.get("timestamp") or "").strip(),
        )

    return reader


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
