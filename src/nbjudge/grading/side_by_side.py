"""Jobs on any `concurrent.futures.Executor`, as many at once as asked."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import islice
from typing import TypeVar

from nbjudge.grading.judge import JudgeSettings

Item = TypeVar("Item")


def side_by_side(
    items: Iterable[Item],
    executor: Executor,
    work: Callable[[Item, JudgeSettings], bytes],
    settings: JudgeSettings,
    *,
    in_flight: int,
    on_start: Callable[[Item], None] | None = None,
) -> Generator[tuple[Item, Future[bytes]]]:
    """Work on items side by side; yield each with its finished future, as it is ready.

    A job is idempotent and returns bytes, so an executor that runs one
    twice, or on another machine, does no harm. Whoever closes this has the
    jobs that wait cancelled; those that run come to their end unseen.

    Args:
        items: What to work on; read only as fast as it is worked on.
        executor: A process pool, or `dask.distributed.Client.get_executor()`.
        work: The job, a function of a module, so that another process finds it.
        settings: The same for all.
        in_flight: How many jobs the executor holds at once.
        on_start: Called with each item that is handed to the executor.
    """
    waiting = iter(items)
    running: dict[Future[bytes], Item] = {}
    try:
        while True:
            for item in islice(waiting, in_flight - len(running)):
                if on_start is not None:
                    on_start(item)
                running[_submitted(executor, work, item, settings)] = item
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future
    finally:
        for future in running:
            future.cancel()


def lost(error: BaseException) -> str:
    """Return the fault of a job whose future holds an error in place of a result."""
    return f"the job did not come back: {type(error).__name__}: {error}"


def _submitted(
    executor: Executor,
    work: Callable[[Item, JudgeSettings], bytes],
    item: Item,
    settings: JudgeSettings,
) -> Future[bytes]:
    try:
        return executor.submit(work, item, settings)
    except RuntimeError as error:  # a pool whose process was killed takes no more jobs
        failed: Future[bytes] = Future()
        failed.set_exception(error)
        return failed
