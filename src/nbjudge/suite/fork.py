"""Run a function in a forked copy of this process and take back its JSON."""

from __future__ import annotations

import json
import os
import select
import signal
import time
import traceback
from collections.abc import Callable
from typing import Any

from nbjudge.errors import GraderFault, NbJudgeError


def run_forked(function: Callable[[], Any], *, timeout_s: float) -> Any:
    """Return what `function` returns, computed in a child process.

    Args:
        function: Returns something JSON can hold.
        timeout_s: Wall seconds; the child enforces tighter limits itself.

    Raises:
        GraderFault: If the child raised, died or ran out of time.
    """
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        _child(function, write_end)
    os.close(write_end)
    try:
        data = _read_all(read_end, time.monotonic() + timeout_s)
    finally:
        os.close(read_end)
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    if data is None:
        raise GraderFault(f"judging took longer than {timeout_s:g} s")
    try:
        answer = json.loads(data)
    except ValueError:
        raise GraderFault(f"the judging process died (wait status {status})") from None
    if "fault" in answer:
        raise GraderFault(answer["fault"])
    return answer["result"]


def _child(function: Callable[[], Any], write_end: int) -> None:
    """Run, write, and leave without the parent's exit hooks."""
    try:
        try:
            answer = {"result": function()}
        except NbJudgeError as error:
            answer = {"fault": str(error)}
        except BaseException:  # noqa: BLE001, RUF100 - everything must reach the parent
            answer = {"fault": traceback.format_exc()}
        with os.fdopen(write_end, "wb") as stream:
            stream.write(json.dumps(answer).encode())
    finally:
        os._exit(0)


def _read_all(descriptor: int, deadline: float) -> bytes | None:
    data = bytearray()
    while (left := deadline - time.monotonic()) > 0:
        ready, _, _ = select.select([descriptor], [], [], left)
        if ready:
            chunk = os.read(descriptor, 1 << 16)
            if not chunk:
                return bytes(data)
            data += chunk
    return None
