from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from nbjudge.exporters.marks import COLUMNS, MarksExporter
from nbjudge.model import CaseResult, ExerciseResult, GradingResult, Outcome
from nbjudge.nbgrader_adapter.marks import save_result
from tests.gradebooks import alembic_on_path

EMPTY = SimpleNamespace(cells=[])
GOOD = GradingResult(
    student="",
    assignment="a",
    notebook="n",
    exercises=(
        ExerciseResult(
            exercise="double",
            points=3,
            cases=(
                CaseResult(id="1", outcome=Outcome.PASSED),
                CaseResult(id="2", outcome=Outcome.FAILED),
                CaseResult(id="3", outcome=Outcome.FAILED),
            ),
        ),
    ),
)
FAULT = replace(GOOD, exercises=(), fault="it broke")
PROBLEM = replace(GOOD, exercises=(), problem="unreadable JSON, line 210")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook with assignment `a`, notebook `n`, answer `double`, 7 points."""
    path = tmp_path_factory.mktemp("released") / "gradebook.db"
    with alembic_on_path():  # which takes seconds
        gradebook = Gradebook(f"sqlite:///{path}", "course")
    with gradebook:
        gradebook.add_assignment("a", duedate="2027-01-31 23:59:00 UTC")
        gradebook.add_notebook("n", "a")
        gradebook.add_solution_cell("double", "n", "a")
        gradebook.add_grade_cell("test_double", "n", "a", max_score=7, cell_type="code")
    return path


@pytest.fixture
def gradebook(released: Path, tmp_path: Path) -> Iterator[Gradebook]:
    """A gradebook of the test's own."""
    path = shutil.copy(released, tmp_path / "gradebook.db")
    with Gradebook(f"sqlite:///{path}", "course") as gradebook:
        yield gradebook


def submit(gradebook: Gradebook, student: str, *results: GradingResult, **about: str) -> None:
    gradebook.add_student(student, **about)
    gradebook.add_submission("a", student)
    for result in results:
        save_result(gradebook.find_submission_notebook("n", "a", student), EMPTY, result)
        gradebook.db.commit()


def exported(gradebook: Gradebook, tmp_path: Path, **options: object) -> dict[str, dict[str, str]]:
    path = tmp_path / "out.csv"
    MarksExporter(to=str(path), **options).export(gradebook)
    with path.open(newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def test_the_columns_are_nbgraders_and_two_of_ours(gradebook: Gradebook, tmp_path: Path):
    path = tmp_path / "stock.csv"
    CsvExportPlugin(to=str(path)).export(gradebook)
    stock = path.read_text().strip().split(",")
    assert [*stock, "needs_a_person", "problem"] == list(COLUMNS)


def test_partial_credit_is_exact(gradebook: Gradebook, tmp_path: Path):
    submit(gradebook, "ada", GOOD)
    row = exported(gradebook, tmp_path)["ada"]
    # A fraction times the points: one rounding each, in float64.
    assert float(row["score"]) == pytest.approx(7 / 3, rel=1e-15)
    assert row["raw_score"] == row["score"]
    assert (row["max_score"], row["needs_a_person"], row["problem"]) == ("7.0", "no", "")
    assert row["duedate"].startswith("2027-01-31")


def test_what_could_not_be_read_has_no_score_and_a_reason(gradebook: Gradebook, tmp_path: Path):
    submit(gradebook, "dan", PROBLEM)
    row = exported(gradebook, tmp_path)["dan"]
    assert (row["raw_score"], row["score"], row["late_submission_penalty"]) == ("", "", "")
    assert (row["needs_a_person"], row["problem"]) == ("yes", "unreadable JSON, line 210")


def test_a_fault_has_no_score(gradebook: Gradebook, tmp_path: Path):
    submit(gradebook, "ada", FAULT)
    row = exported(gradebook, tmp_path)["ada"]
    assert (row["score"], row["needs_a_person"]) == ("", "yes")
    assert row["problem"] == "the grader failed"


def test_a_stale_mark_is_not_exported_as_if_it_were_fresh(gradebook: Gradebook, tmp_path: Path):
    submit(gradebook, "ada", GOOD, FAULT)
    row = exported(gradebook, tmp_path)["ada"]
    assert (row["score"], row["needs_a_person"]) == ("", "yes")
    assert row["problem"] == "the grader failed; the earlier mark is stale"


def test_what_a_person_has_settled_is_a_mark(gradebook: Gradebook, tmp_path: Path):
    submit(gradebook, "dan", PROBLEM)
    grade = gradebook.find_grade("test_double", "n", "a", "dan")
    grade.manual_score, grade.needs_manual_grade = 5.0, False
    gradebook.db.commit()
    row = exported(gradebook, tmp_path)["dan"]
    assert (row["score"], row["needs_a_person"], row["problem"]) == ("5.0", "no", "")


def test_a_late_penalty_is_taken_off(gradebook: Gradebook, tmp_path: Path):
    submit(gradebook, "ada", GOOD)
    entry = gradebook.find_submission_notebook("n", "a", "ada")
    entry.late_submission_penalty = 2.0
    gradebook.db.commit()
    row = exported(gradebook, tmp_path)["ada"]
    assert float(row["score"]) == pytest.approx(7 / 3 - 2, rel=1e-14)
    assert float(row["late_submission_penalty"]) == 2


def test_a_penalty_takes_no_more_than_there_is(gradebook: Gradebook, tmp_path: Path):
    submit(gradebook, "ada", GOOD)
    gradebook.find_submission_notebook("n", "a", "ada").late_submission_penalty = 5.0
    gradebook.db.commit()
    assert exported(gradebook, tmp_path)["ada"]["score"] == "0.0"


def test_who_handed_in_nothing_has_zero_and_the_reason(gradebook: Gradebook, tmp_path: Path):
    gradebook.add_student("eve")
    row = exported(gradebook, tmp_path)["eve"]
    assert (row["score"], row["needs_a_person"]) == ("0.0", "no")
    assert row["problem"] == "nothing was handed in"


def test_names_with_commas_quotes_and_line_ends_keep_their_columns(
    gradebook: Gradebook, tmp_path: Path
):
    submit(gradebook, "ada", GOOD, last_name='King, "Countess"\nof Lovelace', first_name="Ada")
    row = exported(gradebook, tmp_path)["ada"]
    assert row["last_name"] == 'King, "Countess"\nof Lovelace'
    assert row["first_name"] == "Ada"


def test_no_name_runs_as_a_formula(gradebook: Gradebook, tmp_path: Path):
    submit(gradebook, "ada", GOOD, last_name="=HYPERLINK(1)")
    assert exported(gradebook, tmp_path)["ada"]["last_name"] == "'=HYPERLINK(1)"


def test_students_and_assignments_can_be_chosen(gradebook: Gradebook, tmp_path: Path):
    submit(gradebook, "ada", GOOD)
    submit(gradebook, "ben", GOOD)
    assert list(exported(gradebook, tmp_path, student=["ben"])) == ["ben"]
    assert exported(gradebook, tmp_path, assignment=["other"]) == {}


def test_without_a_destination_the_file_is_nbgraders(
    gradebook: Gradebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    MarksExporter().export(gradebook)
    assert (tmp_path / "grades.csv").exists()
