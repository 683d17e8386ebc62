"""The Linux back-ends: levels `namespaces` and `no-namespaces`."""

from __future__ import annotations

import platform
from contextlib import AbstractContextManager
from pathlib import Path

from nbjudge.errors import SandboxUnavailable
from nbjudge.model import Limits
from nbjudge.sandbox.base import Channel, Isolation, View
from nbjudge.sandbox.linux.client import Zygote
from nbjudge.sandbox.linux.landlock import landlock_abi
from nbjudge.sandbox.linux.probe import why_no_namespaces
from nbjudge.sandbox.linux.syscalls import is_known_machine


class LinuxSandbox:
    """One zygote per view, one child of it per worker.

    Args:
        isolation: `NAMESPACES` or `NO_NAMESPACES`.
        course: The folder whose hidden files a student must not reach.

    Raises:
        SandboxUnavailable: If this machine or kernel lacks what the level needs.
    """

    def __init__(self, isolation: Isolation, course: Path) -> None:
        if not is_known_machine():
            raise SandboxUnavailable(
                f"{platform.system()} on {platform.machine()} has no such isolation.",
                hint="grade on Linux, x86_64 or aarch64.",
            )
        if landlock_abi() < 1:
            raise SandboxUnavailable(
                "This kernel has no Landlock.",
                hint="use Linux 5.13 or newer with landlock among its security modules.",
            )
        if isolation is Isolation.NAMESPACES:
            refusal = why_no_namespaces()
            if refusal:
                raise SandboxUnavailable(
                    f"This host refuses namespaces: {refusal}.",
                    hint="allow user namespaces (sysctl user.max_user_namespaces, or a container "
                    "with them), or grade as root.",
                )
        self.isolation = isolation
        self._course = course
        self._zygotes: dict[View, Zygote] = {}

    def prepare(self, view: View) -> None:
        """See `Sandbox.prepare`."""
        if view not in self._zygotes:
            use_namespaces = self.isolation is Isolation.NAMESPACES
            self._zygotes[view] = Zygote(view, self._course, use_namespaces=use_namespaces)

    def start(self, *, view: View, limits: Limits) -> AbstractContextManager[Channel]:
        """See `Sandbox.start`."""
        self.prepare(view)
        return self._zygotes[view].worker(limits)

    def close(self) -> None:
        """See `Sandbox.close`."""
        while self._zygotes:
            self._zygotes.popitem()[1].close()
