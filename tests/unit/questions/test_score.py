"""What answers earn, kind by kind."""

from __future__ import annotations

import pytest

from nbjudge.questions.expression import evaluate
from nbjudge.questions.paper import draw_paper, draw_question
from nbjudge.questions.score import key_values, right_answer, score


@pytest.fixture
def marked(released):
    """Marks an answer to a question of the manual's bank."""
    quiz, keys = released
    by_id = {q.id: q for q in quiz.questions}

    def mark(name, answer):
        return score(draw_question(by_id[name], b"key"), keys[name], answer)

    return mark


@pytest.mark.parametrize(
    ("question", "answer", "fraction"),
    [
        ("why-eps", "no-zero-divisor", 1),
        ("why-eps", "mean-zero", 0),
        ("why-eps", None, 0),
        ("why-eps", "", 0),
        ("after-normalizing", ["sum-zero", "squares-d"], 1),
        ("after-normalizing", ["sum-zero"], 0.5),
        ("after-normalizing", ["sum-zero", "within-one"], 0),
        ("after-normalizing", ["sum-zero", "squares-d", "within-one"], 0.5),
        ("after-normalizing", ["within-one"], 0),
        ("after-normalizing", [], 0),
        ("name-the-method", "Two-Pass", 1),
        ("name-the-method", "  two   pass. ", 1),
        ("name-the-method", "twopass", 0),
        ("order-of-steps", ["mean", "deviations", "variance"], 1),
        ("order-of-steps", ["mean", "deviations"], 0.5),
        ("order-of-steps", ["mean", "deviations", "absolute"], 0.25),
        ("order-of-steps", ["mean", "deviations", "variance", "absolute"], 0.75),
        ("order-of-steps", ["variance", "deviations", "mean"], 0),
        ("order-of-steps", ["absolute"], 0),
        ("explain-shift", "Because.", None),
        ("explain-shift", " ", 0),
    ],
)
def test_an_answer_earns_what_the_manual_says(marked, question, answer, fraction):
    assert marked(question, answer).fraction == fraction


@pytest.mark.parametrize(
    ("question", "answer", "problem"),
    [
        ("why-eps", ["no-zero-divisor"], "the answer is not the id of one option"),
        ("why-eps", "b", "names 'b', which this question does not have"),
        ("after-normalizing", ["sum-zero", "sum-zero"], "names one line or option twice"),
        ("after-normalizing", ["sum-zero", "other"], "names 'other'"),
        ("first-entry", ["1"], "the answer is not a text"),
        ("first-entry", "a lot", "'a lot' is no number"),
        ("name-the-method", "two " * 60, "at most 200 characters"),
        ("explain-shift", ["x"], "the answer is not a text"),
    ],
)
def test_an_answer_of_another_shape_earns_nothing_and_is_told_why(
    marked, question, answer, problem
):
    verdict = marked(question, answer)

    assert verdict.fraction == 0
    assert problem in verdict.problem


@pytest.mark.parametrize("student", [f"student{i}" for i in range(10)])
@pytest.mark.parametrize(("factor", "fraction"), [(1, 1), (1.0009, 1), (0.9991, 1), (1.0011, 0)])
def test_a_number_is_compared_with_the_key_of_its_own_paper(released, student, factor, fraction):
    quiz, keys = released
    drawn = draw_paper(quiz, student).question("first-entry")
    wanted = evaluate(keys["first-entry"].answer, key_values(drawn, keys["first-entry"]))

    verdict = score(drawn, keys["first-entry"], repr(wanted * factor).replace(".", ","))

    assert verdict.fraction == fraction
    numbers = [about for _, words in verdict.explanations for about in [words.text]]
    assert "@{" not in numbers[0]


def test_a_known_mistake_is_explained_as_such(released):
    quiz, keys = released
    drawn = next(
        question
        for i in range(50)
        if (question := draw_paper(quiz, f"s{i}").question("first-entry")).numbers["k"] == 0.1
    )

    verdict = score(drawn, keys["first-entry"], repr(-0.05 / (0.05 + 0.001)))

    assert verdict.fraction == 0
    assert "after the root" in verdict.explanations[0][1].text


def test_a_unit_counts(released):
    quiz, keys = released
    memory = next(q for q in quiz.questions if q.id == "weights-memory")
    drawn = draw_question(memory, b"key")
    megabytes = 4 * drawn.numbers["n"]

    for answer in (
        f"{megabytes}",
        f"{megabytes} MB",
        f"{megabytes / 1000} GB",
        f"{megabytes}000 kB",
    ):
        assert score(drawn, keys["weights-memory"], answer).fraction == 1
    assert score(drawn, keys["weights-memory"], f"{megabytes} GB").fraction == 0
    assert "unit 'km'" in score(drawn, keys["weights-memory"], f"{megabytes} km").problem


def test_every_chosen_option_is_explained(marked):
    verdict = marked("after-normalizing", ["sum-zero", "within-one"])

    assert [about for about, _ in verdict.explanations] == [
        "Its entries sum to 0.",
        "No entry is larger than 1.",
    ]


def test_the_right_answer_can_be_worded_and_earns_everything(released):
    quiz, keys = released
    for question in quiz.questions:
        if question.kind in ("numeric", "short"):
            drawn = draw_question(question, b"key")
            assert score(drawn, keys[question.id], right_answer(drawn, keys[question.id])).fraction
    order = next(q for q in quiz.questions if q.kind == "order")
    worded = right_answer(draw_question(order, b"key"), keys[order.id])
    assert worded == "mean = x.mean()\nd = x - mean\nv = (d**2).mean()"
