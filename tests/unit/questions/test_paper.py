"""The same student always gets the same paper, and other students others."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from nbjudge.errors import UserError
from nbjudge.questions.draw import Drawable, draw_numbers, shuffled
from nbjudge.questions.paper import draw_paper
from nbjudge.questions.quiz_file import load_quiz, quiz_bytes

PINNED = {
    "explain-shift": ([], {}),
    "first-entry": ([], {"a": 6, "k": 0.02}),
    "order-of-steps": (["absolute", "mean", "variance", "deviations"], {}),
    "why-eps": (["no-zero-divisor", "larger-spread", "mean-zero"], {}),
}


def test_a_paper_is_the_same_on_every_machine(released):
    """Pinned: another order would hold the papers of everybody who has answered."""
    paper = draw_paper(released[0], "ada")

    assert paper.id == "074c5813f074"
    assert {d.id: ([e.id for e in d.entries], d.numbers) for d in paper.questions} == PINNED
    assert [drawn.id for drawn in paper.questions] == list(PINNED)


def test_an_id_in_other_letters_is_the_same_student(released):
    assert draw_paper(released[0], " Ada ") == draw_paper(released[0], "ada")


def test_papers_of_a_class_differ_in_order_options_and_numbers(released):
    papers = [draw_paper(released[0], f"student{i}") for i in range(40)]

    assert len({paper.id for paper in papers}) == 40
    assert len({tuple(drawn.id for drawn in paper.questions) for paper in papers}) > 5
    options = {tuple(e.id for e in paper.question("why-eps").entries) for paper in papers}
    assert len(options) == 6
    numbers = {tuple(paper.question("first-entry").numbers.items()) for paper in papers}
    assert len(numbers) > 10


def test_a_question_that_is_added_changes_nothing_about_the_others(released):
    quiz = released[0]
    smaller = replace(quiz, questions=tuple(q for q in quiz.questions if q.id != "why-eps"))
    whole, part = draw_paper(quiz, "ada"), draw_paper(smaller, "ada")

    assert part.questions == tuple(d for d in whole.questions if d.id != "why-eps")


def test_every_paper_has_one_of_a_groups_variants(released):
    quiz = released[0]
    first = next(q for q in quiz.questions if q.id == "why-eps")
    variants = (replace(first, group="v"), replace(first, id="why-eps-2", group="v"))
    quiz = replace(quiz, questions=variants)
    counts = Counter(draw_paper(quiz, f"s{i}").questions[0].id for i in range(200))

    assert all(len(draw_paper(quiz, f"s{i}").questions) == 1 for i in range(200))
    # 200 fair draws: 4 standard deviations are 28.
    assert abs(counts["why-eps"] - 100) <= 28
    assert quiz.points == 1


def test_drawn_numbers_meet_the_condition():
    drawable = Drawable(spreads={"a": range(1, 4), "b": range(1, 4)}, where="a != b")

    for i in range(50):
        numbers = draw_numbers(drawable, str(i).encode(), "q")
        assert numbers["a"] != numbers["b"]


def test_every_order_is_about_as_likely():
    counts = Counter(tuple(shuffled(str(i).encode(), "q", "abc")) for i in range(1200))

    assert len(counts) == 6
    # 200 expected each; 4 standard deviations are 52.
    assert max(abs(count - 200) for count in counts.values()) <= 52


def test_a_quiz_file_is_read_as_it_was_written(released, tmp_path):
    path = tmp_path / "l.quiz.json"
    path.write_bytes(quiz_bytes(released[0]))

    assert load_quiz(path) == released[0]


def test_no_graded_key_can_be_written(released):
    quiz, keys = released

    with pytest.raises(ValueError, match="must be of a practice question"):
        quiz_bytes(replace(quiz, practice_keys=keys))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda data: data[:100], "The quiz cannot be read"),
        (lambda data: data.replace(b'"format": 1', b'"format": 9'), "format 9; this nbjudge knows"),
        (lambda data: b"[]", "The quiz cannot be read"),
        (
            lambda data: data.replace(b'"name-the-method": {', b'"why-eps": {'),
            "gives the key of a graded question away: why-eps",
        ),
    ],
)
def test_a_damaged_quiz_file_is_said(released, tmp_path, damage, message):
    path = tmp_path / "l.quiz.json"
    path.write_bytes(damage(quiz_bytes(released[0])))

    with pytest.raises(UserError) as caught:
        load_quiz(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_quiz_file_is_said(tmp_path):
    with pytest.raises(UserError, match="There is no quiz here"):
        load_quiz(tmp_path / "l.quiz.json")


def test_nothing_of_a_graded_key_is_in_the_file(bank, released):
    data = quiz_bytes(released[0]).decode()
    secrets = [
        text
        for question in bank.of_use("graded")
        for _, text in (*question.key_texts(), *question.expressions())
    ]

    assert len(secrets) > 8
    assert [text for text in secrets if text in data] == []
    assert '"correct"' not in data


def test_the_file_lists_lines_to_order_by_id_not_in_the_right_order(released):
    order = next(q for q in released[0].questions if q.kind == "order")

    assert [e.id for e in order.entries] == ["absolute", "deviations", "mean", "variance"]
