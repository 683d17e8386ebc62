from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from nbjudge.errors import UserError
from nbjudge.nbgrader_adapter.archive import sent_files
from nbjudge.nbgrader_adapter.collecting import (
    Fate,
    Placed,
    Released,
    keep_what_is_there,
    place_files,
    write_files,
)
from nbjudge.nbgrader_adapter.roster import Roster

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


def archive(folder: Path, files: dict[str, str]) -> Path:
    path = folder / "download.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return path


def plan(folder: Path, kind: str, files: dict[str, str], table: str = "") -> list[Placed]:
    path = archive(folder, files)
    csv = folder / "table.csv"
    csv.write_text(table)
    sent = sent_files(path, kind, csv if table else None)
    return place_files(path, sent, ROSTER, RELEASED)


FIRST = notebook("squares", "test_squares")


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


def test_links_in_an_archive_are_no_files(tmp_path: Path) -> None:
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as opened:
        link = zipfile.ZipInfo("Zoë Ng_1_assignsubmission_file/p1.ipynb")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, "/etc/passwd")

    assert sent_files(path, "moodle") == []


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
