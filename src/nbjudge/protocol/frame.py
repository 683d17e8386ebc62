"""Frames: the only bytes that cross between the judge and a worker.

A frame is a fixed header, one JSON text and one blob of array bytes. There is
no pickle and no name that is looked up. `docs/wire.md` is the reference.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

VERSION = 1
HEADER = struct.Struct("<4sHHIQ")
"""Magic, version, reserved (zero), JSON bytes, blob bytes; little-endian."""
MAGIC = b"NBJ\n"
ALIGNMENT = 64
"""Every buffer in the blob starts at a multiple of this, as numpy likes it."""
Blob = bytearray | memoryview
"""A frame's array bytes, writable."""
SMALL_FRAME = 1 << 16
"""Bytes that are sent, and asked for, at once."""
_JSON = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


class ProtocolError(Exception):
    """The other side sent what no honest worker sends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FrameLimits:
    """What is accepted from an untrusted peer."""

    json_bytes: int = 4 << 20
    blob_bytes: int = 256 << 20
    nodes: int = 200_000
    keys: int = 4096
    """Keys of dicts and members of sets that are no text."""
    depth: int = 32
    dimensions: int = 16


DEFAULT_LIMITS = FrameLimits()


def join_frame(document: dict[str, Any], buffers: Sequence[memoryview]) -> list[memoryview]:
    """Lay out a frame as the pieces to send, buffers aligned; only a small frame is copied.

    The document's "buffers" must have been filled with `layout(...)`.
    """
    text = _JSON.encode(document).encode("utf-8", "surrogatepass")
    pieces: list[memoryview] = []
    size = 0
    for buffer in buffers:
        padding = -size % ALIGNMENT
        if padding:
            pieces.append(memoryview(bytes(padding)))
        pieces.append(buffer)
        size += padding + buffer.nbytes
    header = HEADER.pack(MAGIC, VERSION, 0, len(text), size)
    if size <= SMALL_FRAME:  # in one piece: the other side wakes up once and finds all of it
        return [memoryview(b"".join((header, text, *pieces)))]
    return [memoryview(header + text), *pieces]


def layout(sizes: Sequence[int]) -> list[int]:
    """Return the offset in the blob of each buffer of the given byte sizes."""
    offsets, end = [], 0
    for size in sizes:
        end += -end % ALIGNMENT
        offsets.append(end)
        end += size
    return offsets


def split_header(data: bytes | Blob, limits: FrameLimits) -> tuple[int, int]:
    """Return (JSON bytes, blob bytes) that follow a header.

    Raises:
        ProtocolError: On another magic or version, or a frame over the limits:
            before anything is allocated for it.
    """
    magic, version, reserved, json_bytes, blob_bytes = HEADER.unpack(data)
    if magic != MAGIC or reserved:
        raise ProtocolError("not a frame")
    if version != VERSION:
        raise ProtocolError(f"frame version {version}; this judge speaks {VERSION}")
    if json_bytes > limits.json_bytes or blob_bytes > limits.blob_bytes:
        raise ProtocolError(f"a frame of {json_bytes} + {blob_bytes} bytes is over the limit")
    return json_bytes, blob_bytes


def parse_document(text: bytes | Blob, limits: FrameLimits) -> dict[str, Any]:
    """Parse a frame's JSON text.

    Raises:
        ProtocolError: If it is no JSON object or has too many parts.
    """
    if isinstance(text, memoryview):
        text = bytes(text)
    if text.count(b",") + text.count(b"[") + text.count(b"{") > limits.nodes:
        raise ProtocolError("a frame with too many parts")
    try:
        document = _FROM_JSON.decode(text.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"a frame that is no JSON ({type(error).__name__})") from None
    if not isinstance(document, dict):
        raise ProtocolError("a frame that is no object")
    return document


def _refuse(name: str) -> float:
    raise ValueError(name)


_FROM_JSON = json.JSONDecoder(parse_constant=_refuse)
