"""Requests and replies: what is inside a frame.

    request  {"id": n, "op": name, "tensors": bool, "buffers": [...], "body": value}
    reply    {"id": n, "ok": bool, "buffers": [...], "body": value}

An entry of "buffers" is `[offset, length]` for bytes in the blob. In a reply it
may also be `["request", k]`: request buffer k, unchanged; or
`["request", k, offset, length]`: request buffer k as the call left it. So
inputs come back after every call, what returns as a view on an input still is
one, and unchanged bytes travel once.

Both sides may ask: while the judge waits for a reply, the worker may send a
request of its own, to call a function that the judge lent to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nbjudge.protocol.decoder import Buffer, Decoder
from nbjudge.protocol.frame import Blob, FrameLimits, ProtocolError, join_frame, layout
from nbjudge.protocol.memory import Group, address, group_by_memory, place, unchanged
from nbjudge.protocol.torch_values import import_torch, loaded_torch
from nbjudge.protocol.values import Encoder, Handle, Lent

_BYTE = np.dtype(np.uint8)
_REQUEST_BUFFERS = 256
"""In a request from the worker; a reply of the judge looks through all of them."""

HandleFor = Callable[[object], Handle | Lent]
MakeHandle = Callable[[Any], object]
"""Turns a `Handle` or `Lent` into what stands for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """What the sender of a request keeps, to read the reply against."""

    pieces: list[memoryview]
    """The frame, ready to send."""
    groups: list[Group]
    """Request buffer k holds the arrays of group k."""
    requiring: list[Any]
    """The tensors that required a gradient, in order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """What the receiver of a request keeps, to send the reply against."""

    id: int
    op: str
    body: Any
    blob: Blob
    spans: list[tuple[int, int]]
    """(start, stop) in the blob of each request buffer."""
    before: NDArray[np.uint8]
    """The blob as it came, to tell what a call changed."""
    tensors: bool
    """The sender has torch: a tensor may travel."""
    requiring: list[Any]
    """The tensors that require a gradient, in the sender's order."""


@dataclass(kw_only=True, slots=True)
class Gradients:
    """Tensors of one reply that autograd cares about, in the order in which they appear."""

    results: list[Any] = field(default_factory=list)
    """Results of operations that the worker recorded."""
    leaves: list[Any] = field(default_factory=list)
    """Leaves that require a gradient: parameters, or inputs as the call left them."""


def encode_request(
    number: int,
    op: str,
    body: object,
    *,
    handle_for: HandleFor | None,
    tensors: bool | None = None,
) -> Sent:
    """Build the frame of a request.

    Args:
        number: Its id.
        op: What to do.
        body: What with.
        handle_for: Makes handles; None refuses what is no plain data.
        tensors: Whether a tensor may travel; default: whether torch is loaded here.

    Raises:
        ProtocolError: If `body` holds what cannot be sent.
    """
    if tensors is None:
        tensors = loaded_torch() is not None
    encoder = Encoder(handle_for, tensors=tensors)
    node = encoder.encode(body)
    groups = _lay_out(encoder, group_by_memory([array for array, _ in encoder.arrays]))
    packed = [group.packed() for group in groups]
    offsets = layout([p.nbytes for p in packed])
    document = {
        "id": number,
        "op": op,
        "tensors": tensors,
        "buffers": [[o, p.nbytes] for o, p in zip(offsets, packed, strict=True)],
        "body": node,
    }
    return Sent(pieces=join_frame(document, packed), groups=groups, requiring=encoder.requiring)


def decode_request(
    document: dict[str, Any],
    blob: Blob,
    *,
    make_handle: MakeHandle,
    limits: FrameLimits,
    from_worker: bool = False,
) -> Received:
    """Read a request; its arrays live in `blob`.

    Args:
        document: The frame's JSON.
        blob: The frame's bytes.
        make_handle: Turns handles into what stands for them here.
        limits: Bounds on what is accepted.
        from_worker: Whether the worker is the one who asks. If not, torch is
            imported as soon as the judge has it.

    Raises:
        ProtocolError: On anything malformed.
    """
    entries = _entries(document)
    spans = [_span(entry, len(blob)) for entry in entries]
    if sum(stop - start for start, stop in spans) > len(blob):
        raise ProtocolError("buffers that overlap")
    if from_worker and len(spans) > _REQUEST_BUFFERS:
        raise ProtocolError("a request with too many buffers")
    number, op = document.get("id"), document.get("op")
    if type(number) is not int or type(op) is not str:
        raise ProtocolError("a request without id or op")
    tensors = document.get("tensors") is True
    if tensors and not from_worker:
        tensors = import_torch()
    view = memoryview(blob)
    buffers = [Buffer(data=view[a:b]) for a, b in spans]
    decoder = Decoder(buffers, make_handle, limits, results_are_leaves=True)
    body = decoder.decode(document.get("body"))
    return Received(
        id=number,
        op=op,
        body=body,
        blob=blob,
        spans=spans,
        before=np.array(blob, np.uint8),
        tensors=tensors,
        requiring=decoder.requiring,
    )


def encode_reply(
    request: Received,
    *,
    ok: bool,
    body: object,
    handle_for: HandleFor,
    gradients: Gradients | None = None,
) -> list[memoryview]:
    """Build the frame of a reply; request buffers travel only if they changed.

    Args:
        request: What is answered.
        ok: Whether `body` is the answer or a described exception.
        body: The answer.
        handle_for: Makes handles.
        gradients: Filled with the tensors of `body` that autograd cares about.

    Raises:
        ProtocolError: If `body` is nested too deep.
    """
    encoder = Encoder(handle_for, tensors=request.tensors)
    node = encoder.encode(body)
    if gradients is not None:
        gradients.results += encoder.results
    now = np.frombuffer(request.blob, np.uint8) if len(request.blob) else request.before
    base = address(now)
    known = [(base + start, base + stop) for start, stop in request.spans]
    groups = _lay_out(encoder, group_by_memory([a for a, _ in encoder.arrays], known))
    packed, entries = [], []
    for k, group in enumerate(groups):
        entry: list[Any] = []
        if k < len(known):
            start, stop = request.spans[k]
            entry = ["request", k]
            if unchanged(now[start:stop], request.before[start:stop]):
                entries.append(entry)
                continue
            data = memoryview(request.blob)[start:stop]
        else:
            data = group.packed()
        entries.append(entry)
        packed.append((entry, data))
    for (entry, data), offset in zip(packed, layout([d.nbytes for _, d in packed]), strict=True):
        entry += [offset, data.nbytes]
    document = {"id": request.id, "ok": ok, "buffers": entries, "body": node}
    return join_frame(document, [data for _, data in packed])


def decode_reply(
    number: int,
    document: dict[str, Any],
    blob: Blob,
    *,
    sent: Sent,
    make_handle: MakeHandle,
    limits: FrameLimits,
    gradients: Gradients | None = None,
) -> tuple[bool, Any]:
    """Read a reply; write what the call changed back into the sender's arrays.

    Args:
        number: Id of the request.
        document: The frame's JSON.
        blob: The frame's bytes.
        sent: The request.
        make_handle: Turns handles into what stands for them here.
        limits: Bounds on what is accepted.
        gradients: Filled with the tensors that autograd cares about.

    Returns:
        (ok, body). An array that shares memory with an input shares it with
        the array that the sender passed.

    Raises:
        ProtocolError: On anything malformed, or a reply to another request.
    """
    try:
        if document.get("id") != number or type(document.get("ok")) is not bool:
            raise ProtocolError("a reply to another request")
        buffers = _reply_buffers(document, blob, sent)
        decoder = Decoder(buffers, make_handle, limits)
        body = decoder.decode(document.get("body"))
    except ProtocolError:
        raise
    except Exception as error:
        # Whatever hostile bytes can provoke is the peer's doing, never a fault of ours.
        raise ProtocolError(f"a malformed reply ({type(error).__name__})") from None
    if gradients is not None:
        gradients.results += decoder.results
        gradients.leaves += decoder.requiring
    return document["ok"], body


def _reply_buffers(document: dict[str, Any], blob: Blob, sent: Sent) -> list[Buffer]:
    view = memoryview(blob)
    buffers: list[Buffer] = []
    seen: set[int] = set()
    for entry in _entries(document):
        if entry[0] == "request":
            number = entry[1]
            if type(number) is not int or not 0 <= number < len(sent.groups) or number in seen:
                raise ProtocolError("a reply about a buffer that was never sent")
            seen.add(number)
            group = sent.groups[number]
            if len(entry) > 2:
                start, stop = _span(entry[2:], len(blob))
                _write_back(group, view[start:stop])
            buffers.append(Buffer(data=group.memory.bytes(), is_own=True, mask=group.mask()))
        else:
            start, stop = _span(entry, len(blob))
            buffers.append(Buffer(data=view[start:stop]))
    return buffers


def _lay_out(encoder: Encoder, groups: list[Group]) -> list[Group]:
    """Fill in buffer and offset of each array's JSON."""
    home = {id(array): k for k, group in enumerate(groups) for array in group.arrays}
    for array, node in encoder.arrays:
        node[3] = home[id(array)]
        node[4] = groups[node[3]].offset(array) if array.size else 0
    return groups


def _entries(document: dict[str, Any]) -> list[Any]:
    entries = document.get("buffers")
    if not isinstance(entries, list) or not all(isinstance(e, list) and e[1:] for e in entries):
        raise ProtocolError("a frame without a buffer table")
    return entries


def _span(entry: Sequence[Any], size: int) -> tuple[int, int]:
    if len(entry) != 2 or any(type(n) is not int for n in entry):
        raise ProtocolError("a malformed buffer")
    start, length = entry
    if start < 0 or length < 0 or start + length > size:
        raise ProtocolError("a buffer outside the frame")
    return start, start + length


def _write_back(group: Group, after: memoryview) -> None:
    if after.nbytes != group.high - group.low:
        raise ProtocolError("a changed buffer of another size")
    for array in group.arrays:
        if not array.flags.writeable:
            continue  # a read-only input stays what it was: the caller's memory is not ours
        changed = place(after, array.shape, array.dtype, group.offset(array), array.strides)
        if array.dtype == bool:
            changed = place(after, array.shape, _BYTE, group.offset(array), array.strides) != 0
        np.copyto(array, changed)
