"""The files in a ZIP of submissions, read with suspicion.

Names and bytes come from students. Nothing is unpacked to a path that it names, and no
file is read beyond what it may hold; what cannot be read is a sentence.
"""

from __future__ import annotations

import io
import lzma
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from nbjudge.errors import UserError

MOST_BYTES = 64 << 20
"""One file."""
_MOST_ENTRIES = 50_000
_MOST_INSIDE = 200
"""Files of an archive that was handed in."""
_SAYS_UTF8 = 0x800
_IS_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What the standard library raises at an archive that is damaged, or made to be."""


class UnreadableEntry(ValueError):
    """A file that cannot be taken out of its archive; `str` says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One file of an archive, or of an archive in it."""

    name: str
    """For people, and to tell whose it is: with `/`, composed accents and readable letters."""
    place: tuple[int, ...] = ()
    """Its number in the archive; of an archive in it, the number there too."""
    size: int = 0
    """In bytes, as the archive states it; reading stops there."""
    trouble: str = ""
    """Why it cannot be taken; empty if it can."""

    @property
    def is_hidden(self) -> bool:
        """Say whether it is a file that programs leave behind, and no person means."""
        parts = PurePosixPath(self.name).parts
        return any(part.startswith(".") and part != ".." for part in parts) or (
            "__MACOSX" in parts or parts[-1:] == ("Thumbs.db",)
        )


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open a ZIP file.

    Raises:
        UserError: If it is none, or cannot be read.
    """
    try:
        opened = zipfile.ZipFile(path)
    except OSError as error:
        raise UserError(
            f"The archive cannot be read: {error.strerror}.", context=str(path)
        ) from None
    except _BROKEN:
        raise UserError("This is no ZIP file.", context=str(path)) from None
    if len(opened.infolist()) > _MOST_ENTRIES:
        raise UserError(f"The archive holds {len(opened.infolist())} files.", context=str(path))
    return opened


def entries(archive: zipfile.ZipFile) -> Iterator[Entry]:
    """List an archive's files; folders are left out."""
    for number, info in enumerate(archive.infolist()):
        name = readable_name(info)
        if info.is_dir() or name.endswith("/"):
            continue
        yield Entry(name=name, place=(number,), size=info.file_size, trouble=_trouble(info))


def entries_inside(archive: zipfile.ZipFile, entry: Entry) -> list[Entry]:
    """List the files of an archive that was handed in, if there is a notebook among them.

    An archive without one is a file like others; archives in it are not opened.
    """
    if not entry.name.lower().endswith(".zip") or entry.trouble:
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(read_entry(archive, entry))) as inner:
            found = [
                Entry(
                    name=f"{entry.name}/{one.name}",
                    place=(*entry.place, *one.place),
                    size=one.size,
                    trouble=one.trouble,
                )
                for one in entries(inner)
            ]
    except _BROKEN:
        return []
    if not any(".ipynb" in one.name.lower() for one in found):
        return []
    if len(found) > _MOST_INSIDE:
        why = f"it is an archive of {len(found)} files; unpack it by hand"
        return [replace(entry, trouble=why)]
    return found


def read_entry(archive: zipfile.ZipFile, entry: Entry) -> bytes:
    """Read one file.

    Raises:
        UnreadableEntry: If that is impossible, and no other exception.
    """
    try:
        data = _read(archive, entry.place[0])
        for number in entry.place[1:]:
            with zipfile.ZipFile(io.BytesIO(data)) as inner:
                data = _read(inner, number)
    except _BROKEN as error:
        raise UnreadableEntry(str(error) or type(error).__name__) from None
    return data


def readable_name(info: zipfile.ZipInfo) -> str:
    """Return an entry's name with `/`, composed accents and, if it can be told, its letters.

    Programs of Windows write a backslash, macOS splits an accent from its letter and says
    nothing of UTF-8, in which case the standard library reads another alphabet.
    """
    name = info.filename
    if not info.flag_bits & _SAYS_UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = info.filename
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _trouble(info: zipfile.ZipInfo) -> str:
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link, not a file"
    if info.flag_bits & _IS_ENCRYPTED:
        return "it is encrypted"
    if info.file_size > MOST_BYTES:
        return (
            f"it is larger than {MOST_BYTES >> 20} MB; look at it, and put it into submitted/ by "
            "hand if it is honest"
        )
    return ""


def _read(archive: zipfile.ZipFile, number: int) -> bytes:
    with archive.open(archive.infolist()[number]) as opened:
        data = opened.read(MOST_BYTES + 1)  # the size that the archive states may be a lie
    if len(data) > MOST_BYTES:
        raise ValueError(f"it is larger than {MOST_BYTES >> 20} MB")
    return data
