"""Run the learner's code in a child process, so that nothing it does ends the notebook.

Where it can be, the child is a fork: it has every name of the learner's, costs a few
milliseconds, and what it changes is gone with it. A fork has one thread; libraries that
keep a pool of threads are told so. Elsewhere (Windows, macOS, after CUDA was used) the
work is done in the notebook's own process (`nbjudge.student.in_place`).
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import json
import os
import selectors
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TIMEOUT_S = 20.0
"""Wall time of one exercise; public examples take milliseconds."""
_CHUNK_BYTES = 1 << 16
_INTERRUPTED = 130
_DYING_S = 1.0
"""How long a process may take to end after it closed its pipe."""

Report = Callable[[int], None]
Work = Callable[[Report], dict[str, Any]]
"""Does the work, reports the number of each step before it begins, returns plain data."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """The child ended before its work was done."""

    step: int
    """The step that it had begun; -1 for none."""
    reason: str
    """A signal's name, an exit status, or "" if it ran out of time."""
    limit_s: float


def can_fork() -> bool:
    """Say whether the notebook's process may be forked: on Linux, unless CUDA is in use."""
    torch = sys.modules.get("torch")
    has_cuda = torch is not None and torch.cuda.is_initialized()
    return sys.platform == "linux" and not has_cuda


def run_in_child(work: Work, *, timeout_s: float) -> dict[str, Any] | Ended:
    """Do the work in a fork and return what it returns.

    Args:
        work: Must return what JSON can hold. What it prints is its own business.
        timeout_s: Wall time after which the child is killed.

    Raises:
        RuntimeError: If the work raised an exception.
        KeyboardInterrupt: If the person at the keyboard interrupts it; the child is killed.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # That other threads are gone in the child is why it runs nothing but the work.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(reading)
        _work_and_exit(work, writing)
    os.close(writing)
    try:
        messages, is_late = _read(reading, time.monotonic() + timeout_s)
    except BaseException:
        _end(child)
        raise
    finally:
        os.close(reading)
    last: dict[str, Any] = messages[-1] if messages else {"step": -1}
    is_over = is_late or "step" not in last
    status = _end(child, wait_s=0.0 if is_over else _DYING_S)
    if "failed" in last:
        raise RuntimeError(f"nbjudge failed here, not your code:\n{last['failed']}")
    if status == _INTERRUPTED:
        raise KeyboardInterrupt
    if "step" in last:
        reason = "" if is_late else _reason(status)
        return Ended(step=last["step"], reason=reason, limit_s=timeout_s)
    done: dict[str, Any] = last["done"]
    return done


def _work_and_exit(work: Work, writing: int) -> None:
    """Do the work in the child; never return."""
    status = 1

    def send(message: dict[str, Any]) -> None:
        data = memoryview(json.dumps(message).encode() + b"\n")
        while data:
            data = data[os.write(writing, data) :]

    try:
        _be_alone()
        send({"done": work(lambda step: send({"step": step}))})
        status = 0
    except KeyboardInterrupt:
        status = _INTERRUPTED
    except Exception:
        send({"failed": traceback.format_exc()})
    finally:
        # Not `sys.exit`: what the notebook registered for its own end is not the child's.
        os._exit(status)


def _be_alone() -> None:
    """Tell what may be in the process that there is one thread; end without a trace."""
    import resource  # noqa: PLC0415 - not on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # It ends soon; collecting would copy the notebook's memory, page by page.
    gc.disable()
    # The kernel's would write how it ended into the notebook; the card says it better.
    faulthandler.disable()
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(1)


def _read(reading: int, deadline: float) -> tuple[list[dict[str, Any]], bool]:
    """Read messages until the end of the pipe or the deadline; say whether that passed."""
    data = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(reading, selectors.EVENT_READ)
        while not (is_late := time.monotonic() >= deadline):
            if not selector.select(deadline - time.monotonic()):
                continue
            chunk = os.read(reading, _CHUNK_BYTES)
            data += chunk
            # A process that the learner's code started may hold the pipe open after the end.
            if not chunk or _is_done(data):
                break
    complete = data[: data.rfind(b"\n") + 1]
    return [json.loads(line) for line in complete.splitlines()], is_late


def _is_done(data: bytearray) -> bool:
    last = data[data.rfind(b"\n", 0, -1) + 1 :]
    return data.endswith(b"\n") and last.startswith((b'{"done"', b'{"failed"'))


def _end(child: int, wait_s: float = 0.0) -> int:
    """Return the child's status; kill it if it has not ended by itself."""
    deadline = time.monotonic() + wait_s
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _reason(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    return signal.Signals(-status).name
