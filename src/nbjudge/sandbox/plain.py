"""The back-end of level `limits`: a fresh process with resource limits, on any POSIX system.

It stops endless loops, memory and output floods and keeps the student's code
out of the judge's processes. It does NOT keep it away from files or the network.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from nbjudge.errors import SandboxUnavailable
from nbjudge.model import Limits, Outcome
from nbjudge.sandbox.base import Channel, Isolation, View, WorkerLost
from nbjudge.sandbox.connection import Connection, stream_pair
from nbjudge.sandbox.cpu_clock import CpuClock
from nbjudge.sandbox.environment import worker_environment
from nbjudge.sandbox.rlimits import address_space_bytes, apply_rlimits
from nbjudge.sandbox.scratch import remove_tree
from nbjudge.texts import say
from nbjudge.worker.serve import Worker
from nbjudge.worker.shell import NotebookShell

_START = "from nbjudge.sandbox.plain import serve; serve()"


class PlainSandbox:
    """Starts one interpreter per worker.

    Args:
        course: Taken as by every back-end; this level keeps nothing out of reach.
    """

    isolation = Isolation.LIMITS

    def __init__(self, course: Path) -> None:
        del course

    def prepare(self, view: View) -> None:
        """See `Sandbox.prepare`: nothing is shared at this level."""

    def close(self) -> None:
        """See `Sandbox.close`."""

    @contextlib.contextmanager
    def start(self, *, view: View, limits: Limits) -> Iterator[Channel]:
        """See `Sandbox.start`. The view is what is installed: nothing is hidden at this level."""
        ours, theirs = stream_pair()
        read_end, write_end = os.pipe()
        scratch = tempfile.mkdtemp(prefix="nbjudge-")
        os.mkdir(os.path.join(scratch, "work"))
        try:
            process = _spawn(theirs, write_end, scratch, view, limits)
        except OSError as error:
            ours.close()
            os.close(read_end)
            remove_tree(scratch)
            raise SandboxUnavailable(f"A worker could not be started: {error}.") from error
        finally:
            theirs.close()
            os.close(write_end)
        connection = Connection(
            stream=ours,
            printed=read_end,
            clock=CpuClock(process.pid),
            limits=limits,
            why_ended=lambda: _why_ended(process),
        )
        try:
            yield connection
        finally:
            connection.close()
            _end(process)
            remove_tree(scratch)


def serve() -> None:
    """Be the worker: import what its view promises, bound this process, run the student's code."""
    view, limits = View(sys.argv[2]), Limits(**json.loads(sys.argv[3]))
    if view is View.TORCH:
        with contextlib.suppress(ImportError):
            importlib.import_module("torch")
    connection, shell = socket.socket(fileno=int(sys.argv[1])), NotebookShell()
    sys.argv = ["notebook"]
    apply_rlimits(limits, taken_bytes=address_space_bytes())
    Worker(connection, shell).serve()


def _spawn(
    theirs: socket.socket, write_end: int, scratch: str, view: View, limits: Limits
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter with a fixed program
        # -P and -s: neither the scratch folder nor the user's site may shadow a module.
        [
            *(sys.executable, "-P", "-s", "-c", _START),
            *(str(theirs.fileno()), view.value, json.dumps(asdict(limits))),
        ],
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=write_end,
        stderr=write_end,
        cwd=os.path.join(scratch, "work"),
        env=worker_environment(scratch),
        start_new_session=True,
    )


def _why_ended(process: subprocess.Popen[bytes]) -> WorkerLost:
    try:
        code = process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        return WorkerLost(say("the process closed its connection to the judge"))
    if code >= 0:
        return WorkerLost(say("the process ended itself (exit code {code})", code=code))
    if -code == signal.SIGXCPU:
        return WorkerLost(say("the process used up its CPU time"), Outcome.TIMED_OUT)
    return WorkerLost(say("the process crashed ({signal})", signal=signal.Signals(-code).name))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the worker and every process of its session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
