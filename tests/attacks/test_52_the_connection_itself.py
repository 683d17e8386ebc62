"""Attack: what a socket can do besides carrying bytes, on the connection to the judge."""

import pytest

TRICK = """
import array, os, socket, struct, threading, ctypes
connection = socket.socket(fileno=os.dup(3))
def layer_norm(*a, **k):
    {trick}
    return None
"""
TRICKS = {
    "urgent": "for _ in range(1000): connection.send(b'x', socket.MSG_OOB)",
    "descriptors": "for _ in range(300): connection.sendmsg([b'N'], [(socket.SOL_SOCKET, "
    "socket.SCM_RIGHTS, array.array('i', [3] * 50))], socket.MSG_DONTWAIT)",
    "half-open": "connection.shutdown(socket.SHUT_RD)",
    "half-shut": "connection.shutdown(socket.SHUT_WR)",
    "tiny": "connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)",
    "deaf": "threading.Thread(target=lambda: [connection.recv(99) for _ in iter(int, 1)]).start()",
    "chatter": "while True: connection.send(b'NBJ\\n')",
    "empty": "while True: connection.send(struct.pack('<4sHHIQ', b'NBJ\\n', 1, 0, 2, 0) + b'{}')",
    "main thread gone": "ctypes.PyDLL(None).pthread_exit(None)",
    "main thread gone, others compute": "threading.Thread(target=lambda: [0 for _ in iter(int, 1)])"
    ".start(); ctypes.CDLL(None).pthread_exit(None)",
}


@pytest.mark.parametrize("trick", TRICKS)
def test_it_ends_as_the_submissions_outcome(attack, trick):
    exercise = attack(TRICK.format(trick=TRICKS[trick]))
    assert exercise.score == 0.0
    assert exercise.cases[0].message
