"""The system call filter: an allow-list, everything else is refused with EPERM.

Classic BPF over `struct seccomp_data`: number at 0, architecture at 4, the low
half of argument n at 16 + 8 n. Source: the kernel's seccomp_filter.rst.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from dataclasses import dataclass

from nbjudge.sandbox.linux import syscalls
from nbjudge.sandbox.linux.syscall_numbers import NUMBERS

_ALLOWED = (
    "access",
    "alarm",
    "arch_prctl",
    "brk",
    "chdir",
    "chmod",
    "clock_getres",
    "clock_gettime",
    "clock_nanosleep",
    "close",
    "close_range",
    "copy_file_range",
    "creat",
    "dup",
    "dup2",
    "dup3",
    "epoll_create",
    "epoll_create1",
    "epoll_ctl",
    "epoll_pwait",
    "epoll_pwait2",
    "epoll_wait",
    "eventfd",
    "eventfd2",
    "exit",
    "exit_group",
    "faccessat",
    "faccessat2",
    "fadvise64",
    "fallocate",
    "fchdir",
    "fchmod",
    "fchmodat",
    "fcntl",
    "fdatasync",
    "flock",
    "fstat",
    "fstatat",
    "fstatfs",
    "fsync",
    "ftruncate",
    "futex",
    "futex_waitv",
    "get_robust_list",
    "getcpu",
    "getcwd",
    "getdents",
    "getdents64",
    "getegid",
    "geteuid",
    "getgid",
    "getgroups",
    "getitimer",
    "getpeername",
    "getpgid",
    "getpgrp",
    "getpid",
    "getppid",
    "getpriority",
    "getrandom",
    "getresgid",
    "getresuid",
    "getrlimit",
    "getrusage",
    "getsid",
    "getsockname",
    "getsockopt",
    "gettid",
    "gettimeofday",
    "getuid",
    "ioctl",
    "link",
    "linkat",
    "lseek",
    "lstat",
    "madvise",
    "membarrier",
    "mincore",
    "mkdir",
    "mkdirat",
    "mlock",
    "mlock2",
    "mmap",
    "mprotect",
    "mremap",
    "msync",
    "munlock",
    "munmap",
    "nanosleep",
    "newfstatat",
    "open",
    "openat",
    "pause",
    "pipe",
    "pipe2",
    "poll",
    "ppoll",
    "pread64",
    "preadv",
    "preadv2",
    "pselect6",
    "pwrite64",
    "pwritev",
    "pwritev2",
    "read",
    "readahead",
    "readlink",
    "readlinkat",
    "readv",
    "recvfrom",
    "recvmsg",
    "rename",
    "renameat",
    "renameat2",
    "restart_syscall",
    "rmdir",
    "rseq",
    "rt_sigaction",
    "rt_sigpending",
    "rt_sigprocmask",
    "rt_sigreturn",
    "rt_sigsuspend",
    "rt_sigtimedwait",
    "sched_get_priority_max",
    "sched_get_priority_min",
    "sched_getaffinity",
    "sched_getparam",
    "sched_getscheduler",
    "sched_yield",
    "select",
    "sendmsg",
    "sendto",
    "set_robust_list",
    "set_tid_address",
    "setitimer",
    "setsockopt",
    "shutdown",
    "sigaltstack",
    "splice",
    "stat",
    "statfs",
    "statx",
    "symlink",
    "symlinkat",
    "sync_file_range",
    "sysinfo",
    "tee",
    "time",
    "timer_create",
    "timer_delete",
    "timer_getoverrun",
    "timer_gettime",
    "timer_settime",
    "timerfd_create",
    "timerfd_gettime",
    "timerfd_settime",
    "times",
    "truncate",
    "umask",
    "uname",
    "unlink",
    "unlinkat",
    "utime",
    "utimensat",
    "utimes",
    "wait4",
    "waitid",
    "write",
    "writev",
)
"""Files within reach, memory, time, threads, the one connection: what computing needs."""

_AUDIT = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_RETURN, _EQUAL, _AT_LEAST, _ANY_BIT, _LOAD = 0x06, 0x15, 0x35, 0x45, 0x20
_ALLOW, _KILL = 0x7FFF_0000, 0x8000_0000
_REFUSE = 0x0005_0000 | errno.EPERM
_NO_SUCH_CALL = 0x0005_0000 | errno.ENOSYS
_X32 = 0x4000_0000
_CLONE_THREAD = 0x0001_0000
_AF_UNIX = 1
_NUMBER, _ARCHITECTURE, _ARGUMENT_0 = 0, 4, 16


@dataclass(frozen=True, kw_only=True, slots=True)
class FilterRules:
    """What differs between submissions.

    Without processes of its own, a submission's memory and CPU are those of one
    process, which rlimits bound.
    """

    own_pid: int
    """The only process that may be signalled."""


def build_filter(rules: FilterRules) -> bytes:
    """Return the filter as BPF instructions."""
    numbers = NUMBERS[platform.machine()]
    program = [
        _load(_ARCHITECTURE),
        _jump(_EQUAL, _AUDIT[platform.machine()], 1, 0),
        _return(_KILL),
        _load(_NUMBER),
        # x86_64 only: the x32 calls have other numbers for the same things.
        _jump(_AT_LEAST, _X32, 0, 1),
        _return(_KILL),
        # glibc falls back to clone, whose flags can be read.
        _jump(_EQUAL, numbers["clone3"], 0, 1),
        _return(_NO_SUCH_CALL),
        *_if_argument(numbers["clone"], _ANY_BIT, _CLONE_THREAD),
        *_if_argument(numbers["socketpair"], _EQUAL, _AF_UNIX),
        *_if_argument(numbers["kill"], _EQUAL, rules.own_pid),
        *_if_argument(numbers["tgkill"], _EQUAL, rules.own_pid),
        *_if_argument(numbers["prlimit64"], _EQUAL, 0),
    ]
    for name in _ALLOWED:
        if name in numbers:
            program += [_jump(_EQUAL, numbers[name], 0, 1), _return(_ALLOW)]
    program.append(_return(_REFUSE))
    return b"".join(program)


def install_filter(program: bytes) -> None:
    """Filter every further system call of this process; cannot be undone.

    Raises:
        OSError: If the kernel refuses.
    """

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

    mode_filter = 2
    syscalls.forbid_new_privileges()
    described = Program(len(program) // 8, program)
    if syscalls.prctl(syscalls.Prctl.SET_SECCOMP, mode_filter, ctypes.byref(described)) < 0:
        raise OSError(ctypes.get_errno(), "the kernel refuses a system call filter")


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _load(offset: int) -> bytes:
    return _instruction(_LOAD, 0, 0, offset)


def _jump(test: int, value: int, if_true: int, if_false: int) -> bytes:
    return _instruction(test, if_true, if_false, value)


def _return(action: int) -> bytes:
    return _instruction(_RETURN, 0, 0, action)


def _if_argument(number: int, test: int, value: int) -> list[bytes]:
    """Allow a call whose first argument passes a test, refuse it otherwise."""
    return [
        _jump(_EQUAL, number, 0, 4),
        _load(_ARGUMENT_0),
        _jump(test, value, 1, 0),
        _return(_REFUSE),
        _return(_ALLOW),
    ]
