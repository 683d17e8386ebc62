from __future__ import annotations

import pytest

from nbjudge.authoring.source_notebook import built_notebook

POINTS = ":nbgrader: {grade_id: test_mean_of, points: 2}"


def test_a_stub_without_points_cell(edit_text, refusal):
    edit_text(POINTS, ":tags: [x]")

    assert refusal() == (
        "The exercise mean_of has no points cell.\n"
        "  where: course/SLUG.md, line 39\n"
        "  to cure it: put one below it: grade_id test_mean_of, points, source "
        'check("mean_of").'
    )


def test_a_points_cell_without_stub(edit_text, refusal):
    edit_text("grade_id: test_mean_of", "grade_id: test_other")

    assert refusal().startswith("The exercise mean_of has no points cell.")

    edit_text(":nbgrader: {grade_id: mean_of, solution: true}", ":tags: [setup]")
    assert refusal() == (
        "The points cell test_other has no stub above it.\n"
        "  where: course/SLUG.md, line 50\n"
        "  to cure it: its grade_id is test_ and the grade_id of its stub."
    )


def test_a_points_cell_that_says_more(edit_text, refusal):
    edit_text('check("mean_of")', 'check("mean_of")\nassert mean_of([1]) == 1')

    assert refusal() == (
        'The points cell test_mean_of must say only check("mean_of").\n'
        "  where: course/SLUG.md, line 50\n"
        "  to cure it: what decides the marks belongs into the hidden suite."
    )


def test_an_exercise_without_suite(course, slug, refusal):
    (course.suite_folder(slug) / "test_mean_of.py").unlink()

    assert refusal() == (
        "The exercise mean_of has no suite.\n"
        "  where: course/SLUG.md, line 50\n"
        "  to cure it: write grader_tests/SLUG/test_mean_of.py."
    )


def test_two_points_cells_with_one_id(edit_text, refusal):
    edit_text("grade_id: test_Counter", "grade_id: test_mean_of")

    assert refusal() == (
        "Two cells have the id 'test-mean-of'.\n"
        "  where: course/SLUG.md, line 50\n"
        "  to cure it: give one of them another grade_id."
    )


@pytest.mark.parametrize(
    "own",
    [
        "{points: 2}",
        "{grade_id: a}",
        "{grade_id: a, points: 2, solution: true}",
        "{solution: true}",
    ],
)
def test_a_graded_cell_of_no_known_role(edit_text, refusal, own):
    edit_text(POINTS, f":nbgrader: {own}")

    first, *_, hint = refusal().split("\n")
    assert first.endswith(" is neither a stub nor a points cell.")
    assert hint == (
        "  to cure it: a stub has `:nbgrader: {grade_id: f, solution: true}`, "
        "its points cell `:nbgrader: {grade_id: test_f, points: 6}`."
    )


@pytest.mark.parametrize("points", ["-1", "many", "true", ".inf", "null"])
def test_points_that_are_no_number(edit_text, refusal, points):
    edit_text("points: 2", f"points: {points}")

    first, where = refusal().split("\n")
    assert first.startswith("The points of test_mean_of must be a number >= 0; got ")
    assert where == "  where: course/SLUG.md, line 50"


def test_an_answer_that_uses_what_no_setup_cell_defines(edit_solution, refusal):
    edit_solution("np.sum(x)", "math.fsum(x)")

    assert refusal() == (
        "The cell mean_of uses math, which no setup cell or answer above defines.\n"
        "  where: course/SLUG.md, line 39\n"
        "  to cure it: import it in a cell with the tag setup, or inside the answer."
    )


def test_a_points_cell_needs_check_from_a_setup_cell(edit_text, refusal):
    edit_text("from nbjudge import check\n", "")

    assert refusal().startswith("The cell test_mean_of uses check, which no setup cell")


def test_an_answer_may_use_answers_above_and_its_own_imports(edit_solution, course, slug):
    edit_solution(
        "return self.count + self.step", "import math\n        return math.ceil(mean_of([1]))"
    )

    assert built_notebook(course, slug)["cells"]


def test_what_a_demonstration_defines_has_not_run(edit_text, edit_solution, refusal):
    edit_text("np.arange(3).sum()", "total_of = sum")
    edit_solution("np.sum(x)", "total_of(x)")

    assert refusal().startswith("The cell mean_of uses total_of, which no setup cell")


def test_a_demonstration_that_uses_an_answer(edit_text, refusal):
    edit_text("np.arange(3).sum()", "print(mean_of([1, 2]))")

    assert refusal() == (
        "The demonstration uses mean_of, which is an answer.\n"
        "  where: course/SLUG.md, line 33\n"
        "  to cure it: show the idea with other code: before the answer is written, "
        "this cell would fail."
    )


def test_magics_are_code_and_other_nonsense_is_not(edit_text, course, slug, refusal):
    edit_text("np.arange(3).sum()", "%matplotlib inline\n!ls")
    assert built_notebook(course, slug)["cells"]

    edit_text("%matplotlib inline\n", "x = = 1\n")
    assert refusal() == (
        "This cell is no Python: invalid syntax.\n  where: course/SLUG.md, line 33"
    )
