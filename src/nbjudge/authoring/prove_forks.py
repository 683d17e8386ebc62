"""Run jobs in forks of this process, a few at a time, and survive each of them.

What is proved includes code that loops for ever, eats the memory or ends its
process: every job gets a process, a time and an amount of memory of its own,
and what it said before it ended is kept.
"""

from __future__ import annotations

import json
import os
import resource
import selectors
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from nbjudge.errors import GraderFault

_ROOM_BYTES = 4 << 30
"""Address space that a job may take beyond what its parent has."""

Emit = Callable[[Any], None]
"""Sends one JSON document to the parent, at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ForkJob:
    """Something to do in a process of its own."""

    name: str
    do: Callable[[Emit], None]
    timeout_s: float
    """Wall seconds, after which the process is killed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finished:
    """What became of a job."""

    job: ForkJob
    said: tuple[Any, ...]
    """What it emitted, in order."""
    ended: str
    """Why it did not come to its end: `timed out`, `its process died`; else empty."""


@dataclass(kw_only=True, slots=True)
class _Child:
    job: ForkJob
    pid: int
    descriptor: int
    deadline: float
    data: bytearray = field(default_factory=bytearray)


def run_in_forks(jobs: Sequence[ForkJob], *, processes: int) -> Iterator[Finished]:
    """Run every job; yield each as it finishes.

    Args:
        jobs: Started in this order.
        processes: How many at once.

    Raises:
        GraderFault: If a job raised: an error of the author's or ours, never of
            the code that is tried, which jobs catch themselves.
    """
    waiting, running = list(jobs)[::-1], dict[int, _Child]()
    with selectors.DefaultSelector() as selector:
        try:
            while waiting or running:
                while waiting and len(running) < processes:
                    child = _start(waiting.pop())
                    running[child.descriptor] = child
                    selector.register(child.descriptor, selectors.EVENT_READ)
                for child, is_over in _progress(selector, running):
                    del running[child.descriptor]
                    selector.unregister(child.descriptor)
                    yield _end(child, "" if is_over else "timed out")
        finally:
            for child in running.values():
                _end(child, "interrupted")


def _progress(
    selector: selectors.BaseSelector, running: dict[int, _Child]
) -> list[tuple[_Child, bool]]:
    """Read what there is; return the children that closed their pipe or ran out of time."""
    now = time.monotonic()
    left = max(0.0, min(child.deadline for child in running.values()) - now)
    over: list[tuple[_Child, bool]] = []
    for key, _ in selector.select(left):
        child = running[key.fd]
        chunk = os.read(key.fd, 1 << 16)
        child.data += chunk
        if not chunk:
            over.append((child, True))
    ended = {child.descriptor for child, _ in over}
    late = [c for c in running.values() if c.deadline <= time.monotonic()]
    return over + [(child, False) for child in late if child.descriptor not in ended]


def _start(job: ForkJob) -> _Child:
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        _run(job, write_end)
    os.close(write_end)
    return _Child(job=job, pid=pid, descriptor=read_end, deadline=time.monotonic() + job.timeout_s)


def _run(job: ForkJob, write_end: int) -> NoReturn:
    """Do the job in the child, with its prints in the void, and leave without exit hooks."""
    try:
        void = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(void, descriptor)
        _limit_memory()
        try:
            job.do(lambda document: _write(write_end, document))
        except Exception as error:  # the parent raises it, with the job's name
            _write(write_end, {"fault": str(error) or type(error).__name__})
        _write(write_end, {"done": True})
    finally:
        os._exit(0)


def _write(descriptor: int, document: Any) -> None:
    data = json.dumps(document).encode() + b"\n"
    while data:
        data = data[os.write(descriptor, data) :]


def _limit_memory() -> None:
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return  # no Linux: the time limit has to do
    limit = pages * resource.getpagesize() + _ROOM_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _end(child: _Child, ended: str) -> Finished:
    os.kill(child.pid, signal.SIGKILL)
    os.waitpid(child.pid, 0)
    os.close(child.descriptor)
    # The last line of a killed child may be half a line.
    said = [json.loads(line) for line in bytes(child.data).split(b"\n")[:-1]]
    for document in said:
        if isinstance(document, dict) and "fault" in document:
            raise GraderFault(f"{child.job.name}: {document['fault']}")
    is_done = bool(said) and said[-1] == {"done": True}
    return Finished(
        job=child.job,
        said=tuple(said[:-1] if is_done else said),
        ended=ended or ("" if is_done else "its process died"),
    )
