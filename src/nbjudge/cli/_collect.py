"""What `nbjudge collect` does: the plan as a list, then the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from nbjudge.cli._counted import counted
from nbjudge.nbgrader_adapter.collecting import (
    keep_what_is_there,
    place_files,
    released_notebooks,
    write_files,
)
from nbjudge.nbgrader_adapter.course import NbgraderCourse
from nbjudge.nbgrader_adapter.placing import Fate, Placed
from nbjudge.nbgrader_adapter.platforms import read_table, sent_files
from nbjudge.nbgrader_adapter.roster import roster_of


def collect(
    archive: Path,
    kind: str,
    *,
    assignment: str,
    table: Path | None,
    roster: Path | None,
    write: bool,
    replace: bool,
) -> int:
    """Plan, print, and perhaps write; return the exit code.

    Raises:
        UserError: If the archive, a table or the gradebook cannot be read.
    """
    course = NbgraderCourse()
    sent = sent_files(archive, kind, table)
    extra = list(read_table(roster, ("student", "name"))) if roster else []
    with course.open_gradebook(Path.cwd()) as gradebook:
        people = roster_of(gradebook, extra)
        released = released_notebooks(gradebook, assignment)
    placed = place_files(archive, sent, people, released)
    folders = {
        f"{each.student}/{each.assignment}": course.submitted_folder(each.student, each.assignment)
        for each in placed
        if each.goes
    }
    if not replace:
        there = {_pair(key): path.exists() for key, path in folders.items()}
        placed = keep_what_is_there(placed, there)
    _print_plan(placed)
    goes = [each for each in placed if each.goes]
    if write:
        write_files(archive, placed, folders)
        students = len({p.student for p in goes})
        print(f"Written: {counted(len(goes), 'file')} of {counted(students, 'student')}.")
    elif goes:
        print("Nothing was written. To do it, the same again with --write.")
    return 1 if any(each.needs_a_person for each in placed) else 0


def _pair(key: str) -> tuple[str, str]:
    student, _, assignment = key.rpartition("/")
    return student, assignment


def _print_plan(placed: Sequence[Placed]) -> None:
    shown = [each for each in placed if each.fate is not Fate.HIDDEN]
    width = max((len(each.student) for each in shown), default=0)
    for each in sorted(shown, key=lambda p: (p.fate, p.student, p.sent.entry.name)):
        target = f"{each.assignment}/{each.name}" if each.goes else each.why
        sent = "" if each.fate is Fate.MATCHED else f"  <- {each.sent.entry.name}"
        print(_plain(f"{each.fate:16}  {each.student:{width}}  {target}{sent}"))
    counts = Counter(each.fate for each in placed)
    print(", ".join(f"{count} {fate}" for fate, count in sorted(counts.items())) or "No files.")
    _print_advice(placed, counts)


def _print_advice(placed: Sequence[Placed], counts: Counter[Fate]) -> None:
    if counts[Fate.UNKNOWN_STUDENT]:
        print(
            "Unknown students: add names with nbgrader db student add ID --first-name --last-name "
            "or --lms-user-id, or say who they are with --roster CSV (columns student, name)."
        )
    if counts[Fate.KEPT]:
        print("Kept: these students have a submission already; --replace overwrites it.")
    if counts[Fate.HIDDEN]:
        print("Hidden: what programs leave behind (.ipynb_checkpoints, __MACOSX); never taken.")
    if any(each.sent.is_late and each.goes for each in placed):
        late = {each.student for each in placed if each.sent.is_late and each.goes}
        print(
            f"Late, says the platform, and not by how much: {', '.join(sorted(late))}. nbgrader "
            "counts nobody as late without a timestamp.txt."
        )


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:200]
