"""The zygote: imports everything once, then forks a locked-down child per submission.

A process of its own with a clean environment, started by `nbjudge.sandbox.linux.client`.
It never runs a student's code and never sees a hidden test: it enters its own
namespaces and its empty root before it imports anything large.
"""

from __future__ import annotations

import errno
import gc
import importlib
import json
import os
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn

from nbjudge.model import Limits
from nbjudge.sandbox.linux import namespaces, syscalls
from nbjudge.sandbox.linux.supervisor import Child, supervise
from nbjudge.sandbox.linux.view import ViewPaths
from nbjudge.worker.shell import NotebookShell

_SCRATCH_BYTES = 64 << 20
_REQUEST_BYTES = 1 << 16
UNPRIVILEGED_ID = 61_000
"""A user and group that own nothing, for a judge that runs as root."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ZygoteConfig:
    """What a zygote is told on its command line, as JSON."""

    control: int
    """Descriptor of the socket to the judge."""
    shown: tuple[str, ...]
    emptied: tuple[str, ...]
    modules: tuple[str, ...]
    """What to import before the first student."""
    use_namespaces: bool
    scratch: str
    """A folder for students' files, where there is no mount namespace."""
    canary: str
    """A file of the grader's that must be out of reach from inside."""

    @classmethod
    def from_json(cls, text: str) -> ZygoteConfig:
        """Read what the client wrote with `asdict`."""
        fields: dict[str, Any] = json.loads(text)
        for name in ("shown", "emptied", "modules"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


def main() -> None:
    """Serve spawn requests until the judge hangs up."""
    config = ZygoteConfig.from_json(sys.argv[1])
    control = socket.socket(fileno=config.control)
    try:
        zygote = _Zygote(config)
    except OSError as error:
        control.send(json.dumps({"unavailable": str(error)}).encode())
        return
    control.send(json.dumps({"ready": zygote.describe()}).encode())
    zygote.serve(control)


class _Zygote:
    """Shuts itself in, then imports; in that order."""

    def __init__(self, config: ZygoteConfig) -> None:
        self._config = config
        # After the pivot /proc is out of sight; this descriptor never reaches a student.
        self._proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        if config.use_namespaces:
            self._enter_namespaces()
        if os.geteuid() == 0:
            _become_nobody()
        self._user, self._group = os.geteuid(), os.getegid()
        # Changing the user made /proc/self root's; the child must write its uid_map there.
        syscalls.prctl(syscalls.Prctl.SET_DUMPABLE, 1)
        self._shell = self._warm_up()
        if len(os.listdir(os.open("self/task", os.O_RDONLY, dir_fd=self._proc))) != 1:
            raise OSError("the zygote must have one thread; a library started more")
        gc.collect()
        gc.freeze()  # collections in children would copy every page they touch

    def describe(self) -> dict[str, object]:
        """Say what the judge checks before it trusts this zygote."""
        return {"reaches_canary": self._reaches(self._config.canary), "user": os.getuid()}

    def serve(self, control: socket.socket) -> NoReturn:
        """Fork a child per request; a packet is a request, its descriptors the child's ends."""
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            packet, descriptors, _, _ = socket.recv_fds(control, _REQUEST_BYTES, 3)
            if not packet:
                os._exit(0)
            self._spawn(json.loads(packet), descriptors, control)
            for descriptor in descriptors:
                os.close(descriptor)

    def _spawn(
        self, request: dict[str, object], descriptors: list[int], control: socket.socket
    ) -> None:
        try:
            flags = int(namespaces.STUDENT_NAMESPACES) if self._config.use_namespaces else 0
            pid = syscalls.clone(flags) if flags else os.fork()
        except OSError as error:
            with socket.socket(fileno=os.dup(descriptors[1])) as supervisor:
                supervisor.send(json.dumps({"unavailable": str(error)}).encode())
            return
        if pid == 0:
            control.close()
            supervise(self._child(request, descriptors))

    def _child(self, request: dict[str, object], descriptors: list[int]) -> Child:
        limits = request["limits"]
        assert isinstance(limits, dict)  # noqa: S101 - both ends are ours
        return Child(
            connection=descriptors[0],
            supervisor=descriptors[1],
            output=descriptors[2],
            proc=self._proc,
            user=self._user,
            group=self._group,
            shell=self._shell,
            limits=Limits(**limits),
            use_namespaces=self._config.use_namespaces,
            scratch=str(request.get("scratch", "")),
            shown=self._config.shown,
        )

    def _enter_namespaces(self) -> None:
        user, group = os.geteuid(), os.getegid()
        if user == 0:
            syscalls.unshare(namespaces.ZYGOTE_NAMESPACES)
        else:
            syscalls.unshare(namespaces.ZYGOTE_NAMESPACES | syscalls.Namespace.USER)
            namespaces.map_own_ids(user, group, self._proc)
        view = ViewPaths(shown=self._config.shown, emptied=self._config.emptied)
        namespaces.enter_empty_root(view, scratch_bytes=_SCRATCH_BYTES)

    def _warm_up(self) -> NotebookShell:
        folder = namespaces.BOX if self._config.use_namespaces else self._config.scratch
        for name in ("HOME", "IPYTHONDIR", "MPLCONFIGDIR", "TMPDIR"):
            os.environ[name] = folder
        for module in self._config.modules:
            with suppress(ImportError):
                importlib.import_module(module)
        shell = NotebookShell()
        shell.warm_up()
        return shell

    def _reaches(self, path: str) -> bool:
        try:
            os.close(os.open(path, os.O_RDONLY))
        except OSError:
            return False
        return True


def _become_nobody() -> None:
    """Give up root for a user who owns nothing.

    The root of some containers may not: it has no right to, or there is no other user.
    """
    with suppress(PermissionError):
        os.setgroups([])
    try:
        os.setresgid(UNPRIVILEGED_ID, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
        os.setresuid(UNPRIVILEGED_ID, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EINVAL):
            raise


if __name__ == "__main__":
    main()
