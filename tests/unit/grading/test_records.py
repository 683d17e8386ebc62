"""What was last said, and what before that; never more than that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nbjudge.grading.records import keep_record, read_record, records, submission_digest
from nbjudge.model import CaseResult, ExerciseResult, GradingResult, Outcome, Submission

CASE = CaseResult(id="t", outcome=Outcome.FAILED, kind="k", message="got 41, expected 42")
RESULT = GradingResult(
    student="ada",
    assignment="a",
    notebook="n",
    exercises=(ExerciseResult(exercise="f", points=3.0, cases=(CASE,)),),
)
SLIM = replace(
    RESULT, exercises=(replace(RESULT.exercises[0], cases=(replace(CASE, message=""),)),)
)
SECOND = replace(SLIM, notes=("second",))


def last(state: Path):
    return read_record(state, "a", "n", "ada")


def test_what_was_said_is_kept_without_messages(tmp_path: Path):
    keep_record(tmp_path, RESULT, "1")
    assert last(tmp_path).result == SLIM
    assert last(tmp_path).earlier is None
    assert b"42" not in next(tmp_path.rglob("*.json")).read_bytes()


def test_another_hand_in_moves_the_first_back(tmp_path: Path):
    keep_record(tmp_path, RESULT, "1")
    keep_record(tmp_path, SECOND, "2")
    assert (last(tmp_path).result, last(tmp_path).earlier) == (SECOND, SLIM)


def test_judging_the_same_again_keeps_what_came_before(tmp_path: Path):
    for result, digest in ((RESULT, "1"), (SECOND, "2"), (replace(SECOND, notes=()), "2")):
        keep_record(tmp_path, result, digest)
    assert last(tmp_path).earlier == SLIM


def test_a_fault_is_nobodys_earlier_hand_in(tmp_path: Path):
    keep_record(tmp_path, RESULT, "1")
    keep_record(tmp_path, replace(RESULT, fault="boom"), "2")
    keep_record(tmp_path, SECOND, "3")
    assert last(tmp_path).earlier == SLIM


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"format": 2}', b"\xff"])
def test_a_damaged_record_is_as_if_there_were_none(tmp_path: Path, damage: bytes):
    keep_record(tmp_path, RESULT, "1")
    next(tmp_path.rglob("*.json")).write_bytes(damage)
    assert last(tmp_path) is None
    assert list(records(tmp_path, "a")) == []
    keep_record(tmp_path, RESULT, "1")
    assert last(tmp_path).result == SLIM


def test_all_records_of_an_assignment_come_in_order(tmp_path: Path):
    for student in ("zoe", "ada", "ben"):
        keep_record(tmp_path, replace(RESULT, student=student), "1")
    keep_record(tmp_path, replace(RESULT, assignment="other"), "1")
    assert [record.result.student for record in records(tmp_path, "a")] == ["ada", "ben", "zoe"]


def test_only_the_owner_may_read_them(tmp_path: Path):
    keep_record(tmp_path / "state", RESULT, "1")
    folders = [path for path in tmp_path.rglob("*") if path.is_dir() and path != tmp_path]
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0
    assert folders


def test_answers_to_a_quiz_make_another_hand_in():
    about = {"student": "ada", "assignment": "a", "notebook": "n", "content": b"x"}
    digests = {submission_digest(Submission(**about, answers=a)) for a in (None, b"1", b"2")}
    assert len(digests) == 3
    assert submission_digest(replace(RESULT, problem="gone")) not in digests
