"""Objects that stay in the worker, known outside by a number."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbjudge.protocol.torch_values import loaded_torch
from nbjudge.protocol.values import Handle


class Objects:
    """Hands out handles and resolves them."""

    def __init__(self) -> None:
        self._objects: list[Any] = []
        self._numbers: dict[int, int] = {}

    def handle_for(self, value: object) -> Handle:
        """Keep `value` and return the handle that stands for it, the same one each time."""
        number = self._numbers.get(id(value))
        if number is None:
            self._objects.append(value)  # kept alive, so its id stays its own
            number = self._numbers[id(value)] = len(self._objects)
        return Handle(
            id=number, kind=_kind(value), class_name=type(value).__name__, note=_note(value)
        )

    def resolve(self, handle: Handle) -> Any:
        """Return the object behind a handle that came from here.

        Raises:
            IndexError: If none was handed out under that number.
        """
        return self._objects[handle.id - 1]


def _kind(value: object) -> str:
    if isinstance(value, type):
        return "class"
    if isinstance(value, np.ndarray):
        return "array"
    torch = loaded_torch()
    if torch is not None and isinstance(value, torch.nn.Module):
        return "module"
    return "callable" if callable(value) else "object"


def _note(value: object) -> str:
    """Say what an array or tensor that cannot travel is: a subclass, or of another dtype."""
    if type(value) is np.ndarray:
        return f"numpy.ndarray of dtype {value.dtype}"
    torch = loaded_torch()
    is_tensor = torch is not None and isinstance(value, torch.Tensor)
    if is_tensor and type(value) is torch.Tensor:
        return "torch.Tensor"
    if isinstance(value, np.ndarray) or is_tensor:
        return f"{type(value).__module__.split('.')[0]}.{type(value).__name__}"
    return ""
