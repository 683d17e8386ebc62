"""One submission against a suite: verdicts, weights, faults, restarts."""

from dataclasses import replace

import pytest

from nbjudge.errors import GraderFault
from nbjudge.model import Outcome
from nbjudge.sandbox.base import Isolation
from nbjudge.suite.client import SuiteHost

from .conftest import SLUG, SOLUTION, SUITE, job, write

RIGHT = "def halve(x): return x * 0.5"


def only(result):
    (exercise,) = result.exercises
    return exercise


def outcomes(exercise):
    return {case.id: case.outcome for case in exercise.cases}


def test_a_right_answer_gets_all_points(host):
    result = host.judge(job(RIGHT))
    assert only(result).score == 5.0
    assert result.isolation in set(Isolation)


def test_the_score_is_the_share_of_the_passed_weight(host):
    # Right for three numbers and unchanged input, wrong for five: 1 + 2 + 1 of 6.
    exercise = only(host.judge(job("def halve(x): return x / (2 if x.size < 5 else 3)")))
    assert exercise.score == pytest.approx(5.0 * 4 / 6)
    assert outcomes(exercise)["test_random[5]"] is Outcome.FAILED


def test_a_property_alone_pays_nothing(host):
    exercise = only(host.judge(job("def halve(x): return None")))
    assert outcomes(exercise)["test_no_mutation"] is Outcome.PASSED
    assert exercise.score == 0.0


def test_mutation_of_an_input_is_seen_from_outside(host):
    exercise = only(host.judge(job("def halve(x):\n x /= 2\n return x.copy()")))
    (case,) = [c for c in exercise.cases if c.id == "test_no_mutation"]
    assert case.outcome is Outcome.FAILED
    assert "changed its input x" in case.message


def test_a_missing_name_is_said(host):
    exercise = only(host.judge(job("x = 1")))
    assert exercise.cases[0].outcome is Outcome.ERRORED
    assert exercise.cases[0].message == "halve is not defined"


def test_an_exception_is_said_with_its_place(host):
    exercise = only(host.judge(job("# comment", "def halve(x):\n    return x / missing")))
    assert exercise.cases[0].message == (
        "raised NameError: name 'missing' is not defined (cell 2, line 2)"
    )


def test_an_untouched_stub_is_not_run(host):
    exercise = only(host.judge(job("raise SystemExit", untouched=True)))
    assert set(outcomes(exercise).values()) == {Outcome.NOT_RUN}
    assert exercise.untouched
    assert exercise.score == 0.0


def test_a_failing_cell_does_not_stop_later_ones(host):
    result = host.judge(job("1 / 0", "def broken(:", RIGHT))
    assert only(result).score == 5.0
    assert [cell.error for cell in result.cells] == [
        "ZeroDivisionError: division by zero (cell 1, line 1)",
        "SyntaxError: invalid syntax (cell 2, line 1)",
        "",
    ]


def test_a_cell_that_kills_its_process_is_skipped_on_replay(host):
    result = host.judge(job(RIGHT, "import os; os._exit(1)", "y = 1"))
    assert only(result).score == 5.0
    assert [cell.killed for cell in result.cells] == [False, True, False]


def test_a_crash_in_one_case_leaves_the_others_their_marks(host):
    kill = "import os\ndef halve(x):\n if x.size == 3: os._exit(0)\n return x / 2"
    found = outcomes(only(host.judge(job(kill))))
    assert found["test_worked_example"] is Outcome.ERRORED
    assert found["test_random[5]"] is Outcome.PASSED


def test_restarts_are_bounded(host):
    exercise = only(host.judge(job("import os\ndef halve(x): os._exit(0)", restarts=1)))
    assert exercise.cases[-1].message == (
        "not tried again after: the process ended itself (exit code 0)"
    )


def test_the_same_round_draws_the_same_inputs(host):
    tell = "def halve(x): raise ValueError(x.sum())"
    first, second = (only(host.judge(job(tell))).cases for _ in range(2))
    assert [case.message for case in first] == [case.message for case in second]


def test_a_suite_that_refuses_its_solution_is_a_fault(course_root):
    broken = SUITE.replace("expected = halve(x)", "expected = halve(x) + n")
    write(course_root / "grader_tests" / SLUG / "test_halve.py", broken)
    with SuiteHost(course_root, SLUG, weakest_isolation="limits") as host:
        exercise = only(host.judge(job(RIGHT)))
    assert exercise.fault.startswith("the suite refuses its own solution: test_random[5]:")
    assert exercise.score == 0.0


def test_a_suite_that_raises_for_everybody_is_a_fault(course_root):
    broken = SUITE.replace("x = rng.standard_normal(n)", "x = rng.no_such_thing(n)")
    write(course_root / "grader_tests" / SLUG / "test_halve.py", broken)
    with SuiteHost(course_root, SLUG, weakest_isolation="limits") as host:
        assert "no_such_thing" in only(host.judge(job(RIGHT))).fault


def test_a_suite_that_stumbles_over_the_answer_is_the_submissions_outcome(course_root):
    strict = 'expect_close(student.halve(x), expected, kind=f"{n} random numbers")'
    fragile = SUITE.replace(strict, "abs(student.halve(x))")
    assert fragile != SUITE
    write(course_root / "grader_tests" / SLUG / "test_halve.py", fragile)
    with SuiteHost(course_root, SLUG, weakest_isolation="limits") as host:
        exercise = only(host.judge(job("def halve(x): return object()")))
    assert not exercise.fault
    assert outcomes(exercise)["test_random[5]"] is Outcome.ERRORED


def test_a_suite_that_does_not_import_is_a_fault(course_root):
    write(course_root / "grader_tests" / SLUG / "test_halve.py", "import no_such_module")
    with pytest.raises(GraderFault, match="cannot be imported"):
        SuiteHost(course_root, SLUG)


def test_a_lesson_without_a_case_is_a_fault(course_root):
    write(course_root / "grader_tests" / SLUG / "test_halve.py", "x = 1")
    with pytest.raises(GraderFault, match="holds no case"):
        SuiteHost(course_root, SLUG)


def test_an_exercise_without_a_suite_is_a_fault(host):
    assert only(host.judge(job(RIGHT, exercise="other"))).fault == "test_other.py holds no case"


def test_a_skipped_case_is_a_fault_not_a_pass(course_root):
    skipping = SUITE.replace("x = rng.standard_normal(n)", "pytest.skip('later')")
    write(course_root / "grader_tests" / SLUG / "test_halve.py", skipping)
    with SuiteHost(course_root, SLUG, weakest_isolation="limits") as host:
        assert "refuses its own solution" in only(host.judge(job(RIGHT))).fault


def test_the_judging_process_survives_a_job_that_dies(course_root):
    deadly = SUITE.replace("x = rng.standard_normal(n)", "import os; os.kill(os.getpid(), 9)")
    write(course_root / "grader_tests" / SLUG / "test_halve.py", deadly)
    with SuiteHost(course_root, SLUG, weakest_isolation="limits") as host:
        for _ in range(2):
            with pytest.raises(GraderFault, match="wait status 9"):
                host.judge(job(RIGHT))


def test_a_submission_cannot_end_the_judging_process(host):
    result = host.judge(job("import os\nos.kill(os.getppid(), 0)", RIGHT))
    assert only(result).score == 5.0


@pytest.mark.parametrize(
    ("spec", "fraction"),
    [
        ("solution", 1.0),
        ("alternative:times_half", 1.0),
        ("misconception:third", 2 / 6),
        ("misconception:third + plus", 2 / 6),
    ],
)
def test_an_authors_own_code_can_be_tried(host, spec, fraction):
    # An empty row is halved by whatever keeps its dtype: weight 2 of 6, no property pays alone.
    exercise = host.try_local(spec)["halve"]
    assert exercise.fraction == pytest.approx(fraction + (1 / 6 if fraction < 1 else 0))


@pytest.mark.parametrize("spec", ["misconception:no", "alternative:no", "no-such-file.py"])
def test_an_unknown_implementation_is_said(host, spec):
    with pytest.raises(GraderFault, match="no"):
        host.try_local(spec)


QUARTER = '''

    def quarter(x):
        """A quarter of each number."""
        return x / 4
'''
TWICE = '''
    from nbjudge.expect import expect_close
    import numpy as np


    def test_twice(student):
        """Four numbers."""
        expect_close(student.quarter(np.ones(4)), np.full(4, 0.25))
'''


@pytest.mark.parametrize(
    ("halve", "quarter", "notes"),
    [
        ("x / 3", "halve(halve(x))", ("It builds on halve, which is not right yet: start there.",)),
        ("x / 3", "x / 5", ()),
        ("x / 2", "halve(x)", ()),
        ("x / 3", "x / 4 if len(x) else halve(x)", ()),
    ],
)
def test_an_answer_that_builds_on_an_earlier_wrong_one_says_so(course_root, halve, quarter, notes):
    write(course_root / "grader_tests" / SLUG / "test_quarter.py", TWICE)
    write(course_root / "solutions" / f"{SLUG}.py", SOLUTION + QUARTER)
    first = job(f"def halve(x): return {halve}")
    second = job(f"def quarter(x): return {quarter}", exercise="quarter")
    with SuiteHost(course_root, SLUG, weakest_isolation="limits") as host:
        result = host.judge(replace(first, steps=(*first.steps, *second.steps)))
    assert result.exercises[0].notes == ()
    assert result.exercises[1].notes == notes
