"""One submission's quiz: which answers count, on whose paper, and what is said about it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from nbjudge.errors import GraderFault
from nbjudge.model.codec import result_from_json, result_to_json
from nbjudge.model.result import GradingResult
from nbjudge.questions.answers import Answers, answers_bytes
from nbjudge.questions.mark import HandedIn, mark_quiz
from nbjudge.questions.paper import draw_paper
from nbjudge.questions.score import right_answer

ORDER = ["mean", "deviations", "variance"]


@pytest.fixture
def right(released):
    """Right answers on a student's own paper, as the file holds them."""
    quiz, keys = released

    def answers(student, /, **changed):
        paper = draw_paper(quiz, student)
        own = {
            "why-eps": "no-zero-divisor",
            "order-of-steps": ORDER,
            "first-entry": right_answer(paper.question("first-entry"), keys["first-entry"]),
            "explain-shift": "The mean moves along.",
        }
        fields = {
            "student": student,
            "paper": paper.id,
            "lesson": quiz.lesson,
            "quiz": quiz.digest,
            "numbers": {d.id: dict(d.numbers) for d in paper.questions if d.numbers},
            "answers": {**own, **changed.pop("answers", {})},
        }
        return Answers(**{**fields, **changed})

    return answers


@pytest.fixture
def mark(released):
    def marked(file=None, *cells, student="ada", **settings):
        content = answers_bytes(file) if isinstance(file, Answers) else file
        return mark_quiz(
            *released, HandedIn(student=student, file=content, cells=cells), **settings
        )

    return marked


def cell(given: Answers) -> str:
    """The quiz cell as running it writes it."""
    return (
        f"quiz({given.lesson!r}, student={given.student!r}, paper={given.paper!r}, "
        f"numbers={dict(given.numbers)!r}, answers={dict(given.answers)!r})"
    )


def test_right_answers_in_the_file_earn_everything_a_machine_can_mark(mark, right):
    result = mark(right("ada"))

    assert (result.score, result.points, result.fraction) == (3, 3, 1)
    assert [q.question for q in result.written] == ["explain-shift"]
    assert result.written[0].earned is None
    assert result.written[0].given == "The mean moves along."
    assert [points for points, _ in result.written[0].rubric] == [1, 1]
    assert (result.notes, result.problem, result.held) == ((), "", "")


def test_a_notebook_alone_carries_the_same_answers(mark, right):
    assert mark(None, "import numpy as np", cell(right("ada"))).score == 3


def test_answers_written_by_hand_need_no_paper(mark):
    result = mark(None, "quiz('m1_l05', answers={'why-eps': 'no-zero-divisor'})")

    assert result.score == 1
    assert result.notes == ("the answers name no paper; read as on this student's",)


def test_where_file_and_cell_differ_the_file_counts_and_it_is_said(mark, right):
    wrong = right("ada", answers={"why-eps": "mean-zero"})
    result = mark(right("ada"), cell(wrong))

    assert result.score == 3
    assert result.notes == ("the answers file and the quiz cell differ; the file counts",)


@pytest.mark.parametrize(
    "damaged",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"format": 2}', b"[" * 9999, b" " * (1 << 20) + b"{}"],
)
def test_a_damaged_file_leaves_the_cells_answers(mark, right, damaged):
    result = mark(damaged, cell(right("ada")))

    assert result.score == 3
    assert "the answers file could not be read" in result.notes[0]
    assert "the answers in the quiz cell count" in result.notes[0]


def test_a_question_whose_name_is_half_a_letter_is_no_fault_of_the_grader(mark, right):
    """JSON can write half of a surrogate pair, which no other encoding can."""
    content = answers_bytes(right("ada")).replace(b'"answers": {', b'"answers": {"\\ud800": "x",')
    result = mark(content)

    assert result.score == 3
    assert result.notes == ("no question '?' is on this paper; ignored",)
    assert len(result.receipt) == 8


def test_what_stands_in_the_place_of_the_file_is_said(mark, right, released):
    handed_in = HandedIn(
        student="ada", file=None, file_problem="it is a link, not a file", cells=()
    )
    assert mark_quiz(*released, handed_in).problem == (
        "the answers file could not be read: it is a link, not a file"
    )
    with_cell = replace(handed_in, cells=(cell(right("ada")),))
    result = mark_quiz(*released, with_cell)
    assert result.score == 3
    assert result.notes == (
        "the answers file could not be read: it is a link, not a file; "
        "the answers in the quiz cell count",
    )


def test_nothing_handed_in_earns_nothing_and_says_so(mark):
    result = mark(None, "quiz('m1_l05')")

    assert (result.score, result.points, result.has_mark) == (0, 3, True)
    assert result.problem == "no answers were handed in: no file beside the notebook, none in it"


def test_a_damaged_file_alone_says_what_is_wrong_with_it(mark):
    assert "no JSON; it was edited or cut off" in mark(b"{").problem


def test_a_neighbours_file_is_held_and_the_instructor_told_what_it_is_worth(mark, right):
    result = mark(right("ben"))

    assert result.held == "the answers are on the paper of 'ben'"
    assert result.has_mark is False
    assert result.score == 0
    assert "on that paper they would earn 3 of 3 points" in result.notes


def test_a_neighbours_file_with_the_name_changed_is_held(mark, right):
    assert "name the paper" in mark(right("ben", student="ada")).held


def test_a_neighbours_answers_with_name_and_paper_changed_are_held_for_their_numbers(
    mark, right, released
):
    own = right("ada").numbers["first-entry"]
    other = next(
        f"student{i}" for i in range(50) if right(f"student{i}").numbers["first-entry"] != own
    )
    forged = right(other, student="ada", paper=right("ada").paper)

    assert mark(forged).held == "the numbers in first-entry are not those of this student's paper"


def test_a_neighbours_cell_without_a_file_is_held(mark, right):
    assert mark(None, cell(right("ben"))).held == "the answers are on the paper of 'ben'"


def test_a_neighbours_cell_beside_an_own_file_is_noted(mark, right):
    result = mark(right("ada"), cell(right("ben")))

    assert (result.score, result.held) == (3, "")
    assert "on another student's paper; the answers file counts" in result.notes[0]


def test_another_lessons_file_is_held(mark, right):
    assert "another quiz, 'm1_l04'" in mark(right("ada", lesson="m1_l04")).held


def test_answers_to_an_earlier_release_are_noted(mark, right):
    assert mark(right("ada", quiz="0123")).notes == (
        "the answers are to an earlier release of the quiz",
    )


def test_unknown_questions_earn_nothing_and_are_named(mark, right):
    result = mark(right("ada", answers={"bonus": "x"}))

    assert result.score == 3
    assert result.notes == ("no question 'bonus' is on this paper; ignored",)


@pytest.mark.parametrize("value", [True, {"a": 1}, ["x", 1], "x" * 100_000])
def test_an_answer_that_is_none_costs_no_other_one(mark, right, value):
    edited = json.loads(answers_bytes(right("ada")))
    edited["answers"]["why-eps"] = value
    result = mark(json.dumps(edited).encode())

    assert result.score == 2
    assert result.problem == ""
    assert result.notes == ("the answer to 'why-eps' is neither text nor a list of ids; ignored",)


def test_code_in_one_answer_costs_no_other_one(mark, right):
    source = cell(right("ada")).replace("'no-zero-divisor'", "open('/etc/passwd').read()")
    result = mark(None, source)

    assert result.score == 2
    assert result.notes == ("the answer to 'why-eps' is neither text nor a list of ids; ignored",)


def test_where_every_answer_is_none_the_reason_is_the_problem(mark):
    result = mark(None, "quiz('m1_l05', answers={'why-eps': {'a': 1}})")

    assert result.problem == "the answer to 'why-eps' is neither text nor a list of ids; ignored"


def test_practice_questions_are_on_no_paper(mark, right):
    assert mark(right("ada", answers={"name-the-method": "two-pass"})).score == 3


@pytest.mark.parametrize(
    "source",
    [
        "quiz('m1_l05', answers=dict(open('/etc/passwd')))",
        "quiz('m1_l05', answers={'why-eps': object()})",
        "quiz('m1_l05', answers=[1, 2])",
        "quiz('m1_l05', answers={'why-eps': {'a': 1}})",
        "quiz('m1_l05', answers={'why-eps': 'x' * 9})",
        "quiz('m1_l05', answers={3: 'x'})",
        "quiz('m1_l05', answers={'" + "x" * 100 + "': 'x'})",
        "quiz('m1_l05', answers={'why-eps': 'a'}, numbers=7)",
        "quiz('m1_l05', answers={'first-entry': '1'}, numbers={'first-entry': {'a': 'x'}})",
    ],
)
def test_a_cell_that_carries_something_else_is_a_problem_and_no_fault(mark, source):
    result = mark(None, source)

    assert result.score == 0
    assert result.problem


@pytest.mark.parametrize(
    "source",
    [
        "quiz('m1_l05', practice=True, answers={'why-eps': 'no-zero-divisor'})",
        "quiz('m1_l0', answers={'why-eps': 'no-zero-divisor'})",
        "if True: quiz('m1_l05', answers={'why-eps': 'no-zero-divisor'})",
        "# quiz('m1_l05', answers={'why-eps': 'no-zero-divisor'})",
        "quiz('m1_l05', answers={'why-eps': 'no-zero-divisor'}",
        "quiz(" * 500,
    ],
)
def test_another_call_carries_nothing(mark, source):
    assert mark(None, source).score == 0


def test_the_last_cell_that_carries_answers_counts(mark, right):
    wrong = right("ada", answers={"why-eps": "mean-zero"})

    assert mark(None, cell(wrong), cell(right("ada")), "quiz('m1_l05')").score == 3


def test_what_is_edited_in_the_file_counts_as_given(mark, right):
    edited = json.loads(answers_bytes(right("ada")))
    edited["answers"]["why-eps"] = "mean-zero"

    assert mark(json.dumps(edited).encode()).score == 2


def test_right_answers_are_told_only_when_they_are_released(mark, right):
    assert {q.right for q in mark(right("ada")).questions} == {""}
    shown = {q.question: q.right for q in mark(right("ada"), show_right=True).questions}
    assert shown["why-eps"] == "So that a constant row is not divided by 0."


def test_a_bank_without_the_released_question_is_the_graders_fault(released, right):
    quiz, keys = released
    fewer = {name: key for name, key in keys.items() if name != "why-eps"}
    handed_in = HandedIn(student="ada", file=answers_bytes(right("ada")), cells=())

    with pytest.raises(GraderFault, match="no question why-eps any more"):
        mark_quiz(quiz, fewer, handed_in)


def test_a_result_survives_as_json(mark, right):
    result = GradingResult(
        student="ada",
        assignment="a",
        notebook="n",
        quizzes=(mark(right("ben")), mark(right("ada"))),
    )

    assert result_from_json(result_to_json(result)) == result
    assert result.has_mark is False
