"""`quiz(...)` as learners meet it: whose paper, what is saved, what a cell carries."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nbjudge import check, quiz
from nbjudge.questions.answers import answers_in_cells, read_answers
from nbjudge.questions.bank_file import parse_bank
from nbjudge.questions.quiz_file import Quiz, quiz_bytes
from nbjudge.questions.release import release_quiz
from nbjudge.student.quiz_cell import cell_source
from nbjudge.student.quiz_practice import practice_session, review_session
from nbjudge.student.quiz_session import GradedSession

MANUAL = Path(__file__).parents[3] / "docs" / "how-to" / "write-a-quiz.md"
LESSON = "m1_l05_layer_norm_formula"
_SEARCH_MEMORY = """
import io, re, sys, contextlib
from nbjudge import check, quiz
kept = io.StringIO()
with contextlib.redirect_stdout(kept):
    quiz("m1_l05", answers={"why-eps": "no-zero-divisor"})
    quiz("m1_l05", practice=True)
    check("quiz")
regions = [line.split()[:2] for line in open("/proc/self/maps") if "[v" not in line]
found = [0] * (len(sys.argv) - 1)
with open("/proc/self/mem", "rb", buffering=0) as memory:
    for span, rights in regions:
        if not rights.startswith("r"):
            continue
        first, last = (int(end, 16) for end in span.split("-"))
        try:
            memory.seek(first)
            content = memory.read(last - first)
        except (OSError, OverflowError, ValueError):
            continue
        for i, words in enumerate(sys.argv[1:]):
            # Backwards, so that what is looked for is never in memory itself.
            needle = bytes.fromhex(words)
            hit = content[::-1].find(needle)
            found[i] = found[i] or int(hit >= 0)
print(*found)
"""
ANSWERS = f"{LESSON}.answers.json"


def release(folder: Path, lesson: str) -> Quiz:
    example = MANUAL.read_text().split("```yaml\n")[1].split("```")[0]
    bank, _ = parse_bank(example.encode(), "quiz.yaml")
    about = Quiz(
        lesson=lesson, course="c", assignment=lesson, title="T", questions=(), practice_keys={}
    )
    made, _ = release_quiz(bank, folder, about)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{lesson}.quiz.json").write_bytes(quiz_bytes(made))
    return made


@pytest.fixture
def released(tmp_path, monkeypatch):
    """The folder of a learner called ada, with the manual's quiz in it."""
    made = release(tmp_path / LESSON, LESSON)
    monkeypatch.chdir(tmp_path / LESSON)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("NBJUDGE_STUDENT", "ada")
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    return made


@pytest.fixture
def said(released, capsys):
    """Calls `quiz` where there are no buttons; returns what is printed."""

    def call(*arguments, **keywords):
        quiz(*arguments, **keywords)
        return capsys.readouterr().out

    return call


def saved() -> dict[str, object]:
    return dict(json.loads(Path(ANSWERS).read_text())["answers"])


def test_the_quiz_can_be_read_and_answered_as_text(said):
    text = said("m1_l05")

    assert "The paper of ada." in text
    assert "( ) no-zero-divisor: So that a constant row is not divided by 0." in text
    assert 'Without buttons: quiz("m1_l05", answers={"' in text
    assert not Path(ANSWERS).exists()

    text = said("m1_l05", answers={"why-eps": "no-zero-divisor"})
    assert "(x) no-zero-divisor" in text
    assert "1 of 4 answers, receipt" in text
    assert saved() == {"why-eps": "no-zero-divisor"}


def test_an_answer_that_the_question_does_not_have_is_not_taken_over(said):
    text = said("m1_l05", answers={"why-eps": "b", "bonus": "x"})

    assert "why-eps has no 'b'; it has: larger-spread, mean-zero, no-zero-divisor." in text
    assert "No question 'bonus' is on your paper." in text
    assert saved() == {}


def test_what_is_no_answer_is_said(said):
    assert "were not taken over: the answer to 'why-eps'" in said("m1_l05", answers={"why-eps": 3j})


@pytest.mark.parametrize(
    ("variable", "value"), [("NBGRADER_EXECUTION", "autograde"), ("NBJUDGE_SANDBOX", "1")]
)
def test_nothing_happens_where_nobody_is_there(said, monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)

    assert said("m1_l05", answers={"why-eps": "no-zero-divisor"}) == ""
    assert not Path(ANSWERS).exists()


def test_a_missing_quiz_is_said_with_the_ones_there_are(said):
    text = said("m1_l06")
    assert text.startswith("? quiz: could not be shown (not shown)\n")
    assert f"the quizzes here are: {LESSON}." in text
    Path(f"{LESSON}.quiz.json").unlink()
    assert "download the assignment again" in said("m1_l05")


def test_whose_paper_it_is_is_asked_once(said, monkeypatch):
    monkeypatch.delenv("NBJUDGE_STUDENT")
    assert 'Run quiz("m1_l05", student="your id in the course")' in said("m1_l05")

    assert "The paper of ben." in said("m1_l05", student="Ben")
    assert "The paper of ben." in said("m1_l05")
    monkeypatch.setenv("JUPYTERHUB_USER", "eva")
    assert "The paper of eva." in said("m1_l05")


def run_again(released, fields_of=None) -> GradedSession:
    """What running the cell again does with what it carries."""
    session = GradedSession(released, "ada", Path())
    if fields_of is not None:
        session.take_from_cell(fields_of)
    return session


def carried(session: GradedSession) -> dict[str, object]:
    given = session.carried_answers()
    return {
        "student": given.student,
        "paper": given.paper,
        "receipt": given.receipt,
        "answers": dict(given.answers),
        "numbers": {k: dict(v) for k, v in given.numbers.items()},
    }


@pytest.fixture
def answered(released):
    session = run_again(released)
    session.answer("why-eps", "mean-zero")
    session.answer("first-entry", '1,5 "b" \\ \' \n')
    session.answer("order-of-steps", ["mean", "variance"])
    return session


def test_the_cell_carries_exactly_what_the_file_holds(answered):
    source = cell_source("m1_l05", answered.carried_answers())

    cell = answers_in_cells([source], LESSON)
    assert cell.answers.answers == read_answers(Path(ANSWERS).read_bytes()).answers
    assert cell.answers.numbers == answered.saved.numbers
    assert cell.answers.receipt == answered.receipt
    assert f'    receipt="{answered.receipt}",' in source.splitlines()


def test_answers_are_there_again_after_a_restart(released, answered):
    assert run_again(released).answers == answered.answers


def test_a_deleted_file_is_restored_from_the_cell(released, answered):
    fields = carried(answered)
    Path(ANSWERS).unlink()

    assert run_again(released, fields).answers == answered.answers
    assert read_answers(Path(ANSWERS).read_bytes()).receipt == answered.receipt


def test_a_stale_cell_does_not_undo_newer_answers(released, answered):
    fields = carried(answered)
    answered.answer("why-eps", "no-zero-divisor")

    assert run_again(released, fields).answers["why-eps"] == "no-zero-divisor"


def test_an_edited_cell_is_an_answer(released, answered):
    fields = carried(answered)
    fields["answers"]["why-eps"] = "no-zero-divisor"

    assert run_again(released, fields).answers["why-eps"] == "no-zero-divisor"
    assert saved()["why-eps"] == "no-zero-divisor"


def test_a_neighbours_cell_is_not_taken_over(released, answered):
    fields = carried(answered) | {"student": "ben", "paper": "0" * 12}
    Path(ANSWERS).unlink()
    session = run_again(released, fields)

    assert session.answers == {}
    assert "on the paper of 'ben' and were not taken over" in session.messages[0]


def test_a_neighbours_file_is_put_aside_whole(released, answered):
    content = Path(ANSWERS).read_bytes()
    other = GradedSession(released, "ben", Path())

    assert other.answers == {}
    assert "holds answers on the paper of 'ada'. It was put aside as" in other.messages[0]
    aside = next(Path().glob("*.answers-*.json"))
    assert aside.read_bytes() == content


def test_a_damaged_file_is_put_aside_and_the_cell_restores(released, answered):
    fields = carried(answered)
    Path(ANSWERS).write_text("{")
    session = run_again(released, fields)

    assert "could not be read: the file is no JSON" in session.messages[0]
    assert session.answers == answered.answers
    assert Path(f"{LESSON}.answers-damaged.json").read_text() == "{"


def test_a_folder_that_cannot_be_written_says_not_saved(answered, monkeypatch):
    def refuse(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)

    with pytest.raises(OSError, match="No space left"):
        answered.answer("why-eps", "no-zero-divisor")


def test_numbers_are_echoed_as_they_are_read(answered):
    for text, echo in (
        ("1,5", "read as 1.5"),
        ("2e-3", "read as 0.002"),
        ("x", "'x' is no number"),
    ):
        answered.answer("first-entry", text)
        assert answered.read_as("first-entry") == echo


def test_no_graded_key_is_in_the_learners_memory(released):
    """The whole memory of a fresh process is searched, after everything has been opened."""
    secret = (
        "The spread of the row is what it was",
        "-(k / 2) / sqrt(v + 0.001)",
        "no deviation cha",
    )
    assert all(words in MANUAL.read_text() for words in secret)

    done = subprocess.run(  # noqa: S603 - our own program
        [
            sys.executable,
            "-c",
            _SEARCH_MEMORY,
            *(words.encode()[::-1].hex() for words in _halves(secret)),
        ],
        capture_output=True,
        text=True,
        check=True,
    )

    # The control is a text that was opened: a search that cannot find proves nothing.
    assert done.stdout.split() == ["0", "0", "0", "1"]


def _halves(secret: tuple[str, ...]) -> list[str]:
    return [*secret, "So that a constant row is not divided by 0."]


def test_check_says_what_is_answered_and_where_it_is(released, answered, monkeypatch, capsys):
    check("quiz")
    said = capsys.readouterr().out
    assert "3 of 4 answered" in said
    assert "explain-shift" in said
    assert "hand in the answers file together with it" in said

    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    Path(f"{LESSON}.ipynb").write_text(json.dumps(notebook))
    check("quiz")
    assert "The notebook alone does not carry these answers yet." in capsys.readouterr().out

    answered.answer("explain-shift", "Because.")
    source = cell_source("m1_l05", answered.carried_answers())
    cell = {"cell_type": "code", "metadata": {}, "source": source}
    Path(f"{LESSON}.ipynb").write_text(json.dumps({**notebook, "cells": [cell]}))
    check("quiz")
    said = capsys.readouterr().out
    assert "ready to hand in" in said
    assert "The notebook carries the same answers." in said


def test_check_of_a_quiz_fails_closed_under_stock_nbgrader(released, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")

    with pytest.raises(AssertionError, match="cannot judge this notebook"):
        check("quiz")


def test_practice_by_code_explains(said):
    text = said("m1_l05", practice=True, answers={"name-the-method": "welford", "other": "x"})

    assert "name-the-method: not yet." in text
    assert "That one reads the numbers once only." in text
    assert "No question 'other' is shown here." in text


def test_practice_keeps_progress_and_draws_new_numbers(released):
    session = practice_session(released, Path())
    before = next(d for d in session.questions if d.id == "weights-memory").numbers

    assert session.try_answer("name-the-method", "two-pass").fraction == 1
    assert session.draw_again("weights-memory").numbers != before
    again = practice_session(released, Path())
    assert again.how_it_went("name-the-method") == "1 try so far, 1 right"
    assert next(d for d in again.questions if d.id == "weights-memory").numbers != before


def test_some_practice_questions_can_be_chosen(said):
    assert "after-normalizing" not in said("m1_l05", practice=True, only=["name-the-method"])
    assert "There is no practice question 'why-eps'" in said(
        "m1_l05", practice=True, only=["why-eps"]
    )


def test_a_review_asks_missed_questions_of_earlier_lessons_first(released, tmp_path):
    earlier = release(tmp_path / "m1_l01_a", "m1_l01_a")
    release(tmp_path / "m1_l09_z", "m1_l09_z")
    session = practice_session(earlier, tmp_path / "m1_l01_a")
    session.try_answer("name-the-method", "no idea")
    for _ in range(3):
        session.try_answer("weights-memory", "12")

    review = review_session(Path.cwd())

    assert len(review.questions) == 3
    assert review.questions[0].id in {"name-the-method", "weights-memory"}
    assert review.how_it_went("name-the-method") == "1 try so far, 0 right"


def test_a_review_takes_three_questions_even_if_lessons_share_their_ids(released, tmp_path):
    for lesson in ("m1_l01_a", "m1_l02_b"):
        release(tmp_path / lesson, lesson)

    assert len({drawn.id for drawn in review_session(Path.cwd()).questions}) == 3


def test_without_earlier_lessons_there_is_nothing_to_review_and_that_is_fine(said):
    assert said("review") == (
        "✓ review: nothing to review yet (nothing to do)\n"
        "\n"
        "That is fine: go on with this lesson.\n"
        "  Questions of earlier lessons are asked here, those you missed first, as soon as the "
        f"folder of such a lesson lies beside this one, in {Path.cwd().parent}.\n"
    )
