"""Functions of the suite that a student's code may call, for the length of one case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nbjudge.protocol.frame import Blob, FrameLimits, ProtocolError
from nbjudge.protocol.message import Received, decode_request
from nbjudge.protocol.values import Lent

MAX_CALLBACKS = 50_000
"""Calls of lent functions within one call of the suite's; its time bounds them first."""
MAX_NESTING = 8
"""Calls that may be open at once: the suite calls, is called back, calls again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Callback:
    """A student's call of a lent function, checked."""

    request: Received
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    is_plain: bool
    """The arguments are data: no object of the student's is among them."""


class LentFunctions:
    """What has been lent in this case, by number; numbers are never used again."""

    def __init__(self) -> None:
        self._functions: dict[int, Callable[..., Any]] = {}
        self._numbers: dict[int, int] = {}
        self._last = 0

    def take_back(self) -> None:
        """Forget all of them: the case is over."""
        self._functions.clear()
        self._numbers.clear()

    def lend(self, function: Callable[..., Any]) -> Lent:
        """Return what stands for a function on the wire, the same each time."""
        number = self._numbers.get(id(function))
        if number is None:
            self._last += 1
            number = self._numbers[id(function)] = self._last
            self._functions[number] = function
        name = getattr(function, "__name__", "")
        return Lent(id=number, name=name if isinstance(name, str) and name else "function")

    def resolve(self, lent: Lent) -> Callable[..., Any]:
        """Return the function behind `lent`.

        Raises:
            ProtocolError: If none is lent under that number now.
        """
        try:
            return self._functions[lent.id]
        except KeyError:
            raise ProtocolError("a call of a function that was not lent to it") from None

    def read(self, document: dict[str, Any], blob: Blob, limits: FrameLimits) -> Callback:
        """Read a worker's request to call one of them.

        Raises:
            ProtocolError: On anything malformed.
        """
        found: list[object] = []

        def stand_in(handle: object) -> object:
            found.append(handle)
            return handle

        request = decode_request(
            document, blob, make_handle=stand_in, limits=limits, from_worker=True
        )
        body = request.body
        if request.op != "call" or type(body) is not dict:
            raise ProtocolError("a request that it may not make")
        function, args, kwargs = (body.get(key) for key in ("function", "args", "kwargs"))
        if (
            type(function) is not Lent
            or type(args) is not tuple
            or type(kwargs) is not dict
            or any(type(key) is not str for key in kwargs)
        ):
            raise ProtocolError("a malformed callback")
        return Callback(
            request=request,
            function=self.resolve(function),
            args=args,
            kwargs=kwargs,
            is_plain=len(found) == 1,
        )
