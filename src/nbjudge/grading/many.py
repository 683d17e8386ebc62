"""Judging many submissions on any `concurrent.futures.Executor`."""

from __future__ import annotations

import atexit
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, as_completed
from dataclasses import replace

from nbjudge.grading.judge import Judge, JudgeSettings
from nbjudge.model import GradingResult, Submission
from nbjudge.model.codec import result_from_json, result_to_json

_judges: dict[JudgeSettings, Judge] = {}
"""One judge per executor process: its suites are collected once."""


def grade_all(
    submissions: Iterable[Submission], executor: Executor, settings: JudgeSettings
) -> Iterator[GradingResult]:
    """Judge submissions side by side; yield each result as it is ready.

    A job is idempotent and returns JSON bytes, so an executor that runs one
    twice, or on another machine, does no harm.

    Args:
        submissions: What to judge.
        executor: A process pool, or `dask.distributed.Client.get_executor()`.
        settings: The same for all.
    """
    futures = {executor.submit(judge_one, item, settings): item for item in submissions}
    for future in as_completed(futures):
        item = futures[future]
        error = future.exception()
        if error is None:
            yield result_from_json(future.result())
        else:
            yield _lost(item, error)


def judge_one(submission: Submission, settings: JudgeSettings) -> bytes:
    """Judge one submission in this process and return the result as JSON."""
    return result_to_json(judge_for(settings).judge(submission))


def judge_for(settings: JudgeSettings) -> Judge:
    """Return this process's judge for `settings`; it is closed at exit."""
    if settings not in _judges:
        _judges[settings] = Judge(settings)
        atexit.register(_judges[settings].close)
    return _judges[settings]


def _lost(submission: Submission, error: BaseException) -> GradingResult:
    result = GradingResult(
        student=submission.student,
        assignment=submission.assignment,
        notebook=submission.notebook,
    )
    return replace(result, fault=f"the job did not come back: {type(error).__name__}: {error}")
