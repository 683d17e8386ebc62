"""Which back-ends there are, and which one a call gets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from nbjudge.errors import SandboxUnavailable, UserError
from nbjudge.sandbox.base import Isolation, Sandbox
from nbjudge.sandbox.linux.backend import LinuxSandbox
from nbjudge.sandbox.plain import PlainSandbox

DEFAULT_WEAKEST = Isolation.NO_NAMESPACES
"""Below this, untrusted code could read the hidden tests: only by name."""

BACKENDS: dict[str, Callable[[Path], Sandbox]] = {
    "linux": partial(LinuxSandbox, Isolation.NAMESPACES),
    "linux-no-namespaces": partial(LinuxSandbox, Isolation.NO_NAMESPACES),
    "plain": PlainSandbox,
}
"""Every back-end, strongest first. A constructor takes the course whose files it keeps
out of reach, and raises `SandboxUnavailable`."""


def parse_isolation(name: str) -> Isolation:
    """Return the level called `name`.

    Raises:
        UserError: If there is no such level.
    """
    try:
        return Isolation(name)
    except ValueError:
        raise UserError(
            f"There is no isolation level {name!r}.",
            context="c.NbJudge.weakest_isolation",
            hint=f"the levels, weakest first, are: {', '.join(Isolation)}.",
        ) from None


def choose_sandbox(course: Path, weakest: Isolation = DEFAULT_WEAKEST) -> Sandbox:
    """Return the strongest back-end of this host.

    Args:
        course: The folder whose hidden files a student must not reach.
        weakest: What the instructor allows.

    Raises:
        SandboxUnavailable: If it is weaker than `weakest`: says what there is
            and how to allow it.
    """
    reached: list[Isolation] = []
    for build in BACKENDS.values():
        try:
            sandbox = build(course)
        except SandboxUnavailable:
            continue
        if sandbox.isolation.strength >= weakest.strength:
            return sandbox
        reached.append(sandbox.isolation)
    best = max(reached, key=lambda level: level.strength, default=None)
    raise SandboxUnavailable(
        f"This host cannot isolate students' code at level {weakest.value!r}"
        + (f"; it reaches {best.value!r}." if best else "."),
        context="c.NbJudge.weakest_isolation",
        hint=(
            f"to grade all the same, allow it by name: c.NbJudge.weakest_isolation = "
            f"{best.value!r} in nbgrader_config.py, or --weakest-isolation {best.value}; "
            "docs/threat-model.md says what that leaves open."
            if best
            else "see docs/threat-model.md."
        ),
    )
