from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nbjudge.cli.main import main
from nbjudge.reports.summary import left_open
from nbjudge.sandbox.base import Isolation
from nbjudge.sandbox.registry import choose_sandbox
from tests.unit.nbgrader_adapter.tiny_course import HALF_RIGHT, LESSON, RIGHT, TinyCourse

Capture = pytest.CaptureFixture[str]


def table(out: str) -> list[str]:
    return out.split("\n\n", maxsplit=1)[0].splitlines()


def hand_in(course: TinyCourse) -> None:
    course.submit("ada", course.answers(RIGHT))
    course.submit("ben", course.answers(HALF_RIGHT))
    course.submit("cleo", '{"cells": [\n\n oops')
    course.submit("dan", course.answers(RIGHT), name="final")


def test_a_class_gets_its_rows_counts_level_and_what_comes_next(
    course: TinyCourse, capsys: Capture
):
    hand_in(course)
    assert main(["grade", LESSON, "--jobs", "2"]) == 1
    out = capsys.readouterr().out
    assert table(out) == [
        "ada   100",
        "ben    83  double: a wrong answer, no known mistake, in 1 of 4 cases",
        "cleo    -  unreadable JSON, line 3 (the submission's)",
        f"dan     -  expected {LESSON}.ipynb, found final.ipynb (the submission's)",
    ]
    assert "4 students: 2 marked, 2 need a person, no grader faults." in out
    level = choose_sandbox(course.root, Isolation.LIMITS).isolation
    assert f"Isolation: {level}. {left_open(level)}" in out
    assert f"nbgrader generate_feedback {LESSON}" in out
    assert (course.root / ".nbjudge" / "grade.log").stat().st_size


def test_both_routes_write_the_same_gradebook(course: TinyCourse, capsys: Capture):
    hand_in(course)
    students = ("ada", "ben", "cleo", "dan")
    main(["grade", LESSON])
    ours = {student: course.grades(student) for student in students}
    (course.root / "gradebook.db").unlink()
    shutil.rmtree(course.root / ".nbjudge")
    assert course.api().generate_assignment(LESSON, force=True)["success"]
    assert course.autograde()["success"]
    assert {student: course.grades(student) for student in students} == ours


def test_nbgraders_chatter_goes_to_the_log_and_not_to_the_screen(
    course: TinyCourse, capfd: pytest.CaptureFixture[str]
):
    hand_in(course)
    main(["grade", LESSON, "--jobs", "1"])
    captured = capfd.readouterr()
    for chatter in ("INFO", "WARNING", "SAWarning", "Autograde"):
        assert chatter not in captured.out + captured.err
    assert "could not be read" in (course.root / ".nbjudge" / "grade.log").read_text()


def test_one_student_can_be_judged_alone(course: TinyCourse, capsys: Capture):
    hand_in(course)
    assert main(["grade", LESSON, "--student", "ada"]) == 0
    assert table(capsys.readouterr().out) == ["ada  100"]
    assert not (course.root / "autograded" / "ben").exists()


def test_a_new_round_draws_anew_and_is_said(course: TinyCourse, capsys: Capture):
    hand_in(course)
    main(["grade", LESSON])
    capsys.readouterr()
    main(["grade", LESSON, "--new-round"])
    out = capsys.readouterr().out
    assert out.startswith("Round 2: new random inputs for the whole class.")
    assert "ada   100" in out


def test_a_fault_is_a_row_of_its_own_and_exit_code_1(course: TinyCourse, capsys: Capture):
    shutil.rmtree(course.root / "grader_tests" / LESSON)
    course.submit("ada", course.released)
    assert main(["grade", LESSON]) == 1
    out = capsys.readouterr().out
    assert table(out) == [f"ada    -  grader fault: there is no suite grader_tests/{LESSON}/"]
    assert "1 grader fault." in out


def test_a_score_by_hand_asks_for_another_look(course: TinyCourse, capsys: Capture):
    course.submit("ada", course.answers(RIGHT))
    main(["grade", LESSON])
    with course.gradebook() as gradebook:
        gradebook.find_grade("test_double", LESSON, LESSON, "ada").manual_score = 1.0
        gradebook.db.commit()
    assert main(["grade", LESSON]) == 1
    assert "With cells that a person grades or has graded before: 1." in capsys.readouterr().out
    assert course.grades("ada")["manual"]["test_double"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope"], "There is no assignment 'nope'."),
        ([LESSON], f"Nothing was handed in for {LESSON!r}."),
        ([LESSON, "--student", "zed"], f"Nothing was handed in for {LESSON!r} by 'zed'."),
        ([LESSON, "--student", "ada", "--new-round"], "A new round is for the whole class"),
        ([LESSON, "--jobs", "0"], "--jobs must be at least 1; got 0."),
        ([LESSON, "--weakest-isolation", "x"], "There is no isolation level 'x'."),
    ],
)
def test_what_the_user_must_correct_is_said_and_exits_with_2(
    course: TinyCourse, capsys: Capture, arguments: list[str], message: str
):
    assert main(["grade", *arguments]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"nbjudge grade: {message}")
    assert "Traceback" not in err


@pytest.mark.parametrize("lost", ["gradebook.db", None])
def test_an_assignment_that_was_never_released_says_how(
    course: TinyCourse, capsys: Capture, lost: str | None
):
    name = LESSON if lost else "m1_l02_new"
    if lost:
        (course.root / lost).unlink()
    else:
        (course.root / "source" / name).mkdir()
    assert main(["grade", name]) == 2
    err = capsys.readouterr().err
    assert f"Assignment {name!r} is not in the gradebook." in err
    assert f"to cure it: run nbgrader generate_assignment {name}" in err
    assert not lost or not (course.root / lost).exists()


def test_outside_a_course_nothing_is_started(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert main(["grade", "x"]) == 2
    assert "There is no course here." in capsys.readouterr().err
