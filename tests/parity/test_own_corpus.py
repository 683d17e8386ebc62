"""Every row of both gradebooks, on notebooks made for nbgrader's rules."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.parity.corpus import (
    RIGHT,
    STUDENTS,
    also,
    first_notebook,
    second_notebook,
    writes,
)
from tests.parity.gradebooks import differences
from tests.parity.two_ways import (
    Course,
    autograded_files,
    both_ways,
    new_course,
    with_nbjudge,
)

pytestmark = pytest.mark.long

PS = "ps1"
WRITTEN_BY_A_RUN = ("scratch.txt", "__pycache__")
"""What stays behind in nbgrader's folder; a sandbox keeps nothing."""
MARKED = {"right": (1, 0.5), "late": (99, -3), "one_of_two": (-1, None)}
"""Marks and extra credit that a person gives: in the formgrader any number is one."""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = new_course(tmp_path_factory.mktemp("parity") / "course")
    course.source(PS, {"p1": first_notebook(), "p2": second_notebook()})
    source = course.root / "source" / PS
    (source / "numbers.csv").write_text("1\n2\n")
    (source / "helper.py").write_text("def double(x):\n    return 2 * x\n")
    course.run("nbgrader", "generate_assignment", PS)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(PS, duedate=datetime(2030, 2, 1))
    for name, student in STUDENTS.items():
        first, second = course.released(PS, "p1"), course.released(PS, "p2")
        student.edit(first)
        notebooks = {"p1": first}
        if student.second is not None:
            student.second(second)
            notebooks["p2"] = second
        course.submit(name, PS, notebooks, files=student.files, timestamp=student.timestamp)
    with course.gradebook() as gradebook:
        gradebook.add_student("late_but_extended")
        gradebook.add_submission(PS, "late_but_extended")
        gradebook.grant_extension(PS, "late_but_extended", days=3)
    return course


@pytest.fixture(scope="module")
def graded(released: Course) -> tuple[Course, Course]:
    stock, ours = both_ways(released)
    for course in (stock, ours):
        course.run("nbgrader", "autograde", PS, ok=(0, 1))
    return stock, ours


def test_every_row_of_both_gradebooks_is_equal(graded: tuple[Course, Course]) -> None:
    stock, ours = graded

    assert differences(ours.rows, stock.rows) == []


def test_the_same_files_lie_in_autograded(graded: tuple[Course, Course]) -> None:
    stock, ours = graded

    assert autograded_files(ours) == autograded_files(stock, skip=WRITTEN_BY_A_RUN)


def test_grading_many_at_once_gives_the_same_rows_and_files(
    released: Course, graded: tuple[Course, Course]
) -> None:
    stock, _ = graded
    many = with_nbjudge(released, "many", more="c.NbJudge.stock_scores = True")
    many.run("nbjudge", "grade", PS, ok=(0, 1))

    assert differences(many.rows, stock.rows) == []
    assert autograded_files(many) == autograded_files(stock, skip=WRITTEN_BY_A_RUN)


def test_marks_by_hand_and_flags_survive_a_second_grading_as_in_nbgrader(
    graded: tuple[Course, Course],
) -> None:
    stock, ours = graded
    for course in graded:
        _mark_by_hand(course)
        for student in MARKED:
            words = ("nbgrader", "autograde", PS, "--student", student, "--force")
            course.run(*words, ok=(0, 1))

    assert differences(ours.rows, stock.rows) == []


def test_a_second_hand_in_is_graded_and_everybody_else_left_alone(
    graded: tuple[Course, Course],
) -> None:
    stock, ours = graded
    for course in graded:
        for student in ("raises", "decorated"):
            again = course.released(PS, "p1")
            also(RIGHT, writes("why", "Now I know."))(again)
            course.submit(student, PS, {"p1": again}, timestamp="2030-02-10 12:00:00 UTC")
        course.run("nbgrader", "autograde", PS, ok=(0, 1))

    assert differences(ours.rows, stock.rows) == []
    with ours.gradebook() as gradebook:
        late = gradebook.find_submission_notebook("p1", PS, "raises")
        assert late.late_submission_penalty == late.score > 0


def _mark_by_hand(course: Course) -> None:
    with course.gradebook() as gradebook:
        for student, (points, extra) in MARKED.items():
            notebook = gradebook.find_submission_notebook("p1", PS, student)
            notebook.flagged = True
            for grade in notebook.grades:
                if grade.name in ("why", "plot", "test_squares", "program"):
                    grade.manual_score, grade.extra_credit = points, extra
            for comment in notebook.comments:
                comment.manual_comment = "by hand"
        gradebook.db.commit()
