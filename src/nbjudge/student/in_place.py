"""Run the learner's code in the notebook's own process, with a limit of time.

For platforms that cannot fork. A loop in Python is interrupted, as the learner would do
it with Kernel, Interrupt; compiled code that does not come back, or crashes, is beyond help.
"""

from __future__ import annotations

import _thread
import signal
import threading
import time
from typing import Any

from nbjudge.student.child import Ended, Work

_ARRIVES_S = 0.2
"""How long an interrupt may be on its way."""


def run_in_place(work: Work, *, timeout_s: float) -> dict[str, Any] | Ended:
    """Do the work here and return what it returns.

    Args:
        work: As for `nbjudge.student.child.run_in_child`.
        timeout_s: Wall time after which it is interrupted; no limit outside the main
            thread, which alone can be.

    Raises:
        KeyboardInterrupt: If the person at the keyboard interrupts it.
    """
    if threading.current_thread() is not threading.main_thread():
        return work(lambda step: None)
    steps = [-1]
    limit = _Limit(timeout_s)
    try:
        with limit:
            return work(steps.append)
    except KeyboardInterrupt:
        if not limit.is_over:
            raise
        return Ended(step=steps[-1], reason="", limit_s=timeout_s)


class _Limit:
    """Interrupts the main thread once, unless the block ends before that."""

    def __init__(self, timeout_s: float) -> None:
        self.is_over = False
        self._is_done = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(timeout_s, self._interrupt)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, kind: type[BaseException] | None, *about: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._is_done = True
        if self.is_over and kind is None:
            # It ended just when it was interrupted: that arrives here, not in the notebook.
            time.sleep(_ARRIVES_S)

    def _interrupt(self) -> None:
        with self._lock:
            if self._is_done:
                return
            self.is_over = True
            if hasattr(signal, "pthread_kill"):  # wakes what sleeps, too
                main = threading.main_thread().ident
                assert main is not None  # noqa: S101 - it has been started
                signal.pthread_kill(main, signal.SIGINT)
            else:
                _thread.interrupt_main()
