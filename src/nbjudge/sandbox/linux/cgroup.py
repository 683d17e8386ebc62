"""A memory control group for a zygote and its students, where this user may make one.

It also counts what a process's address space does not: pipes, sockets, files in
memory. Where there is none, one process per submission and rlimits are the bound.
Version 1 is tested; version 2 is written from the kernel's cgroup-v2.rst and untested.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_MOUNT = Path("/sys/fs/cgroup")
_OWN = Path("/proc/self/cgroup")
_REMOVAL_S = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Files:
    """What the versions call the same things."""

    limit: str
    events: str


_VERSION_1 = _Files(limit="memory.limit_in_bytes", events="memory.oom_control")
_VERSION_2 = _Files(limit="memory.max", events="memory.events")


class MemoryCgroup:
    """A control group of ours; `open_memory_cgroup` makes one."""

    def __init__(self, folder: Path, files: _Files) -> None:
        self._folder = folder
        self._files = files
        self._bytes = 0

    def add(self, pid: int) -> None:
        """Move a process in; what it starts from now on is in it too."""
        (self._folder / "cgroup.procs").write_text(str(pid))

    def bound(self, size_bytes: int) -> None:
        """Allow at least `size_bytes` to all processes together: a bound never shrinks."""
        if size_bytes > self._bytes:
            (self._folder / self._files.limit).write_text(str(size_bytes))
            self._bytes = size_bytes

    def kills(self) -> int:
        """Return how many processes the kernel has ended for want of memory."""
        with suppress(OSError):
            for line in (self._folder / self._files.events).read_text().splitlines():
                name, _, count = line.partition(" ")
                if name == "oom_kill":
                    return int(count)
        return 0

    def close(self) -> None:
        """Remove the group, whose processes have been ended."""
        deadline = time.monotonic() + _REMOVAL_S
        while time.monotonic() < deadline:
            try:
                self._folder.rmdir()
            except FileNotFoundError:
                return
            except OSError:  # the last process is on its way out
                time.sleep(0.01)
            else:
                return


def open_memory_cgroup() -> MemoryCgroup | None:
    """Return a new control group; None where this user may not make one."""
    for parent, files in _candidates():
        folder = parent / f"nbjudge-{os.getpid()}-{time.monotonic_ns()}"
        with suppress(OSError):
            folder.mkdir()
            if (folder / files.limit).exists():
                return MemoryCgroup(folder, files)
            folder.rmdir()
    return None


def _candidates() -> list[tuple[Path, _Files]]:
    """Return the folder of this process's own group in each version that bounds memory."""
    found = []
    with suppress(OSError):
        for line in _OWN.read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if "memory" in controllers.split(","):
                found.append((_MOUNT / "memory" / path.lstrip("/"), _VERSION_1))
            elif not controllers:
                # A group that holds processes hands no controller down: its sibling gets it.
                own = _MOUNT / path.lstrip("/")
                found += [(own, _VERSION_2), (own.parent, _VERSION_2)]
    return found
