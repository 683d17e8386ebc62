"""Ctrl-C while a class is judged: what is judged is written, and the next run continues."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from nbjudge.cli.main import main
from tests.unit.nbgrader_adapter.tiny_course import LESSON, RIGHT, TinyCourse

SLOW = {
    "double": "import time\ntime.sleep(3)\n" + RIGHT["double"],
    "total": RIGHT["total"],
}


@pytest.fixture(autouse=True)
def in_the_foreground() -> Iterator[None]:
    """A job in the background, these tests say, ignores Ctrl-C, and so does what it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def grade(course: TinyCourse) -> subprocess.Popen[str]:
    """`nbjudge grade` in a process group of its own, as a terminal starts it."""
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "nbjudge.cli.main", "grade", LESSON, "--jobs", "1"],
        cwd=course.root,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def results(course: TinyCourse) -> set[str]:
    return {path.name for path in (course.root / ".nbjudge" / "results").glob("*/*.json")}


def wait_for_a_result(course: TinyCourse, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not results(course):
        assert time.monotonic() < end, "no submission was judged"
        time.sleep(0.05)


def test_ctrl_c_writes_what_is_judged_and_a_second_run_continues(
    course: TinyCourse, capsys: pytest.CaptureFixture[str]
):
    course.submit("ada", course.answers(RIGHT))
    for student in ("ben", "cleo", "dan"):
        course.submit(student, course.answers(SLOW))
    running = grade(course)
    wait_for_a_result(course)
    below = psutil.Process(running.pid).children(recursive=True)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)

    assert running.returncode == 130
    assert "Traceback" not in out + err
    assert "ada  100" in out
    assert "Stopped after 1 of 4 students; what is above is in the gradebook." in out
    assert f"To continue: nbjudge grade {LESSON} " in out
    _, alive = psutil.wait_procs(below, timeout=10)
    assert alive == []
    assert course.grades("ada")["scores"] == {"test_double": 4.0, "test_total": 2.0}
    assert not (course.root / "autograded" / "dan").exists()

    before = results(course)
    assert main(["grade", LESSON, "--jobs", "2"]) == 0
    assert "4 students: 4 marked" in capsys.readouterr().out
    assert before < results(course)
