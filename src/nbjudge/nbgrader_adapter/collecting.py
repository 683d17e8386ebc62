"""An archive's files to nbgrader's `submitted/`: who, which notebook, and what stays unknown."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nbgrader.api import Gradebook

from nbjudge.errors import UserError
from nbjudge.nbgrader_adapter.archive import SentFile, read_entry
from nbjudge.nbgrader_adapter.roster import Roster
from nbjudge.notebook import UnreadableNotebook, read_notebook
from nbjudge.notebook.lesson import grade_id

_SAFE_NAME = re.compile(r"[^/\\\x00-\x1f]{1,200}")
_ENOUGH = 0.5
"""Share of a released notebook's ids that another file name must carry."""


class Fate(StrEnum):
    """What happens to one file of an archive."""

    MATCHED = "matched"
    RENAMED = "renamed"
    """Recognised by its cells, and put under its right name."""
    FILE = "file"
    """No notebook; put beside it."""
    OLDER = "older"
    """The same student handed the same notebook in again."""
    KEPT = "kept"
    """The student has a submission already."""
    UNKNOWN_STUDENT = "unknown student"
    UNKNOWN_NOTEBOOK = "unknown notebook"


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Released:
    """A released notebook and the ids of its cells."""

    assignment: str
    name: str
    ids: frozenset[str]


def released_notebooks(gradebook: Gradebook, assignment: str = "") -> list[Released]:
    """Read what was released, of one assignment or of all.

    Raises:
        UserError: If there is none.
    """
    found = [
        Released(
            assignment=entry.name,
            name=notebook.name,
            ids=frozenset(cell.name for cell in notebook.source_cells),
        )
        for entry in gradebook.assignments
        if assignment in ("", entry.name)
        for notebook in entry.notebooks
    ]
    if not found:
        raise UserError(
            f"Nothing was released{f' as {assignment!r}' if assignment else ''} yet.",
            context="the gradebook",
            hint="run nbgrader generate_assignment first.",
        )
    return found


def place_files(
    archive: Path, sent: Sequence[SentFile], roster: Roster, released: Sequence[Released]
) -> list[Placed]:
    """Say of every file where it goes; nothing is written.

    Args:
        archive: To read notebooks from.
        sent: Its files.
        roster: The students.
        released: What they may have handed in.
    """
    placed = []
    with zipfile.ZipFile(archive) as opened:
        for file in sent:
            student, why = roster.find(file)
            if not student:
                placed.append(Placed(sent=file, fate=Fate.UNKNOWN_STUDENT, why=why))
            elif file.name.endswith(".ipynb"):
                placed.append(_placed_notebook(opened, file, student, released))
            else:
                placed.append(
                    Placed(sent=file, fate=Fate.FILE, student=student, name=_safe(file.name))
                )
    return _beside_notebooks(_newest_only(placed))


def keep_what_is_there(
    placed: Iterable[Placed], is_there: Mapping[tuple[str, str], bool]
) -> list[Placed]:
    """Leave submissions alone that exist already.

    Args:
        placed: What would be written.
        is_there: (student, assignment) -> whether a folder exists.
    """
    return [
        Placed(
            sent=each.sent,
            fate=Fate.KEPT,
            student=each.student,
            assignment=each.assignment,
            name=each.name,
        )
        if each.goes and is_there.get((each.student, each.assignment))
        else each
        for each in placed
    ]


def write_files(archive: Path, placed: Iterable[Placed], folder_of: Mapping[str, Path]) -> None:
    """Write what goes.

    Args:
        archive: Where the files are.
        placed: What to write.
        folder_of: "student/assignment" -> the submission's folder.
    """
    with zipfile.ZipFile(archive) as opened:
        for each in placed:
            if not each.goes:
                continue
            folder = folder_of[f"{each.student}/{each.assignment}"]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / each.name).write_bytes(read_entry(opened, each.sent.entry))
            if each.sent.timestamp:
                (folder / "timestamp.txt").write_text(each.sent.timestamp, encoding="utf-8")


def _placed_notebook(
    opened: zipfile.ZipFile, file: SentFile, student: str, released: Sequence[Released]
) -> Placed:
    named = [each for each in released if f"{each.name}.ipynb" == file.name]
    try:
        ids = _grade_ids(read_entry(opened, file.entry))
        why = "no released notebook has its cells or its name"
    except UnreadableNotebook as error:
        ids, why = set(), str(error)
    best = _by_cells(ids, named) or _by_cells(ids, released) or (named[0] if named else None)
    if best is None or (len(named) > 1 and not ids):
        return Placed(sent=file, fate=Fate.UNKNOWN_NOTEBOOK, student=student, why=why)
    # One that cannot be read goes along under its name: grading says what is wrong with it.
    name = f"{best.name}.ipynb"
    return Placed(
        sent=file,
        fate=Fate.MATCHED if name == file.name else Fate.RENAMED,
        student=student,
        assignment=best.assignment,
        name=name,
    )


def _by_cells(ids: set[str], released: Iterable[Released]) -> Released | None:
    """Return the notebook most of whose cells are there, if one stands out."""
    shares = sorted(
        ((len(ids & each.ids) / len(each.ids), each) for each in released if each.ids),
        key=lambda share: -share[0],
    )
    if not shares or shares[0][0] < _ENOUGH:
        return None
    if len(shares) > 1 and shares[1][0] == shares[0][0]:
        return None
    return shares[0][1]


def _grade_ids(content: bytes) -> set[str]:
    return {name for cell in read_notebook(content)["cells"] if (name := grade_id(cell))}


def _newest_only(placed: list[Placed]) -> list[Placed]:
    newest: dict[tuple[str, str, str], Placed] = {}
    for each in sorted((p for p in placed if p.goes), key=lambda p: p.sent.order):
        newest[each.student, each.assignment, each.name] = each
    kept = set(map(id, newest.values()))
    return [
        each
        if not each.goes or id(each) in kept
        else Placed(sent=each.sent, fate=Fate.OLDER, student=each.student, name=each.name)
        for each in placed
    ]


def _beside_notebooks(placed: list[Placed]) -> list[Placed]:
    """Give files the assignment of the student's notebooks, if it is one."""
    homes: dict[str, set[str]] = {}
    for each in placed:
        if each.fate in (Fate.MATCHED, Fate.RENAMED):
            homes.setdefault(each.student, set()).add(each.assignment)
    result = []
    for each in placed:
        home = homes.get(each.student, set())
        if each.fate is not Fate.FILE:
            result.append(each)
        elif len(home) == 1:
            result.append(
                Placed(
                    sent=each.sent,
                    fate=Fate.FILE,
                    student=each.student,
                    assignment=next(iter(home)),
                    name=each.name,
                )
            )
        else:
            why = "no notebook of one assignment came with it"
            result.append(
                Placed(sent=each.sent, fate=Fate.UNKNOWN_NOTEBOOK, student=each.student, why=why)
            )
    return result


def _safe(name: str) -> str:
    return name if _SAFE_NAME.fullmatch(name) and name not in (".", "..") else "file"
