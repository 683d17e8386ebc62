from __future__ import annotations

from dataclasses import replace

import pytest

from nbjudge.model import CaseResult, CellRun, ExerciseResult, GradingResult, NamedMistake, Outcome
from nbjudge.reports.card import feedback_card

HIDDEN = CaseResult(
    id="test_secret_name[7]",
    outcome=Outcome.FAILED,
    kind="a constant row",
    message="SECRET: expected [41.0]",
)
PUBLIC = CaseResult(
    id="test_worked_example",
    outcome=Outcome.FAILED,
    kind="the worked example",
    message="the result is [1.0]; expected [2.0]",
    is_public=True,
)
PASSED = CaseResult(id="test_other", outcome=Outcome.PASSED, kind="rows")
MISTAKE = NamedMistake(
    ids=("unbiased-variance",),
    belief="The variance of a row is the sample variance.",
    explanation="This behaves like dividing by D - 1.",
    question="How many deviations do you sum?",
    hint="Look at ddof= in np.var.",
    paragraph="The-variance-divides-by-D",
)


def exercise(*cases: CaseResult, **changes: object) -> ExerciseResult:
    return replace(ExerciseResult(exercise="layer_norm", points=6, cases=cases), **changes)


def result(*exercises: ExerciseResult, **changes: object) -> GradingResult:
    about = {"student": "s", "assignment": "a", "notebook": "n"}
    return replace(GradingResult(exercises=exercises, **about), **changes)


def text(one: GradingResult) -> str:
    return feedback_card(one, "test_layer_norm").text


def html(one: GradingResult) -> str:
    return feedback_card(one, "test_layer_norm").html


def test_all_right():
    shown = text(result(exercise(PASSED)))
    assert shown.splitlines()[0] == "✓ layer_norm: 6 of 6 points (right)"
    assert "Passes\n  ✓ rows" in shown


def test_partly_right_gives_points_what_passes_and_what_does_not_yet():
    shown = text(result(exercise(PASSED, PASSED, HIDDEN)))
    assert shown.splitlines()[0] == "◐ layer_norm: 4 of 6 points (partly right)"
    assert "Not yet: another answer was expected\n  ○ a constant row" in shown
    assert "Passes\n  ✓ rows (2 cases)" in shown


def test_of_a_hidden_case_nothing_but_the_kind_is_shown():
    for shown in (text(result(exercise(HIDDEN))), html(result(exercise(HIDDEN)))):
        assert "a constant row" in shown
        assert "SECRET" not in shown
        assert "41.0" not in shown
        assert "test_secret_name" not in shown


def test_of_a_public_case_the_message_is_shown():
    shown = text(result(exercise(PUBLIC, PASSED)))
    assert (
        "A case you can see: the worked example\n  the result is [1.0]\n  expected [2.0]" in shown
    )


def test_a_worked_example_is_folded_away():
    mistake = replace(MISTAKE, example="Two:\n\n    1 + 1 = 2")
    shown = html(result(exercise(PUBLIC, named=(mistake,))))
    assert "<summary>Show me a worked example</summary>" in shown
    assert "<pre>1 + 1 = 2</pre>" in shown


def test_what_the_course_keeps_from_learners_leaves_no_gap():
    empty = {"belief": "", "explanation": "", "hint": "", "paragraph": ""}
    one = result(exercise(PUBLIC, named=(replace(MISTAKE, **empty),)))
    assert "How many deviations do you sum?" in text(one)
    assert "<details>" not in html(one)
    assert "Read again" not in html(one)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.FAILED, "another answer was expected"),
        (Outcome.ERRORED, "your code raised an error"),
        (Outcome.TIMED_OUT, "your code took too long"),
        (Outcome.OUT_OF_MEMORY, "your code took too much memory"),
        (Outcome.NOT_RUN, "did not run"),
    ],
)
def test_what_went_wrong_is_said_in_words(outcome: Outcome, words: str):
    assert f"Not yet: {words}\n  ○ a constant row" in text(
        result(exercise(replace(HIDDEN, outcome=outcome)))
    )


def test_a_named_mistake_gives_its_explanation_a_question_and_a_folded_hint():
    one = result(exercise(PASSED, HIDDEN, named=(MISTAKE,)))
    assert "This behaves like dividing by D - 1.\n  How many deviations do you sum?" in text(one)
    assert "<details><summary>A hint</summary>" in html(one)
    assert 'href="#The-variance-divides-by-D"' in html(one)


def test_the_belief_is_not_put_into_the_students_mouth():
    assert "sample variance" not in html(result(exercise(HIDDEN, named=(MISTAKE,))))


def test_cells_that_stopped_are_named_when_something_is_not_right():
    cells = (
        CellRun(position=14, error="SyntaxError: invalid syntax"),
        CellRun(position=15, killed=True),
        CellRun(position=16),
    )
    shown = text(result(exercise(HIDDEN), cells=cells))
    assert "cell 14: SyntaxError: invalid syntax" in shown
    assert "cell 15: did not end in time, or ended the whole process" in shown
    assert "cell 16" not in shown
    assert "cell 14" not in text(result(exercise(PASSED), cells=cells))


def test_an_untouched_answer_is_kindly_said_to_be_so():
    shown = text(result(exercise(HIDDEN, untouched=True)))
    assert "The answer is still as it was released: nothing to judge yet." in shown
    assert "constant row" not in shown


def test_a_problem_is_the_submissions():
    shown = text(result(problem="unreadable JSON, line 210"))
    assert shown.splitlines()[0] == "? layer_norm: no mark yet (open)"
    assert "What was wrong with the file that you handed in: unreadable JSON, line 210." in shown


@pytest.mark.parametrize(
    "one", [result(fault="SECRET path"), result(exercise(HIDDEN, fault="SECRET path"))]
)
def test_a_fault_is_the_graders_and_its_details_are_not_shown(one: GradingResult):
    shown = text(one)
    assert "The grader failed here, not your work" in shown
    assert "you need not do anything" in shown
    assert "SECRET" not in html(one)
    assert "no mark yet" in shown


def test_an_exercise_that_is_in_the_way_is_named():
    shown = text(result(exercise(HIDDEN, problem="mean was answered wrongly before")))
    assert "In the way\n  mean was answered wrongly before." in shown


def test_a_cell_that_a_person_grades_says_so():
    assert "A person grades this cell." in feedback_card(result(), "test_essay").text


def test_everything_is_escaped():
    bad = "<script>x</script>"
    one = result(
        exercise(
            replace(PUBLIC, message=bad, kind=bad),
            named=(replace(MISTAKE, explanation=bad, question=bad, hint=bad),),
            problem=bad,
        ),
        cells=(CellRun(position=1, error=bad),),
    )
    assert "<script>" not in html(one)
    assert html(one).count("&lt;script&gt;") >= 6
    assert "<script>" not in html(result(problem=bad))


def test_a_long_list_is_cut():
    many = [replace(HIDDEN, id=str(i), kind=f"kind {i}") for i in range(40)]
    shown = text(result(exercise(*many)))
    assert "and 28 more kinds" in shown
    assert "kind 20" not in shown


def test_one_message_for_many_cases_is_said_once():
    same = "NameError: layer_norm is not defined"
    cases = [replace(PUBLIC, id=f"a{i}", message=same) for i in range(4)]
    shown = text(result(exercise(*cases, PUBLIC)))
    assert shown.count(same) == 1
    assert "In 4 cases that you can see" in shown
    assert "A case you can see: the worked example" in shown


def test_a_cell_that_was_deleted_is_said_on_its_exercises_card_alone():
    notes = (
        "the solution cell of layer_norm was deleted",
        "the points cell of layer_norm_nd was deleted",
    )
    shown = text(result(exercise(HIDDEN), notes=notes))
    assert "About the notebook you handed in" in shown
    assert "the solution cell of layer_norm was deleted." in shown
    assert "layer_norm_nd" not in shown
