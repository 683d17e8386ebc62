"""Judging many submissions on any `concurrent.futures.Executor`."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor
from contextlib import closing

from nbjudge.grading.judge import Judge, JudgeSettings
from nbjudge.grading.side_by_side import lost, side_by_side
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
) -> Generator[GradingResult]:
    """Judge submissions side by side; yield each result as it is ready.

    Whoever stops iterating has the jobs that wait cancelled; those that run
    come to their end unseen.

    Args:
        submissions: What to judge; read only as fast as it is judged.
        executor: A process pool, or `dask.distributed.Client.get_executor()`.
        settings: The same for all.
        in_flight: How many jobs the executor holds at once.
        on_start: Called with each submission that is handed to the executor.
    """
    judged = side_by_side(
        submissions, executor, judge_one, settings, in_flight=in_flight, on_start=on_start
    )
    with closing(judged):
        for item, future in judged:
            error = future.exception()
            yield result_from_json(future.result()) if error is None else _lost(item, error)


def judge_one(submission: Submission, settings: JudgeSettings) -> bytes:
    """Judge one submission in this process and return the result as JSON."""
    return result_to_json(judge_for(settings).judge(submission))


def judge_for(settings: JudgeSettings) -> Judge:
    """Return this process's judge for `settings`; it is closed at exit."""
    if settings not in _judges:
        _judges[settings] = Judge(settings)
        atexit.register(_judges[settings].close)
    return _judges[settings]


def _lost(item: Submission, error: BaseException) -> GradingResult:
    return GradingResult(
        student=item.student,
        assignment=item.assignment,
        notebook=item.notebook,
        fault=lost(error),
    )
