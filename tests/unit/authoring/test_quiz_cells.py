"""A lesson with a quiz: built, absorbed, audited."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nbjudge.authoring.absorb import absorb
from nbjudge.authoring.audit import audit
from nbjudge.authoring.build import build
from nbjudge.authoring.lint import lint_lesson
from nbjudge.authoring.source_notebook import built_notebook
from nbjudge.questions.quiz_file import load_quiz

MANUAL = Path(__file__).parents[3] / "docs" / "how-to" / "write-a-quiz.md"
CELLS = """
```{code-cell} ipython3
quiz("m1_l01")
```

```{code-cell} ipython3
:nbgrader: {grade_id: test_quiz}

check("quiz")
```

```{code-cell} ipython3
:nbgrader: {grade_id: test_quiz_explain_shift}

check("quiz_explain_shift")
```

Done.
"""


@pytest.fixture
def bank(course, slug):
    path = course.quiz_bank(slug)
    example = MANUAL.read_text().split("```yaml\n")[1].split("```")[0]
    path.write_text(
        example.replace("    section: epsilon-is-added-to-the-variance", "    section: the-mean")
    )
    return path


@pytest.fixture
def quiz_course(course, bank, edit_text):
    edit_text("\nDone.\n", CELLS)
    edit_text("import check\n", "import check, quiz\n")
    return course


def test_the_build_counts_the_points_and_releases_the_public_part(quiz_course, slug):
    build(quiz_course, quiz_course.lessons)

    released = quiz_course.root / "release" / slug
    cells = json.loads((released / f"{slug}.ipynb").read_text())["cells"]
    points = {
        c["metadata"]["nbgrader"]["grade_id"]: c["metadata"]["nbgrader"].get("points")
        for c in cells
        if "nbgrader" in c["metadata"]
    }
    assert points["test_quiz"] == 3
    assert points["test_quiz_explain_shift"] == 2
    quiz = load_quiz(released / f"{slug}.quiz.json")
    assert (quiz.course, quiz.assignment, quiz.lesson) == ("counting", slug, slug)
    assert {q.section for q in quiz.questions} == {"", "The-mean"}
    plain = next(c for c in cells if "".join(c["source"]).startswith("quiz("))
    assert plain["metadata"] == {}


def test_a_second_build_and_absorb_have_nothing_to_do(quiz_course, slug):
    build(quiz_course, quiz_course.lessons)

    assert build(quiz_course, quiz_course.lessons).changed == []
    assert absorb(quiz_course, quiz_course.source_notebook(slug, slug)) == []


def test_an_edit_beside_a_quiz_is_absorbed(quiz_course, slug):
    build(quiz_course, quiz_course.lessons)
    path = quiz_course.source_notebook(slug, slug)
    path.write_text(path.read_text().replace("Why count at all?", "Why not?"))

    absorb(quiz_course, path)

    assert "Why not?" in quiz_course.text(slug).read_text()
    assert ":nbgrader: {grade_id: test_quiz}\n" in quiz_course.text(slug).read_text()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (":nbgrader: {grade_id: test_quiz}\n", "", "The quiz has no points cell test_quiz."),
        (
            "{grade_id: test_quiz}",
            "{grade_id: test_quiz, points: 9}",
            "The points cell test_quiz says its points, which the bank decides.",
        ),
        (
            "grade_id: test_quiz_explain_shift",
            "grade_id: test_quiz_other",
            "The points cell test_quiz_other has no graded question.",
        ),
        ('check("quiz")', "1 + 1", 'The points cell test_quiz must say only check("quiz").'),
        ('quiz("m1_l01")', 'quiz("m1_l02")', "No quiz stands above the points cell test_quiz."),
        ('quiz("m1_l01")', 'x = 1\nquiz("m1_l01")', "The quiz shares its cell with other code."),
    ],
)
@pytest.mark.usefixtures("quiz_course")
def test_a_wrong_cell_is_refused(edit_text, refusal, old, new, said):
    edit_text(old, new)

    assert said in refusal()


def test_a_bank_without_cells_is_refused(course, bank, refusal):
    assert refusal() == (
        "The quiz has no points cell test_quiz.\n"
        "  where: course/SLUG.md\n"
        "  to cure it: below the cell with quiz(...) put one: grade_id test_quiz, source "
        'check("quiz").'
    )


def test_a_bank_of_practice_questions_needs_no_points_cell(course, bank, slug):
    bank.write_text(bank.read_text().replace("use: graded", "use: practice"))

    assert built_notebook(course, slug)


def test_a_planted_explanation_of_a_graded_question_is_found(quiz_course, slug):
    build(quiz_course, quiz_course.lessons)
    clean = audit(quiz_course)
    planted = "It changes the divisor only. The spread of the row is what it was."
    (quiz_course.root / "release" / slug / "help.txt").write_text(f"x\n{planted}\n")

    assert clean.leaks == ()
    leak = audit(quiz_course).leaks[0]
    assert leak.place == f"release/{slug}/help.txt, line 2"
    assert leak.secret == f"grader_tests/{slug}/quiz.yaml, question why-eps"


@pytest.fixture
def findings(quiz_course, slug):
    def found(text: str = "") -> list[str]:
        if text:
            quiz_course.quiz_bank(slug).write_text(text)
        return [
            f"{f.place}: {f.message}".replace(slug, "SLUG")
            for f in lint_lesson(quiz_course, quiz_course.lesson(slug))
            if "quiz.yaml" in f.place
        ]

    return found


def test_the_manuals_bank_lacks_nothing(findings):
    assert findings() == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("use: graded", "use: both", "line 6: Question why-eps: use must be"),
        (
            "explanation: Everything else needs the mean.",
            "explanation: Right.",
            "the explanation 'Right.' explains nothing.",
        ),
        ("id: mean-zero", "id: wrong-mean", "the id 'wrong-mean' gives the key away."),
        ("section: the-mean", "section: nowhere", "the lesson has no section 'nowhere'."),
        ("(sqrt(v) + 0.001)", "sqrt(v + 0.001)", "is right with a = "),
        (
            "answer: 4 * n\n    tolerance: exact",
            "answer: n - n\n    tolerance: {relative: 0.1}",
            "the answer is 0 with n = ",
        ),
        (
            "Each takes 4 bytes, so @{n} million take @{4 * n} MB.",
            "Count the bytes, then.",
            "names none of the drawn numbers.",
        ),
        ("[one-pass, welford]", "[Two Pass]", "'Two Pass' is right and wrong at once."),
    ],
)
def test_what_can_be_read_but_not_published_is_named(findings, bank, old, new, said):
    text = bank.read_text()
    assert old in text

    assert any(said in finding for finding in findings(text.replace(old, new, 1)))


def test_ids_that_tell_the_right_order_are_named(findings, bank):
    text = bank.read_text().replace("{id: mean, text", "{id: a-mean, text")

    assert any("in the right order" in finding for finding in findings(text))


def test_keys_that_favour_a_place_or_length_are_named(findings, bank):
    one = bank.read_text().split("  # Any number")[0].split("questions:\n")[1]
    key = "So that a constant row is not divided by 0."
    one = one.replace(key, f"{key} It would have no value then, in any arithmetic there is.")
    more = [
        one.replace("id: why-eps", f"id: why-{n}").replace("prompt: Why", f"prompt: {n} Why")
        for n in "abcd"
    ]

    said = findings(bank.read_text() + "".join(more))
    bank_name = "grader_tests/SLUG/quiz.yaml"
    assert f"{bank_name}: The right option is number 1 in 5 of 5 questions." in said
    assert f"{bank_name}: The right option is the longest in 5 of 5 questions." in said


def test_the_same_question_for_marks_and_for_practice_is_named(findings, bank):
    one = bank.read_text().split("  # Any number")[0].split("questions:\n")[1]
    twin = one.replace("id: why-eps", "id: why").replace("graded  ", "practice  ")

    said = findings(bank.read_text() + twin)
    assert any("why-eps and why ask the same" in finding for finding in said)


def test_a_formula_that_is_none_is_named(findings, bank):
    text = bank.read_text().replace(r"$\varepsilon$ added", r"$\nosuch$ added", 1)

    assert any(r"is not understood: \nosuch" in finding for finding in findings(text))
