"""Memory of arrays: which share it, and how it becomes buffers of a frame.

Arrays whose memory overlaps go into one buffer, so that the other side sees
the same aliasing, strides and read-only flags. Bytes between the elements of a
strided view are sent as zeros: they may belong to something hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds
from numpy.typing import NDArray

Array = NDArray[Any]
_COMPARED_BYTES = 1 << 18
"""At once: what is compared and its temporaries stay in the processor's cache."""


class Memory:
    """A stretch of memory that belongs to arrays; keeps them alive.

    Exposes the stretch as uint8, through numpy's array interface.
    """

    def __init__(self, low: int, high: int, owners: Sequence[object]) -> None:
        self.low = low
        self.size = high - low
        self._owners = owners
        self.__array_interface__ = {
            "version": 3,
            "shape": (self.size,),
            "typestr": "|u1",
            "data": (low, False),
        }

    def bytes(self) -> NDArray[np.uint8]:
        """Return the stretch as bytes; no copy."""
        return np.asarray(self)


@dataclass(kw_only=True, slots=True)
class Group:
    """Arrays that share memory."""

    low: int
    high: int
    arrays: list[Array] = field(default_factory=list)

    @property
    def memory(self) -> Memory:
        """The stretch that the group covers, gaps included."""
        return Memory(self.low, self.high, tuple(self.arrays))

    @property
    def has_gaps(self) -> bool:
        """Say whether bytes of the stretch may belong to none of the arrays."""
        size = self.high - self.low
        return not any(a.nbytes == size and _is_dense(a) for a in self.arrays)

    def mask(self) -> bytearray | None:
        """Return 1 for each byte of an array and 0 for each gap; None without gaps."""
        if not self.has_gaps:
            return None
        mask = bytearray(self.high - self.low)
        for array in map(_without_repeats, self.arrays):
            shape, strides = (*array.shape, array.itemsize), (*array.strides, 1)
            place(mask, shape, np.dtype(np.uint8), self.offset(array), strides)[...] = 1
        return mask

    def packed(self) -> memoryview:
        """Return the group's bytes with zeros in the gaps; no copy if there are none."""
        if not self.has_gaps:
            return self.memory.bytes().data
        packed = bytearray(self.high - self.low)
        for array in map(_without_repeats, self.arrays):
            place(packed, array.shape, array.dtype, self.offset(array), array.strides)[...] = array
        return memoryview(packed)

    def offset(self, array: Array) -> int:
        """Return where the first element of `array` lies, in bytes from the start."""
        return address(array) - self.low


def large_buffer(size: int) -> memoryview:
    """Return writable memory that takes up no room before it is written to.

    numpy asks the kernel for large pages: far fewer of them than a bytearray needs.
    """
    return np.empty(size, np.uint8).data


def unchanged(now: NDArray[np.uint8], before: NDArray[np.uint8]) -> bool:
    """Say whether two stretches of one size hold the same bytes; makes no copy of them."""
    starts = range(0, now.size, _COMPARED_BYTES)
    return all(
        np.array_equal(now[i : i + _COMPARED_BYTES], before[i : i + _COMPARED_BYTES])
        for i in starts
    )


def address(array: Array) -> int:
    """Return the address of the first element."""
    return int(array.__array_interface__["data"][0])


def group_by_memory(arrays: Sequence[Array], known: Sequence[tuple[int, int]] = ()) -> list[Group]:
    """Group arrays that share memory; each known stretch is a group of its own.

    Args:
        arrays: Any arrays; an empty one has no memory and gets its own group.
        known: (low, high) addresses of buffers that came with the request; they
            are the first groups, in this order.

    Returns:
        The groups: known ones first, then the others by address.
    """
    groups = [Group(low=low, high=high) for low, high in known]
    loose: list[tuple[int, int, Array]] = []
    for array in arrays:
        low, high = byte_bounds(array) if array.size else (address(array), address(array))
        home = next((g for g in groups if g.low <= low and high <= g.high and array.size), None)
        if home is not None:
            home.arrays.append(array)
        else:
            loose.append((int(low), int(high), array))
    fresh: list[Group] = []
    for low, high, array in sorted(loose, key=lambda item: item[:2]):
        if fresh and low < fresh[-1].high and array.size:
            fresh[-1].high = max(fresh[-1].high, high)
            fresh[-1].arrays.append(array)
        else:
            fresh.append(Group(low=low, high=high, arrays=[array]))
    return groups + fresh


def place(
    buffer: Any, shape: tuple[int, ...], dtype: np.dtype[Any], offset: int, strides: tuple[int, ...]
) -> Array:
    """Return an array over `buffer`; numpy checks that it stays inside."""
    return np.ndarray(shape, dtype, buffer=buffer, offset=offset, strides=strides)


def _without_repeats(array: Array) -> Array:
    """Return the array with each broadcast axis (stride 0) cut down to one entry."""
    return array[tuple(slice(None) if stride else slice(1) for stride in array.strides)]


def _is_dense(array: Array) -> bool:
    return bool(array.flags.c_contiguous or array.flags.f_contiguous)
