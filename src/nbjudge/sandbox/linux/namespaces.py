"""A world of its own: an empty root with read-only binds, one user, no network."""

from __future__ import annotations

import os

from nbjudge.sandbox.linux.syscalls import Mount, Namespace, mount, pivot_root_here
from nbjudge.sandbox.linux.view import ViewPaths

BOX = "/box"
"""The one folder a student's process may write to; a tmpfs of its own."""

ZYGOTE_NAMESPACES = Namespace.MOUNT | Namespace.IPC | Namespace.UTS | Namespace.NET
STUDENT_NAMESPACES = ZYGOTE_NAMESPACES | Namespace.USER | Namespace.PID

_LOCKED_FLAGS = Mount.NO_SUID | Mount.NO_DEV | Mount.NO_EXEC | Mount.NO_ATIME | Mount.NO_DIR_ATIME
_STAT_REL_ATIME = 4096
_READ_ONLY = Mount.NO_SUID | Mount.NO_DEV | Mount.READ_ONLY
_SMALL = "mode=0755,size=4m"


def map_own_ids(user: int, group: int, proc: int) -> None:
    """In a new user namespace, stay who we are; nobody else exists.

    Args:
        user: The effective user id.
        group: The effective group id.
        proc: An open descriptor of /proc, which may be out of sight by now.
    """
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        descriptor = os.open(f"self/{name}", os.O_WRONLY, dir_fd=proc)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)


def enter_empty_root(view: ViewPaths, *, scratch_bytes: int) -> None:
    """Build a root that holds only a view, read-only at its own paths, and enter it.

    Args:
        view: What to show.
        scratch_bytes: Size of the zygote's own `/box`.
    """
    root = "/mnt"
    mount(None, "/", None, Mount.RECURSIVE | Mount.PRIVATE)
    mount("none", root, "tmpfs", Mount.NO_SUID | Mount.NO_DEV, _SMALL)
    # Folders before what they hold, so that an emptied one is filled afterwards.
    emptied = set(view.emptied)
    covered: list[str] = []
    for path in sorted({*view.shown, *emptied}):
        parent = next((c for c in reversed(covered) if path.startswith(c + "/")), None)
        if path in emptied and parent is not None:
            mount("none", root + path, "tmpfs", Mount.NO_SUID | Mount.NO_DEV, _SMALL)
            covered.append(path)
        elif path not in emptied and (parent is None or parent in emptied):
            covered += [path] if _bind(path, root + path) else []
    for path in emptied & set(covered):
        mount(None, root + path, None, Mount.REMOUNT | Mount.BIND | _READ_ONLY)
    for folder in (BOX, "/proc", "/dev/shm"):  # noqa: S108 - inside the new root
        os.makedirs(root + folder, exist_ok=True)
    if not os.path.lexists(root + "/tmp"):  # noqa: S108 - inside the new root
        os.symlink(BOX, root + "/tmp")  # noqa: S108
    os.chdir(root)
    pivot_root_here()
    mount_box(scratch_bytes)
    mount(None, "/", None, Mount.REMOUNT | Mount.BIND | _READ_ONLY)


def mount_box(size_bytes: int, inodes: int = 2000) -> None:
    """Put a fresh, bounded tmpfs over the folder that may be written to."""
    options = f"mode=1777,size={size_bytes},nr_inodes={inodes}"
    mount("none", BOX, "tmpfs", Mount.NO_SUID | Mount.NO_DEV, options)


def _bind(path: str, target: str) -> bool:
    """Show `path` at `target`, read-only; False for a link, which is only copied."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path):
        os.symlink(os.readlink(path), target)
        return False
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    mount(path, target, None, Mount.BIND)
    # Flags that were set outside are locked in a user namespace: leaving one out is refused.
    flags = os.statvfs(target).f_flag
    locked = flags & _LOCKED_FLAGS
    if flags & _STAT_REL_ATIME:
        locked |= Mount.REL_ATIME
    is_device = path.startswith("/dev/")
    wanted = Mount.NO_SUID if is_device else _READ_ONLY
    mount(None, target, None, Mount.REMOUNT | Mount.BIND | wanted | locked)
    return True
