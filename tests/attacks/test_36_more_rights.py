"""Attack: becomes root, by a setuid program or in a user namespace of its own."""

import pytest

CLIMB = """
import ctypes, os
libc = ctypes.CDLL(None)
def look():
    done = []
    for program in ("su", "sudo", "mount", "passwd", "newuidmap", "ping"):
        for folder in ("/bin", "/usr/bin"):
            try: os.execv(f"{folder}/{program}", [program]); done.append(program)
            except OSError: pass
    for act in (lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgroups([0])):
        try: act(); done.append("set user")
        except OSError: pass
    for flag in (0x10000000, 0x00020000, 0x40000000, 0x20000000):
        if libc.unshare(flag) == 0: done.append(hex(flag))
        if libc.syscall(56, flag | 17, 0, 0, 0, 0) > 0: done.append(("clone", hex(flag)))
        if libc.syscall(435, 0, 88) >= 0: done.append("clone3")
    if libc.mount(b"none", b"/", b"tmpfs", 0, None) == 0: done.append("mount")
    if libc.chroot(b".") == 0: done.append("chroot")
    return done
"""


@pytest.mark.usefixtures("locked_down")
def test_it_stays_nobody(findings):
    assert "found: []" in findings(CLIMB)
