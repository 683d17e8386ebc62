"""Rebuilds values from JSON that nobody trusts.

What comes out is an exact built-in type, an exact ndarray or Tensor, a numpy
scalar, a generator, or what stands for a handle: never an instance of a class
that the peer chose.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbjudge.protocol.frame import DEFAULT_LIMITS, FrameLimits, ProtocolError
from nbjudge.protocol.generators import generator_from
from nbjudge.protocol.memory import Array, place
from nbjudge.protocol.scalars import DECODE_LEAF, DTYPES, clean_text, listed
from nbjudge.protocol.torch_values import CARRIERS, tensor_over
from nbjudge.protocol.values import GradientRole, Handle, Lent

_OVERLAP = 4
"""How often the bytes of a full frame may be covered by arrays; each is looked at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Buffer:
    """Memory in which a peer's arrays may lie."""

    data: Any
    is_own: bool = False
    """It is the receiver's own memory, behind an input; only the receiver writes it."""
    mask: bytearray | None = None
    """Non-zero for each byte that the peer was sent; None for all. A peer must
    not answer with memory that it never saw."""


class Decoder:
    """Turns JSON back into values.

    Args:
        buffers: Memory for arrays, by number.
        make_handle: Turns a handle or a lent function into whatever stands for it here.
        limits: Bounds on depth, dimensions and logical size.
        results_are_leaves: Results of the peer's recorded operations require a
            gradient here, as leaves; otherwise they are collected in `results`.
    """

    def __init__(
        self,
        buffers: Sequence[Buffer],
        make_handle: Callable[[Any], object] | None = None,
        limits: FrameLimits = DEFAULT_LIMITS,
        *,
        results_are_leaves: bool = False,
    ) -> None:
        self._buffers = buffers
        self._make_handle = make_handle
        self._limits = limits
        self._results_are_leaves = results_are_leaves
        self._covered_bytes = 0
        self._keys = 0
        self.requiring: list[Any] = []
        """Tensors that require a gradient, in the order in which they appear."""
        self.results: list[Any] = []
        """Tensors that are results of the peer's recorded operations."""

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
            return clean_text(node)
        if kind is list:
            return [self._decode(item, depth + 1) for item in node]
        if kind is not dict:
            return node
        if len(node) != 1:
            raise ProtocolError("a value with several tags")
        ((tag, content),) = node.items()
        if tag == "a":
            return self._array(content)
        container = _CONTAINERS.get(tag)
        if container is not None:
            decode = self._key if tag in "SF" else self._decode
            return container(decode(item, depth + 1) for item in listed(content))
        if tag == "d":
            return {
                self._key(key, depth + 1): self._decode(item, depth + 1)
                for key, item in listed(content)
            }
        leaf = DECODE_LEAF.get(tag)
        return leaf(content) if leaf is not None else self._rare(tag, content, depth + 1)

    def _key(self, node: Any, depth: int) -> Any:
        """Decode a dict's key or a set's member.

        A peer can choose numbers that all have one hash, and each is then
        compared with each; the hash of a text is not for them to choose.
        """
        key = self._decode(node, depth)
        if type(key) is not str:
            self._keys += 1
            if self._keys > self._limits.keys:
                raise ProtocolError("too many keys that are no text")
        return key

    def _rare(self, tag: str, content: Any, depth: int) -> Any:
        if tag == "T":
            return self._tensor(content, depth)
        if tag == "h":
            return self._handle(content)
        if tag == "k":
            return self._lent(content)
        if tag == "g":
            kind, state = content
            return generator_from(kind, self._decode(state, depth))
        raise ProtocolError("a value with an unknown tag")

    def _array(self, content: Any) -> Array:
        *layout, writeable = content
        array = self._place(layout, DTYPES[layout[0]])
        if writeable is not True:
            array.flags.writeable = False
        return array

    def _tensor(self, content: Any, depth: int) -> Any:
        *layout, role, grad = content
        role = GradientRole(role)
        tensor = tensor_over(self._place(layout, CARRIERS[layout[0]]), layout[0])
        if role is GradientRole.RESULT and not self._results_are_leaves:
            if not (tensor.is_floating_point() or tensor.is_complex()):
                raise ProtocolError("a gradient of integers")
            self.results.append(tensor)
        elif role is not GradientRole.NONE:
            tensor.requires_grad_()
            self.requiring.append(tensor)
        if grad is not None:
            if depth > self._limits.depth:
                raise ProtocolError("gradients of gradients")
            tensor.grad = self._decode(grad, self._limits.depth)
        return tensor

    def _place(self, layout: Any, dtype: np.dtype[Any]) -> Array:
        _, shape, strides, number, offset = layout
        if set(map(type, (*listed(shape), *listed(strides), number, offset))) != {int}:
            raise ProtocolError("an array whose layout is no integer")
        if len(shape) > self._limits.dimensions or len(shape) != len(strides):
            raise ProtocolError("an array with too many dimensions")
        # The logical size counts: strides of zero make a few bytes look endless.
        size = math.prod(shape) * dtype.itemsize
        if min(shape, default=0) < 0 or size > self._limits.blob_bytes:
            raise ProtocolError("an array over the size limit")
        self._covered_bytes += size
        if self._covered_bytes > _OVERLAP * self._limits.blob_bytes:
            raise ProtocolError("arrays that cover the same memory again and again")
        if number < 0 or offset < 0:
            raise ProtocolError("an array outside its buffer")
        if 0 in shape:
            return np.empty(tuple(shape), dtype)
        return self._view(self._buffers[number], tuple(shape), dtype, offset, tuple(strides))

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
        # A bool whose byte is neither 0 nor 1 is undefined behaviour in numpy and torch.
        raw = place(buffer.data, shape, np.dtype(np.uint8), offset, strides)
        if buffer.is_own:
            return np.asarray(raw != 0) if raw.max() > 1 else array
        raw[...] = raw != 0
        return array

    def _handle(self, content: Any) -> object:
        number, kind, class_name, note = content
        if self._make_handle is None or type(number) is not int:
            raise ProtocolError("a handle where none is allowed")
        texts = [clean_text(text) for text in (kind, class_name, note)]
        return self._make_handle(
            Handle(id=number, kind=texts[0][:40], class_name=texts[1][:100], note=texts[2][:200])
        )

    def _lent(self, content: Any) -> object:
        number, name = content
        if self._make_handle is None or type(number) is not int:
            raise ProtocolError("a lent function where none is allowed")
        return self._make_handle(Lent(id=number, name=clean_text(name)[:100]))


_CONTAINERS: dict[str, Callable[[Any], Any]] = {
    "t": tuple,
    "S": set,
    "F": frozenset,
    "l": lambda parts: slice(*parts),
}
