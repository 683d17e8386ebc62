"""One submission's process during its judging: cells, calls, restarts."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from nbjudge.model import CellRun, Limits, Outcome
from nbjudge.notebook.plan import RunCell
from nbjudge.protocol.frame import FrameLimits, ProtocolError
from nbjudge.protocol.message import Gradients, Sent, decode_reply, encode_request
from nbjudge.protocol.torch_values import loaded_torch
from nbjudge.protocol.values import Handle, Lent
from nbjudge.sandbox.base import Budget, Channel, Sandbox, View, WorkerLost
from nbjudge.suite.errors import StudentError, student_error
from nbjudge.suite.hidden_worker import HiddenWorker
from nbjudge.suite.proxy import Held, Remote, Target
from nbjudge.suite.remote_callbacks import CallbackDesk
from nbjudge.suite.remote_functions import MAX_NESTING
from nbjudge.suite.remote_parameters import ParameterCopies
from nbjudge.suite.write_back import write_back
from nbjudge.texts import say


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
        self._open_requests = 0
        self._dropped: list[int] = []
        self._cells: list[_Cell] = []
        self._restarts_left = limits.restarts
        self._lost: WorkerLost | None = None
        self._frame_limits = FrameLimits(blob_bytes=limits.frame_bytes)
        self._copies = ParameterCopies()
        self._hidden = HiddenWorker(
            lambda: WorkerSession(sandbox=sandbox, view=view, limits=limits, seed=seed)
        )
        self._desk = CallbackDesk(
            hidden=self._hidden, handle_for=self._handle_for, limits=self._frame_limits
        )

    @property
    def cells(self) -> tuple[CellRun, ...]:
        """How the cells run so far ended."""
        return tuple(cell.run for cell in self._cells)

    def begin_exercise(self) -> None:
        """Give the next exercise its own restarts: an earlier one cannot use them up."""
        self._restarts_left = self.limits.restarts
        if self._channel is None:
            self._lost = None

    def begin_case(self, limits: Limits) -> None:
        """Set the limits of the next case, and take back what the last one lent."""
        self.limits = limits
        self._desk.functions.take_back()

    def start(self) -> None:
        """Have a process in which every cell run so far has run.

        Raises:
            WorkerLost: If there is no time or no restart left.
        """
        # Again as long as a cell that was well the first time ends the process.
        while self._channel is None:
            self._start()

    def run_cell(self, step: RunCell) -> None:
        """Run a cell; one that kills or hangs its process is skipped from then on."""
        cell = _Cell(step=step, run=CellRun(position=step.position))
        try:
            self.start()
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
        self.start()
        body: dict[str, Any] = {"args": args, "kwargs": dict(kwargs), "seed": self._seed}
        if self._has_tensors():
            body["recording"] = loaded_torch().is_grad_enabled()
        if self._dropped:
            body["drop"], self._dropped = self._dropped, []
        answer = self._ask("call", target, body)
        if not (isinstance(answer, list) and len(answer) == 3):
            raise self._break(
                WorkerLost(say("the process answered with something that is no reply"))
            )
        value, args_after, kwargs_after = answer
        for before, after in _pairs(args, kwargs, args_after, kwargs_after):
            write_back(before, after)
        return value

    def get(self, target: Target) -> Any:
        """See `Caller.get`."""
        self.start()
        return self._ask("get", target, {})

    def set(self, target: Target, name: str, value: Any) -> None:
        """See `Caller.set`."""
        self.start()
        self._ask("set", target, {"name": name, "value": value})

    def define(self, source: str) -> Any:
        """See `Caller.define`."""
        self.start()
        return self._request("define", {"source": source}, self.limits.call_cpu_s)

    def close(self) -> None:
        """End the process, and the one of the hidden functions."""
        self._hidden.close()
        self._end()

    def _end(self) -> None:
        if self._running is not None:
            self._running.__exit__(None, None, None)
        self._running = self._channel = None

    def _start(self) -> None:
        if time.monotonic() > self._deadline:
            raise WorkerLost(say("the submission's time is used up"), Outcome.TIMED_OUT)
        if self._generation:
            if self._restarts_left <= 0:
                assert self._lost is not None  # noqa: S101 - it started once, so it was lost
                reason = say("not tried again after: {reason}", reason=str(self._lost))
                raise WorkerLost(reason, self._lost.outcome)
            self._restarts_left -= 1
        self._generation += 1
        self._dropped = []
        self._running = self._sandbox.start(view=self._view, limits=self.limits)
        self._channel = self._running.__enter__()
        for cell in self._cells:
            if self._channel is not None and not cell.run.killed:
                self._execute(cell)

    def _execute(self, cell: _Cell) -> None:
        position = cell.step.position
        body = {"source": cell.step.source, "position": position}
        try:
            error = self._request("run", body, self.limits.cell_cpu_s)
        except WorkerLost as lost:
            cell.run = CellRun(position=position, error=str(lost), killed=True)
            # The killer is known and will be skipped: this restart costs no exercise anything.
            self._restarts_left += 1
        except StudentError as lie:  # no honest worker refuses to run a cell
            cell.run = CellRun(position=position, error=lie.describe())
        else:
            text = student_error(error).describe() if error is not None else ""
            cell.run = CellRun(position=position, error=text)

    def _ask(self, op: str, target: Target, body: dict[str, Any]) -> Any:
        self._copies.refuse_changes()
        root, *path = target
        first = root if isinstance(root, str) else self._live(root)
        return self._request(op, {"target": [first, *path], **body}, self.limits.call_cpu_s)

    def _request(self, op: str, body: object, cpu_s: float) -> Any:
        if self._open_requests >= MAX_NESTING:
            raise RecursionError(f"more than {MAX_NESTING} calls between suite and student open")
        self._requests += 1
        number = self._requests  # encoding may make a request of its own, for a handle
        sent = encode_request(
            number, op, body, handle_for=self._handle_for, tensors=self._has_tensors()
        )
        if not self._open_requests:
            self._desk.begin()
        self._open_requests += 1
        try:
            ok, answer = self._exchange(number, sent, cpu_s)
        except ProtocolError as error:
            reason = say("the process answered with {what}", what=str(error))
            raise self._break(WorkerLost(reason)) from None
        except WorkerLost as lost:
            raise self._break(lost) from None
        except BaseException:
            self._end()  # in the middle of a callback: nobody waits for its answer any more
            raise
        finally:
            self._open_requests -= 1
        if not self._open_requests:
            self._desk.raise_verdict()
        if ok:
            return answer
        raise student_error(answer)

    def _exchange(self, number: int, sent: Sent, cpu_s: float) -> tuple[bool, Any]:
        """Send a request, answer what the worker asks meanwhile, and read the reply."""
        channel, generation = self._channel, self._generation
        assert channel is not None  # noqa: S101 - callers have started it
        left_s = max(self._deadline - time.monotonic(), 0.0)
        timer = channel.start_timer(
            Budget(cpu_s=cpu_s, wall_s=min(cpu_s * self.limits.patience, left_s))
        )
        document, blob = channel.exchange(sent.pieces, timer)
        while "op" in document:
            reply = self._desk.answer(document, blob)
            timer.check()  # a worker that never makes us wait would never be timed
            document, blob = channel.exchange(reply, timer)
        found = Gradients()
        ok, answer = decode_reply(
            number,
            document,
            blob,
            sent=sent,
            make_handle=lambda handle: self._remote(handle, generation),
            limits=self._frame_limits,
            gradients=found,
        )
        if found.results:
            # Imported where torch is in use, and nowhere else.
            from nbjudge.suite.remote_autograd import attach  # noqa: PLC0415

            attach(_Graphs(self, generation), number, found.results, sent.requiring)
        self._copies.watch(found.leaves)
        return ok, answer

    def _has_tensors(self) -> bool:
        """Say whether suite and student both have torch; a numpy lesson never loads it."""
        return self._view is View.TORCH and loaded_torch() is not None

    def _remote(self, handle: Any, generation: int) -> object:
        if isinstance(handle, Lent):  # it gives back what the suite passed
            return self._desk.functions.resolve(handle)
        held = Held(handle=handle, generation=generation)
        return Remote(self, [held], held)

    def _handle_for(self, value: Any) -> Handle | Lent:
        """Return what stands for an argument that is no data: a student's object, a function."""
        if isinstance(value, Remote):
            if value._caller is not self:
                raise TypeError("an object of one process cannot be passed to another")
            if value._held.generation != self._generation and isinstance(value._target[0], str):
                value = self.get(value._target)
            return self._live(value._held)
        if callable(value):
            return self._desk.lend(value)
        raise TypeError(
            f"a {type(value).__name__} cannot be passed to a student's code; "
            "docs/proxy.md lists what can"
        )

    def _live(self, held: Held) -> Handle:
        """Return a handle that this process gave out.

        Raises:
            WorkerLost: If an earlier one did.
        """
        if held.generation != self._generation or self._channel is None:
            raise WorkerLost(say("the object was lost when its process ended"))
        return held.handle

    def _break(self, lost: WorkerLost) -> WorkerLost:
        """End a process that is of no use any more."""
        self._lost = lost
        self._end()
        return lost


class _Graphs:
    """The recorded calls of one process; see `remote_autograd.GraphHolder`."""

    def __init__(self, session: WorkerSession, generation: int) -> None:
        self._session = session
        self._generation = generation

    def gradients(self, call: int, cotangents: Sequence[Any]) -> list[Any]:
        """See `GraphHolder.gradients`."""
        answer: list[Any] = self._ask("gradients", call, cotangents)
        return answer

    def accumulate(self, call: int, cotangents: Sequence[Any]) -> None:
        """See `GraphHolder.accumulate`."""
        self._ask("accumulate", call, cotangents)

    def drop(self, call: int) -> None:
        """See `GraphHolder.drop`; told to the process with the next call."""
        if self._is_live():
            self._session._dropped.append(call)

    def _ask(self, op: str, call: int, cotangents: Sequence[Any]) -> Any:
        if not self._is_live():
            raise WorkerLost(say("what a gradient needs was lost when the process ended"))
        body = {"call": call, "cotangents": list(cotangents)}
        return self._session._request(op, body, self._session.limits.call_cpu_s)

    def _is_live(self) -> bool:
        session = self._session
        return session._channel is not None and session._generation == self._generation


def _pairs(
    args: tuple[Any, ...], kwargs: Mapping[str, Any], args_after: Any, kwargs_after: Any
) -> Iterable[tuple[Any, Any]]:
    if isinstance(args_after, tuple) and len(args_after) == len(args):
        yield from zip(args, args_after, strict=True)
    if isinstance(kwargs_after, dict):
        yield from ((kwargs[key], kwargs_after[key]) for key in kwargs if key in kwargs_after)
