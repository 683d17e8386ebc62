"""The processes that judge a class, and what Ctrl-C means to them."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

STOPPED = 130
"""The shell's exit code for a program that Ctrl-C ended."""


@contextmanager
def judging_pool(jobs: int) -> Iterator[Executor]:
    """Yield so many processes; whoever is stopped or stops early ends what they work on.

    What is ended is worked on again when somebody continues.
    """
    # Spawn: a forked child of a process with threads (the progress bar) may hang.
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(jobs, mp_context=context, initializer=_ignore_ctrl_c)
    try:
        yield executor
    except (KeyboardInterrupt, GeneratorExit):
        # Before its processes end: a pool that finds them dead stumbles over cancelled jobs.
        executor.shutdown(wait=False, cancel_futures=True)
        processes = multiprocessing.active_children()
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def _ignore_ctrl_c() -> None:
    """The terminal sends Ctrl-C to everybody; one process decides what it means."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
