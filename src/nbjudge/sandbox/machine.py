"""What a machine offers for isolation, read without trying it."""

from __future__ import annotations

import importlib.util
import os
import platform
import stat
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbjudge.sandbox.linux.cgroup import open_memory_cgroup
from nbjudge.sandbox.linux.landlock import landlock_abi
from nbjudge.sandbox.linux.syscalls import is_known_machine
from nbjudge.sandbox.linux.zygote import UNPRIVILEGED_ID

_BEST_LANDLOCK = 6
"""From this version on Landlock also stops signals and abstract sockets by itself."""
_SWITCHES = {
    "user.max_user_namespaces": ("0", "sysctl user.max_user_namespaces=15000"),
    "kernel.unprivileged_userns_clone": ("0", "sysctl kernel.unprivileged_userns_clone=1"),
    "kernel.apparmor_restrict_unprivileged_userns": (
        "1",
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for Python",
    ),
}
"""Kernel settings that refuse user namespaces: the refusing value, and the cure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One property of the machine."""

    name: str
    says: str
    cure: str = ""
    """How to improve it; empty if it is well as it is."""


def examine_machine() -> tuple[Finding, ...]:
    """Return what decides which level this machine reaches; never raises."""
    return (
        _kernel(),
        _user(),
        _user_namespaces(),
        _landlock(),
        _seccomp(),
        _python(),
        _torch(),
        _memory(),
    )


def first_shut_path(paths: Iterable[Path]) -> Path | None:
    """Return the first path, or folder above it, that other users may not enter or read."""
    for path in paths:
        for step in (*reversed(path.parents), path):
            try:
                mode = step.stat().st_mode
            except OSError:
                return step
            needed = stat.S_IXOTH if step != path else stat.S_IROTH
            if not mode & needed:
                return step
    return None


def _kernel() -> Finding:
    says = f"{platform.system()} {platform.release()}, {platform.machine()}"
    cure = "" if is_known_machine() else "only level limits works here; use Linux on x86_64"
    if is_known_machine() and platform.machine() != "x86_64":
        says += " (its list of system calls is untested)"
    return Finding(name="kernel", says=says, cure=cure)


def _user() -> Finding:
    if not hasattr(os, "geteuid"):
        return Finding(name="user", says="unknown", cure="judging needs a POSIX system")
    if os.geteuid() != 0:
        return Finding(name="user", says=f"an ordinary user (uid {os.geteuid()})")
    return Finding(name="user", says=f"root; students' code runs as uid {UNPRIVILEGED_ID}")


def _user_namespaces() -> Finding:
    for name, (refusing, cure) in _SWITCHES.items():
        if _read(Path("/proc/sys") / name.replace(".", "/")) == refusing:
            return Finding(name="user namespaces", says=f"{name} = {refusing}", cure=cure)
    most = _read(Path("/proc/sys/user/max_user_namespaces"))
    if most is None:
        return Finding(name="user namespaces", says="unknown to this kernel", cure="grade on Linux")
    return Finding(name="user namespaces", says=f"up to {most}")


def _landlock() -> Finding:
    version = landlock_abi() if is_known_machine() else 0
    if not version:
        cure = "use Linux 5.13 or newer, with landlock in the boot parameter lsm="
        return Finding(name="Landlock", says="no", cure=cure)
    if version < _BEST_LANDLOCK:
        return Finding(name="Landlock", says=f"version {version}; the rest is left to seccomp")
    return Finding(name="Landlock", says=f"version {version}")


def _seccomp() -> Finding:
    actions = _read(Path("/proc/sys/kernel/seccomp/actions_avail"))
    if actions is None:
        return Finding(name="seccomp", says="no", cure="use a kernel with CONFIG_SECCOMP_FILTER")
    return Finding(name="seccomp", says="yes")


def _python() -> Finding:
    """A judge that runs as root lets students' code run as somebody else."""
    libraries = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")]
    shut = first_shut_path([Path(sys.executable), Path(sys.executable).resolve(), *libraries])
    if shut is None:
        return Finding(name="Python", says=f"{platform.python_version()}, readable by every user")
    says = f"{platform.python_version()}; other users cannot read {shut}"
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return Finding(name="Python", says=says)
    cure = "as root without namespaces: install Python and .venv where every user may read them"
    return Finding(name="Python", says=says, cure=cure)


def _torch() -> Finding:
    found = importlib.util.find_spec("torch") is not None
    cure = "" if found else "needed by lessons that say `view: torch`: pip install torch"
    return Finding(name="torch", says="installed" if found else "not installed", cure=cure)


def _memory() -> Finding:
    group = open_memory_cgroup() if platform.system() == "Linux" else None
    if group is not None:
        group.close()
        return Finding(name="memory cgroup", says="can be made: kernel memory is bounded too")
    return Finding(name="memory cgroup", says="cannot be made; rlimits bound each submission")


def _read(path: Path) -> str | None:
    try:
        return path.read_text().strip()
    except OSError:
        return None
