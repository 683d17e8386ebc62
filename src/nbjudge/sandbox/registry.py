"""Which back-ends there are, and which one a call gets."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from nbjudge.errors import SandboxUnavailable, UserError
from nbjudge.sandbox.base import Isolation, Sandbox
from nbjudge.sandbox.linux.backend import LinuxSandbox
from nbjudge.sandbox.plain import PlainSandbox

DEFAULT_WEAKEST = Isolation.NO_NAMESPACES
"""Below this, untrusted code could read the hidden tests: only by name."""

CHOICE = "NBJUDGE_ISOLATION"
"""Environment variable: the one level to use, where the strongest is not wanted."""

BACKENDS: dict[str, Callable[[Path], Sandbox]] = {
    "linux": partial(LinuxSandbox, Isolation.NAMESPACES),
    "linux-no-namespaces": partial(LinuxSandbox, Isolation.NO_NAMESPACES),
    "plain": PlainSandbox,
}
"""Every back-end, strongest first. A constructor takes the course whose files it keeps
out of reach, and raises `SandboxUnavailable`."""


def parse_isolation(name: str, context: str = "c.NbJudge.weakest_isolation") -> Isolation:
    """Return the level called `name`.

    Args:
        name: Of a level.
        context: Where the name stands.

    Raises:
        UserError: If there is no such level.
    """
    try:
        return Isolation(name)
    except ValueError:
        raise UserError(
            f"There is no isolation level {name!r}.",
            context=context,
            hint=f"the levels, weakest first, are: {', '.join(Isolation)}.",
        ) from None


def choose_sandbox(course: Path, weakest: Isolation = DEFAULT_WEAKEST) -> Sandbox:
    """Return the strongest back-end of this host, or that of the level in `NBJUDGE_ISOLATION`.

    Args:
        course: The folder whose hidden files a student must not reach.
        weakest: What the instructor allows.

    Raises:
        UserError: If the environment variable names no level.
        SandboxUnavailable: If it is weaker than `weakest`: says what there is
            and how to allow it. Or if this host has none of the level asked for.
    """
    asked = os.environ.get(CHOICE, "")
    built = list(_built(course))
    if asked:
        level = parse_isolation(asked, CHOICE)
        built = [sandbox for sandbox in built if sandbox.isolation is level]
        if not built:
            raise SandboxUnavailable(
                f"This host cannot isolate students' code at level {asked!r}.",
                context=CHOICE,
                hint="unset it to take the strongest level; `nbjudge doctor` says what there is.",
            )
    best = max(built, key=lambda sandbox: sandbox.isolation.strength, default=None)
    if best is not None and best.isolation.strength >= weakest.strength:
        return best
    raise _too_weak(best.isolation if best else None, weakest)


def _built(course: Path) -> Iterator[Sandbox]:
    for build in BACKENDS.values():
        with suppress(SandboxUnavailable):
            yield build(course)


def _too_weak(best: Isolation | None, weakest: Isolation) -> SandboxUnavailable:
    return SandboxUnavailable(
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
