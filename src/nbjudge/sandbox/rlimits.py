"""Resource limits of one process."""

from __future__ import annotations

import contextlib
import resource

from nbjudge.model import Limits


def apply_rlimits(limits: Limits) -> None:
    """Bound this process and what it starts; a limit already lower stays.

    The CPU limit is only a last resort: the judge reads the clock from outside.
    """
    for what, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, int(limits.total_wall_s) + 1),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
    ):
        hard = resource.getrlimit(what)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # macOS refuses some of these; what a level promises is tested by the conformance suite.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (bound, bound))
