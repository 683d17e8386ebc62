"""An archive's files to nbgrader's `submitted/`: who, which notebook, and what stays unknown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import ZipFile

from nbgrader.api import Gradebook

from nbjudge.errors import UserError
from nbjudge.nbgrader_adapter.archive import UnreadableEntry, open_archive, read_entry
from nbjudge.nbgrader_adapter.placing import Fate, Placed, beside_notebooks, settle_conflicts
from nbjudge.nbgrader_adapter.platforms import SentFile
from nbjudge.nbgrader_adapter.roster import Roster
from nbjudge.notebook import UnreadableNotebook, read_notebook
from nbjudge.notebook.lesson import grade_id
from nbjudge.questions.answers import SUFFIX, UnreadableAnswers, read_answers

TIMESTAMP = "timestamp.txt"
_SAFE_NAME = re.compile(r"(?!\.{1,2}$)[^/\\\x00-\x1f]+")
_LONGEST_NAME = 200
"""Bytes; Linux ends at 255."""
_ENOUGH = 0.5
"""Share of a released notebook's ids that another file name must carry."""
MOST_OF_ONE = 256 << 20
"""Bytes of one student."""


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
        archive: To read them from: what cannot be read is said before anything is written.
        sent: Its files.
        roster: The students.
        released: What they may have handed in.
    """
    taken: Counter[str] = Counter()
    with open_archive(archive) as opened:
        placed = [_placed(opened, file, roster, released, taken) for file in sent]
        return settle_conflicts(opened, beside_notebooks(placed))


def keep_what_is_there(
    placed: Iterable[Placed], is_there: Mapping[tuple[str, str], bool]
) -> list[Placed]:
    """Leave submissions alone that exist already.

    Args:
        placed: What would be written.
        is_there: (student, assignment) -> whether a folder exists.
    """
    return [
        replace(each, fate=Fate.KEPT)
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
    with open_archive(archive) as opened:
        for each in placed:
            if not each.goes:
                continue
            folder = folder_of[f"{each.student}/{each.assignment}"]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / each.name).write_bytes(read_entry(opened, each.sent.entry))
            if each.sent.timestamp:
                (folder / TIMESTAMP).write_text(each.sent.timestamp, encoding="utf-8")


def _placed(
    opened: ZipFile,
    file: SentFile,
    roster: Roster,
    released: Sequence[Released],
    taken: Counter[str],
) -> Placed:
    """Place one file; `taken` counts the bytes of each student, whom nobody could read forever."""
    if file.entry.is_hidden:
        return Placed(sent=file, fate=Fate.HIDDEN)
    if file.trouble:
        return Placed(sent=file, fate=Fate.LEFT_OUT, student=file.who, why=file.trouble)
    student, why = roster.find(file)
    if not student:
        return Placed(sent=file, fate=Fate.UNKNOWN_STUDENT, why=why)
    taken[student] += file.entry.size
    if taken[student] > MOST_OF_ONE:
        why = f"the files of this student are more than {MOST_OF_ONE >> 20} MB"
        return _left_out(file, student, why)
    try:
        content = read_entry(opened, file.entry)
    except UnreadableEntry as error:
        return _left_out(file, student, f"it cannot be taken out of the archive: {error}")
    if ".ipynb" in file.name.lower():
        return _placed_notebook(file, content, student, released)
    return _placed_file(file, content, student, released)


def _placed_notebook(
    file: SentFile, content: bytes, student: str, released: Sequence[Released]
) -> Placed:
    named = [each for each in released if f"{each.name}.ipynb" == file.name]
    try:
        ids = {name for cell in read_notebook(content)["cells"] if (name := grade_id(cell))}
        why = "no released notebook has its cells or its name"
    except UnreadableNotebook as error:
        ids, why = set(), str(error)
    best = _by_cells(ids, named) or _by_cells(ids, released) or (named[0] if named else None)
    if best is None or (len(named) > 1 and not ids):
        return Placed(sent=file, fate=Fate.UNKNOWN_NOTEBOOK, student=student, why=why)
    # One that cannot be read goes along under its name: grading says what is wrong with it.
    return _going(file, student, best.assignment, f"{best.name}.ipynb")


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


def _placed_file(
    file: SentFile, content: bytes, student: str, released: Sequence[Released]
) -> Placed:
    lesson = _answered_lesson(content) if ".json" in file.name.lower() else ""
    for each in released:
        if lesson and each.name == lesson:  # a browser may have renamed it: the judge would miss it
            return _going(file, student, each.assignment, f"{lesson}{SUFFIX}")
    if file.name == TIMESTAMP:
        why = "nbgrader reads from a file of this name who is late; nobody hands in their own"
        return _left_out(file, student, why)
    if not _SAFE_NAME.fullmatch(file.name) or len(file.name.encode()) > _LONGEST_NAME:
        return _left_out(file, student, "its name is too long for a file, or none")
    return Placed(sent=file, fate=Fate.FILE, student=student, name=file.name)


def _answered_lesson(content: bytes) -> str:
    """Return the lesson whose quiz answers a file holds; "" if it holds none."""
    try:
        return read_answers(content, salvage=True).lesson
    except UnreadableAnswers:
        return ""


def _going(file: SentFile, student: str, assignment: str, name: str) -> Placed:
    fate = Fate.MATCHED if name == file.name else Fate.RENAMED
    return Placed(sent=file, fate=fate, student=student, assignment=assignment, name=name)


def _left_out(file: SentFile, student: str, why: str) -> Placed:
    return Placed(sent=file, fate=Fate.LEFT_OUT, student=student, why=why)
