"""What one submission may use."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds on one submission's process; every quantity is positive.

    A suite overrides single values for its exercise with
    `@pytest.mark.limits(call_cpu_s=10)`.
    """

    call_cpu_s: float = 5.0
    """CPU seconds of one call into the student's code."""
    cell_cpu_s: float = 20.0
    """CPU seconds of one notebook cell."""
    patience: float = 2.0
    """Wall seconds allowed per CPU second, so that a sleeping process ends too;
    time in which the CPU was denied does not count."""
    total_wall_s: float = 300.0
    """Wall seconds of the whole submission, whatever it does."""
    memory_bytes: int = 2 << 30
    """Address space of the process, beyond what it has before the student's code runs."""
    file_bytes: int = 64 << 20
    """Size of one file that it writes."""
    open_files: int = 128
    output_bytes: int = 1 << 20
    """What is kept of its standard output and error."""
    frame_bytes: int = 256 << 20
    """Array bytes in one message from it."""
    restarts: int = 1
    """Fresh processes per exercise after the first one died."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            least = 0 if field.name == "restarts" else 1e-9
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= least:
                raise ValueError(f"{field.name} must be a positive number; got {value!r}")
