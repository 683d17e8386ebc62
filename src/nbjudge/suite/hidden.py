"""Hidden code that a student's code may call: it runs in a sandbox of its own.

A suite lends ordinary functions by passing them: they run beside the suite, on
plain data only. Code that must stay secret while a student chooses its
arguments is marked: `hidden("solutions.m1_l01_means", "mean")`, or `@hidden` on
a function of the suite. It is shipped as source to a third process, started
from the same sandbox as the student's: never theirs, never the judge's.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any, overload

from nbjudge.errors import UserError
from nbjudge.suite.hidden_source import ship


class Hidden:
    """A function that runs out of reach; called by an author, it is the function itself.

    Args:
        code: A function at the top level of its module, or a `functools.partial` of one
            with plain arguments.

    Raises:
        UserError: If its source cannot be shipped alone.
    """

    def __init__(self, code: Callable[..., Any]) -> None:
        self._code = code
        is_partial = isinstance(code, functools.partial)
        function: Any = code.func if is_partial else code  # type: ignore[attr-defined]
        if isinstance(function, Hidden):
            function = function._code
        self.args: tuple[Any, ...] = code.args if is_partial else ()  # type: ignore[attr-defined]
        self.kwargs: dict[str, Any] = dict(code.keywords) if is_partial else {}  # type: ignore[attr-defined]
        self.__name__ = "function"  # the student sees this name; the true one may tell the answer
        self.__doc__ = function.__doc__
        self.__wrapped__ = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it here: for an author's own code and for the suite."""
        return self._code(*args, **kwargs)

    @functools.cached_property
    def source(self) -> str:
        """A cell that defines it, as a name of `entry`."""
        return ship(self.__wrapped__)


@overload
def hidden(code: Callable[..., Any], /) -> Hidden: ...


@overload
def hidden(code: str, name: str, /) -> Hidden: ...


def hidden(code: Callable[..., Any] | str, name: str = "", /) -> Hidden:
    """Mark code of the course as hidden from the students who call it.

    Args:
        code: A function, a `functools.partial` of one, or the name of a module.
        name: The function's name in that module.

    Raises:
        UserError: If there is no such function.
    """
    if not isinstance(code, str):
        return Hidden(code)
    try:
        return Hidden(getattr(importlib.import_module(code), name))
    except (ImportError, AttributeError) as error:
        raise UserError(
            f"There is no hidden function {code}.{name}: {error}.",
            hint='write hidden("solutions.<slug>", "<name>").',
        ) from None
