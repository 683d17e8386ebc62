"""What an author reads who writes a question bank."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbjudge.errors import LessonError
from nbjudge.questions.bank_file import parse_bank, read_bank

DOCS = Path(__file__).parents[3] / "docs" / "how-to" / "write-a-quiz.md"
BANK = r"""format: 1
questions:
  - id: why-eps
    use: graded
    kind: single
    prompt: Why is $\varepsilon$ added?
    options:
      - id: bounds
        text: It bounds the divisor.
        correct: true
        explanation: A constant row would be divided by 0.
      - id: mean
        text: It makes the mean 0.
        explanation: The subtraction does that.
  - id: first-entry
    use: graded
    kind: numeric
    prompt: The row is $(@{a}, @{a + k})$. What is its first entry?
    draw:
      a: {integers: [1, 9]}
      k: {choices: [0.01, 0.1, 1]}
    let: {mean: a + k/2}
    answer: (a - mean) / abs(k/2)
    tolerance: {relative: 0.001}
    explanation: The mean is @{mean}, the deviation @{a - mean:.3g}.
"""


def said(text: str) -> str:
    """Everything the reader says of a bank, as the author reads it."""
    return "\n".join(str(error) for error in parse_bank(text.encode(), "quiz.yaml")[1])


def test_the_bank_that_the_manual_shows_is_accepted():
    example = DOCS.read_text().split("```yaml\n")[1].split("```")[0]
    bank, errors = parse_bank(example.encode(), "quiz.yaml")

    assert errors == []
    assert {q.kind for q in bank.questions} == {
        "single",
        "multiple",
        "numeric",
        "short",
        "order",
        "written",
    }


@pytest.mark.parametrize(
    ("old", "new", "line", "message", "hint"),
    [
        ("use: graded", "use: both", 4, "Question why-eps: use must be", "use: practice"),
        ("    use: graded\n", "", 3, "There is no use.", "use: graded"),
        ("kind: numeric", "kind: number", 15, "There is no such kind.", "single, multiple"),
        (
            "explanation: The sub",
            "explantion: The sub",
            14,
            "explantion is not known",
            "explanation?",
        ),
        (
            "explanation: The sub",
            "explantion: The sub",
            12,
            "option mean: There is no explanation",
            "",
        ),
        ("correct: true", "correct: false", 3, "0 say correct: true", "kind: multiple"),
        ("id: mean", "id: Mean", 12, "id has letters that are not allowed", "small letters"),
        ("id: mean", "id: bounds", 3, "The option 'bounds' is there 2 times", ""),
        ("text: It makes the mean 0.", "text: 0.5", 13, "YAML reads it as 0.5", "quotes"),
        ("{relative: 0.001}", "0.001", 24, "does not say of what", "{relative: 0.001}"),
        ("[1, 9]", "[9, 1]", 20, "begin after they end", "smaller one first"),
        ("@{a}", "@{mean}", 18, "mean is not known", "students see this"),
        ("a + k/2}", "a + q/2}", 22, "q is not known in `a + q/2`", "draw it"),
        ("(a - mean) /", "import os /", 23, "is no arithmetic", "write-a-quiz.md"),
        ("abs(k/2)", "(a - 5)", 23, "With some numbers", "exclude such numbers"),
        ("deviation @{a", "deviation @{b", 25, "b is not known", "draw it"),
        ("- id: bounds", "- id bounds", 9, "This is no YAML", "in a block"),
        ("use: graded", "use: graded\n    use: practice", 5, "use is there twice", "drop one"),
        ("format: 1", "format: 2", 1, "The format 2 is not known; it is 1", "format: 1"),
    ],
)
def test_a_mistake_is_said_with_its_line_and_the_cure(old, new, line, message, hint):
    assert BANK.count(old) >= 1

    words = said(BANK.replace(old, new, 1))

    assert message in words
    assert hint in words
    assert f"quiz.yaml, line {line}" in words


def test_a_list_is_not_called_short_when_its_entries_are_wrong():
    assert "needs at least" not in said(BANK.replace("text: It makes the mean 0.", "text: 0.5"))


def test_the_build_stops_at_the_first_mistake_and_counts_the_others(tmp_path):
    path = tmp_path / "quiz.yaml"
    path.write_text(BANK.replace("use: graded", "use: both"))

    with pytest.raises(LessonError, match=r"line 4 \(1 more: nbjudge lint\)"):
        read_bank(path, "quiz.yaml")


def test_variants_must_be_worth_the_same():
    variants = BANK.replace("    kind", "    group: one\n    kind").replace(
        "    kind: numeric", "    points: 2\n    kind: numeric"
    )

    assert "differ in use or points" in said(variants)


def test_a_rubric_gives_the_points_of_its_question():
    written = """format: 1
questions:
  - id: explain
    use: graded
    kind: written
    points: 3
    prompt: Why?
    rubric: [{points: 1, text: because}]
    model_answer: Because.
"""
    assert "The rubric gives 1 points, the question 3." in said(written)


def test_a_file_that_is_no_bank_is_named():
    assert "has no questions" in said("")
    assert "has no questions" in said("- a list")
