"""Generic cheaters: answers that know the form of the right result and nothing else.

A suite from which one of them earns points takes form for substance. Each asks
the solution for a right result, keeps its kind, shape and dtype, and fills it
with something cheap; so does every object that the solution returns.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Fill = Callable[[Any, "_Call"], Any]
"""Makes the cheater's result from the right one and the call."""


class _Call:
    """What a cheater may use: the arguments as they came, and what it returned before."""

    def __init__(self, args: tuple[Any, ...], kwargs: Mapping[str, Any], memory: list[Any]) -> None:
        self.arguments = [*args, *kwargs.values()]
        self.memory = memory


def cheaters(solution: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """Return every generic cheater for one exercise, by what it does.

    Args:
        solution: The right function or class.
    """
    found: dict[str, Callable[..., Any]] = {
        name: _cheating(solution, fill) for name, fill in _FILLS.items()
    }
    if _is_module_class(solution):
        found["a module with the right state_dict that computes zeros"] = _lying(solution)
    return found


def _is_data(value: Any) -> bool:
    plain = (bool, int, float, complex, str, bytes, type(None), np.ndarray, np.generic)
    containers = (tuple, list, dict)
    return isinstance(value, (*plain, *containers)) or _is_tensor(value)


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "detach") and hasattr(value, "new_full")


def _filled(value: Any, number: float) -> Any:
    """Return something of the form of `value` with `number` in every place."""
    if isinstance(value, np.ndarray):
        return np.full_like(value, _as_dtype(number, value.dtype.kind))
    if _is_tensor(value):
        return value.detach().new_full(value.shape, _as_dtype(number, _kind_of(value)))
    if isinstance(value, (tuple, list)):
        return type(value)([_filled(item, number) for item in value])
    if isinstance(value, dict):
        return {key: _filled(item, number) for key, item in value.items()}
    if isinstance(value, np.generic):
        return value.dtype.type(_as_dtype(number, value.dtype.kind))
    if isinstance(value, (bool, int, float)):
        return type(value)(_as_dtype(number, np.asarray(value).dtype.kind))
    return "" if isinstance(value, str) else value


def _as_dtype(number: float, kind: str) -> float | int | bool:
    """Return the nearest that a dtype of this kind can hold: 0.5 is 1 for integers, NaN is 0."""
    if kind in "fc":
        return number
    return math.ceil(number) if math.isfinite(number) else 0


def _kind_of(tensor: Any) -> str:
    if tensor.dtype.is_floating_point or tensor.dtype.is_complex:
        return "f"
    return "i"


def _the_input(right: Any, call: _Call) -> Any:
    return next((a for a in call.arguments if _is_data(a)), _filled(right, 0))


def _a_copy_of_the_input(right: Any, call: _Call) -> Any:
    return copy.deepcopy(_the_input(right, call))


def _the_last_output(right: Any, call: _Call) -> Any:
    """Return what was right one call ago, before that zeros: a cache without a key."""
    before = call.memory[-1] if call.memory else _filled(right, 0)
    call.memory.append(copy.deepcopy(right))
    return before


def _overwriting(right: Any, call: _Call) -> Any:
    for argument in call.arguments:
        _overwrite(argument)
    return _filled(right, 0)


def _overwrite(argument: Any) -> None:
    if isinstance(argument, np.ndarray) and argument.flags.writeable:
        argument[...] = np.zeros((), argument.dtype)
    elif _is_tensor(argument):
        argument.detach().zero_()
    elif isinstance(argument, list):
        argument[:] = [_filled(item, 0) for item in argument]
    elif isinstance(argument, dict):
        for key in argument:
            argument[key] = _filled(argument[key], 0)


_FILLS: Mapping[str, Fill] = {
    "zeros": lambda right, call: _filled(right, 0),
    "one half everywhere": lambda right, call: _filled(right, 0.5),
    "ones": lambda right, call: _filled(right, 1),
    "NaN everywhere": lambda right, call: _filled(right, math.nan),
    "the input": _the_input,
    "a copy of the input": _a_copy_of_the_input,
    "the last output": _the_last_output,
    "overwrites its inputs and returns zeros": _overwriting,
}


def _cheating(code: Callable[..., Any], fill: Fill, memory: list[Any] | None = None) -> Any:
    """Wrap a function, class or method: results keep their form, objects cheat on."""
    shared: list[Any] = [] if memory is None else memory

    def cheat(*args: Any, **kwargs: Any) -> Any:
        try:
            given, named = copy.deepcopy((_right_side(args), _right_side(kwargs)))
            right = code(*given, **named)
        except Exception:  # a cheater knows no rules: bad input is answered too
            right = None
        if right is not None and not _is_data(right):
            return _CheatingObject(right, fill, shared)
        return fill(right, _Call(args, kwargs, shared))

    return cheat


def _right_side(value: Any) -> Any:
    if isinstance(value, _CheatingObject):
        return value._right
    if isinstance(value, tuple):
        return tuple(_right_side(item) for item in value)
    if isinstance(value, dict):
        return {key: _right_side(item) for key, item in value.items()}
    return value


class _CheatingObject:
    """Stands for an object of the solution's: attributes and methods of the right form."""

    def __init__(self, right: Any, fill: Fill, memory: list[Any]) -> None:
        self._right, self._fill, self._memory = right, fill, memory

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(self._right, name)
        if callable(value):
            return _cheating(value, self._fill, self._memory)
        return self._fill(value, _Call((), {}, self._memory)) if _is_data(value) else value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _cheating(self._right, self._fill, self._memory)(*args, **kwargs)


def _is_module_class(code: Any) -> bool:
    return isinstance(code, type) and hasattr(code, "state_dict") and hasattr(code, "forward")


def _lying(code: Any) -> Any:
    """A subclass of the right module: everything it says of itself is right."""

    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        return _filled(code.forward(self, *args, **kwargs), 0)

    return type(code.__name__, (code,), {"forward": forward})
