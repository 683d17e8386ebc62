"""Every back-end must pass every test of this folder.

`NBJUDGE_ISOLATION=no-namespaces` chooses one level, and fails where it cannot be had.
"""

import os

import pytest

from nbjudge.errors import SandboxUnavailable
from nbjudge.model import Limits
from nbjudge.protocol.frame import FrameLimits
from nbjudge.protocol.message import decode_reply, encode_request
from nbjudge.sandbox.base import Budget, Isolation, View
from nbjudge.sandbox.registry import BACKENDS, CHOICE, choose_sandbox

LIMITS = Limits(memory_bytes=1 << 30, total_wall_s=60.0, file_bytes=1 << 20, output_bytes=1000)


ASKED = os.environ.get(CHOICE)


@pytest.fixture(params=[ASKED] if ASKED else sorted(BACKENDS), scope="session")
def sandbox(request, tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    if ASKED:
        started = choose_sandbox(course, Isolation.PROCESS)
        started.prepare(View.NUMPY)
    else:
        try:
            started = BACKENDS[request.param](course)
            started.prepare(View.NUMPY)
        except SandboxUnavailable as reason:
            pytest.skip(f"no {request.param} here: {reason.message.partition(':')[0]}")
    yield started
    started.close()


class Peer:
    """Speaks to a worker as the judge does, with a budget of its own."""

    def __init__(self, channel):
        self.channel = channel
        self.number = 0

    def ask(self, op, body, *, cpu_s=5.0, wall_s=20.0):
        self.number += 1
        # As a judge does for this view, whatever the tests before have imported here.
        sent = encode_request(self.number, op, body, handle_for=None, tensors=False)
        document, blob = self.channel.exchange(sent.pieces, Budget(cpu_s=cpu_s, wall_s=wall_s))
        return decode_reply(
            self.number,
            document,
            blob,
            sent=sent,
            make_handle=lambda handle: handle,
            limits=FrameLimits(),
        )

    def run(self, source, **budget):
        return self.ask("run", {"source": source, "position": 1}, **budget)

    def call(self, name, *args, **budget):
        body = {"target": [name], "args": args, "kwargs": {}, "seed": 1}
        ok, answer = self.ask("call", body, **budget)
        return answer[0] if ok else answer

    def value(self, expression):
        """Evaluate in the worker."""
        assert self.run(f"def _value(): return {expression}") == (True, None)
        return self.call("_value")


@pytest.fixture
def peer(sandbox):
    with sandbox.start(view=View.NUMPY, limits=LIMITS) as channel:
        yield Peer(channel)
