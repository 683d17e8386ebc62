from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nbjudge.cli.main import main
from nbjudge.grading.records import keep_record
from nbjudge.model import CaseResult, ExerciseResult, GradingResult, NamedMistake, Outcome

MISTAKE = NamedMistake(
    ids=("unbiased",), belief="It is the sample's.", explanation="e", question="q", hint="h"
)
CASES = (
    CaseResult(id="t", outcome=Outcome.PASSED),
    CaseResult(id="u", outcome=Outcome.FAILED),
)
WRONG = GradingResult(
    student="grace",
    assignment="a",
    notebook="n",
    exercises=(ExerciseResult(exercise="f", points=2, cases=CASES, named=(MISTAKE,)),),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_report_is_a_page_and_a_table_and_its_first_screen_is_printed(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    keep_record(folder / ".nbjudge", WRONG, "1")
    gone = replace(WRONG, student="alan", exercises=(), problem="unreadable JSON, line 3")
    keep_record(folder / ".nbjudge", gone, "1")
    assert main(["report", "a"]) == 0
    printed = capsys.readouterr().out
    assert "2 students, 1 with a mark" in printed
    assert "  1 of 1 (100 %): It is the sample's." in printed
    assert "  No test and no question behaves oddly." in printed
    assert "  1: could not be judged: unreadable JSON" in printed
    written = (folder / "reports" / "a" / "report.html").read_text()
    assert "grace" not in written + printed
    assert (folder / "reports" / "a" / "report.csv").exists()


def test_names_are_on_the_page_where_the_instructor_asks(folder: Path):
    keep_record(folder / ".nbjudge", replace(WRONG, fault="boom"), "1")
    assert main(["report", "a", "--names", "--to", "elsewhere"]) == 0
    assert "grace" in (folder / "elsewhere" / "report.html").read_text()


def test_a_student_with_two_notebooks_is_one_student(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    for notebook in ("n", "m"):
        for student in ("grace", "alan"):
            one = replace(WRONG, notebook=notebook, student=student)
            keep_record(folder / ".nbjudge", one, "1")
    assert main(["report", "a"]) == 0
    assert "2 students, 2 with a mark" in capsys.readouterr().out


def test_nothing_to_report_on_says_what_to_run(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["report", "a"]) == 2
    assert capsys.readouterr().err == (
        "nbjudge report: There is nothing to report on 'a'.\n"
        f"  where: {folder}/.nbjudge/records/a\n"
        "  to cure it: run nbjudge grade a first.\n"
    )
    assert not (folder / "reports").exists()
