"""What a judge does with its processes when it lives for long."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbjudge.grading import Judge, JudgeSettings
from nbjudge.model import GradingResult, Submission
from tests.unit.nbgrader_adapter.tiny_course import LESSON, RIGHT, TinyCourse, source_notebook


@pytest.fixture
def course(tmp_path: Path) -> TinyCourse:
    return TinyCourse(tmp_path)


@pytest.fixture
def judge(course: TinyCourse) -> Iterator[Judge]:
    with Judge(JudgeSettings(root=course.root, weakest_isolation="limits")) as judge:
        yield judge


def judged(judge: Judge, *, student: str = "ada") -> GradingResult:
    notebook = source_notebook()
    for cell in notebook["cells"]:
        cell["source"] = RIGHT.get(cell["id"], cell["source"])
    content = json.dumps(notebook).encode()
    return judge.judge(
        Submission(student=student, assignment=LESSON, notebook=LESSON, content=content)
    )


def judging_processes(root: Path) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"nbjudge.suite.host" in command and str(root).encode() in command:
            found.append(int(path.parent.name))
    return found


def test_an_edited_suite_is_judged_with_at_once(course: TinyCourse, judge: Judge):
    assert judged(judge).score == 6.0
    suite = course.root / "grader_tests" / LESSON / "test_double.py"
    suite.write_text(suite.read_text().replace("2 * x", "3 * x"))
    solution = course.root / "solutions" / f"{LESSON}.py"
    solution.write_text(solution.read_text().replace("2 * x", "3 * x"))
    assert judged(judge).score < 6.0


def test_a_judging_process_that_died_is_one_fault_and_not_all_later_ones(
    course: TinyCourse, judge: Judge
):
    assert judged(judge).score == 6.0
    for process in judging_processes(course.root):
        os.kill(process, signal.SIGKILL)
    assert judged(judge, student="ben").fault
    assert judged(judge, student="cleo").score == 6.0


def test_no_judging_process_outlives_the_judge(course: TinyCourse):
    with Judge(JudgeSettings(root=course.root, weakest_isolation="limits")) as judge:
        judged(judge)
        assert judging_processes(course.root)
    assert not judging_processes(course.root)
