"""The contract of a sandbox back-end: every one passes `tests/conformance/`."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from nbjudge.model import Limits, Outcome
from nbjudge.protocol.frame import Blob


class View(StrEnum):
    """What a student's process can import beside the standard library."""

    NUMPY = "numpy"
    TORCH = "torch"
    INSTALLED = "installed"
    """Every package of this Python: for notebooks without a suite, whatever they import."""


class Isolation(StrEnum):
    """How strongly a back-end separates the student's code, weakest first."""

    PROCESS = "process"
    """A process of its own, nothing else."""
    LIMITS = "limits"
    """Also bounded in time, memory, files and output."""
    NO_NAMESPACES = "no-namespaces"
    """Also cut off from files and system calls, by Landlock and seccomp."""
    NAMESPACES = "namespaces"
    """Also alone: an empty root, no network, no other process in sight."""

    @property
    def strength(self) -> int:
        """Rank from 0; a larger one isolates more."""
        return list(Isolation).index(self)


class WorkerLost(Exception):
    """The student's process is gone or useless: always the submission's outcome.

    Attributes:
        outcome: `ERRORED`, `TIMED_OUT` or `OUT_OF_MEMORY`.
    """

    def __init__(self, reason: str, outcome: Outcome = Outcome.ERRORED) -> None:
        super().__init__(reason)
        self.outcome = outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """How long one exchange may take."""

    cpu_s: float
    """CPU seconds of the worker."""
    wall_s: float
    """Wall seconds, not counting time in which the CPU was denied to the worker."""


class Timer(Protocol):
    """A budget that is being used up."""

    def check(self) -> None:
        """Raise `WorkerLost` if it is used up."""
        ...


class Channel(Protocol):
    """A running worker, seen from the judge."""

    def start_timer(self, budget: Budget) -> Timer:
        """Start to count, for several exchanges that share one budget."""
        ...

    def exchange(
        self, pieces: list[memoryview], budget: Budget | Timer
    ) -> tuple[dict[str, Any], Blob]:
        """Send one frame and wait for the answer, draining the worker's output.

        Returns:
            The answer's JSON document and blob: parsed, bounded, not trusted.

        Raises:
            WorkerLost: If the worker ended, ran out of its budget or sent what
                is no frame. The channel is of no use after that.
        """
        ...

    def output(self) -> str:
        """Return what the worker has printed so far, cut at `Limits.output_bytes`."""
        ...


class Sandbox(Protocol):
    """A back-end that runs untrusted code."""

    isolation: Isolation

    def prepare(self, view: View) -> None:
        """Start what the workers of a view share, so that forks of this process share it too.

        Raises:
            SandboxUnavailable: If this host cannot isolate.
        """
        ...

    def close(self) -> None:
        """End what `prepare` started; no worker may be running."""
        ...

    def start(self, *, view: View, limits: Limits) -> AbstractContextManager[Channel]:
        """Start a worker, cut off as `isolation` promises; leaving ends it and all it started.

        Raises:
            SandboxUnavailable: If this host cannot isolate. A back-end never
                falls back to weaker isolation.
        """
        ...
