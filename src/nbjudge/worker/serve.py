"""The worker's loop: answers requests until the judge hangs up.

Runs inside the sandbox, in the same process as the student's code, so nothing
here protects anything: the judge believes none of it.
"""

from __future__ import annotations

import os
import random
import socket
import sys
from typing import Any

import numpy as np

from nbjudge.protocol.frame import DEFAULT_LIMITS, HEADER, FrameLimits, parse_document, split_header
from nbjudge.protocol.message import Received, decode_request, encode_reply
from nbjudge.protocol.values import Handle
from nbjudge.worker.describe import describe_exception, missing_name
from nbjudge.worker.objects import Objects
from nbjudge.worker.shell import NotebookShell


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

    def serve(self) -> None:
        """Answer requests until the other end closes."""
        while True:
            header = self._read(HEADER.size)
            json_bytes, blob_bytes = split_header(header, self._limits)
            document = parse_document(self._read(json_bytes), self._limits)
            request = decode_request(
                document,
                self._read(blob_bytes),
                make_handle=lambda handle: handle,
                limits=self._limits,
            )
            self._send(self._answer(request))

    def _answer(self, request: Received) -> list[memoryview]:
        try:
            body, ok = self._perform(request.op, request.body), True
        except _Missing as missing:
            body, ok = missing_name(str(missing)), False
        except BaseException as error:  # noqa: BLE001, RUF100 - SystemExit is an answer too
            body, ok = describe_exception(error), False
        try:
            return encode_reply(request, ok=ok, body=body, handle_for=self._objects.handle_for)
        except BaseException as error:  # noqa: BLE001, RUF100 - a hostile __iter__, say
            description = describe_exception(error)
            return encode_reply(
                request, ok=False, body=description, handle_for=self._objects.handle_for
            )

    def _perform(self, op: str, body: Any) -> object:
        if op == "run":
            return self._shell.run(body["source"], body["position"])
        if op == "call":
            _reseed(body["seed"])
            function = self._resolve(body["target"])
            args, kwargs = self._own(body["args"]), self._own(body["kwargs"])
            value = function(*args, **kwargs)
            # The inputs go back as the call left them: mutation is seen outside.
            return [value, body["args"], body["kwargs"]]
        if op == "get":
            return self._resolve(body["target"])
        raise ValueError(f"no operation {op!r}")

    def _resolve(self, target: Any) -> Any:
        """Return what ["name", "attribute", ...] or [handle, "attribute", ...] means."""
        root, *path = target
        if isinstance(root, Handle):
            value = self._objects.resolve(root)
        elif root in self._shell.namespace:
            value = self._shell.namespace[root]
        else:
            raise _Missing(root)
        for name in path:
            value = getattr(value, name)
        return value

    def _own(self, value: Any) -> Any:
        """Replace handles in arguments by the objects they stand for."""
        if isinstance(value, Handle):
            return self._objects.resolve(value)
        if type(value) in (list, tuple):
            return type(value)(self._own(item) for item in value) if _has_handle(value) else value
        if type(value) is dict:
            return {key: self._own(item) for key, item in value.items()}
        return value

    def _read(self, size: int) -> bytearray:
        data = bytearray(size)
        view = memoryview(data)
        while view:
            count = self._connection.recv_into(view)
            if not count:
                os._exit(0)  # the judge is gone; the student's atexit hooks are not awaited
            view = view[count:]
        return data

    def _send(self, pieces: list[memoryview]) -> None:
        for piece in pieces:
            self._connection.sendall(piece)


def _has_handle(value: Any) -> bool:
    if type(value) in (list, tuple):
        return any(_has_handle(item) for item in value)
    return isinstance(value, Handle)


def _reseed(seed: int) -> None:
    """Give every call the same random state, whatever ran before it."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002, RUF100 - the legacy state is what students use


def main() -> None:
    """Serve on the socket whose descriptor is the first argument."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    sys.argv = ["notebook"]
    Worker(connection, NotebookShell()).serve()
