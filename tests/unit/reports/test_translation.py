"""Nothing on a learner's card bypasses the catalogue."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from nbjudge.model import (
    CaseResult,
    CellRun,
    ExerciseResult,
    GradingResult,
    NamedMistake,
    Outcome,
    QuestionResult,
    QuizResult,
)
from nbjudge.reports.card import feedback_card
from nbjudge.reports.next_steps import changes, next_steps
from nbjudge.texts import PSEUDO, in_language
from tests.translation import bare_words

THEIRS = ["my_function", "kind-a", "kind-b", "MESSAGE", "Section-Name", "Section Name", "test_quiz"]
THEIRS += [
    "NameError",
    "PROBLEM",
    "NOTE",
    "my-question",
    "PROMPT",
    "GIVEN",
    "WHY",
    "RIGHT",
    "BELIEF",
]
THEIRS += ["QUESTION", "EXPLANATION", "HINT", "EXAMPLE", "CRITERION", "quiz", "RECEIPT", "HELD"]
MISTAKE = NamedMistake(
    ids=("m",),
    belief="BELIEF",
    explanation="EXPLANATION",
    question="QUESTION",
    hint="HINT",
    paragraph="Section-Name",
    example="EXAMPLE",
)


def case(kind: str, outcome: Outcome, *, is_public: bool = False, number: int = 0) -> CaseResult:
    message = "MESSAGE" if is_public else ""
    return CaseResult(
        id=f"{kind}{number}", outcome=outcome, kind=kind, is_public=is_public, message=message
    )


ALL = tuple(
    case(kind, outcome, is_public=public, number=number)
    for number, outcome in enumerate(Outcome)
    for kind, public in (("kind-a", False), ("kind-b", True))
)


def result(exercise: ExerciseResult | None = None, **about: object) -> GradingResult:
    exercises = () if exercise is None else (exercise,)
    whole = {"student": "s", "assignment": "a", "notebook": "n", "exercises": exercises}
    return GradingResult(**(whole | about))  # type: ignore[arg-type]


def exercise(*cases: CaseResult, **about: object) -> ExerciseResult:
    return ExerciseResult(exercise="my_function", points=4, cases=cases, **about)  # type: ignore[arg-type]


def quiz(kind: str, given: str, earned: float | None, **about: object) -> QuizResult:
    question = QuestionResult(
        question="my-question",
        kind=kind,
        points=2,
        earned=earned,
        prompt="PROMPT",
        given=given,
        explanations=(("", "WHY"),),
        right="RIGHT",
        problem="PROBLEM",
        rubric=((1.0, "CRITERION"),),
    )
    return QuizResult(lesson="l", questions=(question,), **about)  # type: ignore[arg-type]


RESULTS = {
    "everything": (
        result(
            exercise(*ALL, named=(MISTAKE,), notes=("NOTE",), problem="PROBLEM"),
            cells=(CellRun(position=2, error="NameError"), CellRun(position=3, killed=True)),
            notes=("the NOTE of my_function here",),
        ),
        "test_my_function",
    ),
    "unnamed": (result(exercise(*ALL)), "test_my_function"),
    "right": (result(exercise(case("kind-a", Outcome.PASSED))), "test_my_function"),
    "untouched": (result(exercise(*ALL, untouched=True)), "test_my_function"),
    "fault": (result(exercise(*ALL, fault="boom")), "test_my_function"),
    "problem": (result(problem="PROBLEM"), "test_my_function"),
    "by hand": (result(), "test_my_function"),
    "quiz": (
        result(quizzes=(quiz("single", "GIVEN", 1.0, notes=("NOTE",), receipt="RECEIPT"),)),
        "test_quiz",
    ),
    "quiz without answers": (
        result(quizzes=(quiz("order", "", 0.0, problem="PROBLEM"),)),
        "test_quiz",
    ),
    "quiz held": (result(quizzes=(quiz("single", "GIVEN", None, held="HELD"),)), "test_quiz"),
    "quiz fault": (result(quizzes=(quiz("single", "GIVEN", None, fault="boom"),)), "test_quiz"),
    "written": (result(quizzes=(quiz("written", "GIVEN", None),)), "test_quiz_my_question"),
}


@pytest.mark.parametrize("name", RESULTS)
def test_every_word_of_a_card_can_be_translated(name: str):
    one, cell = RESULTS[name]
    with in_language(PSEUDO):
        card = feedback_card(one, cell)
    soup = BeautifulSoup(card.html, features="html.parser")
    soup.style.decompose()
    label = soup.select_one("[aria-label]")["aria-label"]
    theirs = [*THEIRS, "the NOTE of my_function here", "quiz_my_question"]
    assert bare_words(soup.get_text(" "), theirs) == []
    assert bare_words(label, theirs) == []
    assert bare_words(card.text, theirs) == []
    assert "⟦" in card.text


def test_every_word_of_what_to_do_next_can_be_translated():
    before = result(exercise(*ALL[:2], case("kind-b", Outcome.FAILED)))
    with in_language(PSEUDO):
        said = [step.text for one, _ in RESULTS.values() for step in next_steps(one)]
        said += [line for one, _ in RESULTS.values() for line in changes(before, one)]
        said += changes(result(problem="PROBLEM"), before)
    assert len(said) > 8
    assert [words for line in said if (words := bare_words(line, THEIRS))] == []
