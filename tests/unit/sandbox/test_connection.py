"""The judge's end of a channel, with a peer of the test's own making."""

import os
import socket
import threading

import pytest

from nbjudge.model import Limits, Outcome
from nbjudge.protocol.frame import HEADER, MAGIC, VERSION, join_frame
from nbjudge.sandbox.base import Budget, WorkerLost
from nbjudge.sandbox.connection import Connection
from nbjudge.sandbox.cpu_clock import CpuClock

HELLO = b"".join(join_frame({"id": 1}, []))
BUDGET = Budget(cpu_s=60.0, wall_s=0.4)


class FixedClock(CpuClock):
    """A clock that the test sets."""

    def __init__(self, cpu=(), denied=()):
        self._cpu, self._denied = list(cpu), list(denied)

    def cpu_s(self):
        return self._cpu.pop(0) if self._cpu else 0.0

    def denied_s(self):
        return self._denied.pop(0) if self._denied else 0.0


@pytest.fixture
def wired():
    """Return a function that makes (connection, peer's socket, peer's standard output)."""
    opened = []

    def make(clock=None, **limits):
        ours, theirs = socket.socketpair()
        read_end, write_end = os.pipe()
        connection = Connection(
            stream=ours,
            printed=read_end,
            clock=clock or FixedClock(),
            limits=Limits(**limits),
            why_ended=lambda: WorkerLost("the peer is gone"),
        )
        opened.append((connection, theirs))
        return connection, theirs, write_end

    yield make
    for connection, theirs in opened:
        connection.close()
        theirs.close()


def test_an_answer_is_taken_in_any_pieces(wired):
    connection, peer, _ = wired()

    def answer():
        for byte in HELLO:
            peer.send(bytes([byte]))

    threading.Thread(target=answer).start()
    assert connection.exchange([], Budget(cpu_s=60.0, wall_s=30.0)) == ({"id": 1}, b"")


def test_silence_ends_at_the_wall_limit(wired):
    connection, _, _ = wired()
    with pytest.raises(WorkerLost, match=r"no answer after 0\.4 s$") as lost:
        connection.exchange([], BUDGET)
    assert lost.value.outcome is Outcome.TIMED_OUT


def test_a_peer_that_takes_nothing_ends_at_the_wall_limit(wired):
    connection, _, _ = wired()
    with pytest.raises(WorkerLost, match=r"no answer after 0\.4 s$"):
        connection.exchange([memoryview(bytes(1 << 24))], BUDGET)


def test_computing_too_long_is_told_from_waiting(wired):
    connection, _, _ = wired(FixedClock(cpu=[0.0, 61.0]))
    with pytest.raises(WorkerLost, match="no answer after 60 s of computing"):
        connection.exchange([], BUDGET)


def test_time_in_which_the_cpu_was_denied_is_given_back(wired):
    # Each look at the clock finds another 10 s of denial, until there is no more to find.
    connection, peer, _ = wired(FixedClock(denied=[10.0 * i for i in range(20)]))
    timer = threading.Timer(0.8, lambda: peer.sendall(HELLO))
    timer.start()
    assert connection.exchange([], BUDGET)[0] == {"id": 1}


def test_who_hangs_up_is_asked_why(wired):
    connection, peer, _ = wired()
    peer.close()
    with pytest.raises(WorkerLost, match="the peer is gone"):
        connection.exchange([], BUDGET)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n....", "not a frame"),
        (HEADER.pack(MAGIC, VERSION + 1, 0, 2, 0) + b"{}", "frame version 2"),
        (HEADER.pack(MAGIC, VERSION, 0, 2, 1 << 60) + b"{}", "over the limit"),
        (HEADER.pack(MAGIC, VERSION, 0, 2, 0) + b"[]", "no object"),
        (HEADER.pack(MAGIC, VERSION, 0, 2, 0) + b"{{", "no JSON"),
    ],
)
def test_what_is_no_frame_is_said(wired, data, words):
    connection, peer, _ = wired()
    peer.sendall(data)
    with pytest.raises(WorkerLost, match=f"the process answered with .*{words}"):
        connection.exchange([], BUDGET)


def test_output_is_cut_but_never_blocks_who_prints(wired):
    connection, peer, printed = wired(output_bytes=10)

    def print_and_answer():
        os.write(printed, b"0123456789")
        for _ in range(40):
            os.write(printed, bytes(1 << 16))
        peer.sendall(HELLO)

    threading.Thread(target=print_and_answer).start()
    assert connection.exchange([], Budget(cpu_s=60.0, wall_s=30.0))[0] == {"id": 1}
    os.close(printed)
    assert connection.output() == "0123456789"


def test_who_prints_without_end_does_not_hold_up_the_clock(wired):
    connection, _, printed = wired()
    stop = threading.Event()

    def flood():
        while not stop.is_set():
            try:
                os.write(printed, bytes(1 << 16))
            except OSError:
                return

    writers = [threading.Thread(target=flood) for _ in range(4)]
    for writer in writers:
        writer.start()
    try:
        with pytest.raises(WorkerLost, match="no answer after"):
            connection.exchange([], BUDGET)
    finally:
        stop.set()
        connection.output()
        connection.close()
        for writer in writers:
            writer.join(5)
        os.close(printed)
