"""Plain values and numpy arrays as JSON and back, without loss.

Plain data is: None, bool, int, float, str, a numpy scalar, an exact
`numpy.ndarray` of bools, integers or floats, and tuples, lists and dicts of
plain data. A subclass is not plain: it may behave differently.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

EXACT = 17
"""Significant digits with which every float64 is read back as it was."""
# Fewer are enough for a narrow dtype: half a unit in the last digit stays clear of
# half a spacing, also when the text is read as float64 first.
_ENOUGH = {"float16": 5, "float32": 9, "float64": EXACT}
_SCALARS = (bool, int, float, str, type(None))
_NON_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


@dataclass(frozen=True, slots=True)
class Ref:
    """Stands in a call script for what an earlier step returned."""

    step: int


def encode(value: object, *, digits: int = EXACT) -> Any:
    """Turn plain data into what `json.dumps` writes.

    Args:
        value: Plain data; may hold `Ref`s.
        digits: Significant digits of floats, 1 to 17; fewer lose precision.

    Raises:
        TypeError: If some part of `value` is no plain data: an object, an
            array of objects, strings, dates or complex numbers.
    """
    if isinstance(value, np.generic):
        value = _plain_scalar(value)
    if type(value) is float:
        return _float(value, digits)
    if type(value) in _SCALARS:
        return value
    if type(value) is np.ndarray:
        return {"array": _array(value, digits)}
    if type(value) is list:
        return [encode(item, digits=digits) for item in value]
    if type(value) is tuple:
        return {"tuple": [encode(item, digits=digits) for item in value]}
    if type(value) is dict:
        pairs = [[encode(k, digits=digits), encode(v, digits=digits)] for k, v in value.items()]
        return {"dict": pairs}
    if type(value) is Ref:
        return {"ref": value.step}
    raise TypeError(f"a value must be plain data or a numpy array; got {_described(value)}")


def decode(document: Any) -> object:
    """Turn what `encode` made back into plain data.

    Raises:
        ValueError: If `document` is nothing that `encode` makes.
    """
    if type(document) in _SCALARS:
        return document
    if isinstance(document, list):
        return [decode(item) for item in document]
    if not isinstance(document, dict) or len(document) != 1:
        raise ValueError(f"a value must be a scalar, a list or one tagged object; got {document!r}")
    ((tag, content),) = document.items()
    try:
        return _DECODERS[tag](content)
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"the value tagged {tag!r} cannot be read: {error!r}") from None


def is_plain(value: object) -> bool:
    """Say whether `encode` accepts `value`."""
    if type(value) is np.ndarray:
        return _is_plain_dtype(value.dtype)
    if isinstance(value, np.generic):
        return _is_plain_dtype(value.dtype)
    if type(value) in (list, tuple):
        return all(is_plain(item) for item in value)  # type: ignore[attr-defined]
    if type(value) is dict:
        return all(is_plain(k) and is_plain(v) for k, v in value.items())
    return type(value) in _SCALARS or type(value) is Ref


def unnamed(value: object) -> object:
    """Return named tuples, and other kinds of dict, as the plain ones that the judge gets."""
    if type(value) is list:
        return [unnamed(item) for item in value]
    if type(value) is tuple or (isinstance(value, tuple) and hasattr(value, "_fields")):
        return tuple(unnamed(item) for item in value)
    if isinstance(value, dict):
        return {key: unnamed(item) for key, item in value.items()}
    return value


def copy_value(value: object) -> Any:
    """Copy plain data so that nothing done to the copy reaches the original."""
    if isinstance(value, np.ndarray):
        return np.array(value)
    if type(value) in (list, tuple):
        return type(value)(copy_value(item) for item in value)  # type: ignore[call-arg,attr-defined]
    if type(value) is dict:
        return {key: copy_value(item) for key, item in value.items()}
    return value


def arrays_in(value: object) -> list[NDArray[Any]]:
    """Return the arrays of plain data, in order."""
    if type(value) is np.ndarray:
        return [value]
    if type(value) in (list, tuple):
        return [array for item in value for array in arrays_in(item)]  # type: ignore[attr-defined]
    if type(value) is dict:
        return [array for item in value.values() for array in arrays_in(item)]
    return []


def _is_plain_dtype(dtype: np.dtype[Any]) -> bool:
    return dtype.kind in "biu" or dtype.name in _ENOUGH


def _described(value: object) -> str:
    if isinstance(value, (np.ndarray, np.generic)):
        return f"a numpy {type(value).__name__} of dtype {value.dtype}"
    return type(value).__name__


def _plain_scalar(value: np.generic[Any]) -> object:
    if not _is_plain_dtype(value.dtype):
        raise TypeError(f"a value must be plain data or a numpy array; got {_described(value)}")
    return value.item()


def _float(value: float, digits: int) -> Any:
    if math.isfinite(value):
        return value if digits >= EXACT else float(f"{value:.{digits}g}")
    return {"float": str(value)}


def _array(array: NDArray[Any], digits: int) -> dict[str, Any]:
    if not _is_plain_dtype(array.dtype):
        raise TypeError(f"a value must be plain data or a numpy array; got {_described(array)}")
    values = array.ravel().tolist()
    if array.dtype.kind == "f":
        digits = min(digits, _ENOUGH[array.dtype.name])
        values = [float(f"{v:.{digits}g}") if math.isfinite(v) else str(v) for v in values]
    return {"dtype": array.dtype.name, "shape": list(array.shape), "values": values}


def _read_array(content: dict[str, Any]) -> NDArray[Any]:
    dtype = np.dtype(content["dtype"])
    if not _is_plain_dtype(dtype):
        raise ValueError(f"an array's dtype must be a bool, integer or float; got {dtype}")
    values = content["values"]
    if dtype.kind == "f":
        values = [_NON_FINITE[v] if type(v) is str else v for v in values]
    return np.array(values, dtype=dtype).reshape(content["shape"])


_DECODERS: dict[str, Callable[[Any], object]] = {
    "float": lambda content: _NON_FINITE[content],
    "array": _read_array,
    "tuple": lambda content: tuple(decode(item) for item in content),
    "dict": lambda content: {decode(key): decode(value) for key, value in content},
    "ref": lambda content: Ref(int(content)),
}
