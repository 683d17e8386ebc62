"""The folder that a student's process may write to, where it has no file system of its own.

What is in it was made by the student: more than there is room for, deeper than
a path may be long, links to anywhere. No function here follows a link.
"""

from __future__ import annotations

import os
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import TypeVar

_Done = TypeVar("_Done")

MOST_ENTRIES = 2000
_SLACK_BYTES = 1 << 20
_REMOVAL_S = 30.0


def is_overfull(folder: str, *, most_bytes: int, open_files: str, proc: int) -> bool:
    """Say whether a folder holds more than it may.

    Args:
        folder: The student's.
        most_bytes: What its files may take on the disk together, about.
        open_files: The process's `<pid>/fd`: files that were deleted and are
            still open count too.
        proc: An open descriptor of /proc.
    """
    entries = size = 0
    waiting = [folder]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as found:
            for entry in found:
                status = entry.stat(follow_symlinks=False)
                entries += 1
                size += status.st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                if entries > MOST_ENTRIES:
                    return True
    return size + _deleted_bytes(open_files, proc) > most_bytes + _SLACK_BYTES


def remove_tree(folder: str) -> None:
    """Remove a folder however deep it is; what cannot be removed stays, and nothing is raised.

    Folders in folders are moved up and then removed, so neither the stack nor
    the length of a path bounds the depth.
    """
    deadline = time.monotonic() + _REMOVAL_S
    with suppress(OSError):
        root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            while time.monotonic() < deadline and _remove_layer(root):
                pass
        finally:
            os.close(root)
        os.rmdir(folder)


def _remove_layer(root: int) -> bool:
    """Remove everything in a folder but what lies in its subfolders, which move up."""
    removed = False
    for name, is_folder in _entries(root):
        with suppress(OSError):
            if is_folder:
                _empty(root, name)
                os.rmdir(name, dir_fd=root)
            else:
                os.unlink(name, dir_fd=root)
            removed = True
    return removed


def _empty(root: int, name: str) -> None:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    child = _insist(root, name, lambda: os.open(name, flags, dir_fd=root))
    try:
        for inner, is_folder in _entries(child):
            if is_folder:
                up = partial(os.rename, inner, secrets.token_hex(16))
                _insist(child, inner, partial(up, src_dir_fd=child, dst_dir_fd=root))
            else:
                os.unlink(inner, dir_fd=child)
    finally:
        os.close(child)


def _insist(parent: int, name: str, act: Callable[[], _Done]) -> _Done:
    """Act on a folder; if its mode shuts out its owner, undo that and act again."""
    try:
        return act()
    except PermissionError:
        os.chmod(name, stat.S_IRWXU, dir_fd=parent)
        return act()


def _entries(folder: int) -> Iterator[tuple[str, bool]]:
    with os.scandir(folder) as found:
        listed = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in found]
    return iter(listed)


def _deleted_bytes(open_files: str, proc: int) -> int:
    size = 0
    with suppress(OSError):
        folder = os.open(open_files, os.O_RDONLY | os.O_DIRECTORY, dir_fd=proc)
        try:
            for name in os.listdir(folder):
                with suppress(OSError):
                    status = os.stat(name, dir_fd=folder)
                    if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
                        size += status.st_blocks * 512
        finally:
            os.close(folder)
    return size
