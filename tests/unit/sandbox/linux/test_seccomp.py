"""What the filter decides, asked of the kernel in a forked child."""

import ctypes
import errno
import os
import platform
import signal

import pytest

from nbjudge.sandbox.linux.seccomp import FilterRules, build_filter, install_filter
from nbjudge.sandbox.linux.syscall_numbers import NUMBERS
from nbjudge.sandbox.linux.syscalls import is_known_machine

pytestmark = pytest.mark.skipif(not is_known_machine(), reason="Linux on a known processor")


@pytest.fixture
def filtered(in_child):
    """Return a function that makes a call by name under the filter: its errno, 0 if allowed."""
    libc = ctypes.CDLL(None, use_errno=True)

    def ask(name, *arguments):
        number = name if isinstance(name, int) else NUMBERS[platform.machine()][name]

        def act():
            install_filter(build_filter(FilterRules(own_pid=os.getpid())))
            ctypes.set_errno(0)
            own = [os.getpid() if argument == "me" else argument for argument in arguments]
            return 0 if libc.syscall(number, *own) >= 0 else ctypes.get_errno()

        return in_child(act)

    return ask


FLAGS_OF_NEW_NAMESPACES = [0x0002_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000]


@pytest.mark.parametrize(
    "call",
    [
        ("getpid",),
        ("sched_yield",),
        ("kill", "me", 0),
        ("prlimit64", 0, 7, 0, 0),
        ("fcntl", 1, 1),
        ("fcntl", 1, 1030, 10),
        ("openat", -100, b"/dev/null", os.O_RDONLY),
        ("openat", -100, b"/dev/null", os.O_WRONLY | os.O_TRUNC),
        ("openat", -100, b"/dev/null", os.O_RDWR | os.O_TRUNC | os.O_CREAT),
    ],
)
def test_computing_needs_it(filtered, call):
    assert filtered(*call) == 0


@pytest.mark.parametrize(
    "call",
    [
        *[("clone", flag | signal.SIGCHLD) for flag in (0, *FLAGS_OF_NEW_NAMESPACES)],
        ("kill", 1, 0),
        ("kill", 0, 0),
        ("kill", -1, 0),
        ("tgkill", 1, 1, 0),
        ("prlimit64", 1, 7, 0, 0),
        ("socketpair", 2, 1, 0, 0),
        ("fcntl", 1, 8, 1),
        ("fcntl", 1, 10, 9),
        ("fcntl", 1, 15, 0),
        ("fcntl", 1, 1031, 1 << 20),
        ("openat", -100, b"/dev/null", os.O_RDONLY | os.O_TRUNC),
        ("openat", -100, b"/dev/null", 3),
        ("openat", -100, b"/dev/null", 3 | os.O_TRUNC),
    ],
)
def test_it_is_refused(filtered, call):
    assert filtered(*call) == errno.EPERM


@pytest.mark.skipif(platform.machine() != "x86_64", reason="numbers of x86_64")
@pytest.mark.parametrize("number", [41, 49, 42, 57, 58, 59, 76, 101, 157, 165, 272, 319, 321, 425])
def test_what_is_not_listed_is_refused(filtered, number):
    assert filtered(number, 0, 0, 0, 0) == errno.EPERM


def test_clone3_is_not_there_so_that_glibc_uses_clone(filtered):
    assert filtered("clone3", 0, 0) == errno.ENOSYS


def test_a_request_to_a_device_meets_no_terminal(filtered):
    assert filtered("ioctl", 1, 0x8901, 0) == errno.ENOTTY


def test_a_change_of_mode_says_done_and_does_nothing(filtered, tmp_path):
    path = tmp_path / "file"
    path.touch(mode=0o640)
    assert filtered("fchmodat", -100, os.fsencode(path), 0) == 0
    assert path.stat().st_mode & 0o777 == 0o640


def test_threads_start(in_child):
    def act():
        import threading  # noqa: PLC0415 - in the child, after the filter

        install_filter(build_filter(FilterRules(own_pid=os.getpid())))
        seen = []
        thread = threading.Thread(target=seen.append, args=(1,))
        thread.start()
        thread.join()
        return seen

    assert in_child(act) == [1]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="x32 is x86_64's")
def test_the_numbers_of_x32_end_the_process(filtered):
    assert filtered(0x4000_0000 + 39) == {"signal": signal.SIGSYS}
