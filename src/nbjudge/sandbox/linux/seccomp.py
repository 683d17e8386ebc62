"""The system call filter: an allow-list, everything else is refused with EPERM.

Classic BPF over `struct seccomp_data`: number at 0, architecture at 4, the low
half of argument n at 16 + 8 n. Source: the kernel's seccomp_filter.rst.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from nbjudge.sandbox.linux import syscalls
from nbjudge.sandbox.linux.allowed_calls import ALLOWED, FCNTL_COMMANDS, IOCTL_REQUESTS, PRETENDED
from nbjudge.sandbox.linux.syscall_numbers import NUMBERS

_AUDIT = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_RETURN, _EQUAL, _AT_LEAST, _ANY_BIT, _LOAD, _AND = 0x06, 0x15, 0x35, 0x45, 0x20, 0x54
_ALLOW, _KILL = 0x7FFF_0000, 0x8000_0000
_REFUSE = 0x0005_0000 | errno.EPERM
_NO_SUCH_CALL = 0x0005_0000 | errno.ENOSYS
_NO_TERMINAL = 0x0005_0000 | errno.ENOTTY
_PRETEND = 0x0005_0000
_X32 = 0x4000_0000
_CLONE_THREAD = 0x0001_0000
_AF_UNIX = 1
_ACCESS_MODE, _TRUNCATE = 0o3, 0o1000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16


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
        *_if_argument(numbers["clone"], 0, _ANY_BIT, [_CLONE_THREAD]),
        *_if_argument(numbers["socketpair"], 0, _EQUAL, [_AF_UNIX]),
        *_if_argument(numbers["kill"], 0, _EQUAL, [rules.own_pid]),
        *_if_argument(numbers["tgkill"], 0, _EQUAL, [rules.own_pid]),
        *_if_argument(numbers["prlimit64"], 0, _EQUAL, [0]),
        *_if_argument(numbers["fcntl"], 1, _EQUAL, FCNTL_COMMANDS),
        *_if_argument(numbers["ioctl"], 1, _EQUAL, IOCTL_REQUESTS, otherwise=_NO_TERMINAL),
        *_if_opened_honestly(numbers["openat"], 2),
    ]
    if "open" in numbers:
        program += _if_opened_honestly(numbers["open"], 1)
    for names, action in ((ALLOWED, _ALLOW), (PRETENDED, _PRETEND)):
        for name in names:
            if name in numbers:
                program += [_jump(_EQUAL, numbers[name], 0, 1), _return(action)]
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


def _load_argument(index: int) -> bytes:
    return _load(_ARGUMENTS + 8 * index)


def _if_argument(
    number: int, index: int, test: int, values: Sequence[int], *, otherwise: int = _REFUSE
) -> list[bytes]:
    """Allow a call one of whose arguments passes a test against any value, refuse it otherwise."""
    count = len(values)
    return [
        _jump(_EQUAL, number, 0, count + 3),
        _load_argument(index),
        *(_jump(test, value, count - i, 0) for i, value in enumerate(values)),
        _return(otherwise),
        _return(_ALLOW),
    ]


def _if_opened_honestly(number: int, index: int) -> list[bytes]:
    """Allow opening, but not to truncate what is opened for reading, nor in access mode 3.

    Landlock before version 3 lets the former empty a file that may only be read,
    and asks for no right at all for the latter.
    """
    return [
        _jump(_EQUAL, number, 0, 7),
        _load_argument(index),
        _instruction(_AND, 0, 0, _ACCESS_MODE | _TRUNCATE),
        _jump(_EQUAL, _TRUNCATE, 3, 0),
        _jump(_EQUAL, _ACCESS_MODE, 2, 0),
        _jump(_EQUAL, _ACCESS_MODE | _TRUNCATE, 1, 0),
        _return(_ALLOW),
        _return(_REFUSE),
    ]
