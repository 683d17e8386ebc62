"""Attack: asks for what the filter may have forgotten, by number, in three instruction sets."""

import platform

import pytest

ASK = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
WANTED = {numbers!r}
def look():
    return [number for number in WANTED
            if libc.syscall(number, 0, 0, 0, 0, 0, 0) >= 0 or ctypes.get_errno() not in (1, 38)]
"""
X32 = """
import ctypes
def layer_norm(*a, **k):
    return ctypes.CDLL(None).syscall(0x40000000 + 39)
"""
I386 = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=7)
page.write(bytes.fromhex("b814000000cd80c3"))  # getpid by int 0x80
def layer_norm(*a, **k):
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
"""
# memfd_create, io_uring, bpf, userfaultfd, perf, keys, handles, SysV, namespaces, modules, clocks
NUMBERS = [
    *(319, 425, 426, 427, 321, 323, 298, 248, 249, 250, 303, 304, 29, 30, 31, 67, 68, 69, 70),
    *(64, 65, 66, 71, 155, 161, 165, 166, 169, 170, 171, 175, 176, 246, 272, 308, 310, 311, 312),
    *(313, 320, 227, 159, 164, 167, 168, 172, 173, 179, 240, 241, 242, 243, 244, 245, 253, 254),
    *(256, 279, 300, 301, 305, 317, 329, 330, 331, 424, 428, 429, 430, 431, 432, 433, 434, 437),
    *(438, 440, 442, 443, 447, 448, 450, 451, 452, 453, 454, 455, 456, 457, 458, 459, 460, 461),
    *(462, 463, 464, 465, 466, 467),
]

pytestmark = [
    pytest.mark.usefixtures("locked_down"),
    pytest.mark.skipif(platform.machine() != "x86_64", reason="numbers of x86_64"),
]


def test_every_one_is_refused(findings):
    assert "found: []" in findings(ASK.format(numbers=NUMBERS))


@pytest.mark.parametrize("cell", [X32, I386], ids=["x32", "i386"])
def test_another_instruction_set_ends_the_process(attack, cell):
    exercise = attack(cell)
    assert exercise.score == 0.0
    assert "crashed (SIGSYS)" in exercise.cases[0].message
