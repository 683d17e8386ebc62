"""Notebooks without a suite: run one, or many side by side; what ran once is kept."""

from __future__ import annotations

import atexit
import hashlib
import platform
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor, Future
from contextlib import closing, suppress
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import distributions

import nbjudge
from nbjudge.cells import CellsJob, ExecutedCells, run_cells
from nbjudge.errors import UserError
from nbjudge.grading.judge import JudgeSettings
from nbjudge.grading.keeping import KeptFiles, kept_key
from nbjudge.grading.side_by_side import lost, side_by_side
from nbjudge.grading.store import result_key
from nbjudge.model import Course
from nbjudge.sandbox.registry import choose_sandbox, parse_isolation

_runners: dict[JudgeSettings, CellRunner] = {}
"""One per process: its zygote is started once."""


class CellRunner:
    """Runs notebooks without a suite, of one course.

    Args:
        settings: The course and the weakest isolation.

    Raises:
        SandboxUnavailable: If this host cannot isolate as strongly as asked.
    """

    def __init__(self, settings: JudgeSettings) -> None:
        self._sandbox = choose_sandbox(settings.root, parse_isolation(settings.weakest_isolation))
        self._files = KeptFiles(Course.find(settings.root).state_folder, "cells")

    @property
    def isolation(self) -> str:
        """The level reached."""
        return self._sandbox.isolation

    def run(self, job: CellsJob) -> ExecutedCells:
        """Return what a job's cells put out; never raises for the cells or the grader."""
        try:
            key = _key(job, self.isolation)
            kept = self._kept(key)
            if kept is None:
                kept = run_cells(job, self._sandbox)
                if kept.is_final:
                    with suppress(OSError):  # a full disk costs another run, and no mark
                        self._files.put(key, kept.to_json())
        except (OSError, UserError) as error:
            return ExecutedCells(isolation=self.isolation, fault=str(error))
        return kept

    def close(self) -> None:
        """End what was started."""
        self._sandbox.close()

    def _kept(self, key: str) -> ExecutedCells | None:
        try:
            content = self._files.get(key)
            return None if content is None else ExecutedCells.from_json(content)
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None


def cell_runner_for(settings: JudgeSettings) -> CellRunner:
    """Return this process's runner for `settings`; it is closed at exit."""
    if settings not in _runners:
        _runners[settings] = CellRunner(settings)
        atexit.register(_runners[settings].close)
    return _runners[settings]


def run_all_cells(
    jobs: Iterable[CellsJob],
    executor: Executor,
    settings: JudgeSettings,
    *,
    in_flight: int,
    on_start: Callable[[CellsJob], None] | None = None,
) -> Generator[tuple[CellsJob, ExecutedCells]]:
    """Run jobs side by side; yield each with what came out, as it is ready.

    Args:
        jobs: Read only as fast as they are run.
        executor: A process pool, or `dask.distributed.Client.get_executor()`.
        settings: The same for all.
        in_flight: How many jobs the executor holds at once.
        on_start: Called with each job that is handed to the executor.
    """
    ran = side_by_side(jobs, executor, run_one, settings, in_flight=in_flight, on_start=on_start)
    with closing(ran):
        for job, future in ran:
            yield job, _result(future)


def run_one(job: CellsJob, settings: JudgeSettings) -> bytes:
    """Run one job in this process and return what came out as JSON."""
    return cell_runner_for(settings).run(job).to_json()


def _result(future: Future[bytes]) -> ExecutedCells:
    error = future.exception()
    if error is None:
        return ExecutedCells.from_json(future.result())
    return ExecutedCells(fault=lost(error))


def _key(job: CellsJob, isolation: str) -> str:
    whose = (job.student, job.assignment, job.notebook)
    parts = [*whose, *job.sources, repr(job.timeout_s), isolation]
    files = [[seen.encode(), _digest(path)] for seen, path in job.files]
    depends_on = result_key(
        [
            *(part.encode("utf-8", "surrogatepass") for part in parts),
            *(part for file in files for part in file),
            repr(sorted(asdict(job.limits).items())).encode(),
            _environment(),
        ]
    )
    return kept_key(whose, depends_on)


def _digest(path: str) -> bytes:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


@lru_cache(maxsize=1)
def _environment() -> bytes:
    """Return every installed version: cells import whatever there is."""
    packages = sorted({f"{found.name} {found.version}" for found in distributions()})
    return "\n".join([nbjudge.__version__, platform.python_version(), *packages]).encode()
