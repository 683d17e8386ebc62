"""One submission's process during its judging: cells, calls, restarts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from nbjudge.model import CellRun, Limits, Outcome
from nbjudge.notebook.plan import RunCell
from nbjudge.protocol.frame import FrameLimits, ProtocolError
from nbjudge.protocol.message import decode_reply, encode_request
from nbjudge.protocol.values import Handle
from nbjudge.sandbox.base import Budget, Channel, Sandbox, View, WorkerLost
from nbjudge.suite.errors import student_error
from nbjudge.suite.proxy import Remote, Target
from nbjudge.suite.write_back import write_back


@dataclass(kw_only=True, slots=True)
class _Cell:
    """A cell that has been run, and may have to be again."""

    step: RunCell
    run: CellRun


class WorkerSession:
    """A student's process that is started again when it dies, within limits.

    Args:
        sandbox: Where to run it.
        view: What it can import.
        limits: Bounds for the whole submission; one exercise may change them.
        seed: Random state of every call.
    """

    def __init__(self, *, sandbox: Sandbox, view: View, limits: Limits, seed: int) -> None:
        self._sandbox = sandbox
        self._view = view
        self._seed = seed
        self.limits = limits
        self._deadline = time.monotonic() + limits.total_wall_s
        self._running: AbstractContextManager[Channel] | None = None
        self._channel: Channel | None = None
        self._generation = 0
        self._requests = 0
        self._cells: list[_Cell] = []
        self._restarts_left = limits.restarts
        self._lost: WorkerLost | None = None

    @property
    def cells(self) -> tuple[CellRun, ...]:
        """How the cells run so far ended."""
        return tuple(cell.run for cell in self._cells)

    def begin_exercise(self) -> None:
        """Give the next exercise its own restarts: an earlier one cannot use them up."""
        self._restarts_left = self.limits.restarts
        if self._channel is None:
            self._lost = None

    def run_cell(self, step: RunCell) -> None:
        """Run a cell; one that kills or hangs its process is skipped from then on."""
        cell = _Cell(step=step, run=CellRun(position=step.position))
        try:
            self._ensure_started()
        except WorkerLost as lost:
            cell.run = CellRun(position=step.position, error=str(lost))
            self._cells.append(cell)
            return
        self._execute(cell)
        self._cells.append(cell)

    def call(self, target: Target, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """See `Caller.call`.

        Raises:
            StudentError: What the student's code raised.
            WorkerLost: If the process died or ran out of time.
        """
        self._ensure_started()
        body = {"target": target, "args": args, "kwargs": dict(kwargs), "seed": self._seed}
        answer = self._request("call", body, self.limits.call_cpu_s)
        if not (isinstance(answer, list) and len(answer) == 3):
            raise self._break(WorkerLost("the process answered with something that is no reply"))
        value, args_after, kwargs_after = answer
        for before, after in _pairs(args, kwargs, args_after, kwargs_after):
            write_back(before, after)
        return value

    def get(self, target: Target) -> Any:
        """See `Caller.get`."""
        self._ensure_started()
        return self._request("get", {"target": target}, self.limits.call_cpu_s)

    def close(self) -> None:
        """End the process."""
        if self._running is not None:
            self._running.__exit__(None, None, None)
        self._running = self._channel = None

    def _ensure_started(self) -> None:
        if self._channel is not None:
            return
        if time.monotonic() > self._deadline:
            raise WorkerLost("the submission's time is used up", Outcome.TIMED_OUT)
        if self._generation:
            if self._restarts_left <= 0:
                assert self._lost is not None  # noqa: S101 - it started once, so it was lost
                raise WorkerLost(f"not tried again after: {self._lost}", self._lost.outcome)
            self._restarts_left -= 1
        self._generation += 1
        self._running = self._sandbox.start(view=self._view, limits=self.limits)
        self._channel = self._running.__enter__()
        for cell in self._cells:
            if self._channel is not None and not cell.run.killed:
                self._execute(cell)
        if self._channel is None:  # a cell that was well the first time ended this process
            self._ensure_started()

    def _execute(self, cell: _Cell) -> None:
        position = cell.step.position
        body = {"source": cell.step.source, "position": position}
        try:
            error = self._request("run", body, self.limits.cell_cpu_s)
        except WorkerLost as lost:
            cell.run = CellRun(position=position, error=str(lost), killed=True)
            # The killer is known and will be skipped: this restart costs no exercise anything.
            self._restarts_left += 1
        else:
            text = student_error(error).describe() if error is not None else ""
            cell.run = CellRun(position=position, error=text)

    def _request(self, op: str, body: object, cpu_s: float) -> Any:
        assert self._channel is not None  # noqa: S101 - callers have started it
        self._requests += 1
        number = self._requests
        sent = encode_request(number, op, body, handle_for=_handle_of)
        left_s = max(self._deadline - time.monotonic(), 0.0)
        budget = Budget(cpu_s=cpu_s, wall_s=min(cpu_s * self.limits.patience, left_s))
        try:
            document, blob = self._channel.exchange(sent.pieces, budget)
            ok, answer = decode_reply(
                number,
                document,
                blob,
                sent=sent,
                make_handle=lambda handle: Remote(self, [handle], handle),
                limits=FrameLimits(blob_bytes=self.limits.frame_bytes),
            )
        except ProtocolError as error:
            raise self._break(WorkerLost(f"the process answered with {error}")) from None
        except WorkerLost as lost:
            raise self._break(lost) from None
        if ok:
            return answer
        raise student_error(answer)

    def _break(self, lost: WorkerLost) -> WorkerLost:
        """End a process that is of no use any more."""
        self._lost = lost
        self.close()
        return lost


def _handle_of(value: object) -> Handle:
    if isinstance(value, Remote):
        return value.wire_handle
    raise ProtocolError(f"a suite cannot send a {type(value).__name__}")


def _pairs(
    args: tuple[Any, ...], kwargs: Mapping[str, Any], args_after: Any, kwargs_after: Any
) -> Iterable[tuple[Any, Any]]:
    if isinstance(args_after, tuple) and len(args_after) == len(args):
        yield from zip(args, args_after, strict=True)
    if isinstance(kwargs_after, dict):
        yield from ((kwargs[key], kwargs_after[key]) for key in kwargs if key in kwargs_after)
