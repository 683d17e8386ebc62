"""A quiz through stock nbgrader: into the gradebook, the feedback page and the export."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from nbjudge.questions.answers import Answers, answers_bytes
from nbjudge.questions.bank_file import read_bank
from nbjudge.questions.paper import draw_paper
from nbjudge.questions.quiz_file import Quiz, quiz_bytes
from nbjudge.questions.release import release_quiz
from nbjudge.questions.score import right_answer
from tests.gradebooks import alembic_on_path
from tests.unit.nbgrader_adapter.tiny_course import LESSON, RIGHT, TinyCourse, _about

MANUAL = Path(__file__).parents[3] / "docs" / "how-to" / "write-a-quiz.md"


class QuizCourse(TinyCourse):
    """The tiny course with the manual's quiz in it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        bank = root / "grader_tests" / LESSON / "quiz.yaml"
        bank.write_text(MANUAL.read_text().split("```yaml\n")[1].split("```")[0])
        about = Quiz(
            lesson=LESSON,
            course="tiny",
            assignment=LESSON,
            title="Tiny",
            questions=(),
            practice_keys={},
        )
        self.quiz, self.keys = release_quiz(read_bank(bank, "quiz.yaml"), bank.parent, about)
        (root / "source" / LESSON / f"{LESSON}.quiz.json").write_bytes(quiz_bytes(self.quiz))
        path = root / "source" / LESSON / f"{LESSON}.ipynb"
        notebook = nbformat.read(path, 4)
        notebook.cells.append(new_code_cell('quiz("m1_l01")', id="quiz"))
        for name, points in (("quiz", 3), ("quiz_explain_shift", 2)):
            metadata = _about(f"test_{name}", grade=True, locked=True, points=points)
            cell_id = f"test-{name.replace('_', '-')}"
            cell = new_code_cell(f'check("{name}")', id=cell_id, metadata=metadata)
            notebook.cells.append(cell)
        nbformat.write(notebook, path)

    def hand_in(self, student: str, on_paper_of: str = "", **answers: object) -> None:
        """Hand in a right notebook, and right answers but for these."""
        paper = draw_paper(self.quiz, on_paper_of or student)
        own = {
            "why-eps": "no-zero-divisor",
            "order-of-steps": ["mean", "deviations", "variance"],
            "first-entry": right_answer(paper.question("first-entry"), self.keys["first-entry"]),
            "explain-shift": "The <b>mean</b> moves along.",
        }
        own |= {name.replace("_", "-"): answer for name, answer in answers.items()}
        given = Answers(student=paper.student, paper=paper.id, lesson=LESSON, answers=own)
        path = self.submit(student, self.answers(RIGHT))
        path.with_name(f"{LESSON}.answers.json").write_bytes(answers_bytes(given))

    def card(self, student: str, name: str) -> str:
        """The card in a points cell of the graded notebook, as text."""
        cells = self.autograded(student)["cells"]
        own = next(c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == name)
        return "".join(own["outputs"][0]["data"]["text/plain"])


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuizCourse]:
    """Five students, graded by stock nbgrader."""
    with alembic_on_path() as patch:
        course = QuizCourse(tmp_path_factory.mktemp("quiz"))
        patch.chdir(course.root)
        assert course.api().generate_assignment(LESSON)["success"]
        course.hand_in("ada")
        course.hand_in("ben", why_eps="mean-zero", explain_shift="")
        course.hand_in("eva", on_paper_of="ada")
        course.submit("nobody", course.answers(RIGHT))
        course.submit("link", course.answers(RIGHT))
        secret = course.root / "grader_tests" / LESSON / "quiz.yaml"
        file = course.root / "submitted" / "link" / LESSON / f"{LESSON}.answers.json"
        file.symlink_to(secret)
        assert course.autograde()["success"]
        yield course


def scores(course: QuizCourse, student: str) -> tuple[float | None, float | None]:
    own = course.grades(student)["scores"]
    return own["test_quiz"], own["test_quiz_explain_shift"]


def test_answers_become_marks_and_a_written_one_waits_for_a_person(graded):
    assert scores(graded, "ada") == (3.0, None)
    assert graded.grades("ada")["needs"] == {"test_quiz_explain_shift"}
    assert graded.grades("ada")["flagged"] is False
    assert scores(graded, "ben") == (2.0, 0.0)
    assert graded.grades("ben")["needs"] == set()


def test_the_exercises_keep_their_marks_whatever_the_quiz_is(graded):
    for student in ("ada", "ben", "eva", "nobody", "link"):
        own = graded.grades(student)["scores"]
        assert (own["test_double"], own["test_total"]) == (4.0, 2.0)


def test_another_students_paper_is_held_and_never_zeroed(graded):
    assert scores(graded, "eva") == (None, None)
    assert graded.grades("eva")["flagged"] is True
    assert graded.grades("eva")["needs"] == {"test_quiz", "test_quiz_explain_shift"}
    card = graded.card("eva", "test_quiz")
    assert "the answers are on the paper of 'ada'" in card
    assert "would earn" not in card


def test_no_answers_earn_nothing_and_the_card_says_why(graded):
    assert scores(graded, "nobody") == (0.0, 0.0)
    assert "No answers were handed in" in graded.card("nobody", "test_quiz")


def test_a_link_in_the_place_of_the_file_is_not_followed(graded):
    assert scores(graded, "link") == (0.0, 0.0)


def test_the_card_shows_answer_and_explanation_but_not_the_key(graded):
    card = graded.card("ben", "test_quiz")

    assert "2 of 3 points" in card
    assert "It makes the mean 0." in card
    assert "The mean is removed by the subtraction" in card
    assert "Right would be" not in card
    assert "So that a constant row" not in card


def test_a_written_answer_and_its_rubric_are_shown_to_whoever_marks_it(graded):
    card = graded.card("ada", "test_quiz_explain_shift")

    assert "The <b>mean</b> moves along." in card
    assert "1: The mean grows by 100 as well." in card
    cells = graded.autograded("ada")["cells"]
    page = "".join(cells[-1]["outputs"][0]["data"]["text/html"])
    assert "The &lt;b&gt;mean&lt;/b&gt; moves along." in page


def test_right_answers_are_told_when_the_instructor_releases_them(graded, monkeypatch):
    monkeypatch.chdir(graded.root)
    config = graded.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.NbJudge.release_quiz_answers = True\n")

    assert graded.autograde("ben")["success"]

    assert "Right would be" in graded.card("ben", "test_quiz")
    assert scores(graded, "ben") == (2.0, 0.0)


def test_a_bank_that_lost_a_question_is_a_fault_and_keeps_the_mark(graded, monkeypatch):
    monkeypatch.chdir(graded.root)
    bank = graded.root / "grader_tests" / LESSON / "quiz.yaml"
    whole = bank.read_text()
    bank.write_text(whole.replace("id: why-eps", "id: another"))
    try:
        assert graded.autograde("ada")["success"]
    finally:
        bank.write_text(whole)

    assert scores(graded, "ada") == (3.0, None)
    assert graded.grades("ada")["flagged"] is True
    assert "The grader failed here, not your work" in graded.card("ada", "test_quiz")
    assert graded.grades("ada")["scores"]["test_double"] == 4.0


def test_the_export_says_who_needs_a_person(graded, monkeypatch):
    monkeypatch.chdir(graded.root)
    from nbjudge.exporters.marks import MarksExporter  # noqa: PLC0415 - imports nbgrader

    exporter = MarksExporter()
    exporter.to = str(graded.root / "marks.csv")
    with graded.gradebook() as gradebook:
        exporter.export(gradebook)
    with Path(exporter.to).open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}

    assert (rows["eva"]["score"], rows["eva"]["needs_a_person"]) == ("", "yes")
    assert rows["eva"]["problem"] == "the quiz is held; its card in the formgrader says why"
    assert rows["ben"]["problem"] == ""
    assert rows["nobody"]["score"] == "6.0"
