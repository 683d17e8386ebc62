"""How much CPU another process used, and how long it was denied it."""

from __future__ import annotations

import os
import time


class CpuClock:
    """Reads a process's CPU time from outside; wall time where the system has no such clock.

    Args:
        pid: A child of ours that has not been waited for.
    """

    def __init__(self, pid: int) -> None:
        # Linux encodes "CPU time of process pid" in a clock id (clock_getcpuclockid(3)).
        self._clock = (~pid << 3) | 2
        self._waits = f"/proc/{pid}/schedstat"
        self._last_s: float | None = None

    def cpu_s(self) -> float:
        """Return CPU seconds used so far by all threads of the process."""
        try:
            self._last_s = time.clock_gettime(self._clock)
        except (OSError, AttributeError):
            # A clock that worked stops with its process: it ended, it did not compute.
            return time.monotonic() if self._last_s is None else self._last_s
        return self._last_s

    def denied_s(self) -> float:
        """Return seconds that the main thread was ready to run and was not let; 0 if unknown."""
        try:
            # Read at every call of a suite: an open file object would cost five times as much.
            descriptor = os.open(self._waits, os.O_RDONLY)
            try:
                return int(os.read(descriptor, 100).split()[1]) / 1e9
            finally:
                os.close(descriptor)
        except (OSError, ValueError, IndexError):
            return 0.0
