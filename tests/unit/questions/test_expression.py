"""Arithmetic in questions: what has a value, and what has none."""

from __future__ import annotations

import math

import pytest

from nbjudge.questions.expression import BadExpression, evaluate, fill, shown_number, templates_in


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("2 ** 10 - 1", 1023),
        ("-k / sqrt(k**2 + 4)", -1 / math.sqrt(5)),
        ("7 // 2 + 7 % 4", 6),
        ("1 < k + 1 <= 2 and not k == 2", 1),
        ("k == 2 or k != 1", 0),
        ("max(1, k, 3) + round(2.6) + floor(pi)", 9),
        ("1e-5 * 2", 2e-5),
    ],
)
def test_arithmetic_has_a_value(expression, value):
    assert evaluate(expression, {"k": 1}) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("__import__('os')", "no function __import__"),
        ("k.real", "only arithmetic"),
        ("[1][0]", "only arithmetic"),
        ("(lambda: 1)()", "only arithmetic"),
        ("'a' * 3", "only arithmetic"),
        ("9 ** 9 ** 9 ** 9", "too large"),
        ("10.0 ** 999", "no value"),
        ("exp(1e9)", "no value"),
        ("sqrt(-1)", "no value"),
        ("(-8) ** 0.5", "root of a negative number"),
        ("1 / (k - 1)", "divides by zero"),
        ("1e999", "not finite"),
        ("k +", "no arithmetic"),
        ("q", "q is not known"),
        ("1" * 501, "at most 500"),
        ("(" * 300 + ")" * 100, "no arithmetic"),
    ],
)
def test_anything_else_is_refused_in_words(expression, why):
    with pytest.raises(BadExpression, match=why):
        evaluate(expression, {"k": 1})


def test_a_text_is_filled_with_numbers_and_its_braces_stay():
    text = r"$\frac{@{a}}{@{a + k}}$ is @{a / (a + k):.2f}; {a} stays"

    assert templates_in(text) == ["a", "a + k", "a / (a + k)"]
    assert fill(text, {"a": 1, "k": 2}) == r"$\frac{1}{3}$ is 0.33; {a} stays"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (3, "3"),
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        (1e-05, "0.00001"),
        (-2.5e-06, "-0.0000025"),
        (1234567.0, "1234567"),
        (1e-12, "1e-12"),
        (1 / 3, "0.333333"),
    ],
)
def test_a_number_is_written_as_people_write_it(value, shown):
    assert shown_number(value) == shown


def test_an_unknown_format_is_refused():
    with pytest.raises(BadExpression, match="'>99' is no format"):
        fill("@{a:>99}", {"a": 1})
