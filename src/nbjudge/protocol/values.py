"""Python values as the JSON of a frame.

A JSON array is a list; a JSON object has exactly one key, its tag:

    t tuple       [items]             d dict        [[key, value], ...]
    a ndarray     [dtype, shape, strides, buffer, offset, writeable]
    T tensor      [dtype, shape, strides, buffer, offset, gradient role, grad]
    s np scalar   [dtype, hex bytes]  f float       "nan", "inf" or "-inf"
    i big int     hex                 c complex     [real, imag]
    b bytes       hex                 S set         [items]
    F frozenset   [items]             l slice       [start, stop, step]
    D numpy dtype name                E torch dtype name
    Z torch.Size  [ints]              V device      name
    g generator   [kind, state]
    h handle      [id, kind, class, note]
    k lent        [id, name]          a function of the judge's

Strides and offset are in bytes. `nbjudge.protocol.decoder` reads it back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from nbjudge.protocol.frame import DEFAULT_LIMITS, FrameLimits, ProtocolError
from nbjudge.protocol.generators import state_of
from nbjudge.protocol.memory import Array
from nbjudge.protocol.scalars import DTYPES, ENCODE_SCALAR, encode_numpy_scalar, name_of
from nbjudge.protocol.torch_values import carrier, dtype_name, encode_torch_name, is_plain_tensor


@dataclass(frozen=True, kw_only=True, slots=True)
class Handle:
    """Stands for an object that stays in the worker."""

    id: int
    kind: str
    """`callable`, `class`, `module`, `array` or `object`: a claim of the sender."""
    class_name: str
    note: str = ""
    """What a message may say about it: "ndarray of dtype object"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lent:
    """Stands for a function of the judge's that the worker may call back."""

    id: int
    name: str


class GradientRole(IntEnum):
    """What a tensor is to autograd on the side that sends it."""

    NONE = 0
    LEAF = 1
    """It requires a gradient and is nobody's result."""
    RESULT = 2
    """It came out of a recorded operation."""


class Encoder:
    """Turns values into JSON and collects their arrays, to be laid out later.

    Args:
        handle_for: Makes a `Handle` or `Lent` for what is no plain data; None refuses it.
        limits: Depth that the peer will accept.
        tensors: The peer has torch; otherwise a tensor is no plain data.
    """

    def __init__(
        self,
        handle_for: Callable[[object], Handle | Lent] | None = None,
        limits: FrameLimits = DEFAULT_LIMITS,
        *,
        tensors: bool = True,
    ) -> None:
        self._handle_for = handle_for
        self._limits = limits
        self._tensors = tensors
        self.arrays: list[tuple[Array, list[Any]]] = []
        """Each array with its JSON list, whose buffer and offset are still open."""
        self.requiring: list[Any] = []
        """The tensors that require a gradient, in the order in which they appear."""
        self.results: list[Any] = []
        """Those of them that are `GradientRole.RESULT`."""

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
        scalar = ENCODE_SCALAR.get(kind)
        if scalar is not None:
            return scalar(value)
        deeper = depth + 1
        if isinstance(value, np.ndarray) and kind is np.ndarray and (name := name_of(value.dtype)):
            return self._array(value, name)
        if kind is list:
            return [self.encode(v, deeper) for v in value]  # type: ignore[attr-defined]
        if isinstance(value, (tuple, set, frozenset)):
            size = encode_torch_name(value) if self._tensors and kind is not tuple else None
            if size is not None:
                return size
            tag = "t" if isinstance(value, tuple) else "S" if kind is set else "F"
            return {tag: [self.encode(v, deeper) for v in value]}
        if isinstance(value, dict):
            pairs = [[self.encode(k, deeper), self.encode(v, deeper)] for k, v in value.items()]
            return {"d": pairs}
        if kind is slice:
            parts = (value.start, value.stop, value.step)  # type: ignore[attr-defined]
            return {"l": [self.encode(part, deeper) for part in parts]}
        return self._encode_rare(value, deeper)

    def _encode_rare(self, value: Any, depth: int) -> Any:
        if isinstance(value, Handle):
            return {"h": [value.id, value.kind, value.class_name, value.note]}
        if isinstance(value, Lent):
            return {"k": [value.id, value.name]}
        node = encode_numpy_scalar(value)
        if node is None and self._tensors:
            node = (
                self._tensor(value, depth) if is_plain_tensor(value) else encode_torch_name(value)
            )
        if node is None:
            node = self._generator(value, depth)
        if node is not None:
            return node
        if self._handle_for is not None:
            return self.encode(self._handle_for(value), depth)
        raise ProtocolError(f"cannot send a {type(value).__name__}")

    def _array(self, array: Array, name: str) -> Any:
        if not array.dtype.isnative:
            array = array.astype(DTYPES[name])
        node = self._layout(array, name)
        node.append(bool(array.flags.writeable))
        return {"a": node}

    def _tensor(self, tensor: Any, depth: int, *, with_grad: bool = True) -> Any:
        role = GradientRole.NONE
        if tensor.requires_grad:
            role = GradientRole.LEAF if tensor.is_leaf else GradientRole.RESULT
            self.requiring.append(tensor)
            if role is GradientRole.RESULT:
                self.results.append(tensor)
        node = self._layout(carrier(tensor), dtype_name(tensor.dtype))
        node.append(int(role))
        # `grad` of anything but a leaf warns.
        grad = tensor.grad if with_grad and tensor.is_leaf else None
        node.append(self._tensor(grad, depth, with_grad=False) if is_plain_tensor(grad) else None)
        return {"T": node}

    def _layout(self, array: Array, name: str) -> list[Any]:
        if len(array.shape) > self._limits.dimensions:
            raise ProtocolError(f"an array of {array.ndim} dimensions")
        if array.nbytes > self._limits.blob_bytes:
            # Checked before packing: a stride of 0 makes a few bytes look endless.
            raise ProtocolError(f"an array of {array.nbytes} bytes")
        node: list[Any] = [name, list(array.shape), list(array.strides), -1, 0]
        self.arrays.append((array, node))
        return node

    def _generator(self, value: object, depth: int) -> Any:
        found = state_of(value)
        if found is None or (found[0] == "torch" and not self._tensors):
            return None
        kind, state = found
        return {"g": [kind, self.encode(state, depth)]}
