"""Starts every back-end for real and looks for a planted file from inside."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbjudge.errors import SandboxUnavailable
from nbjudge.model import Limits
from nbjudge.protocol.frame import FrameLimits, ProtocolError
from nbjudge.protocol.message import decode_reply, encode_request
from nbjudge.protocol.values import Handle
from nbjudge.sandbox.base import Budget, Channel, Isolation, Sandbox, View, WorkerLost
from nbjudge.sandbox.registry import BACKENDS, DEFAULT_WEAKEST

_BUDGET = Budget(cpu_s=10.0, wall_s=30.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """How one back-end did."""

    backend: str
    isolation: Isolation | None
    """The level that it keeps; None if it does not work here."""
    says: str
    cure: str = ""


def try_backends(course: Path, view: View = View.NUMPY) -> Iterator[Trial]:
    """Start each back-end, strongest first, and run a cell in it.

    Args:
        course: The folder whose files must be out of reach.
        view: What students can import.
    """
    for name, build in BACKENDS.items():
        try:
            sandbox = build(course)
        except SandboxUnavailable as reason:
            yield Trial(
                backend=name, isolation=None, says=f"no. {reason.message}", cure=reason.hint
            )
            continue
        yield _try(name, sandbox, view)


def strongest(trials: list[Trial]) -> Isolation | None:
    """Return the strongest level that was kept; None if no back-end works."""
    kept = [trial.isolation for trial in trials if trial.isolation is not None]
    return max(kept, key=lambda level: level.strength, default=None)


def _try(name: str, sandbox: Sandbox, view: View) -> Trial:
    try:
        with _planted() as canary:
            sandbox.prepare(view)
            start = time.monotonic()
            with sandbox.start(view=view, limits=Limits()) as channel:
                reached = _reads(channel, canary)
            took_ms = (time.monotonic() - start) * 1000
    except SandboxUnavailable as reason:
        return Trial(backend=name, isolation=None, says=f"no. {reason.message}", cure=reason.hint)
    except (WorkerLost, ProtocolError) as lost:
        return Trial(backend=name, isolation=None, says=f"a worker started, but {lost}")
    finally:
        sandbox.close()
    if reached and sandbox.isolation.strength >= DEFAULT_WEAKEST.strength:
        return Trial(
            backend=name,
            isolation=None,
            says="no. A worker could read a planted file; please report it.",
        )
    seen = "a student's process reads other files" if reached else "a planted file is out of reach"
    return Trial(
        backend=name,
        isolation=sandbox.isolation,
        says=f"a worker took {took_ms:.0f} ms; {seen}",
    )


@contextmanager
def _planted() -> Iterator[Path]:
    """A file that every user may read."""
    with tempfile.TemporaryDirectory(prefix="nbjudge-doctor-") as folder:
        Path(folder).chmod(0o755)
        canary = Path(folder) / "canary"
        canary.write_text("canary")
        canary.chmod(0o644)
        yield canary


def _reads(channel: Channel, path: Path) -> bool:
    body = {"source": f"open({str(path)!r}).read()", "position": 1}
    sent = encode_request(1, "run", body, handle_for=_no_handle)
    document, blob = channel.exchange(sent.pieces, _BUDGET)
    ok, error = decode_reply(
        1, document, blob, sent=sent, make_handle=lambda handle: handle, limits=FrameLimits()
    )
    return ok and error is None


def _no_handle(value: object) -> Handle:
    raise ProtocolError(f"nothing here sends a {type(value).__name__}")
