"""Exceptions of a student's code as data: nothing about them is an instance on the other side."""

from __future__ import annotations

import builtins
import traceback
from typing import Any

_MESSAGE_LENGTH = 2000
CELL_FILE = "<cell {position}>"
"""File name under which a cell is compiled, so that its lines can be named."""


def describe_exception(error: BaseException) -> dict[str, Any]:
    """Return type, nearest built-in classes, message and place of an exception.

    Never raises: `__str__` of an exception is the student's code too.
    """
    return {
        "type": _text(lambda: type(error).__name__),
        "bases": [c.__name__ for c in type(error).__mro__ if vars(builtins).get(c.__name__) is c],
        "message": _text(lambda: _message(error)),
        "place": _text(lambda: _place(error)),
    }


def missing_name(name: str) -> dict[str, Any]:
    """Describe that the notebook defines no `name`."""
    return {"type": "NameError", "bases": [], "message": name, "place": "", "missing": name}


def _text(produce: Any) -> str:
    try:
        text = produce()
        return str(text)[:_MESSAGE_LENGTH] if type(text) is str else ""
    except BaseException:  # noqa: BLE001, RUF100 - hostile __str__ may raise anything
        return ""


def _message(error: BaseException) -> str:
    # A SyntaxError's str repeats the place.
    return str(error.msg if isinstance(error, SyntaxError) else error)


def _place(error: BaseException) -> str:
    """Return "cell 5, line 3" for the innermost line in a cell of the notebook."""
    if isinstance(error, SyntaxError) and (error.filename or "").startswith("<cell "):
        return f"{error.filename[1:-1]}, line {error.lineno}" if error.filename else ""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.startswith("<cell "):
            return f"{frame.filename[1:-1]}, line {frame.lineno}"
    return ""
