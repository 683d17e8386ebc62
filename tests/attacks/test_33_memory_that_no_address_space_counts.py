"""Attack: fills pipes and sockets, whose memory is the kernel's and not the process's."""

import pytest

HOARD = """
import fcntl, os, socket
kept = []
def look():
    size = 0
    for make in (os.pipe, socket.socketpair):
        try:
            while True:
                ends = make(); kept.append(ends)
                end = ends[1] if isinstance(ends[1], int) else ends[1].fileno()
                try: fcntl.fcntl(end, 1031, 1 << 20)
                except OSError: pass
                os.set_blocking(end, False)
                try:
                    while True: size += os.write(end, bytes(65536))
                except BlockingIOError: pass
        except OSError: pass
        kept[:] = kept[:0] if make is os.pipe else kept
    return size < 64 << 20
"""


@pytest.mark.usefixtures("locked_down")
def test_descriptors_run_out_before_memory_does(findings):
    assert "found: True" in findings(HOARD)
