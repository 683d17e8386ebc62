"""What a student's code did instead of answering, as a suite sees it."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from typing import Any

from nbjudge.texts import say

_CATCHABLE = {
    name: getattr(builtins, name)
    for name in (
        *("ArithmeticError", "AssertionError", "AttributeError", "BufferError", "EOFError"),
        *("Exception", "FileNotFoundError", "FloatingPointError", "ImportError", "IndexError"),
        *("KeyError", "LookupError", "MemoryError", "ModuleNotFoundError", "NameError"),
        *("NotImplementedError", "OSError", "OverflowError", "PermissionError"),
        *("RecursionError", "RuntimeError", "SyntaxError", "TimeoutError", "TypeError"),
        *("UnboundLocalError", "ValueError", "ZeroDivisionError"),
    )
}
"""Never StopIteration, SystemExit, KeyboardInterrupt or an outcome of pytest."""


class StudentError(Exception):
    """An exception that the student's code raised; also an instance of its built-in class.

    Attributes:
        class_name: The class that was raised, as the worker says.
        place: "cell 5, line 3", or empty.
    """

    class_name = "Exception"
    place = ""

    def describe(self) -> str:
        """Say what was raised and where, in one line of plain text."""
        first_line = str(self).strip().splitlines()[:1]
        text = ": ".join([self.class_name, *first_line])
        return f"{text} ({self.place})" if self.place else text


class NoAnswer(StudentError):
    """The notebook does not define the name; satisfies no expected exception."""


def student_error(description: Any) -> StudentError:
    """Build the exception that a worker describes.

    Args:
        description: As `nbjudge.worker.describe` makes it; not trusted.
    """
    fields = description if isinstance(description, Mapping) else {}
    missing = fields.get("missing")
    if isinstance(missing, str):
        return NoAnswer(say("{name} is not defined", name=missing[:100]))
    bases = fields.get("bases")
    names = [name for name in bases if isinstance(name, str)] if isinstance(bases, list) else []
    base = next((_CATCHABLE[name] for name in names if name in _CATCHABLE), Exception)
    error = _class_for(base)(_text(fields.get("message"), 500))
    error.class_name = _text(fields.get("type"), 100) or base.__name__
    error.place = _text(fields.get("place"), 60)
    return error


def _text(value: Any, length: int) -> str:
    return value[:length] if isinstance(value, str) else ""


_classes: dict[type[Exception], type[StudentError]] = {}


def _class_for(base: type[Exception]) -> type[StudentError]:
    if base not in _classes:
        bases = (StudentError,) if base is Exception else (StudentError, base)
        _classes[base] = type(f"Student{base.__name__}", bases, {})
    return _classes[base]
