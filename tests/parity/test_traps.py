"""Where nbgrader fails a submission or gives marks that nobody meant, nbjudge differs on purpose.

The rows of the table in docs/how-to/bring-your-nbgrader-course.md, each with stock's
outcome and ours, and the switch that brings stock's back.
"""

from __future__ import annotations

import pytest

from tests.parity.corpus import TRAPS, first_notebook
from tests.parity.gradebooks import differences
from tests.parity.two_ways import Course, both_ways, new_course, with_nbjudge

pytestmark = pytest.mark.long

PS = "ps1"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = new_course(tmp_path_factory.mktemp("traps") / "course")
    course.source(PS, {"p1": first_notebook()})
    source = course.root / "source" / PS
    (source / "numbers.csv").write_text("1\n2\n")
    (source / "helper.py").write_text("def double(x):\n    return 2 * x\n")
    course.run("nbgrader", "generate_assignment", PS)
    for name, student in TRAPS.items():
        first = course.released(PS, "p1")
        student.edit(first)
        course.submit(name, PS, {"p1": first}, timestamp=student.timestamp)
    return course


@pytest.fixture(scope="module")
def graded(released: Course) -> tuple[Course, Course]:
    stock, ours = both_ways(released, more="")
    for name in TRAPS:  # one by one: the first would end stock's batch
        stock.run("nbgrader", "autograde", PS, "--student", name, ok=(0, 1))
    ours.run("nbjudge", "grade", PS, ok=(0, 1))
    return stock, ours


def scores(course: Course, student: str) -> dict[str, tuple[float | None, bool]]:
    """Return automatic score and "needs a person" by cell."""
    with course.gradebook() as gradebook:
        notebook = gradebook.find_submission_notebook("p1", PS, student)
        return {g.name: (g.auto_score, bool(g.needs_manual_grade)) for g in notebook.grades}


FULL = {"test_squares": 2, "test_squares_hidden": 3, "test_partly": 4}


def squares(course: Course, student: str) -> dict[str, float | None]:
    """Return the scores of the three cells that test the answer."""
    return {name: scores(course, student)[name][0] for name in FULL}


@pytest.mark.parametrize(
    "student", ["a_pasted_cell", "kills", "sleeps", "unknown_id", "forged_kind"]
)
def test_one_odd_cell_does_not_cost_the_whole_submission(
    graded: tuple[Course, Course], student: str
) -> None:
    stock, ours = graded

    assert set(squares(stock, student).values()) == {None}
    assert squares(ours, student) == FULL


def test_a_warning_does_not_cost_the_points(graded: tuple[Course, Course]) -> None:
    stock, ours = graded

    assert set(squares(stock, "warns").values()) == {0}
    assert squares(ours, "warns") == FULL


def test_a_number_shown_before_the_failure_earns_nothing(graded: tuple[Course, Course]) -> None:
    stock, ours = graded

    assert squares(stock, "shows_a_number_first")["test_squares"] == 2
    assert squares(ours, "shows_a_number_first")["test_squares"] == 0


def test_a_value_that_is_no_number_waits_for_a_person(graded: tuple[Course, Course]) -> None:
    stock, ours = graded

    assert scores(stock, "wrong_type")["test_partly"] == (4, False)
    assert scores(ours, "wrong_type")["test_partly"] == (None, True)


def test_a_tag_keeps_no_test_cell_from_running(graded: tuple[Course, Course]) -> None:
    stock, ours = graded

    assert scores(stock, "skips")["test_squares"] == (2, False)
    assert scores(ours, "skips")["test_squares"] == (0, False)


def test_left_to_nbgrader_every_row_is_stocks(
    released: Course, graded: tuple[Course, Course]
) -> None:
    stock, _ = graded
    ours = with_nbjudge(released, "left", more="c.NbJudge.leave_to_nbgrader = ['ps*']")
    for name in TRAPS:
        ours.run("nbgrader", "autograde", PS, "--student", name, ok=(0, 1))

    assert differences(ours.rows, stock.rows) == []
