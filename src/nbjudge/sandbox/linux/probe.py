"""Tries namespaces in a process of its own, which is cheap; a zygote is not."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache

from nbjudge.sandbox.linux import namespaces, syscalls


@cache
def why_no_namespaces() -> str:
    """Return why this host refuses what level `namespaces` needs; empty if it does not."""
    done = subprocess.run(
        [sys.executable, "-P", "-s", "-m", "nbjudge.sandbox.linux.probe"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return ""
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[-1] if lines else f"exit code {done.returncode}"


def main() -> None:
    """Enter what a zygote enters, then what a student's process enters; exit 1 with the reason."""
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    user, group = os.geteuid(), os.getegid()
    try:
        extra = 0 if user == 0 else syscalls.Namespace.USER
        syscalls.unshare(namespaces.ZYGOTE_NAMESPACES | extra)
        if extra:
            namespaces.map_own_ids(user, group, proc)
        syscalls.mount("none", "/mnt", "tmpfs", syscalls.Mount.NO_SUID, "size=1m")
        pid = syscalls.clone(int(namespaces.STUDENT_NAMESPACES))
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
    except OSError as error:
        print(error)  # noqa: T201 - read by why_no_namespaces
        sys.exit(1)


if __name__ == "__main__":
    main()
