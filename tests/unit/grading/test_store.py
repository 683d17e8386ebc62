"""What is kept, under which key, and what never is."""

from dataclasses import replace

import pytest

from nbjudge.grading.store import ResultStore, result_key, suite_digest
from nbjudge.model import (
    CaseResult,
    CellRun,
    Course,
    ExerciseResult,
    GradingResult,
    NamedMistake,
    Outcome,
)

MISTAKE = NamedMistake(ids=("a", "b"), belief="b", explanation="e", question="q", hint="h")
CASES = (
    CaseResult(id="t[1]", outcome=Outcome.PASSED, weight=2.0, is_public=True, kind="k"),
    CaseResult(id="t[2]", outcome=Outcome.FAILED, message="ü", is_property=True),
)
RESULT = GradingResult(
    student="ada",
    assignment="a",
    notebook="n",
    exercises=(ExerciseResult(exercise="f", points=3.0, cases=CASES, named=(MISTAKE,)),),
    cells=(CellRun(position=1, error="E"),),
    notes=("odd",),
    isolation="limits",
    duration_s=0.5,
)


@pytest.fixture
def course(tmp_path):
    return Course(root=tmp_path, id="c", title="C", modules=(), lessons=())


def with_outcome(outcome):
    case = replace(CASES[1], outcome=outcome)
    return replace(RESULT, exercises=(replace(RESULT.exercises[0], cases=(case,)),))


def test_a_kept_result_comes_back_equal(course):
    store = ResultStore(course)
    store.put("key", RESULT)
    assert store.get("key") == RESULT
    assert store.get("other") is None


@pytest.mark.parametrize(
    "result",
    [
        replace(RESULT, fault="broken"),
        replace(RESULT, exercises=(replace(RESULT.exercises[0], fault="broken"),)),
        with_outcome(Outcome.TIMED_OUT),
        replace(RESULT, cells=(CellRun(position=1, error="no answer", killed=True),)),
    ],
    ids=["fault", "exercise-fault", "timeout", "killed-cell"],
)
def test_what_may_end_differently_is_never_kept(course, result):
    store = ResultStore(course)
    store.put("key", result)
    assert store.get("key") is None


@pytest.mark.parametrize("content", ["", "{}", '{"format": 99}', "[" * 9999, '{"format": 1}'])
def test_a_damaged_file_is_judged_again(course, content):
    store = ResultStore(course)
    store.put("key", RESULT)
    (path,) = (course.state_folder / "results").glob("*.json")
    path.write_text(content)
    assert store.get("key") is None


def test_a_key_tells_where_a_part_ends():
    assert result_key([b"ab", b"c"]) != result_key([b"a", b"bc"])


def test_a_suites_digest_changes_with_everything_it_may_import(course):
    digests = {suite_digest(course, "m1_l01_x")}
    for path in (
        "grader_tests/shared_misconceptions.py",
        "grader_tests/m1_l01_x/test_f.py",
        "grader_tests/m1_l01_x/deeper/more.py",
        "solutions/m1_l01_x.py",
    ):
        file = course.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x = 1")
        digests.add(suite_digest(course, "m1_l01_x"))
    assert len(digests) == 5
