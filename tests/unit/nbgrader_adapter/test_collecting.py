from __future__ import annotations

import io
import json
import unicodedata
import zipfile
from pathlib import Path

import pytest

from nbjudge.errors import UserError
from nbjudge.nbgrader_adapter import collecting
from nbjudge.nbgrader_adapter.collecting import (
    Released,
    keep_what_is_there,
    place_files,
    write_files,
)
from nbjudge.nbgrader_adapter.placing import Fate, Placed
from nbjudge.nbgrader_adapter.platforms import sent_files
from nbjudge.nbgrader_adapter.roster import Roster
from nbjudge.questions.answers import Answers, answers_bytes

RELEASED = [
    Released(assignment="ps1", name="p1", ids=frozenset({"squares", "test_squares"})),
    Released(assignment="ps2", name="p2", ids=frozenset({"cube", "test_cube"})),
]
ROSTER = Roster(
    [
        ("zng", "Zoë", "Ng", "zoe@example.org", "4711"),
        ("bob1", "Bob", "Ray", "", ""),
        ("bob2", "Bob", "Ray", "", ""),
    ]
)


def notebook(*ids: str) -> str:
    cells = [
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": name}}, "source": ""}
        for name in ids
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def archive(folder: Path, files: dict[str, str | bytes]) -> Path:
    path = folder / "download.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return path


def plan(folder: Path, kind: str, files: dict[str, str | bytes], table: str = "") -> list[Placed]:
    return planned(archive(folder, files), kind, table)


def planned(path: Path, kind: str = "moodle", table: str = "") -> list[Placed]:
    csv = path.parent / "table.csv"
    csv.write_text(table)
    sent = sent_files(path, kind, csv if table else None)
    return place_files(path, sent, ROSTER, RELEASED)


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return out.getvalue()


FIRST = notebook("squares", "test_squares")
OTHER = FIRST.replace('"source": ""', '"source": "1"')
ZOE = "Zoë Ng_1_assignsubmission_file"


@pytest.mark.parametrize(
    "entry",
    [
        "Zoë Ng_12_assignsubmission_file/p1.ipynb",
        "Zoë Ng_12_assignsubmission_file_/p1.ipynb",
        "Zoë Ng_12_assignsubmission_file_p1.ipynb",
    ],
)
def test_moodles_names_are_read(tmp_path: Path, entry: str) -> None:
    (placed,) = plan(tmp_path, "moodle", {entry: FIRST})

    assert (placed.fate, placed.student) == (Fate.MATCHED, "zng")
    assert (placed.assignment, placed.name) == ("ps1", "p1.ipynb")


def test_canvas_names_are_read_and_the_last_of_several_counts(tmp_path: Path) -> None:
    older, newer = plan(
        tmp_path,
        "canvas",
        {"ngzoe_4711_100_p1.ipynb": FIRST, "ngzoe_LATE_4711_200_p1-1.ipynb": FIRST},
    )

    assert (older.fate, newer.fate) == (Fate.OLDER, Fate.MATCHED)
    assert newer.name == "p1.ipynb"


def test_a_table_says_whose_file_it_is_and_when_it_came(tmp_path: Path) -> None:
    table = "file,student,timestamp\na.ipynb,zng,2030-01-01 12:00:00 UTC\n"
    (placed,) = plan(tmp_path, "csv", {"any/a.ipynb": FIRST}, table)
    write_files(tmp_path / "download.zip", [placed], {"zng/ps1": tmp_path / "out"})

    assert placed.fate is Fate.RENAMED
    assert (tmp_path / "out" / "p1.ipynb").read_text() == FIRST
    assert (tmp_path / "out" / "timestamp.txt").read_text() == "2030-01-01 12:00:00 UTC"


def test_a_renamed_notebook_is_known_by_its_cells(tmp_path: Path) -> None:
    entry = "Zoë Ng_1_assignsubmission_file/p1 (2) final.ipynb"
    swapped = "Zoë Ng_1_assignsubmission_file/p2.ipynb"
    first, second = plan(tmp_path, "moodle", {entry: FIRST, swapped: notebook("cube", "test_cube")})

    assert (first.fate, first.name) == (Fate.RENAMED, "p1.ipynb")
    assert (second.fate, second.assignment) == (Fate.MATCHED, "ps2")


def test_an_unreadable_notebook_goes_along_under_its_name(tmp_path: Path) -> None:
    (placed,) = plan(tmp_path, "moodle", {"Zoë Ng_1_assignsubmission_file/p1.ipynb": "{"})

    assert (placed.fate, placed.name) == (Fate.MATCHED, "p1.ipynb")


def test_what_is_unknown_says_why(tmp_path: Path) -> None:
    nobody, twins, odd = plan(
        tmp_path,
        "moodle",
        {
            "Ann Who_1_assignsubmission_file/p1.ipynb": FIRST,
            "Bob Ray_1_assignsubmission_file/p1.ipynb": FIRST,
            "Zoë Ng_1_assignsubmission_file/mine.ipynb": notebook("other"),
        },
    )

    assert (nobody.fate, nobody.why) == (
        Fate.UNKNOWN_STUDENT,
        "nobody in the gradebook is called 'Ann Who'",
    )
    assert twins.why == "'Bob Ray' could be bob1 or bob2"
    assert (odd.fate, odd.why) == (
        Fate.UNKNOWN_NOTEBOOK,
        "no released notebook has its cells or its name",
    )


def test_files_go_beside_the_notebook_they_came_with(tmp_path: Path) -> None:
    _, notes = plan(
        tmp_path,
        "moodle",
        {
            "Zoë Ng_1_assignsubmission_file/p1.ipynb": FIRST,
            "Zoë Ng_1_assignsubmission_file/../../../../notes.txt": "x",
        },
    )

    assert (notes.fate, notes.assignment, notes.name) == (Fate.FILE, "ps1", "notes.txt")


def test_a_submission_that_is_there_is_kept(tmp_path: Path) -> None:
    placed = plan(tmp_path, "moodle", {"Zoë Ng_1_assignsubmission_file/p1.ipynb": FIRST})

    (kept,) = keep_what_is_there(placed, {("zng", "ps1"): True})
    assert kept.fate is Fate.KEPT
    assert not kept.goes


def test_a_link_is_left_out_and_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as opened:
        link = zipfile.ZipInfo(f"{ZOE}/p1.ipynb")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, "/etc/passwd")

    (placed,) = planned(path)
    assert (placed.fate, placed.why) == (Fate.LEFT_OUT, "it is a link, not a file")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("is_marked", [True, False])
def test_accents_are_read_however_a_program_wrote_them(
    tmp_path: Path, form: str, is_marked: bool
) -> None:
    """Programs of macOS split them, and may not mark a name as UTF-8; then Python reads `Zo├½`."""
    path = tmp_path / "download.zip"
    name = unicodedata.normalize(form, f"{ZOE}/p1.ipynb")
    with zipfile.ZipFile(path, "w") as opened:
        if is_marked:
            opened.writestr(name, FIRST)
        else:
            opened.writestr("x" * len(name.encode()), FIRST)
    if not is_marked:
        path.write_bytes(path.read_bytes().replace(b"x" * len(name.encode()), name.encode()))

    (placed,) = planned(path)
    assert (placed.fate, placed.student, placed.name) == (Fate.MATCHED, "zng", "p1.ipynb")


def test_backslashes_of_windows_are_folders(tmp_path: Path) -> None:
    (placed,) = plan(tmp_path, "moodle", {f"{ZOE}\\p1.ipynb": FIRST})

    assert (placed.fate, placed.name) == (Fate.MATCHED, "p1.ipynb")


def test_a_notebook_in_an_archive_of_the_students_is_found(tmp_path: Path) -> None:
    inner = zipped({"my work/p1.ipynb": FIRST, "my work/data.csv": "1", "__MACOSX/._p1.ipynb": ""})
    placed = plan(tmp_path, "moodle", {f"{ZOE}/work.zip": inner})
    write_files(tmp_path / "download.zip", placed, {"zng/ps1": tmp_path / "out"})

    assert [each.fate for each in placed] == [Fate.MATCHED, Fate.FILE, Fate.HIDDEN]
    assert placed[0].sent.entry.name == f"{ZOE}/work.zip/my work/p1.ipynb"
    assert (tmp_path / "out" / "p1.ipynb").read_text() == FIRST
    assert (tmp_path / "out" / "data.csv").read_text() == "1"


def test_an_archive_of_data_stays_one_file_and_one_that_cannot_be_opened_says_so(
    tmp_path: Path,
) -> None:
    _, data = plan(
        tmp_path,
        "moodle",
        {f"{ZOE}/p1.ipynb": FIRST, f"{ZOE}/data.zip": zipped({"a.csv": "1"})},
    )
    assert (data.fate, data.name) == (Fate.FILE, "data.zip")
    (packed,) = plan(tmp_path, "moodle", {f"{ZOE}/work.rar": "Rar!"})
    assert (packed.fate, packed.why) == (
        Fate.UNKNOWN_NOTEBOOK,
        "it is an archive that is not opened; unpack it, and put its files in by hand",
    )
    many = zipped({f"{i}.ipynb": FIRST for i in range(201)})
    (crowd,) = plan(tmp_path, "moodle", {f"{ZOE}/work.zip": many})
    assert (crowd.fate, crowd.why) == (
        Fate.LEFT_OUT,
        "it is an archive of 201 files; unpack it by hand",
    )


def test_of_two_notebooks_the_one_with_the_right_name_counts(tmp_path: Path) -> None:
    right, copy = plan(
        tmp_path, "moodle", {f"{ZOE}/p1.ipynb": FIRST, f"{ZOE}/p1-Copy1.ipynb": OTHER}
    )

    assert right.fate is Fate.MATCHED
    assert (copy.fate, copy.why) == (Fate.COPY, "another file counts as p1.ipynb already")


def test_of_two_renamed_notebooks_a_person_chooses_unless_they_are_the_same(
    tmp_path: Path,
) -> None:
    names = (f"{ZOE}/final.ipynb", f"{ZOE}/final2.ipynb")
    placed = plan(tmp_path, "moodle", dict(zip(names, (FIRST, OTHER), strict=True)))
    assert {(each.fate, each.why) for each in placed} == {
        (Fate.UNCLEAR, "2 different files could be p1.ipynb; put the right one in by hand")
    }
    assert all(each.needs_a_person for each in placed)

    same = plan(tmp_path, "moodle", dict(zip(names, (FIRST, FIRST), strict=True)))
    assert [each.fate for each in same] == [Fate.RENAMED, Fate.COPY]


def test_two_files_of_one_name_are_never_one_in_silence(tmp_path: Path) -> None:
    files = {f"{ZOE}/p1.ipynb": FIRST, f"{ZOE}/a/x.csv": "1", f"{ZOE}/b/x.csv": "2"}
    _, one, two = plan(tmp_path, "moodle", files)

    assert (one.fate, two.fate) == (Fate.UNCLEAR, Fate.UNCLEAR)


@pytest.mark.parametrize("name", ["p1.ipynb.txt", "P1.IPYNB", "p1.ipynb.json"])
def test_an_ending_that_a_browser_made_is_seen_through(tmp_path: Path, name: str) -> None:
    (placed,) = plan(tmp_path, "moodle", {f"{ZOE}/{name}": FIRST})

    assert (placed.fate, placed.name) == (Fate.RENAMED, "p1.ipynb")


def test_renamed_quiz_answers_get_the_name_that_the_judge_reads(tmp_path: Path) -> None:
    answers = answers_bytes(Answers(answers={"q": "a"}, lesson="p1"))
    (placed,) = plan(tmp_path, "moodle", {f"{ZOE}/p1.answers (1).json": answers})

    assert (placed.fate, placed.assignment, placed.name) == (
        Fate.RENAMED,
        "ps1",
        "p1.answers.json",
    )


def test_nobody_hands_in_when_they_handed_in(tmp_path: Path) -> None:
    files = {f"{ZOE}/p1.ipynb": FIRST, f"{ZOE}/timestamp.txt": "2000-01-01 00:00:00 UTC"}
    _, forged = plan(tmp_path, "moodle", files)

    assert (forged.fate, forged.why) == (
        Fate.LEFT_OUT,
        "nbgrader reads from a file of this name who is late; nobody hands in their own",
    )


def test_what_is_too_large_is_one_row_and_stops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(f"{ZOE}/bomb.csv", bytes((64 << 20) + 1))
        opened.writestr(f"{ZOE}/p1.ipynb", FIRST)

    bomb, honest = planned(path)
    assert (bomb.fate, honest.fate) == (Fate.LEFT_OUT, Fate.MATCHED)
    assert bomb.why == (
        "it is larger than 64 MB; look at it, and put it into submitted/ by hand if it is honest"
    )


def test_what_one_student_sends_is_bounded_in_sum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "MOST_OF_ONE", len(FIRST) + 100)
    files: dict[str, str | bytes] = {f"{ZOE}/{i}.csv": bytes(60) for i in range(2)}

    *taken, last = plan(tmp_path, "moodle", {f"{ZOE}/p1.ipynb": FIRST, **files})
    assert [each.fate for each in taken] == [Fate.MATCHED, Fate.FILE]
    assert (last.fate, last.why) == (
        Fate.LEFT_OUT,
        "the files of this student are more than 0 MB",
    )


def test_a_damaged_or_encrypted_file_is_one_row(tmp_path: Path) -> None:
    path = archive(tmp_path, {f"{ZOE}/p1.ipynb": FIRST, f"{ZOE}/x.csv": "unharmed"})
    path.write_bytes(path.read_bytes().replace(b"unharmed", b"UNHARMED"))
    notebook_row, damaged = planned(path)
    assert (notebook_row.fate, damaged.fate) == (Fate.MATCHED, Fate.LEFT_OUT)
    assert damaged.why.startswith("it cannot be taken out of the archive: Bad CRC-32 for file")

    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1  # the flag of the last file in the list
    path.write_bytes(content)
    assert planned(path)[1].why == "it is encrypted"


def test_what_the_platform_did_not_name_is_said(tmp_path: Path) -> None:
    _, odd = plan(tmp_path, "moodle", {f"{ZOE}/p1.ipynb": FIRST, "grades.csv": "x"})
    assert (odd.fate, odd.why) == (Fate.LEFT_OUT, "not named as moodle names files")

    table = "file,student\na.ipynb,zng\ngone.ipynb,zng\n"
    _, unlisted, gone = plan(tmp_path, "csv", {"a.ipynb": FIRST, "b.ipynb": FIRST}, table)
    assert unlisted.why == "no row of the table names it"
    assert (gone.sent.entry.name, gone.student, gone.why) == (
        "gone.ipynb",
        "zng",
        "it is in the table, and not in the archive",
    )


@pytest.mark.parametrize("name", ["..", "x" * 201, "a\nb.csv"])
def test_no_file_gets_a_name_that_is_none(tmp_path: Path, name: str) -> None:
    _, odd = plan(tmp_path, "moodle", {f"{ZOE}/p1.ipynb": FIRST, f"{ZOE}/{name}": "x"})

    assert (odd.fate, odd.why) == (Fate.LEFT_OUT, "its name is too long for a file, or none")


def test_canvas_marks_who_is_late_and_takes_no_year_for_a_second_try(tmp_path: Path) -> None:
    late, data = plan(
        tmp_path,
        "canvas",
        {"ngzoe_LATE_4711_200_p1-1.ipynb": FIRST, "ngzoe_4711_201_data-2024.csv": "1"},
    )

    assert (late.sent.is_late, data.sent.is_late) == (True, False)
    assert data.name == "data-2024.csv"


def test_each_refusal_says_how_to_go_on(tmp_path: Path) -> None:
    path = archive(tmp_path, {"p1.ipynb": FIRST})
    with pytest.raises(UserError) as refused:
        sent_files(path, "canvas")
    assert str(refused.value) == (
        "No file in the archive is named as canvas names them.\n"
        f"  where: {path}, for instance 'p1.ipynb'\n"
        "  to cure it: choose another --from; csv takes a table that says whose file is whose."
    )
    with pytest.raises(UserError) as refused:
        sent_files(path, "csv")
    assert str(refused.value) == (
        "--from csv needs a table that says whose file is whose.\n"
        "  to cure it: --table FILE, with the columns file and student, and perhaps timestamp."
    )
    (tmp_path / "table.csv").write_text("name,student\n")
    with pytest.raises(UserError, match=r"^The table lacks the column 'file'\."):
        sent_files(path, "csv", tmp_path / "table.csv")
    (tmp_path / "no.zip").write_text("x")
    with pytest.raises(UserError, match=r"^This is no ZIP file\."):
        sent_files(tmp_path / "no.zip", "moodle")
    with pytest.raises(UserError, match=r"^The archive cannot be read: No such file"):
        sent_files(tmp_path / "gone.zip", "moodle")
