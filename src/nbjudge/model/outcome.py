"""What can become of one case."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """The closed vocabulary of verdicts. Only `PASSED` earns anything."""

    PASSED = "passed"
    FAILED = "failed"
    """The answer is not the expected one."""
    ERRORED = "errored"
    """The student's code raised, died or broke the protocol."""
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    NOT_RUN = "not run"
    """No verdict arrived for this case; worth nothing, never assumed passed."""
