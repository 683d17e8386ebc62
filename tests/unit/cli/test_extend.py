from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from nbjudge.cli.main import main
from tests.unit.nbgrader_adapter.tiny_course import LESSON, TinyCourse

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def due(course: TinyCourse) -> TinyCourse:
    with gradebook(course.root) as opened:
        opened.update_or_create_assignment(LESSON, duedate=datetime(2030, 1, 31, 23, 59))
        opened.add_student("ada")
    return course


def gradebook(root: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{root / 'gradebook.db'}", "tiny")


def late_s(root: Path, handed_in: datetime) -> float:
    with gradebook(root) as opened:
        submission = opened.update_or_create_submission(LESSON, "ada", timestamp=handed_in)
        return float(submission.total_seconds_late)


def test_lateness_counts_from_the_new_deadline(due: TinyCourse, capsys: Capture) -> None:
    assert main(["extend", "ada", LESSON, "2030-02-03"]) == 0
    assert capsys.readouterr().out == (
        f"ada, {LESSON}: due 2030-02-03 23:59 UTC, 3 days after the class.\n"
    )
    assert late_s(due.root, datetime(2030, 2, 3, 23, 59)) == 0
    assert late_s(due.root, datetime(2030, 2, 4, 0, 0)) == 60


def test_a_time_may_have_a_zone(due: TinyCourse, capsys: Capture) -> None:
    main(["extend", "ada", LESSON, "2030-02-01T13:00+01:00"])

    assert "due 2030-02-01 12:00 UTC, 12.02 hours after the class." in capsys.readouterr().out


def test_the_due_date_takes_an_extension_back(due: TinyCourse, capsys: Capture) -> None:
    main(["extend", "ada", LESSON, "2030-02-03"])
    late_s(due.root, datetime(2030, 2, 1))
    capsys.readouterr()
    main(["extend", "ada", LESSON, "2030-01-31"])

    assert capsys.readouterr().out == (
        f"ada, {LESSON}: no extension any more; due with the class, 2030-01-31 23:59 UTC.\n"
        "What is handed in is late all the same.\n"
    )


def test_a_penalty_that_stands_is_pointed_out(due: TinyCourse, capsys: Capture) -> None:
    late_s(due.root, datetime(2030, 2, 1))
    with gradebook(due.root) as opened:
        (notebook,) = opened.find_submission(LESSON, "ada").notebooks
        notebook.late_submission_penalty = 1
        opened.db.commit()
    main(["extend", "ada", LESSON, "2030-02-03"])

    assert (
        "A late penalty is in the gradebook. To reckon it anew: "
        f"nbjudge grade {LESSON} --student ada\n"
    ) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["ada", LESSON, "tomorrow"],
            "'tomorrow' is no date.\n  where: DATE\n  to cure it: write it as 2030-02-28, "
            "2030-02-28T17:00 or 2030-02-28T17:00+01:00.",
        ),
        (
            ["ada", LESSON, "2030-01-01"],
            f"2030-01-01 23:59 UTC is before the due date of {LESSON!r}.\n"
            "  where: due 2030-01-31 23:59 UTC\n"
            "  to cure it: the due date itself takes an extension back.",
        ),
        (
            ["eve", LESSON, "2030-02-28"],
            "There is no student 'eve' in the gradebook.\n  to cure it: nbgrader db student add "
            "eve adds one; a grading adds who handed in.",
        ),
        (
            ["ada", "ps9", "2030-02-28"],
            "There is no assignment 'ps9' in the gradebook.\n"
            f"  to cure it: the assignments are: {LESSON}.",
        ),
    ],
)
def test_each_refusal_says_how_to_go_on(
    due: TinyCourse, capsys: Capture, words: list[str], message: str
) -> None:
    assert main(["extend", *words]) == 2
    assert capsys.readouterr().err == f"nbjudge extend: {message}\n"


def test_without_a_due_date_nobody_is_late(course: TinyCourse, capsys: Capture) -> None:
    with gradebook(course.root) as opened:
        opened.add_student("ada")

    assert main(["extend", "ada", LESSON, "2030-02-28"]) == 2
    assert capsys.readouterr().err == (
        f"nbjudge extend: Assignment {LESSON!r} has no due date, so nobody is late.\n"
        "  where: the gradebook\n  to cure it: set one in the formgrader, or with nbgrader db "
        f'assignment add {LESSON} --duedate "2030-01-31 23:59 UTC".\n'
    )


def test_outside_a_course_no_gradebook_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["extend", "ada", LESSON, "2030-02-28"]) == 2
    assert "There is no gradebook here.\n" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
