"""Where the files of a download go, and which one goes where several could."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from zipfile import ZipFile

from nbjudge.nbgrader_adapter.archive import read_entry
from nbjudge.nbgrader_adapter.platforms import SentFile

_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")


class Fate(StrEnum):
    """What happens to one file of an archive."""

    MATCHED = "matched"
    RENAMED = "renamed"
    """Recognised by what is in it, and put under its right name."""
    FILE = "file"
    """No notebook; put beside it."""
    OLDER = "older"
    """The same student handed the same notebook in again."""
    COPY = "copy"
    """The same notebook came under its right name as well, or twice."""
    UNCLEAR = "unclear"
    """Several files could be the same one; a person chooses."""
    KEPT = "kept"
    """The student has a submission already."""
    UNKNOWN_STUDENT = "unknown student"
    UNKNOWN_NOTEBOOK = "unknown notebook"
    LEFT_OUT = "left out"
    HIDDEN = "hidden"
    """What a program left behind: `.ipynb_checkpoints`, `__MACOSX`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """One file and where it goes."""

    sent: SentFile
    fate: Fate
    student: str = ""
    assignment: str = ""
    name: str = ""
    """Its name in the submission's folder."""
    why: str = ""

    @property
    def goes(self) -> bool:
        """Say whether it is written."""
        return self.fate in (Fate.MATCHED, Fate.RENAMED, Fate.FILE)

    @property
    def needs_a_person(self) -> bool:
        """Say whether somebody has to look at it, or it is lost."""
        settled = (Fate.OLDER, Fate.COPY, Fate.KEPT, Fate.HIDDEN)
        return not self.goes and self.fate not in settled


def beside_notebooks(placed: Iterable[Placed]) -> list[Placed]:
    """Give files the assignment of the student's notebooks, if it is one."""
    found = list(placed)
    homes: dict[str, set[str]] = {}
    for each in found:
        if each.fate in (Fate.MATCHED, Fate.RENAMED):
            homes.setdefault(each.student, set()).add(each.assignment)
    return [
        _at_home(each, homes.get(each.student, set())) if each.fate is Fate.FILE else each
        for each in found
    ]


def settle_conflicts(archive: ZipFile, placed: Iterable[Placed]) -> list[Placed]:
    """Let one file go where several would have the same name, or none if it is unclear which.

    Args:
        archive: To see whether they are the same.
        placed: What would be written, and the rest.
    """
    found = list(placed)
    rivals: dict[tuple[str, str, str], list[Placed]] = {}
    for each in found:
        if each.goes:
            rivals.setdefault((each.student, each.assignment, each.name), []).append(each)
    settled: dict[int, Placed] = {}
    for group in rivals.values():
        if len(group) > 1:
            settled |= zip(map(id, group), _settled(archive, group), strict=True)
    return [settled.get(id(each), each) for each in found]


def _at_home(each: Placed, home: set[str]) -> Placed:
    if len(home) == 1:
        return replace(each, assignment=next(iter(home)))
    why = "no notebook of one assignment came with it"
    if each.name.lower().endswith(_ARCHIVES):
        why = "it is an archive that is not opened; unpack it, and put its files in by hand"
    return replace(each, fate=Fate.UNKNOWN_NOTEBOOK, why=why)


def _settled(archive: ZipFile, group: list[Placed]) -> list[Placed]:
    last = max(each.sent.order for each in group)
    newest = [each for each in group if each.sent.order == last]
    winner = _winner(archive, newest)
    return [_verdict(each, newest, winner) for each in group]


def _winner(archive: ZipFile, newest: list[Placed]) -> Placed | None:
    """Return the one that counts: the only one, the rightly named one, any of equal ones."""
    named = [each for each in newest if each.fate is not Fate.RENAMED] or newest
    contents = {read_entry(archive, each.sent.entry) for each in named}
    return named[0] if len(contents) == 1 else None


def _verdict(each: Placed, newest: list[Placed], winner: Placed | None) -> Placed:
    if each is winner:
        return each
    if each not in newest:
        return replace(each, fate=Fate.OLDER)
    if winner is not None:
        why = f"another file counts as {each.name} already"
        return replace(each, fate=Fate.COPY, why=why)
    why = f"{len(newest)} different files could be {each.name}; put the right one in by hand"
    return replace(each, fate=Fate.UNCLEAR, why=why)
