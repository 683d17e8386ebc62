"""Judging many submissions on any `concurrent.futures.Executor`."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import replace
from itertools import islice

from nbjudge.grading.judge import Judge, JudgeSettings
from nbjudge.model import GradingResult, Submission
from nbjudge.model.codec import result_from_json, result_to_json

_judges: dict[JudgeSettings, Judge] = {}
"""One judge per executor process: its suites are collected once."""


def grade_all(
    submissions: Iterable[Submission],
    executor: Executor,
    settings: JudgeSettings,
    *,
    in_flight: int = 64,
    on_start: Callable[[Submission], None] | None = None,
) -> Iterator[GradingResult]:
    """Judge submissions side by side; yield each result as it is ready.

    A job is idempotent and returns JSON bytes, so an executor that runs one
    twice, or on another machine, does no harm. Whoever stops iterating has the
    jobs that wait cancelled; those that run come to their end unseen.

    Args:
        submissions: What to judge; read only as fast as it is judged.
        executor: A process pool, or `dask.distributed.Client.get_executor()`.
        settings: The same for all.
        in_flight: How many jobs the executor holds at once.
        on_start: Called with each submission that is handed to the executor.
    """
    waiting = iter(submissions)
    running: dict[Future[bytes], Submission] = {}
    try:
        while True:
            for item in islice(waiting, in_flight - len(running)):
                if on_start is not None:
                    on_start(item)
                running[_submit(executor, item, settings)] = item
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                item = running.pop(future)
                error = future.exception()
                yield result_from_json(future.result()) if error is None else _lost(item, error)
    finally:
        for future in running:
            future.cancel()


def judge_one(submission: Submission, settings: JudgeSettings) -> bytes:
    """Judge one submission in this process and return the result as JSON."""
    return result_to_json(judge_for(settings).judge(submission))


def judge_for(settings: JudgeSettings) -> Judge:
    """Return this process's judge for `settings`; it is closed at exit."""
    if settings not in _judges:
        _judges[settings] = Judge(settings)
        atexit.register(_judges[settings].close)
    return _judges[settings]


def _submit(executor: Executor, item: Submission, settings: JudgeSettings) -> Future[bytes]:
    try:
        return executor.submit(judge_one, item, settings)
    except RuntimeError as error:  # a pool whose process was killed takes no more jobs
        failed: Future[bytes] = Future()
        failed.set_exception(error)
        return failed


def _lost(item: Submission, error: BaseException) -> GradingResult:
    result = GradingResult(
        student=item.student,
        assignment=item.assignment,
        notebook=item.notebook,
    )
    return replace(result, fault=f"the job did not come back: {type(error).__name__}: {error}")
