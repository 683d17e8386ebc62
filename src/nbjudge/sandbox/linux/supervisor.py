"""One submission: an init of ours, and under it the student's process, locked down.

With namespaces the init is pid 1 of its own: when it ends, the kernel ends
everything that the student started. It ends when the judge hangs up.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from nbjudge.model import Limits
from nbjudge.sandbox.environment import worker_environment
from nbjudge.sandbox.linux import landlock, namespaces, seccomp, syscalls
from nbjudge.sandbox.rlimits import address_space_bytes, apply_rlimits
from nbjudge.sandbox.scratch import is_overfull
from nbjudge.worker.serve import Worker
from nbjudge.worker.shell import NotebookShell

_CONNECTION = 3
"""The descriptor on which a student's process answers; the only one beside 0, 1 and 2."""
_FAILED = 99
_THREADS = 64
"""What one submission may have, counted in its own user namespace."""
_THREADS_OF_ALL = 4096
"""Without one, what the user may have in all: siblings and other programs count."""
_DISK_CHECK_MS = 100
_ONLY_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")


@dataclass(frozen=True, kw_only=True, slots=True)
class Child:
    """What a child needs between the fork and the student's first cell."""

    connection: int
    supervisor: int
    """Socket to the judge: tells the end, and ends us when it closes."""
    output: int
    proc: int
    user: int
    group: int
    shell: NotebookShell
    limits: Limits
    use_namespaces: bool
    scratch: str
    shown: tuple[str, ...]

    @property
    def package_folders(self) -> list[str]:
        """Where packages lie; who finds them by their metadata lists these."""
        parents = {os.path.dirname(path) for path in self.shown}
        return [path for path in parents if path.endswith(("site-packages", "dist-packages"))]

    @property
    def home(self) -> str:
        """The folder that the student may write to."""
        return namespaces.BOX if self.use_namespaces else self.scratch


def supervise(child: Child) -> NoReturn:
    """Be the init of one submission; never returns."""
    report = socket.socket(fileno=child.supervisor)
    try:
        syscalls.prctl(syscalls.Prctl.SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if child.use_namespaces:
            namespaces.map_own_ids(child.user, child.group, child.proc)
            namespaces.mount_box(child.limits.file_bytes)
        else:
            syscalls.prctl(syscalls.Prctl.SET_CHILD_SUBREAPER, 1)
        student = os.fork()
        if student == 0:
            _be_student(child, report)
        os.close(child.connection)
        os.close(child.output)
        report.send(json.dumps(_wait(student, child, report)).encode())
    except BaseException as error:  # noqa: BLE001, RUF100 - the judge must hear of it
        with suppress(OSError):
            report.send(json.dumps({"unavailable": f"{type(error).__name__}: {error}"}).encode())
    finally:
        os._exit(0)


def _wait(student: int, child: Child, report: socket.socket) -> dict[str, object]:
    """Wait until the student's process ends or must end; kill what is left."""
    descriptor = os.pidfd_open(student)
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    poll.register(report, select.POLLIN | select.POLLHUP)
    reason = ""
    # With namespaces the folder is a small disk of its own, and needs no watching.
    while not poll.poll(None if child.use_namespaces else _DISK_CHECK_MS):
        if is_overfull(
            child.scratch,
            most_bytes=child.limits.file_bytes,
            open_files=f"{student}/fd",
            proc=child.proc,
        ):
            reason = "the process filled its disk"
            break
    with suppress(ProcessLookupError):
        os.kill(student, signal.SIGKILL)
    _, status, usage = os.wait4(student, 0)
    return {
        "status": status,
        "reason": reason,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * 1024,
    }


def _be_student(child: Child, report: socket.socket) -> NoReturn:
    """Give everything up, then serve."""
    try:
        syscalls.prctl(syscalls.Prctl.SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        # The kernel adds our pid as the judge sees it; the judge reads our clocks by it.
        report.send(b"{}")
        # First what needs the process table: the connection may take its descriptor's number.
        with suppress(OSError):
            _volunteer_for_oom(child.proc)
        taken_bytes = address_space_bytes(child.proc)
        _arrange_descriptors(child)
        os.closerange(_CONNECTION + 1, os.sysconf("SC_OPEN_MAX"))
        _enter_home(child.home)
        syscalls.drop_capabilities()
        landlock.restrict(
            read_only=child.shown,
            listed=child.package_folders,
            read_write=[child.home],
            devices=_ONLY_DEVICES,
        )
        threads = _THREADS if child.use_namespaces else _THREADS_OF_ALL
        apply_rlimits(child.limits, threads=threads, taken_bytes=taken_bytes)
        sys.argv = ["notebook"]
        rules = seccomp.FilterRules(own_pid=os.getpid())
        seccomp.install_filter(seccomp.build_filter(rules))
        Worker(socket.socket(fileno=_CONNECTION), child.shell).serve()
    except BaseException:  # noqa: BLE001, RUF100 - printed where the judge keeps output
        import traceback  # noqa: PLC0415 - not on the way of every submission

        traceback.print_exc()
    finally:
        os._exit(_FAILED)


def _arrange_descriptors(child: Child) -> None:
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    for target in (1, 2):
        os.dup2(child.output, target)
    os.dup2(child.connection, _CONNECTION)


def _volunteer_for_oom(proc: int) -> None:
    """Under memory pressure the kernel takes this process first."""
    descriptor = os.open("self/oom_score_adj", os.O_WRONLY, dir_fd=proc)
    os.write(descriptor, b"1000")
    os.close(descriptor)


def _enter_home(home: str) -> None:
    os.environ.clear()
    os.environ.update(worker_environment(home))
    tempfile.tempdir = None  # the zygote's, which this process may not write to, is remembered
    work = os.path.join(home, "work")
    os.makedirs(work, exist_ok=True)
    os.chdir(work)
