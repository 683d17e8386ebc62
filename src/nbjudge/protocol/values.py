"""Python values as the JSON of a frame, and back.

A JSON array is a list; a JSON object has exactly one key, its tag:

    t tuple       [items]             d dict        [[key, value], ...]
    a ndarray     [dtype, shape, strides, buffer, offset, writeable]
    s np scalar   [dtype, hex bytes]  f float       "nan", "inf" or "-inf"
    i big int     hex                 c complex     [real, imag]
    b bytes       hex                 S set         [items]
    F frozenset   [items]             l slice       [start, stop, step]
    D dtype       name                h handle      [id, kind, class, note]

`T` (tensor) is reserved. Strides and offset are in bytes. What comes out is an
exact built-in type, an exact ndarray, a numpy scalar or a `Handle`, never an
instance of a class that the peer chose.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbjudge.protocol.frame import DEFAULT_LIMITS, FrameLimits, ProtocolError
from nbjudge.protocol.memory import Array, place

DTYPES = {
    name: np.dtype(name)
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
}
_BIG_INT = 1 << 63
_BIG_INT_DIGITS = 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Handle:
    """Stands for an object that stays on the other side."""

    id: int
    kind: str
    """`callable`, `class`, `array` or `object`: a claim of the sender."""
    class_name: str
    note: str = ""
    """What a message may say about it: "ndarray of dtype object"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Buffer:
    """Memory in which a peer's arrays may lie."""

    data: Any
    is_own: bool = False
    """It is the receiver's own memory, behind an input; only the receiver writes it."""
    mask: bytearray | None = None
    """Non-zero for each byte that the peer was sent; None for all. A peer must
    not answer with memory that it never saw."""


class Encoder:
    """Turns values into JSON and collects their arrays, to be laid out later.

    Args:
        handle_for: Makes a `Handle` for what is no plain data; None refuses it.
        limits: Depth that the peer will accept.
    """

    def __init__(
        self,
        handle_for: Callable[[object], Handle] | None = None,
        limits: FrameLimits = DEFAULT_LIMITS,
    ) -> None:
        self._handle_for = handle_for
        self._limits = limits
        self.arrays: list[tuple[Array, list[Any]]] = []
        """Each array with its JSON list, whose buffer and offset are still open."""

    def encode(self, value: object, depth: int = 0) -> Any:
        """Return `value` as JSON.

        Raises:
            ProtocolError: If it is nested too deep, or no plain data and there
                are no handles on this side.
        """
        if depth > self._limits.depth:
            raise ProtocolError(f"a value nested deeper than {self._limits.depth}")
        kind = type(value)
        if value is None or kind is bool or kind is str:
            return value
        scalar = _SCALARS.get(kind)
        if scalar is not None:
            return scalar(value)
        deeper = depth + 1
        if kind is list:
            return [self.encode(v, deeper) for v in value]  # type: ignore[attr-defined]
        if isinstance(value, (tuple, set, frozenset)):
            tag = "t" if isinstance(value, tuple) else "S" if kind is set else "F"
            return {tag: [self.encode(v, deeper) for v in value]}
        if isinstance(value, dict):
            pairs = [[self.encode(k, deeper), self.encode(v, deeper)] for k, v in value.items()]
            return {"d": pairs}
        if kind is slice:
            parts = (value.start, value.stop, value.step)  # type: ignore[attr-defined]
            return {"l": [self.encode(part, deeper) for part in parts]}
        return self._encode_array_like(value, deeper)

    def _encode_array_like(self, value: object, depth: int) -> Any:
        if type(value) is np.ndarray and value.dtype.name in DTYPES:
            return self._array(value)
        if isinstance(value, np.generic) and value.dtype.name in DTYPES:
            return {
                "s": [value.dtype.name, np.asarray(value, DTYPES[value.dtype.name]).tobytes().hex()]
            }
        if isinstance(value, np.dtype) and value.name in DTYPES:
            return {"D": value.name}
        if isinstance(value, Handle):
            return {"h": [value.id, value.kind, value.class_name, value.note]}
        if self._handle_for is not None:
            return self.encode(self._handle_for(value), depth)
        raise ProtocolError(f"cannot send a {type(value).__name__}")

    def _array(self, array: Array) -> Any:
        native = DTYPES[array.dtype.name]
        if not array.dtype.isnative:
            array = array.astype(native)
        if len(array.shape) > self._limits.dimensions:
            raise ProtocolError(f"an array of {array.ndim} dimensions")
        if array.nbytes > self._limits.blob_bytes:
            # Checked before packing: a stride of 0 makes a few bytes look endless.
            raise ProtocolError(f"an array of {array.nbytes} bytes")
        node = [
            native.name,
            list(array.shape),
            list(array.strides),
            -1,
            0,
            bool(array.flags.writeable),
        ]
        self.arrays.append((array, node))
        return {"a": node}


_SCALARS: dict[type, Callable[[Any], Any]] = {
    int: lambda v: v if -_BIG_INT <= v < _BIG_INT else {"i": hex(v)[:_BIG_INT_DIGITS]},
    float: lambda v: v if math.isfinite(v) else {"f": repr(v)},
    complex: lambda v: {"c": [_SCALARS[float](v.real), _SCALARS[float](v.imag)]},
    bytes: lambda v: {"b": v.hex()},
    bytearray: lambda v: {"b": v.hex()},
}


class Decoder:
    """Rebuilds values from JSON that nobody trusts.

    Args:
        buffers: Memory for arrays, by number.
        make_handle: Turns a handle into whatever stands for it here.
        limits: Bounds on depth, dimensions and logical size.
    """

    def __init__(
        self,
        buffers: Sequence[Buffer],
        make_handle: Callable[[Handle], object] | None = None,
        limits: FrameLimits = DEFAULT_LIMITS,
    ) -> None:
        self._buffers = buffers
        self._make_handle = make_handle
        self._limits = limits

    def decode(self, node: Any) -> Any:
        """Return the value.

        Raises:
            ProtocolError: On anything malformed, whatever it is.
        """
        try:
            return self._decode(node, 0)
        except ProtocolError:
            raise
        except Exception as error:
            raise ProtocolError(f"a malformed value ({type(error).__name__})") from None

    def _decode(self, node: Any, depth: int) -> Any:
        if depth > self._limits.depth:
            raise ProtocolError("a value nested too deep")
        kind = type(node)
        if kind is str:
            return _clean(node)
        if kind is list:
            return [self._decode(item, depth + 1) for item in node]
        if kind is not dict:
            return node
        if len(node) != 1:
            raise ProtocolError("a value with several tags")
        ((tag, content),) = node.items()
        if tag == "a":
            return self._array(content)
        if tag == "h":
            return self._handle(content)
        container = _CONTAINERS.get(tag)
        if container is not None:
            return container(self._decode(item, depth + 1) for item in _list(content))
        if tag == "d":
            return {
                self._decode(key, depth + 1): self._decode(item, depth + 1)
                for key, item in _list(content)
            }
        leaf = _LEAVES.get(tag)
        if leaf is None:
            raise ProtocolError("a value with an unknown tag")
        return leaf(content)

    def _array(self, content: Any) -> Array:
        name, shape, strides, number, offset, writeable = content
        dtype = DTYPES[name]
        for numbers in (shape, strides, [number, offset]):
            if any(type(n) is not int for n in _list(numbers)):
                raise ProtocolError("an array whose layout is no integer")
        if len(shape) > self._limits.dimensions or len(shape) != len(strides):
            raise ProtocolError("an array with too many dimensions")
        # The logical size counts: strides of zero make a few bytes look endless.
        if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize > self._limits.blob_bytes:
            raise ProtocolError("an array over the size limit")
        if number < 0 or offset < 0:
            raise ProtocolError("an array outside its buffer")
        if 0 in shape:
            array = np.empty(tuple(shape), dtype)
        else:
            layout = (tuple(shape), dtype, offset, tuple(strides))
            array = self._view(self._buffers[number], *layout)
        if writeable is not True:
            array.flags.writeable = False
        return array

    def _view(
        self,
        buffer: Buffer,
        shape: tuple[int, ...],
        dtype: np.dtype[Any],
        offset: int,
        strides: tuple[int, ...],
    ) -> Array:
        if buffer.mask is not None:
            each_byte = ((*shape, dtype.itemsize), np.dtype(np.uint8), offset, (*strides, 1))
            if not place(buffer.mask, *each_byte).all():
                raise ProtocolError("an array over memory that was never sent")
        array = place(buffer.data, shape, dtype, offset, strides)
        if dtype != np.bool_:
            return array
        # A bool whose byte is neither 0 nor 1 is undefined behaviour in numpy.
        raw = place(buffer.data, shape, np.dtype(np.uint8), offset, strides)
        if buffer.is_own:
            return raw != 0 if raw.max() > 1 else array
        raw[...] = raw != 0
        return array

    def _handle(self, content: Any) -> object:
        number, kind, class_name, note = content
        if self._make_handle is None or type(number) is not int:
            raise ProtocolError("a handle where none is allowed")
        texts = [_clean(text) for text in (kind, class_name, note)]
        return self._make_handle(
            Handle(id=number, kind=texts[0][:40], class_name=texts[1][:100], note=texts[2][:200])
        )


def _list(content: Any) -> list[Any]:
    if type(content) is not list:
        raise ProtocolError("a value whose content is no list")
    return content


def _clean(text: Any) -> str:
    """Return text without lone surrogates, which crash whoever writes a report."""
    if type(text) is not str:
        raise ProtocolError("a text that is none")
    return text.encode("utf-8", "replace").decode("utf-8")


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


_CONTAINERS: dict[str, Callable[[Any], Any]] = {
    "t": tuple,
    "S": set,
    "F": frozenset,
    "l": lambda parts: slice(*parts),
}
_LEAVES: dict[str, Callable[[Any], Any]] = {
    "s": _numpy_scalar,
    "f": lambda content: _real({"f": content}),
    "i": _big_int,
    "c": lambda content: complex(_real(content[0]), _real(content[1])),
    "b": bytes.fromhex,
    "D": lambda content: DTYPES[content],
}
