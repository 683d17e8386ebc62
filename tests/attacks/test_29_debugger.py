"""Attack: attaches to the judge as a debugger, or reads its memory directly."""

import os

import pytest

LOOK = """
import ctypes
libc = ctypes.CDLL(None)
def look():
    data = ctypes.create_string_buffer(8)
    class Piece(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
    mine = Piece(ctypes.addressof(data), 8)
    done = []
    for pid in (1, *{pids!r}):
        done += [("attach", pid)] * (libc.ptrace(16, pid, 0, 0) == 0)
        done += [("seize", pid)] * (libc.ptrace(0x4206, pid, 0, 0) == 0)
        for call in (libc.process_vm_readv, libc.process_vm_writev):
            done += [("memory", pid)] * (
                call(pid, ctypes.byref(mine), 1, ctypes.byref(mine), 1, 0) > 0)
    return done + [("traceme",)] * (libc.ptrace(0, 0, 0, 0) == 0)
"""


@pytest.mark.usefixtures("locked_down")
def test_no_process_can_be_debugged(findings):
    assert "found: []" in findings(LOOK.format(pids=[os.getpid(), os.getppid()]))
