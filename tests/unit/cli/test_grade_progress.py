from __future__ import annotations

import io

import pytest
from rich.console import Console

from nbjudge.cli import _grade_progress
from nbjudge.cli._grade_progress import ClassProgress
from nbjudge.model import GradingResult, Submission


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(_grade_progress, "time", clock)
    return clock


def submission(student: str) -> Submission:
    return Submission(student=student, assignment="a", notebook="a", content=b"")


def result(student: str, problem: str = "") -> GradingResult:
    return GradingResult(student=student, assignment="a", notebook="a", problem=problem)


def on_screen() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=120, color_system=None)


def test_the_bar_counts_and_names_who_is_slow_and_who_failed(clock: Clock):
    console = on_screen()
    with ClassProgress(4, console) as progress:
        for student in ("ada", "ben", "cleo"):
            progress.started(submission(student))
        progress.judged(result("ada"))
        progress.judged(result("cleo", problem="unreadable"))
        clock.now += 12
        assert progress.notes() == "slow: ben 12 s; no mark: cleo"
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "judging" in shown
    assert "2/4" in shown
    assert "slow: ben 12 s; no mark: cleo" in shown


def test_quick_and_right_submissions_are_not_remarked_on(clock: Clock):
    progress = ClassProgress(2, on_screen())
    progress.started(submission("ada"))
    clock.now += 4
    assert progress.notes() == ""


def test_many_names_are_cut_short(clock: Clock):
    progress = ClassProgress(9, on_screen())
    for student in "abcde":
        progress.judged(result(student, problem="x"))
    assert progress.notes() == "no mark: c, d, e and 2 more"


@pytest.mark.parametrize(("is_terminal", "term"), [(False, "xterm"), (True, "dumb")])
def test_where_no_bar_is_drawn_a_line_now_and_then_says_how_far_it_is(
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    is_terminal: bool,
    term: str,
):
    monkeypatch.setenv("TERM", term)
    console = Console(file=io.StringIO(), force_terminal=is_terminal)
    with ClassProgress(300, console) as progress:
        progress.started(submission("zoe"))
        for number in range(100):
            progress.judged(result(f"s{number}"))
        assert capsys.readouterr().err == ""
        clock.now += 50
        progress.judged(result("ada", problem="unreadable"))
    assert capsys.readouterr().err == (
        "101 of 300 judged, 2.0 per second, 99 s left; slow: zoe 50 s; no mark: ada\n"
    )
    assert console.file.getvalue() == ""  # type: ignore[attr-defined]
