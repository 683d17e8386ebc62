"""The processes that judge a class: they work, and they end with whoever is stopped."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from typing import Any

import pytest

from nbjudge.cli._judging_pool import judging_pool


def join_all_but(before: set[threading.Thread]) -> None:
    """Wait for the pool's own threads, which clean up behind its back."""
    for thread in set(threading.enumerate()) - before:
        thread.join(30)


def test_a_process_of_the_pool_leaves_ctrl_c_to_the_one_that_started_it():
    with judging_pool(1) as pool:
        assert pool.submit(signal.getsignal, signal.SIGINT).result() is signal.SIG_IGN


@pytest.mark.parametrize("stop", [KeyboardInterrupt, GeneratorExit])
def test_whoever_is_stopped_ends_what_is_being_judged(stop: type[BaseException]):
    stack, before = ExitStack(), set(threading.enumerate())
    endless = stack.enter_context(judging_pool(1)).submit(time.sleep, 60)
    assert not stack.__exit__(stop, stop(), None)
    join_all_but(before)
    assert endless.cancelled() or isinstance(endless.exception(), BrokenProcessPool)
    assert not multiprocessing.active_children()


def test_jobs_that_were_cancelled_cost_no_traceback_on_a_slow_machine(
    monkeypatch: pytest.MonkeyPatch,
):
    shutdown = ProcessPoolExecutor.shutdown

    def late(*arguments: Any, **options: Any) -> None:
        time.sleep(0.5)  # time for the pool to find its processes dead, if they are
        shutdown(*arguments, **options)

    monkeypatch.setattr(ProcessPoolExecutor, "shutdown", late)
    errors: list[object] = []
    before = set(threading.enumerate())
    monkeypatch.setattr(threading, "excepthook", errors.append)
    stack = ExitStack()
    pool = stack.enter_context(judging_pool(1))
    jobs = [pool.submit(time.sleep, 60) for _ in range(8)]
    assert jobs[-1].cancel()
    stack.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    join_all_but(before)
    assert errors == []
