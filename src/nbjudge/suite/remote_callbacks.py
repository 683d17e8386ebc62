"""Answers a student's calls of the functions that the suite lent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbjudge.errors import NbJudgeError
from nbjudge.protocol.frame import Blob, FrameLimits, ProtocolError
from nbjudge.protocol.message import HandleFor, encode_reply
from nbjudge.protocol.values import Lent
from nbjudge.sandbox.base import WorkerLost
from nbjudge.suite.errors import StudentError
from nbjudge.suite.hidden import Hidden
from nbjudge.suite.hidden_worker import HiddenWorker
from nbjudge.suite.remote_functions import MAX_CALLBACKS, Callback, LentFunctions
from nbjudge.texts import say
from nbjudge.worker.describe import describe_exception


class CallbackDesk:
    """Lends functions, and calls them when the student's code asks.

    Args:
        hidden: Where hidden code runs.
        handle_for: Makes handles for what an answer holds.
        limits: Bounds on what is accepted.
    """

    def __init__(self, *, hidden: HiddenWorker, handle_for: HandleFor, limits: FrameLimits) -> None:
        self._hidden = hidden
        self._handle_for = handle_for
        self._limits = limits
        self._count = 0
        self._verdict: BaseException | None = None
        self.functions = LentFunctions()

    def begin(self) -> None:
        """Start to count: the suite makes a call."""
        self._count = 0

    def raise_verdict(self) -> None:
        """Raise what a lent function had to say to the suite rather than to its caller.

        Raises:
            BaseException: A failed check, or an outcome of pytest.
        """
        if self._verdict is not None:
            verdict, self._verdict = self._verdict, None
            raise verdict

    def lend(self, function: Callable[..., Any]) -> Lent:
        """Return what stands for a function; a hidden one is made ready.

        Raises:
            GraderFault: If hidden code does not run.
        """
        if isinstance(function, Hidden):
            self._hidden.prepare(function)
        return self.functions.lend(function)

    def answer(self, document: dict[str, Any], blob: Blob) -> list[memoryview]:
        """Perform a callback and return the reply's frame.

        Raises:
            ProtocolError: On what no honest worker asks.
            WorkerLost: If it asks too often, or dies in a nested call.
        """
        callback = self.functions.read(document, blob, self._limits)
        self._count += 1
        if self._count > MAX_CALLBACKS:
            raise WorkerLost(
                say("called a function that it was given over {number} times", number=MAX_CALLBACKS)
            )
        ok, body = self._perform(callback)
        try:
            return encode_reply(callback.request, ok=ok, body=body, handle_for=self._handle_for)
        except (ProtocolError, TypeError) as error:
            body = describe_exception(error)
            return encode_reply(callback.request, ok=False, body=body, handle_for=self._handle_for)

    def _perform(self, callback: Callback) -> tuple[bool, Any]:
        """Return (True, value), or (False, a described exception)."""
        try:
            return True, self._call(callback)
        except (WorkerLost, NbJudgeError, KeyboardInterrupt):
            raise
        except StudentError as error:
            bases = [kind.__name__ for kind in type(error).__mro__ if issubclass(kind, Exception)]
            return False, {"type": error.class_name, "bases": bases, "message": str(error)}
        except BaseException as error:  # noqa: BLE001, RUF100 - pytest's outcomes are no Exceptions
            if isinstance(error, Exception) and not isinstance(error, AssertionError):
                return False, describe_exception(error)
            # A failed check is the suite's word; the student's code could swallow it.
            self._verdict = self._verdict or error
            return False, {"type": "RuntimeError", "bases": [], "message": "the check has ended"}

    def _call(self, callback: Callback) -> Any:
        if not callback.is_plain:
            raise TypeError("this function takes plain data only: numbers, text, arrays, tensors")
        if isinstance(callback.function, Hidden):
            return self._hidden.call(callback.function, callback.args, callback.kwargs)
        return callback.function(*callback.args, **callback.kwargs)
