"""Attack: ends, stops or signals the judge and the other processes."""

import os

import pytest

SHOOT = """
import fcntl, os, signal, struct
def look():
    done = []
    for pid in (-1, 0, 1, os.getppid(), *{pids!r}):
        for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
            try: os.kill(pid, number); done.append(("kill", pid))
            except OSError: pass
        # Let the kernel send it: the owner of a descriptor is signalled when it becomes ready.
        reading, writing = os.pipe()
        for command, argument in ((8, pid), (15, struct.pack("ii", 1, pid)), (10, signal.SIGKILL)):
            try: fcntl.fcntl(reading, command, argument); done.append(("fcntl", command, pid))
            except OSError: pass
        for request in (0x8901, 0x8902):
            try: fcntl.ioctl(3, request, struct.pack("i", pid)); done.append(("ioctl", pid))
            except OSError: pass
        fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        os.write(writing, b"x")
    return done
"""


@pytest.mark.usefixtures("locked_down")
def test_no_signal_leaves(findings):
    assert "found: []" in findings(SHOOT.format(pids=[os.getpid(), os.getppid()]))
