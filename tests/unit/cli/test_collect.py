from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from nbjudge.cli.main import main
from tests.unit.nbgrader_adapter.tiny_course import LESSON, RIGHT, TinyCourse

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def download(course: TinyCourse) -> Path:
    """Zoë's renamed notebook with a file, and somebody whom nobody knows."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}", "tiny") as gradebook:
        gradebook.add_student("zng", first_name="Zoë", last_name="Ng")
    course.submit("ada", course.answers(RIGHT))
    notebook = (course.root / "submitted" / "ada" / LESSON / f"{LESSON}.ipynb").read_text()
    path = course.root / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Zoë Ng_1_assignsubmission_file/tiny (1).ipynb", notebook)
        archive.writestr("Zoë Ng_1_assignsubmission_file/notes.txt", "x")
        archive.writestr("Ann Who_2_assignsubmission_file/tiny.ipynb", notebook)
    return path


PLAN = f"""\
file              zng  {LESSON}/notes.txt  <- Zoë Ng_1_assignsubmission_file/notes.txt
renamed           zng  {LESSON}/{LESSON}.ipynb  <- Zoë Ng_1_assignsubmission_file/tiny (1).ipynb
unknown student        nobody in the gradebook is called 'Ann Who'  \
<- Ann Who_2_assignsubmission_file/tiny.ipynb
1 file, 1 renamed, 1 unknown student
Unknown students: add names with nbgrader db student add ID --first-name --last-name \
or --lms-user-id, or say who they are with --roster CSV (columns student, name).
"""


def test_at_first_it_says_what_it_would_do(download: Path, capsys: Capture) -> None:
    assert main(["collect", "download.zip", "--from", "moodle"]) == 1
    assert capsys.readouterr().out == (
        PLAN + "Nothing was written. To do it, the same again with --write.\n"
    )
    assert not Path("submitted/zng").exists()


def test_with_write_it_does_it_and_never_twice(download: Path, capsys: Capture) -> None:
    main(["collect", "download.zip", "--from", "moodle", "--write"])
    assert capsys.readouterr().out == PLAN + "Written: 2 files of 1 student.\n"
    assert Path(f"submitted/zng/{LESSON}/{LESSON}.ipynb").is_file()
    assert Path(f"submitted/zng/{LESSON}/notes.txt").read_text() == "x"

    main(["collect", "download.zip", "--from", "moodle", "--write"])
    out = capsys.readouterr().out
    assert "Kept: these students have a submission already; --replace overwrites it.\n" in out
    assert "Written: 0 files of 0 students.\n" in out


def test_a_roster_says_who_somebody_is(download: Path, capsys: Capture) -> None:
    Path("roster.csv").write_text("student,name\nann,Ann Who\n")

    assert main(["collect", "download.zip", "--from", "moodle", "--roster", "roster.csv"]) == 0
    assert "ann" in capsys.readouterr().out


def test_an_assignment_that_was_not_released_is_named(download: Path, capsys: Capture) -> None:
    words = ["collect", "download.zip", "--from", "moodle", "--assignment", "ps9"]

    assert main(words) == 2
    assert capsys.readouterr().err == (
        "nbjudge collect: Nothing was released as 'ps9' yet.\n  where: the gradebook\n"
        "  to cure it: run nbgrader generate_assignment first.\n"
    )


def test_it_says_who_is_late_and_what_was_hidden(download: Path, capsys: Capture) -> None:
    with Gradebook(f"sqlite:///{Path('gradebook.db').absolute()}", "tiny") as gradebook:
        gradebook.update_or_create_student("zng", lms_user_id="4711")
    notebook = Path(f"submitted/ada/{LESSON}/{LESSON}.ipynb").read_text()
    with zipfile.ZipFile("canvas.zip", "w") as archive:
        archive.writestr(f"ngzoe_LATE_4711_1_{LESSON}.ipynb", notebook)
        archive.writestr("__MACOSX/._x", "x")

    assert main(["collect", "canvas.zip", "--from", "canvas"]) == 0
    assert capsys.readouterr().out.endswith(
        "1 hidden, 1 matched\n"
        "Hidden: what programs leave behind (.ipynb_checkpoints, __MACOSX); never taken.\n"
        "Late, says the platform, and not by how much: zng. nbgrader counts nobody as late "
        "without a timestamp.txt.\n"
        "Nothing was written. To do it, the same again with --write.\n"
    )
