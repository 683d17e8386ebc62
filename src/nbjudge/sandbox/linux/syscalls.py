"""The system calls that Python does not wrap, through ctypes."""

from __future__ import annotations

import ctypes
import os
import platform
from enum import IntFlag

_libc = ctypes.CDLL(None, use_errno=True)
_NUMBERS = {
    "x86_64": {"clone": 56, "pivot_root": 155},
    "aarch64": {"clone": 220, "pivot_root": 41},  # untested
}


class Namespace(IntFlag):
    """Flags of clone(2) and unshare(2)."""

    MOUNT = 0x0002_0000
    UTS = 0x0400_0000
    IPC = 0x0800_0000
    USER = 0x1000_0000
    PID = 0x2000_0000
    NET = 0x4000_0000


class Mount(IntFlag):
    """Flags of mount(2)."""

    READ_ONLY = 1
    NO_SUID = 2
    NO_DEV = 4
    NO_EXEC = 8
    REMOUNT = 32
    NO_ATIME = 1024
    NO_DIR_ATIME = 2048
    BIND = 4096
    RECURSIVE = 16384
    PRIVATE = 1 << 18
    REL_ATIME = 1 << 21


class Prctl:
    """Operations of prctl(2)."""

    SET_PDEATHSIG = 1
    SET_DUMPABLE = 4
    SET_SECCOMP = 22
    CAPBSET_DROP = 24
    SET_CHILD_SUBREAPER = 36
    SET_NO_NEW_PRIVS = 38
    CAP_AMBIENT = 47
    CAP_AMBIENT_CLEAR_ALL = 4


def is_known_machine() -> bool:
    """Say whether the numbers of this processor's system calls are known here."""
    return platform.system() == "Linux" and platform.machine() in _NUMBERS


def raw(number: int, *arguments: object) -> int:
    """Make a system call by number and return its result.

    Raises:
        OSError: If it fails.
    """
    return _check(int(_libc.syscall(number, *map(_argument, arguments))), f"syscall {number}")


def clone(flags: int) -> int:
    """Fork into new namespaces: 0 in the child, which is pid 1 of a new pid namespace.

    Like os.fork() for a process with one thread. Unlike unshare(2) and a fork
    it takes one process, not two.

    Raises:
        OSError: If the kernel or a policy refuses the namespaces.
    """
    sigchld = 17
    ctypes.pythonapi.PyOS_BeforeFork()
    try:
        pid = int(_libc.syscall(_number("clone"), ctypes.c_ulong(flags | sigchld), 0, 0, 0, 0))
    finally:
        error = ctypes.get_errno()
        if "pid" in locals() and pid == 0:
            ctypes.pythonapi.PyOS_AfterFork_Child()
        else:
            ctypes.pythonapi.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(error, f"clone: {os.strerror(error)}")
    return pid


def unshare(flags: int) -> None:
    """Move this process into new namespaces."""
    _check(_libc.unshare(flags), "unshare")


def mount(
    source: str | None, target: str, kind: str | None, flags: int = 0, data: str | None = None
) -> None:
    """Mount a file system, or change a mount."""
    encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind, data)]
    result = _libc.mount(*encoded[:3], ctypes.c_ulong(flags), encoded[3])
    _check(result, f"mount {target}")


def pivot_root_here() -> None:
    """Make the working directory the root and forget the old root."""
    _check(int(_libc.syscall(_number("pivot_root"), b".", b".")), "pivot_root")
    detach = 2
    _check(_libc.umount2(b".", detach), "umount of the old root")
    os.chdir("/")


def prctl(operation: int, *arguments: object) -> int:
    """Change this process and return the kernel's answer; negative if refused."""
    padded = [*map(_argument, arguments), 0, 0, 0, 0][:4]
    return int(_libc.prctl(operation, *padded))


def forbid_new_privileges() -> None:
    """Make setuid files and file capabilities ineffective from here on."""
    _check(prctl(Prctl.SET_NO_NEW_PRIVS, 1), "no_new_privs")


def drop_capabilities() -> None:
    """Give up every capability, for good."""
    capability = 0
    while prctl(Prctl.CAPBSET_DROP, capability) >= 0:
        capability += 1
    prctl(Prctl.CAP_AMBIENT, Prctl.CAP_AMBIENT_CLEAR_ALL)
    version_3 = 0x2008_0522
    header = (ctypes.c_uint32 * 2)(version_3, 0)
    _check(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def _number(name: str) -> int:
    return _NUMBERS[platform.machine()][name]


def _argument(value: object) -> object:
    return ctypes.c_ulong(value) if isinstance(value, int) else value


def _check(result: int, what: str) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result
