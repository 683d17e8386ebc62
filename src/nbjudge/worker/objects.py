"""Objects that stay in the worker, known outside by a number."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbjudge.protocol.values import Handle


class Objects:
    """Hands out handles and resolves them."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}

    def handle_for(self, value: object) -> Handle:
        """Keep `value` and return the handle that stands for it."""
        number = len(self._objects) + 1
        self._objects[number] = value
        return Handle(
            id=number, kind=_kind(value), class_name=type(value).__name__, note=_note(value)
        )

    def resolve(self, handle: Handle) -> Any:
        """Return the object behind a handle that came from here.

        Raises:
            KeyError: If none was handed out under that number.
        """
        return self._objects[handle.id]


def _kind(value: object) -> str:
    if isinstance(value, type):
        return "class"
    if isinstance(value, np.ndarray):
        return "array"
    return "callable" if callable(value) else "object"


def _note(value: object) -> str:
    """Say what an array that is no plain array is: a subclass, or a dtype that cannot travel."""
    if type(value) is np.ndarray:
        return f"numpy.ndarray of dtype {value.dtype}"
    if isinstance(value, np.ndarray):
        return f"{type(value).__module__.split('.')[0]}.{type(value).__name__}"
    return ""
