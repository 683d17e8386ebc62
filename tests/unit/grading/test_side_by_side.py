"""Jobs on an executor: how far ahead it reads, what a broken one does, how it ends."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest

from nbjudge.grading import JudgeSettings, grade_all
from nbjudge.grading.side_by_side import side_by_side
from nbjudge.model import Submission


@pytest.fixture
def settings(tmp_path: Path) -> JudgeSettings:
    return JudgeSettings(root=tmp_path, weakest_isolation="limits")


def doubled(item: int, _: JudgeSettings) -> bytes:
    return str(2 * item).encode()


def killed(_item: int, _: JudgeSettings) -> bytes:
    os._exit(1)


def test_every_item_comes_back_with_its_own_result(settings: JudgeSettings):
    with ThreadPoolExecutor(2) as pool:
        done = side_by_side(range(20), pool, doubled, settings, in_flight=3)
        results = {item: future.result() for item, future in done}
    assert results == {item: str(2 * item).encode() for item in range(20)}


def test_items_are_read_only_as_fast_as_they_are_worked_on(settings: JudgeSettings):
    read, started = [], []

    def items() -> Iterator[int]:
        for item in range(20):
            read.append(item)
            yield item

    with ThreadPoolExecutor(1) as pool:
        done = side_by_side(items(), pool, doubled, settings, in_flight=3, on_start=started.append)
        with closing(done):
            next(done)
    assert read == started == [0, 1, 2]


def test_an_error_is_that_items_own(settings: JudgeSettings):
    def inverse(item: int, _: JudgeSettings) -> bytes:
        return str(1 / item).encode()

    with ThreadPoolExecutor(1) as pool:
        done = dict(side_by_side([1, 0, 2], pool, inverse, settings, in_flight=3))
    assert isinstance(done[0].exception(), ZeroDivisionError)
    assert (done[1].result(), done[2].result()) == (b"1.0", b"0.5")


def test_a_pool_whose_process_was_killed_costs_an_error_per_item(settings: JudgeSettings):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        done = dict(side_by_side(range(4), pool, killed, settings, in_flight=1))
    assert [type(done[item].exception()).__name__ for item in range(4)] == ["BrokenProcessPool"] * 4


def test_whoever_stops_has_the_waiting_jobs_cancelled(settings: JudgeSettings):
    worked, go_on = [], threading.Event()

    def work(item: int, _: JudgeSettings) -> bytes:
        worked.append(item)
        if item:
            go_on.wait()
        return b""

    with ThreadPoolExecutor(1) as pool:
        done = side_by_side(range(10), pool, work, settings, in_flight=8)
        with closing(done):
            next(done)
        go_on.set()
    assert set(worked) <= {0, 1}


def test_a_submission_whose_job_did_not_come_back_has_a_fault(settings: JudgeSettings):
    submission = Submission(student="ada", assignment="a", notebook="n", content=b"")
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    (result,) = grade_all([submission], pool, settings)
    assert (result.student, result.assignment, result.notebook) == ("ada", "a", "n")
    assert result.fault == (
        "the job did not come back: RuntimeError: cannot schedule new futures after shutdown"
    )
