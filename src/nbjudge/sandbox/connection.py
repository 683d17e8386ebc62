"""The judge's end of a channel: deadlines, and bytes that nobody trusts."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable
from typing import Any

from nbjudge.model import Limits, Outcome
from nbjudge.protocol.frame import (
    HEADER,
    SMALL_FRAME,
    Blob,
    FrameLimits,
    ProtocolError,
    parse_document,
    split_header,
)
from nbjudge.protocol.memory import large_buffer
from nbjudge.sandbox.base import Budget, Timer, WorkerLost
from nbjudge.sandbox.cpu_clock import CpuClock
from nbjudge.texts import say

_TICK_S = 0.05
"""How often the clocks are read while nothing arrives."""
_KERNEL_BYTES = 1 << 20
"""What may be on its way in each direction: neither side waits for the other every 200 KB."""
_DRAINED_AT_ONCE = 16
"""Reads in a row, 1 MiB: a full pipe is emptied, and who prints without end holds up no clock."""


def stream_pair() -> tuple[socket.socket, socket.socket]:
    """Return two connected ends for a judge and a worker."""
    pair = socket.socketpair()
    for end in pair:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KERNEL_BYTES)
    return pair


class Connection:
    """A `Channel` over a stream socket and a pipe for what the worker prints.

    Args:
        stream: Connected to the worker.
        printed: Read end of the worker's standard output and error.
        clock: The worker's CPU clock.
        limits: Bounds on frames and output.
        why_ended: Says why the worker ended, once it has.
    """

    def __init__(
        self,
        *,
        stream: socket.socket,
        printed: int,
        clock: CpuClock,
        limits: Limits,
        why_ended: Callable[[], WorkerLost],
    ) -> None:
        self._stream = stream
        self._ahead = bytearray()
        self._printed: int | None = printed
        self._clock = clock
        self._frame_limits = FrameLimits(blob_bytes=limits.frame_bytes)
        self._output = bytearray()
        self._output_bytes = limits.output_bytes
        self._why_ended = why_ended
        stream.setblocking(False)
        os.set_blocking(printed, False)

    def exchange(
        self, pieces: list[memoryview], budget: Budget | Timer
    ) -> tuple[dict[str, Any], Blob]:
        """See `Channel.exchange`."""
        timer = self.start_timer(budget) if isinstance(budget, Budget) else budget
        for piece in pieces:
            self._send(piece, timer)
        try:
            header = self._receive(HEADER.size, timer)
            json_bytes, blob_bytes = split_header(header, self._frame_limits)
            document = parse_document(self._receive(json_bytes, timer), self._frame_limits)
            return document, self._receive(blob_bytes, timer)
        except ProtocolError as error:
            raise WorkerLost(say("the process answered with {what}", what=str(error))) from None

    def start_timer(self, budget: Budget) -> Timer:
        """See `Channel.start_timer`."""
        return _Timer(self._clock, budget)

    def output(self) -> str:
        """See `Channel.output`."""
        self._drain()
        return self._output.decode("utf-8", "replace")

    def close(self) -> None:
        """Hang up."""
        self._stream.close()
        if self._printed is not None:
            os.close(self._printed)
            self._printed = None

    def _send(self, piece: memoryview, timer: Timer) -> None:
        while piece:
            try:
                piece = piece[self._stream.send(piece) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, timer)
            except OSError:
                raise self._why_ended() from None

    def _receive(self, size: int, timer: Timer) -> Blob:
        if size > SMALL_FRAME:
            return self._receive_large(size, timer)
        data = self._ahead
        while len(data) < size:
            try:
                # A small frame arrives whole: one call of the system instead of three.
                chunk = self._stream.recv(SMALL_FRAME)
            except BlockingIOError:
                self._wait(select.POLLIN, timer)
                continue
            except OSError:
                chunk = b""
            if not chunk:
                raise self._why_ended()
            data += chunk
        self._ahead = data[size:]
        del data[size:]
        return data

    def _receive_large(self, size: int, timer: Timer) -> memoryview:
        # A claimed size takes up nothing: only what arrives does.
        data = large_buffer(size)
        taken = min(len(self._ahead), size)
        data[:taken] = self._ahead[:taken]
        del self._ahead[:taken]
        view = data[taken:]
        while view:
            try:
                count = self._stream.recv_into(view)
            except BlockingIOError:
                self._wait(select.POLLIN, timer)
                continue
            except OSError:
                count = 0
            if not count:
                raise self._why_ended()
            view = view[count:]
        return data

    def _wait(self, event: int, timer: Timer) -> None:
        """Wait until the stream is ready; keep the worker's output flowing meanwhile."""
        while True:
            timer.check()
            poll = select.poll()
            poll.register(self._stream, event)
            if self._printed is not None:
                poll.register(self._printed, select.POLLIN)
            ready = dict(poll.poll(_TICK_S * 1000))
            if self._printed in ready:
                self._drain()
            if self._stream.fileno() in ready:
                return

    def _drain(self) -> None:
        """Take what was printed, or the worker would block on a full pipe."""
        for _ in range(_DRAINED_AT_ONCE):
            if self._printed is None:
                return
            try:
                data = os.read(self._printed, 1 << 16)
            except BlockingIOError:
                return
            if not data:
                os.close(self._printed)
                self._printed = None
                return
            self._output += data[: max(self._output_bytes - len(self._output), 0)]


class _Timer:
    """Counts a budget down."""

    def __init__(self, clock: CpuClock, budget: Budget) -> None:
        self._clock = clock
        self._budget = budget
        self._cpu_start = clock.cpu_s()
        self._wall_start = time.monotonic()
        self._denied_start = clock.denied_s()

    def check(self) -> None:
        """Raise `WorkerLost` if the budget is used up."""
        budget = self._budget
        if self._clock.cpu_s() - self._cpu_start > budget.cpu_s:
            reason = say("no answer after {seconds} s of computing", seconds=f"{budget.cpu_s:g}")
            raise WorkerLost(reason, Outcome.TIMED_OUT)
        wall_s = time.monotonic() - self._wall_start
        if wall_s <= budget.wall_s:
            return
        if wall_s - (self._clock.denied_s() - self._denied_start) > budget.wall_s:
            reason = say("no answer after {seconds} s", seconds=f"{budget.wall_s:g}")
            raise WorkerLost(reason, Outcome.TIMED_OUT)
