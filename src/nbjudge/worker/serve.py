"""The worker's loop: answers requests until the judge hangs up.

Runs inside the sandbox, in the same process as the student's code, so nothing
here protects anything: the judge believes none of it.
"""

from __future__ import annotations

import os
import random
import socket
import threading
from typing import Any

import numpy as np

from nbjudge.protocol.frame import (
    DEFAULT_LIMITS,
    HEADER,
    SMALL_FRAME,
    Blob,
    FrameLimits,
    parse_document,
    split_header,
)
from nbjudge.protocol.memory import large_buffer
from nbjudge.protocol.message import (
    Gradients,
    Received,
    decode_reply,
    decode_request,
    encode_reply,
    encode_request,
)
from nbjudge.protocol.torch_values import loaded_torch
from nbjudge.protocol.values import Handle, Lent
from nbjudge.worker.describe import describe_exception, missing_name
from nbjudge.worker.gradients import Graphs, as_list, as_results, recording
from nbjudge.worker.lent import LentFunction, raise_described
from nbjudge.worker.notebook_kernel import NotebookKernel
from nbjudge.worker.objects import Objects
from nbjudge.worker.shell import NotebookShell

_UNCHANGEABLE = frozenset({type(None), bool, int, float, complex, str, bytes})


class _Missing(Exception):
    """The notebook defines no such name."""


class Worker:
    """One notebook's process, seen from inside.

    Args:
        connection: A connected stream socket to the judge.
        shell: Where cells run; may have been made before a fork.
        limits: What the judge may send; its frames are trusted but bounded.
    """

    def __init__(
        self,
        connection: socket.socket,
        shell: NotebookShell,
        limits: FrameLimits = DEFAULT_LIMITS,
    ) -> None:
        self._connection = connection
        self._shell = shell
        self._limits = limits
        self._objects = Objects()
        self._ahead = bytearray()
        self._graphs = Graphs()
        self._callbacks = 0
        self._tensors = False
        self._kernel: NotebookKernel | None = None
        # One frame at a time, whatever threads a student starts.
        self._turn = threading.RLock()

    def serve(self) -> None:
        """Answer requests until the other end closes."""
        while True:
            self._send(self._answer(*self._read_frame()))

    def call_back(self, lent: Lent, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Lender.call_back`; answers what the judge asks meanwhile."""
        with self._turn:
            self._callbacks += 1
            number = self._callbacks
            sent = encode_request(
                number,
                "call",
                {"function": lent, "args": args, "kwargs": kwargs},
                handle_for=self._handle_for,
                tensors=self._tensors,
            )
            self._send(sent.pieces)
            document, blob = self._read_frame()
            while "op" in document:
                self._send(self._answer(document, blob))
                document, blob = self._read_frame()
            ok, body = decode_reply(
                number,
                document,
                blob,
                sent=sent,
                make_handle=self._object_for,
                limits=self._limits,
            )
        if not ok:
            raise_described(body)
        return body

    def _answer(self, document: dict[str, Any], blob: Blob) -> list[memoryview]:
        request = decode_request(document, blob, make_handle=self._object_for, limits=self._limits)
        self._tensors = request.tensors
        gradients = Gradients()
        try:
            body, ok = self._perform(request), True
        except _Missing as missing:
            body, ok = missing_name(str(missing)), False
        except BaseException as error:  # noqa: BLE001, RUF100 - SystemExit is an answer too
            body, ok = describe_exception(error), False
        try:
            reply = encode_reply(
                request, ok=ok, body=body, handle_for=self._handle_for, gradients=gradients
            )
        except BaseException as error:  # noqa: BLE001, RUF100 - a hostile __iter__, say
            description = describe_exception(error)
            return encode_reply(request, ok=False, body=description, handle_for=self._handle_for)
        if gradients.results:
            self._graphs.keep(request.id, request.requiring, gradients.results)
        return reply

    def _perform(self, request: Received) -> object:
        op, body = request.op, request.body
        if op == "run":
            return self._shell.run(body["source"], body["position"])
        if op == "call":
            _reseed(body["seed"])
            self._graphs.drop(body.get("drop", ()))
            function = self._resolve(body["target"])
            with recording(body.get("recording")):
                value = as_list(function, function(*body["args"], **body["kwargs"]))
                value = as_results(value, request.requiring)
            # The inputs go back as the call left them: mutation is seen outside.
            return [value, _if_changeable(body["args"]), _if_changeable(body["kwargs"])]
        if op == "get":
            return self._resolve(body["target"])
        if op == "set":
            _set_attribute(self._resolve(body["target"]), body["name"], body["value"])
            return None
        if op == "define":
            beside: dict[str, Any] = {}  # not the notebook's names: it could redefine what is used
            exec(body["source"], beside)  # noqa: S102 - the suite's
            return beside["_entry"]
        if op == "gradients":
            return self._graphs.gradients(body["call"], body["cotangents"])
        if op == "accumulate":
            self._graphs.accumulate(body["call"], body["cotangents"])
            return None
        if op in ("put", "execute"):
            return self._perform_as_kernel(op, body)
        raise ValueError(f"no operation {op!r}")

    def _perform_as_kernel(self, op: str, body: dict[str, Any]) -> object:
        """Serve a notebook without a suite."""
        if self._kernel is None:
            self._kernel = NotebookKernel(self._shell)
        if op == "put":
            self._kernel.put_file(body["path"], body["data"])
            return None
        answer = self._kernel.execute(body["source"], body["position"], body["timeout_s"])
        return np.frombuffer(answer, np.uint8)

    def _resolve(self, target: Any) -> Any:
        """Return what ["name", "attribute", ...] or [object, "attribute", ...] means."""
        root, *path = target
        if type(root) is not str:
            value = root
        elif root in self._shell.namespace:
            value = self._shell.namespace[root]
        else:
            raise _Missing(root)
        for name in path:
            value = getattr(value, name)
        return value

    def _handle_for(self, value: object) -> Handle | Lent:
        return value.wire_form if type(value) is LentFunction else self._objects.handle_for(value)

    def _object_for(self, handle: Any) -> object:
        if isinstance(handle, Lent):
            return LentFunction(self, handle)
        return self._objects.resolve(handle)

    def _read_frame(self) -> tuple[dict[str, Any], Blob]:
        json_bytes, blob_bytes = split_header(self._read(HEADER.size), self._limits)
        document = parse_document(self._read(json_bytes), self._limits)
        return document, self._read(blob_bytes)

    def _read(self, size: int) -> Blob:
        if size - len(self._ahead) > SMALL_FRAME:
            return self._read_large(size)
        data = self._ahead
        while len(data) < size:
            # A small frame arrives whole: one call of the system instead of three.
            chunk = self._connection.recv(SMALL_FRAME)
            if not chunk:
                os._exit(0)  # the judge is gone; the student's atexit hooks are not awaited
            data += chunk
        self._ahead = data[size:]
        del data[size:]
        return data

    def _read_large(self, size: int) -> memoryview:
        data = large_buffer(size)
        data[: len(self._ahead)] = self._ahead
        view = data[len(self._ahead) :]
        self._ahead = bytearray()
        while view:
            count = self._connection.recv_into(view)
            if not count:
                os._exit(0)
            view = view[count:]
        return data

    def _send(self, pieces: list[memoryview]) -> None:
        for piece in pieces:
            self._connection.sendall(piece)


def _set_attribute(owner: Any, name: str, value: Any) -> None:
    """Set an attribute; a module's parameter stays one."""
    torch = loaded_torch()
    if torch is not None and isinstance(owner, torch.nn.Module):
        known = owner._parameters.get(name)
        if known is not None and type(value) is torch.Tensor:
            value = torch.nn.Parameter(value.detach(), requires_grad=known.requires_grad)
    setattr(owner, name, value)


def _if_changeable(inputs: Any) -> Any:
    """Return what a call may have changed; numbers and texts it cannot have."""
    values = inputs.values() if type(inputs) is dict else inputs
    return None if all(type(value) in _UNCHANGEABLE for value in values) else inputs


def _reseed(seed: int) -> None:
    """Give every call the same random state, whatever ran before it."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002, RUF100 - the legacy state is what students use
    torch = loaded_torch()
    if torch is not None:
        # torch.manual_seed would also queue a call for every device, each time.
        torch.default_generator.manual_seed(seed)
