"""The arithmetic of a mark."""

import pytest

from nbjudge.model import CaseResult, ExerciseResult, GradingResult, Limits, Outcome

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED


def exercise(*cases, points=6.0, **fields):
    results = tuple(
        CaseResult(
            id=f"t[{i}]",
            outcome=outcome,
            weight=weight,
            is_property=is_property,
            is_public="public" in marks,
        )
        for i, (outcome, weight, is_property, *marks) in enumerate(cases)
    )
    return ExerciseResult(exercise="f", points=points, cases=results, **fields)


def test_the_score_is_points_times_passed_weight_over_total_weight():
    assert exercise((PASSED, 1, False), (FAILED, 3, False), (PASSED, 2, False)).score == 3.0


def test_full_marks_are_exact_whatever_the_weights():
    weights = [(PASSED, w, False) for w in (0.1, 0.2, 0.3, 0.7)]
    assert exercise(*weights, points=7.0).score == 7.0


def test_a_property_pays_only_beside_a_passed_value_case():
    assert exercise((FAILED, 1, False), (PASSED, 1, True)).score == 0.0
    assert exercise((PASSED, 1, False), (PASSED, 1, True)).score == 6.0


def test_a_copied_public_example_unlocks_no_property():
    public, hidden = (PASSED, 1, False, "public"), (FAILED, 1, False)
    assert exercise(public, hidden, (PASSED, 1, True)).score == 2.0
    assert exercise(public, (PASSED, 1, False), (PASSED, 1, True)).score == 6.0


def test_where_all_value_cases_are_public_one_of_them_unlocks_properties():
    assert exercise((PASSED, 1, False, "public"), (PASSED, 1, True)).score == 6.0


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not PASSED])
def test_only_a_pass_pays(outcome):
    assert exercise((outcome, 1, False)).score == 0.0


def test_no_case_pays_nothing():
    assert exercise().score == 0.0


def test_a_fault_pays_nothing_and_takes_the_mark_away():
    broken = exercise((PASSED, 1, False), fault="broken")
    assert broken.score == 0.0
    result = GradingResult(student="s", assignment="a", notebook="n", exercises=(broken,))
    assert not result.has_mark


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf")])
def test_a_weight_must_be_positive(weight):
    with pytest.raises(ValueError, match="weight of case t must be > 0; got"):
        CaseResult(id="t", outcome=PASSED, weight=weight)


@pytest.mark.parametrize("value", [0, -1, float("nan"), "1", True, None])
def test_a_limit_must_be_a_positive_number(value):
    with pytest.raises(ValueError, match="call_cpu_s must be a positive number; got"):
        Limits(call_cpu_s=value)


def test_no_restart_at_all_is_a_limit_too():
    assert Limits(restarts=0).restarts == 0
