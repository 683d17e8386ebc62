"""Landlock: what a process may reach in the file system, and no network at all.

Source: the kernel's Documentation/userspace-api/landlock.rst.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from contextlib import suppress

from nbjudge.sandbox.linux import syscalls

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_QUERY_VERSION = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_ABI_1_RIGHTS = (1 << 13) - 1
_TCP = 3
_SIGNALS_AND_ABSTRACT_SOCKETS = 3


def landlock_abi() -> int:
    """Return the kernel's Landlock version; 0 if it has none or it is off."""
    try:
        return syscalls.raw(_CREATE_RULESET, None, 0, _QUERY_VERSION)
    except OSError:
        return 0


def restrict(
    *,
    read_only: Sequence[str],
    listed: Sequence[str],
    read_write: Sequence[str],
    devices: Sequence[str],
) -> None:
    """Allow this process and its children nothing but the given paths.

    From version 4 also no TCP, from version 6 no signal and no abstract socket
    to a process outside.

    Args:
        read_only: Folders and files to read and execute.
        listed: Folders whose names may be read, not what is behind the names.
        read_write: Folders to do anything in but making devices.
        devices: Files to read and write, /dev/null say.

    Raises:
        OSError: If the kernel has no Landlock.
    """
    abi = landlock_abi()
    rights = _ABI_1_RIGHTS
    for version, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV)):
        rights |= right if abi >= version else 0
    attributes = struct.pack("<QQQ", rights, _TCP, _SIGNALS_AND_ABSTRACT_SOCKETS)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = syscalls.raw(_CREATE_RULESET, attributes, size, 0)
    try:
        for path in read_only:
            _allow(ruleset, path, _EXECUTE | _READ_FILE | _READ_DIR)
        for path in listed:
            _allow(ruleset, path, _READ_DIR)
        for path in read_write:
            _allow(ruleset, path, rights & ~(_MAKE_CHAR | _MAKE_BLOCK | _IOCTL_DEV))
        for path in devices:
            _allow(ruleset, path, _READ_FILE | _WRITE_FILE)
        syscalls.forbid_new_privileges()
        syscalls.raw(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not os.path.isdir(path):
                access &= _EXECUTE | _WRITE_FILE | _READ_FILE
            rule = struct.pack("<Qi", access, descriptor)
            syscalls.raw(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
        finally:
            os.close(descriptor)
