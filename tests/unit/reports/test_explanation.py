from __future__ import annotations

from nbjudge.model import CaseResult, CellRun, ExerciseResult, GradingResult, Outcome
from nbjudge.reports.cells import beside_the_tests
from nbjudge.reports.explanation import how_it_was_judged, how_the_mark_came_about


def case(name: str, outcome: Outcome, **about: object) -> CaseResult:
    return CaseResult(id=name, outcome=outcome, **about)  # type: ignore[arg-type]


def test_every_case_is_told_and_the_sum_is_done() -> None:
    exercise = ExerciseResult(
        exercise="squares",
        points=6,
        cases=(
            case("test_a", Outcome.PASSED, weight=3, is_public=True),
            case("test_b[0]", Outcome.FAILED, kind="no rows", message="squares(0)\x1b[2J\nwas 1"),
        ),
    )

    assert how_the_mark_came_about(exercise) == [
        "passed   test_a  (weight 3, public)",
        "FAILED   test_b[0]  (weight 1, hidden: no rows)",
        "         squares(0) [2J",
        "         was 1",
        "mark: 3 of 4 weight = 0.75; x 6 points = 4.5",
    ]


def test_properties_that_do_not_pay_are_told() -> None:
    exercise = ExerciseResult(
        exercise="squares",
        points=4,
        cases=(
            case("test_p", Outcome.PASSED, is_property=True),
            case("test_v", Outcome.TIMED_OUT),
        ),
    )

    assert how_the_mark_came_about(exercise)[-2:] == [
        "passed property cases of weight 1 do not pay: "
        "no case passed that tells a right answer from a trivial one",
        "mark: 0 of 2 weight = 0; x 4 points = 0",
    ]


def test_an_untouched_answer_and_no_cases_are_told() -> None:
    lines = how_the_mark_came_about(ExerciseResult(exercise="e", points=1, untouched=True))

    assert lines == [
        "the answer is as it was released: no case was run",
        "no case reported: 0 points",
    ]


def test_the_notebook_is_told_with_what_was_odd() -> None:
    result = GradingResult(
        student="ada",
        assignment="ps1",
        notebook="p1",
        cells=(CellRun(position=2, error="KeyError: 1", killed=True), CellRun(position=3)),
        notes=("odd",),
        engine_version="1",
        suite_digest="ab",
        isolation="limits",
    )

    assert how_it_was_judged(result) == [
        "judged by nbjudge 1, suite ab, isolation limits",
        "note: odd",
        "cell 2 raised KeyError: 1; it ended its process and was left out",
    ]


def test_it_is_said_that_tests_beside_students_code_can_be_fooled() -> None:
    assert beside_the_tests("namespaces", ["p2", "p1"]) == (
        "Isolation: namespaces. This machine, the gradebook and other students were out of reach.\n"
        "Without a suite: p1, p2. There the tests ran beside the student's code, which can read "
        "and fool them.\n`nbjudge suite-from-cells NOTEBOOK` drafts tests that are out of reach."
    )
    assert "could read and write this account's files" in beside_the_tests("limits", ["p1"])
