"""What becomes of a mark when a submission is judged again."""

from __future__ import annotations

import json
from dataclasses import replace

import nbformat
import pytest

from nbjudge.model import CaseResult, ExerciseResult, GradingResult, Outcome
from nbjudge.nbgrader_adapter.marks import save_result
from tests.unit.nbgrader_adapter.tiny_course import LESSON, TinyCourse

STALE = (
    "The grader failed here; the submission is not to blame. "
    "The mark shown is from an earlier grading; a person will look at it."
)
NO_MARK = (
    "The grader failed here; the submission is not to blame. "
    "There is no mark yet; a person will look at it."
)


def exercise(name: str, points: float, passed: int, of: int = 3) -> ExerciseResult:
    cases = tuple(
        CaseResult(id=str(i), outcome=Outcome.PASSED if i < passed else Outcome.FAILED)
        for i in range(of)
    )
    return ExerciseResult(exercise=name, points=points, cases=cases)


GOOD = GradingResult(
    student="ada",
    assignment=LESSON,
    notebook=LESSON,
    exercises=(exercise("double", 4, 1), exercise("total", 2, 3)),
)
FAULT = GradingResult(
    student="ada", assignment=LESSON, notebook=LESSON, fault="SECRET fault details"
)
PROBLEM = GradingResult(
    student="ada", assignment=LESSON, notebook=LESSON, problem="the file is empty"
)
HALF_FAULT = replace(
    GOOD, exercises=(replace(GOOD.exercises[0], fault="the solution fails"), GOOD.exercises[1])
)


class Ada:
    """One student's rows in a real gradebook."""

    def __init__(self, course: TinyCourse) -> None:
        self.course = course
        with course.gradebook() as gradebook:
            gradebook.add_student("ada")
            gradebook.add_submission(LESSON, "ada")

    def gets(self, result: GradingResult) -> dict[str, object]:
        with self.course.gradebook() as gradebook:
            entry = gradebook.find_submission_notebook(LESSON, LESSON, "ada")
            notebook = nbformat.reads(json.dumps(self.course.released), as_version=4)
            save_result(entry, notebook, result)
            gradebook.db.commit()
        return self.course.grades("ada")

    def is_given(self, points: float, *, flagged: bool = False) -> None:
        """A person types a score for `double` into the formgrader."""
        with self.course.gradebook() as gradebook:
            grade = gradebook.find_grade("test_double", LESSON, LESSON, "ada")
            grade.manual_score, grade.needs_manual_grade = points, False
            grade.notebook.flagged = flagged
            gradebook.db.commit()


@pytest.fixture
def ada(course: TinyCourse) -> Ada:
    return Ada(course)


def test_partial_credit_is_the_exact_fraction_of_the_gradebooks_points(ada: Ada):
    grades = ada.gets(GOOD)
    assert grades["scores"] == {"test_double": 4 / 3, "test_total": 2.0}
    assert not grades["needs"]
    assert not grades["flagged"]


def test_points_come_from_the_gradebook_where_the_result_has_others(ada: Ada):
    more = replace(GOOD, exercises=(exercise("double", 100, 3), GOOD.exercises[1]))
    assert ada.gets(more)["scores"] == {"test_double": 4.0, "test_total": 2.0}


def test_a_fault_writes_no_score_and_flags(ada: Ada):
    grades = ada.gets(FAULT)
    assert grades["scores"] == {"test_double": None, "test_total": None}
    assert grades["needs"] == {"test_double", "test_total"}
    assert grades["flagged"]
    assert grades["comments"] == {"double": NO_MARK, "total": NO_MARK}


def test_a_fault_on_a_regrade_keeps_the_earlier_mark_marked_stale(ada: Ada):
    ada.gets(GOOD)
    grades = ada.gets(FAULT)
    assert grades["scores"] == {"test_double": 4 / 3, "test_total": 2.0}
    assert grades["needs"] == {"test_double", "test_total"}
    assert grades["flagged"]
    assert grades["comments"] == {"double": STALE, "total": STALE}


def test_the_details_of_a_fault_reach_no_comment(ada: Ada):
    assert "SECRET" not in str(ada.gets(FAULT)["comments"])


def test_a_fault_of_one_exercise_leaves_the_other_its_mark(ada: Ada):
    grades = ada.gets(HALF_FAULT)
    assert grades["scores"] == {"test_double": None, "test_total": 2.0}
    assert grades["needs"] == {"test_double"}
    assert grades["flagged"]


def test_a_grading_that_works_again_takes_flag_and_comment_away(ada: Ada):
    ada.gets(FAULT)
    grades = ada.gets(GOOD)
    assert not grades["flagged"]
    assert not grades["needs"]
    assert "grader failed" not in str(grades["comments"])


def test_a_flag_that_a_person_set_stays(ada: Ada):
    ada.gets(GOOD)
    ada.is_given(3, flagged=True)
    assert ada.gets(GOOD)["flagged"]


def test_a_problem_takes_the_automatic_mark_away(ada: Ada):
    """The file that stands there now is another one: its mark would be a lie."""
    ada.gets(GOOD)
    grades = ada.gets(PROBLEM)
    assert grades["scores"] == {"test_double": None, "test_total": None}
    assert grades["needs"] == {"test_double", "test_total"}
    assert grades["flagged"]


@pytest.mark.parametrize("result", [GOOD, FAULT, PROBLEM])
def test_a_score_that_a_person_gave_is_kept_and_looked_at_again(ada: Ada, result: GradingResult):
    ada.gets(GOOD)
    ada.is_given(3.5)
    grades = ada.gets(result)
    assert grades["manual"]["test_double"] == 3.5
    assert "test_double" in grades["needs"]


def test_a_points_cell_that_nothing_judged_waits_for_a_person(ada: Ada):
    only = replace(GOOD, exercises=GOOD.exercises[:1])
    grades = ada.gets(only)
    assert grades["scores"]["test_total"] is None
    assert grades["needs"] == {"test_total"}


def test_without_a_judging_step_nothing_is_scored(course: TinyCourse):
    """An instructor's own list may lack it; a pass through it must not give zeros."""
    config = course.root / "nbgrader_config.py"
    last = (
        "c.Autograde.autograde_preprocessors = ['nbjudge.nbgrader_adapter.marks.SaveJudgedGrades']"
    )
    config.write_text(config.read_text() + last + "\n")
    course.submit("ada", course.released)
    assert course.autograde()["success"]
    grades = course.grades("ada")
    assert grades["scores"] == {"test_double": None, "test_total": None}
    assert grades["flagged"]


def test_a_missing_suite_is_a_fault_and_the_batch_goes_on(course: TinyCourse):
    for path in (course.root / "grader_tests" / LESSON).iterdir():
        path.unlink()
    (course.root / "grader_tests" / LESSON).rmdir()
    course.submit("ada", course.released)
    course.submit("ben", course.released)
    answer = course.autograde()
    assert answer["success"], answer
    assert "grader fault at ada: there is no suite" in answer["log"]
    assert course.grades("ben")["comments"]["double"] == NO_MARK
