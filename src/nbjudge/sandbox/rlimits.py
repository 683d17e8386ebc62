"""Resource limits of one process."""

from __future__ import annotations

import contextlib
import os
import resource

from nbjudge.model import Limits

_NO_CORE = 1
"""With 0 a core_pattern that is a pipe still starts its program, as root; with 1 it does not."""
_LOCKED_BYTES = 8 << 20
_PENDING_SIGNALS = 256


def address_space_bytes(proc: int | None = None) -> int:
    """Return how much address space this process has; 0 where that cannot be told.

    Args:
        proc: Descriptor of a process table's folder, where none is mounted on /proc.
    """
    path = "/proc/self/statm" if proc is None else "self/statm"
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY, dir_fd=proc)
        with open(descriptor) as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    return 0


def apply_rlimits(limits: Limits, *, threads: int | None = None, taken_bytes: int = 0) -> None:
    """Bound this process and what it starts; a limit already lower stays.

    The CPU limit is only a last resort: the judge reads the clock from outside.

    Args:
        limits: The submission's.
        threads: How many threads the process's user may have in all, in its user
            namespace; None to leave that as it is.
        taken_bytes: Address space that this process has before any code of the student's runs.
            It is not counted: a CUDA build of torch takes more than a student gets.
    """
    bounds = {
        "AS": limits.memory_bytes + taken_bytes,
        "CORE": _NO_CORE,
        "CPU": int(limits.total_wall_s) + 1,
        "FSIZE": limits.file_bytes,
        "MEMLOCK": _LOCKED_BYTES,
        "NOFILE": limits.open_files,
        "SIGPENDING": _PENDING_SIGNALS,
    }
    if threads is not None:
        bounds["NPROC"] = threads
    for name, value in bounds.items():
        what = getattr(resource, f"RLIMIT_{name}", None)
        if what is not None:
            _bound(what, value)


def _bound(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    # macOS refuses some of these; what a level promises is tested by the conformance suite.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (bound, bound))
