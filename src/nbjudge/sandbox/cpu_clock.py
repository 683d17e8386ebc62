"""How much CPU another process used, and how long it was denied it."""

from __future__ import annotations

import time
from pathlib import Path


class CpuClock:
    """Reads a process's CPU time from outside; wall time where the system has no such clock.

    Args:
        pid: A child of ours that has not been waited for.
    """

    def __init__(self, pid: int) -> None:
        # Linux encodes "CPU time of process pid" in a clock id (clock_getcpuclockid(3)).
        self._clock = (~pid << 3) | 2
        self._waits = Path(f"/proc/{pid}/schedstat")

    def cpu_s(self) -> float:
        """Return CPU seconds used so far by all threads of the process."""
        try:
            return time.clock_gettime(self._clock)
        except (OSError, AttributeError):
            return time.monotonic()

    def denied_s(self) -> float:
        """Return seconds that the main thread was ready to run and was not let; 0 if unknown."""
        try:
            return int(self._waits.read_text().split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            return 0.0
