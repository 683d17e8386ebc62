"""The judge's side of a zygote: start it, check it, ask it for workers."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from nbjudge.errors import SandboxUnavailable
from nbjudge.model import Course, Limits, Outcome
from nbjudge.sandbox.base import Channel, View, WorkerLost
from nbjudge.sandbox.connection import Connection, stream_pair
from nbjudge.sandbox.cpu_clock import CpuClock
from nbjudge.sandbox.environment import worker_environment
from nbjudge.sandbox.linux.cgroup import open_memory_cgroup
from nbjudge.sandbox.linux.view import refuse_course_paths, view_paths
from nbjudge.sandbox.linux.zygote import ZygoteConfig
from nbjudge.sandbox.scratch import remove_tree
from nbjudge.texts import say

_START_S = 60.0
_SPAWN_S = 30.0
_END_S = 10.0
_ZYGOTE_BYTES = 1 << 30
"""What a zygote itself and the kernel on its behalf may take, where a control group counts it."""
# What most notebooks begin with: `%matplotlib inline`, and `from nbjudge import check, quiz`,
# which would take each submission 70 ms.
_ALWAYS = (
    *("numpy", "numpy.random", "matplotlib.pyplot", "matplotlib_inline.backend_inline"),
    *("nbjudge.student.check", "nbjudge.student.quiz"),
)
_MODULES = {
    View.NUMPY: _ALWAYS,
    View.TORCH: (*_ALWAYS, "torch"),
    View.INSTALLED: (*_ALWAYS, "pandas"),
}


class Zygote:
    """A running zygote; forks of this process may use it too.

    Args:
        view: What its students can import.
        course: The folder whose hidden files they must not reach.
        use_namespaces: Level `namespaces`, or only `no-namespaces`.

    Raises:
        SandboxUnavailable: If the kernel refuses, or the view shows what it must not.
    """

    def __init__(self, view: View, course: Path, *, use_namespaces: bool) -> None:
        self._paths = view_paths(view, Course.find(course).packages)
        refuse_course_paths(self._paths.shown, course)
        self._canary = _plant_canary(course)
        self._scratch = "/"  # with namespaces every student has a file system of its own
        if not use_namespaces:
            self._scratch = tempfile.mkdtemp(prefix="nbjudge-scratch-")
            os.chmod(self._scratch, 0o711)  # noqa: S103 - the student's user must pass through
        self._use_namespaces = use_namespaces
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._cgroup = open_memory_cgroup()
        with theirs:
            self._process = self._start(view, theirs.fileno())
        try:
            if self._cgroup is not None:
                self._cgroup.add(self._process.pid)
            self._check()
        except BaseException:
            self.close()
            raise

    @contextlib.contextmanager
    def worker(self, limits: Limits) -> Iterator[Channel]:
        """Start a student's process; leaving the context ends it and all it started.

        Raises:
            SandboxUnavailable: If the zygote could not start one.
        """
        ours, connection = stream_pair()
        report, supervisor = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        report.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        read_end, write_end = os.pipe()
        with self._folder() as folder, ours, report:
            request = json.dumps({"limits": asdict(limits), "scratch": folder}).encode()
            ends = [connection.fileno(), supervisor.fileno(), write_end]
            try:
                socket.send_fds(self._control, [request], ends)
            finally:
                connection.close()
                supervisor.close()
                os.close(write_end)
            pid = _receive_pid(report)
            kills = self._bound_memory(limits)
            channel = Connection(
                stream=ours,
                printed=read_end,
                clock=CpuClock(pid),
                limits=limits,
                why_ended=lambda: self._why_ended(report, kills),
            )
            try:
                yield channel
            finally:
                channel.close()
                _hang_up(report)

    def close(self) -> None:
        """End the zygote and what is left of its students."""
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._canary.close()
        if self._cgroup is not None:
            self._cgroup.close()
        if not self._use_namespaces:
            remove_tree(self._scratch)

    def _bound_memory(self, limits: Limits) -> int:
        """Let the control group hold this submission; return how many it has lost so far."""
        if self._cgroup is None:
            return 0
        self._cgroup.bound(_ZYGOTE_BYTES + limits.memory_bytes + limits.file_bytes)
        return self._cgroup.kills()

    def _why_ended(self, report: socket.socket, kills: int) -> WorkerLost:
        lost = _why_ended(report)
        if self._cgroup is not None and self._cgroup.kills() > kills:
            reason = say("the process took more memory than allowed")
            return WorkerLost(reason, Outcome.OUT_OF_MEMORY)
        return lost

    def _start(self, view: View, control: int) -> subprocess.Popen[bytes]:
        config = ZygoteConfig(
            control=control,
            shown=self._paths.shown,
            emptied=self._paths.emptied,
            modules=_MODULES[view],
            use_namespaces=self._use_namespaces,
            scratch=self._scratch,
            canary=self._canary.name,
        )
        return subprocess.Popen(  # noqa: S603 - our own module
            [
                *(sys.executable, "-P", "-s", "-m", "nbjudge.sandbox.linux.zygote"),
                json.dumps(asdict(config)),
            ],
            pass_fds=[control],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            env=worker_environment(self._scratch),
        )

    def _check(self) -> None:
        self._control.settimeout(_START_S)
        try:
            answer = json.loads(self._control.recv(1 << 16) or b"{}")
        except TimeoutError:
            raise SandboxUnavailable(f"The zygote did not start within {_START_S:g} s.") from None
        self._control.settimeout(None)
        if "ready" not in answer:
            reason = answer.get("unavailable") or self._last_words()
            raise SandboxUnavailable(
                f"The zygote could not shut itself in: {reason}.",
                context=sys.executable,
                hint="without namespaces a judge that runs as root uses another user, who must be "
                "able to read the Python installation: not one below /root.",
            )
        if self._use_namespaces and answer["ready"]["reaches_canary"]:
            raise SandboxUnavailable(
                "The students' view shows a file of the course.", context=self._canary.name
            )

    def _last_words(self) -> str:
        self._process.kill()
        assert self._process.stderr is not None  # noqa: S101 - it is a pipe
        lines = self._process.stderr.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a word"

    @contextlib.contextmanager
    def _folder(self) -> Iterator[str]:
        """A folder of one student's own, where they have no file system of their own."""
        if self._use_namespaces:
            yield ""
            return
        folder = tempfile.mkdtemp(dir=self._scratch)
        try:
            Path(folder).chmod(0o777)
            yield folder
        finally:
            remove_tree(folder)


def _plant_canary(course: Path) -> IO[bytes]:
    """Make a file in the course that must be out of reach from inside."""
    folder = course / ".nbjudge"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        return tempfile.NamedTemporaryFile(prefix="canary-", dir=folder)
    except OSError as error:
        raise SandboxUnavailable(
            f"No file can be made in the course: {error}.", context=str(folder)
        ) from error


def _receive_pid(report: socket.socket) -> int:
    """Return the student's pid as this process sees it, from the kernel's own word."""
    report.settimeout(_SPAWN_S)
    size = struct.calcsize("3i")
    try:
        packet, ancillary, _, _ = report.recvmsg(1 << 16, socket.CMSG_SPACE(size))
    except TimeoutError:
        raise SandboxUnavailable(f"No worker within {_SPAWN_S:g} s.") from None
    answer = json.loads(packet or b'{"unavailable": "the zygote is gone"}')
    if "unavailable" in answer:
        raise SandboxUnavailable(f"A worker could not be started: {answer['unavailable']}.")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
            return int(struct.unpack("3i", data[:size])[0])
    raise SandboxUnavailable("The kernel does not say which process the worker is.")


def _why_ended(report: socket.socket) -> WorkerLost:
    end = _receive_end(report)
    if end is None:
        return WorkerLost(say("the process closed its connection to the judge"))
    if end.get("reason"):
        return WorkerLost(str(end["reason"]))
    status = int(end["status"])
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        if name == "SIGXCPU":
            return WorkerLost(say("the process used up its CPU time"), Outcome.TIMED_OUT)
        return WorkerLost(say("the process crashed ({signal})", signal=name))
    code = os.WEXITSTATUS(status)
    return WorkerLost(say("the process ended itself (exit code {code})", code=code))


def _receive_end(report: socket.socket) -> dict[str, Any] | None:
    report.settimeout(2.0)
    try:
        answer: dict[str, Any] = json.loads(report.recv(1 << 16) or b"null")
    except (TimeoutError, ValueError, OSError):
        return None
    return answer if isinstance(answer, dict) and "status" in answer else None


def _hang_up(report: socket.socket) -> None:
    """Tell the init to end, and wait until the kernel has ended everything below it."""
    with contextlib.suppress(OSError):
        report.shutdown(socket.SHUT_WR)
        report.settimeout(_END_S)
        while report.recv(1 << 16):
            pass
