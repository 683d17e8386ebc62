"""The leaves of a value: numbers, texts, bytes, dtypes, each as JSON and back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nbjudge.protocol import torch_values
from nbjudge.protocol.frame import ProtocolError

DTYPES = {
    name: np.dtype(name)
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
}
_NAMES = {dtype: name for name, dtype in DTYPES.items()}
_BIG_INT = 1 << 63
_BIG_INT_DIGITS = 20_000

ENCODE_SCALAR: dict[type, Callable[[Any], Any]] = {
    int: lambda v: v if -_BIG_INT <= v < _BIG_INT else {"i": hex(v)[:_BIG_INT_DIGITS]},
    float: lambda v: v if math.isfinite(v) else {"f": repr(v)},
    complex: lambda v: {"c": [ENCODE_SCALAR[float](v.real), ENCODE_SCALAR[float](v.imag)]},
    bytes: lambda v: {"b": v.hex()},
    bytearray: lambda v: {"b": v.hex()},
}
"""Built-in type -> its JSON."""


def name_of(dtype: np.dtype[Any]) -> str | None:
    """Return the name of a dtype that may travel, whatever its byte order; None if it may not."""
    # Every array of every call comes by: numpy puts a dtype's `name` together anew each time.
    name = _NAMES.get(dtype)
    return dtype.name if name is None and dtype.name in DTYPES else name


def encode_numpy_scalar(value: Any) -> Any:
    """Return a numpy scalar, or a numpy dtype, as JSON; None if it is neither."""
    if isinstance(value, np.generic) and (name := name_of(value.dtype)):
        return {"s": [name, np.asarray(value, DTYPES[name]).tobytes().hex()]}
    if isinstance(value, np.dtype) and (name := name_of(value)):
        return {"D": name}
    return None


def listed(content: Any) -> list[Any]:
    """Return `content`, which must be a list.

    Raises:
        ProtocolError: If it is none.
    """
    if type(content) is not list:
        raise ProtocolError("a value whose content is no list")
    return content


def clean_text(text: Any) -> str:
    """Return text without lone surrogates, which crash whoever writes a report.

    Raises:
        ProtocolError: If it is no text.
    """
    if type(text) is not str:
        raise ProtocolError("a text that is none")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _real(content: Any) -> float:
    if type(content) is dict:
        return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[content["f"]]
    if type(content) not in (int, float):
        raise ProtocolError("a number that is none")
    return float(content)


def _big_int(content: str) -> int:
    if len(content) > _BIG_INT_DIGITS:
        raise ProtocolError("an integer with too many digits")
    return int(content, 16)


def _numpy_scalar(content: Any) -> Any:
    name, digits = content
    dtype = DTYPES[name]
    raw = bytes.fromhex(digits)
    if len(raw) != dtype.itemsize:
        raise ProtocolError("a scalar of the wrong size")
    if name == "bool":
        return np.bool_(raw != b"\0")
    return np.frombuffer(raw, dtype)[0]


DECODE_LEAF: dict[str, Callable[[Any], Any]] = {
    "s": _numpy_scalar,
    "f": lambda content: _real({"f": content}),
    "i": _big_int,
    "c": lambda content: complex(_real(content[0]), _real(content[1])),
    "b": bytes.fromhex,
    "D": lambda content: DTYPES[content],
    "E": torch_values.decode_dtype,
    "V": torch_values.decode_device,
    "Z": torch_values.decode_size,
}
"""Tag of a leaf -> what reads its content; raises anything at all on malformed content."""
