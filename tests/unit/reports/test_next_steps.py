from __future__ import annotations

from dataclasses import replace

import pytest

from nbjudge.model import (
    CaseResult,
    ExerciseResult,
    GradingResult,
    NamedMistake,
    Outcome,
    QuestionResult,
    QuizResult,
)
from nbjudge.reports.next_steps import changes, next_steps

MISTAKE = NamedMistake(
    ids=("unbiased",), belief="b", explanation="e", question="By what?", hint="h", paragraph="Sec"
)


def case(kind: str, outcome: Outcome = Outcome.FAILED, *, is_public: bool = False) -> CaseResult:
    return CaseResult(id=kind, outcome=outcome, kind=kind, is_public=is_public, message="SECRET 41")


def exercise(*cases: CaseResult, **about: object) -> ExerciseResult:
    return ExerciseResult(exercise="f", points=4, cases=cases, **about)  # type: ignore[arg-type]


def result(*exercises: ExerciseResult, **about: object) -> GradingResult:
    whole = GradingResult(student="ada", assignment="a", notebook="n", exercises=exercises)
    return replace(whole, **about)  # type: ignore[arg-type]


def quiz(*earned: float, given: str = "x") -> QuizResult:
    questions = tuple(
        QuestionResult(
            question=f"q{i}", kind="single", points=1.0, earned=e, prompt="p", given=given
        )
        for i, e in enumerate(earned)
    )
    return QuizResult(lesson="l", questions=questions)


PASSED = case("a", Outcome.PASSED)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (exercise(PASSED), []),
        (exercise(case("a"), named=(MISTAKE,)), ["`f`: By what?"]),
        (
            exercise(case("a"), untouched=True),
            ["Not started: `f`. A first try that is wrong is a good start."],
        ),
        (
            exercise(case("a", is_public=True), PASSED),
            [
                "`f`: follow the example below that does not pass yet, with pen and paper; then "
                'run `check("f")` in your notebook.'
            ],
        ),
        (
            exercise(case("a"), case("b"), case("c"), case("d"), PASSED),
            ["`f`: the examples pass. Try inputs like these: a; b; c; one more."],
        ),
        (
            exercise(case("a", Outcome.TIMED_OUT)),
            ["`f` takes too long: look for a loop that does not end."],
        ),
        (exercise(case("a"), problem="it is gone."), ["`f`: it is gone."]),
        (exercise(PASSED, fault="the suite broke"), []),
    ],
)
def test_the_next_step_follows_from_what_is_not_right(one: ExerciseResult, said: list[str]):
    assert [step.text for step in next_steps(result(one))] == said


def test_a_named_mistake_leads_to_its_paragraph_and_its_card():
    (step,) = next_steps(result(exercise(case("a"), named=(MISTAKE,))))
    assert (step.section, step.points_cell) == ("Sec", "test_f")


def test_nothing_is_to_do_where_the_grader_failed():
    (step,) = next_steps(result(fault="boom"))
    assert step.text == "Nothing: the grader failed, not your work. A person looks at it."


def test_a_notebook_that_cannot_be_judged_comes_first():
    (step,) = next_steps(result(problem="unreadable JSON, line 3"))
    assert step.text == (
        "Your notebook could not be judged: unreadable JSON, line 3. Check that the file opens in "
        "Jupyter and has the name it was given, and hand it in again if you still can."
    )


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (quiz(1.0), []),
        (quiz(0.0, 1.0), ["Quiz: one answer is not right yet; read why."]),
        (quiz(0.0, 0.5), ["Quiz: 2 answers are not right yet; read why."]),
        (quiz(0.0, given=""), ["Quiz: one question has no answer."]),
        (quiz(0.0, 0.0, given=""), ["Quiz: 2 questions have no answer."]),
        (replace(quiz(0.0), held="another paper"), []),
    ],
)
def test_a_quiz_says_how_many_answers_are_left(one: QuizResult, said: list[str]):
    assert [step.text for step in next_steps(result(quizzes=(one,)))] == said


def test_changes_tell_points_and_kinds_of_input():
    before = result(exercise(PASSED, case("b"), case("c", Outcome.PASSED), case("d")))
    now = result(exercise(PASSED, case("b", Outcome.PASSED), case("c"), case("d", Outcome.PASSED)))
    assert changes(before, now) == [
        "`f`: 3 points, before 2.",
        "`f` now passes: b; d.",
        "`f` no longer passes: c.",
    ]


def test_a_first_answer_is_told_by_its_points_alone():
    assert changes(result(exercise(case("a"))), result(exercise(PASSED))) == [
        "`f`: 4 points, before 0."
    ]


def test_a_quiz_that_earns_more_says_so():
    before, now = result(quizzes=(quiz(0.0, 1.0),)), result(quizzes=(quiz(0.5, 1.0),))
    assert changes(before, now) == ["Quiz: 1.5 points, before 1."]


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (result(exercise(PASSED)), result(exercise(PASSED)), ["Nothing in what it earns."]),
        (
            result(problem="unreadable"),
            result(exercise(PASSED)),
            ["Your last notebook could not be judged; this one could."],
        ),
        (result(exercise(PASSED)), result(problem="unreadable"), []),
        (
            result(exercise(PASSED), suite_digest="1"),
            result(exercise(PASSED), suite_digest="2"),
            [
                "Nothing in what it earns.",
                "The hidden tests themselves have changed in between.",
            ],
        ),
    ],
)
def test_what_cannot_be_compared_is_said(before, now, said):
    assert changes(before, now) == said


def test_no_message_of_a_case_is_told():
    before = result(exercise(case("a"), case("b", Outcome.PASSED)))
    now = result(exercise(case("a", Outcome.PASSED), case("b")))
    told = changes(before, now) + [step.text for step in next_steps(now)]
    assert "SECRET" not in "".join(told)
