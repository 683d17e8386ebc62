"""Runs a notebook's cells in a sandbox; a cell that ends its process costs itself only."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, NoReturn

import numpy as np

from nbjudge.cells.checked import NotAnAnswer, error_output, executed_cell
from nbjudge.cells.job import CellsJob, ExecutedCell, ExecutedCells
from nbjudge.errors import GraderFault, UserError
from nbjudge.model import Outcome
from nbjudge.protocol.frame import FrameLimits, ProtocolError
from nbjudge.protocol.message import decode_reply, encode_request
from nbjudge.sandbox.base import Budget, Channel, Sandbox, View, WorkerLost

_CHUNK = 16 << 20
_GRACE_S = 4.0
"""A cell that ignores its interrupt is ended this long after it; nbgrader waits as long."""
_RESTARTS = 10
_FILE_S = 60.0


def run_cells(job: CellsJob, sandbox: Sandbox) -> ExecutedCells:
    """Run every cell of a job, in order, and return their outputs.

    Where a cell ends its process, a new one replays the cells above it and goes on
    below it. Never raises for what the cells do or for a failure of the grader: the
    latter is the result's `fault`.
    """
    run = _Run(job, sandbox)
    try:
        for position in range(len(job.sources)):
            run.cell(position)
    except (GraderFault, UserError, OSError) as fault:
        return ExecutedCells(isolation=sandbox.isolation, fault=str(fault))
    finally:
        run.close()
    return ExecutedCells(cells=tuple(run.cells), isolation=sandbox.isolation)


class _Run:
    def __init__(self, job: CellsJob, sandbox: Sandbox) -> None:
        self._job = job
        self._sandbox = sandbox
        self._limits = FrameLimits(blob_bytes=job.limits.frame_bytes)
        self._running: AbstractContextManager[Channel] | None = None
        self._channel: Channel | None = None
        self._starts = 0
        self._requests = 0
        self.cells: list[ExecutedCell] = []

    def cell(self, position: int) -> None:
        """Run the next cell and keep its outputs."""
        try:
            self._ensure_started()
            self.cells.append(self._execute(position))
        except WorkerLost as lost:
            self._end()
            self.cells.append(_killed(lost))

    def close(self) -> None:
        """End the process."""
        self._end()

    def _ensure_started(self) -> None:
        if self._channel is not None:
            return
        if self._starts > _RESTARTS:
            raise WorkerLost("not run: too many cells above ended their process")
        self._starts += 1
        self._running = self._sandbox.start(view=View.INSTALLED, limits=self._job.limits)
        self._channel = self._running.__enter__()
        for seen, path in self._job.files:
            self._put(seen, path)
        for position, cell in enumerate(self.cells):
            if not cell.killed:
                self._execute(position)

    def _put(self, seen: str, path: str) -> None:
        try:
            with open(path, "rb") as file:
                while True:
                    data = file.read(_CHUNK)
                    self._ask("put", {"path": seen, "data": np.frombuffer(data, np.uint8)}, _FILE_S)
                    if len(data) < _CHUNK:
                        return
        except WorkerLost as lost:
            # No cell has run yet: this is the machine's or the course's, not a student's.
            raise GraderFault(f"{seen} could not be put beside the notebook: {lost}") from None

    def _execute(self, position: int) -> ExecutedCell:
        job = self._job
        body = {
            "source": job.sources[position],
            "position": position + 1,
            "timeout_s": job.timeout_s,
        }
        answer = self._ask("execute", body, job.timeout_s + _GRACE_S)
        if not (isinstance(answer, np.ndarray) and answer.dtype == np.uint8 and answer.ndim == 1):
            raise WorkerLost("the process answered with something that is no cell")
        try:
            return executed_cell(answer.tobytes())
        except NotAnAnswer as error:
            raise WorkerLost(str(error)) from None

    def _ask(self, op: str, body: dict[str, Any], seconds: float) -> Any:
        assert self._channel is not None  # noqa: S101 - callers have started it
        self._requests += 1
        sent = encode_request(self._requests, op, body, handle_for=None, tensors=False)
        document, blob = self._channel.exchange(sent.pieces, Budget(cpu_s=seconds, wall_s=seconds))
        try:
            ok, answer = decode_reply(
                self._requests,
                document,
                blob,
                sent=sent,
                make_handle=_refuse_handle,
                limits=self._limits,
            )
        except ProtocolError as error:
            raise WorkerLost(f"the process answered with {error}") from None
        if not ok:
            raise WorkerLost(f"the process refused: {_said(answer)}")
        return answer

    def _end(self) -> None:
        if self._running is not None:
            self._running.__exit__(None, None, None)
        self._running = self._channel = None


def _killed(lost: WorkerLost) -> ExecutedCell:
    words = {
        Outcome.TIMED_OUT: "this cell took too long and could not be interrupted",
        Outcome.OUT_OF_MEMORY: "this cell took more memory than allowed",
    }.get(lost.outcome, str(lost))
    output = error_output(
        "DeadKernelError", words, [f"DeadKernelError: {words}. The cells below ran without it."]
    )
    return ExecutedCell(outputs=(output,), killed=True)


def _refuse_handle(_handle: object) -> NoReturn:
    raise ProtocolError("an object where plain data was due")


def _said(description: Any) -> str:
    if isinstance(description, dict):
        return f"{description.get('type')}: {description.get('message')}"[:200]
    return "without a word"
