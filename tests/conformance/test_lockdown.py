"""What every back-end of level `no-namespaces` or stronger promises: nothing is in reach."""

import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from nbjudge.sandbox.base import Isolation, View, WorkerLost

from .conftest import LIMITS, Peer

PLANTED = "the hidden tests"
TOOLS = """
import ctypes, errno, fcntl, os, signal, socket, subprocess, sys, threading
import numpy as np
libc = ctypes.CDLL(None, use_errno=True)
def system(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")
def attempt(source):
    try: value = eval(source)
    except BaseException as error: return type(error).__name__, getattr(error, "errno", None)
    return "done", repr(value)[:200]
"""


@pytest.fixture
def locked(sandbox):
    """A worker of a back-end that promises more than limits."""
    if sandbox.isolation.strength < Isolation.NO_NAMESPACES.strength:
        pytest.skip(f"level {sandbox.isolation} does not promise this")
    with sandbox.start(view=View.NUMPY, limits=LIMITS) as channel:
        worker = Peer(channel)
        assert worker.run(TOOLS) == (True, None)
        yield worker


@pytest.fixture
def course():
    """A folder that anybody may read and write, but a student's process."""
    with tempfile.TemporaryDirectory(prefix="nbjudge-course-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        for file in ("gradebook.db", "test_layer_norm.py"):
            (folder / file).write_text(PLANTED)
            (folder / file).chmod(0o666)
        yield folder
        assert sorted(path.name for path in folder.iterdir()) == [
            "gradebook.db",
            "test_layer_norm.py",
        ]
        for path in folder.iterdir():
            assert path.read_text() == PLANTED
            assert path.stat().st_mode & 0o777 == 0o666
            assert path.stat().st_mtime > 1e9
            assert path.stat().st_nlink == 1


def refused(answer):
    kind, detail = answer
    return kind != "done", detail


FILE_ACCESS = (
    "open({f!r}).read()",
    "os.listdir({d!r})",
    "open({f!r}, 'a').write('mine')",
    "open({f!r}, 'w')",
    "open({d!r} + '/new', 'w')",
    "os.truncate({f!r}, 0)",
    "os.open({f!r}, os.O_RDONLY | os.O_TRUNC)",
    "os.open({f!r}, 3)",
    "os.open({f!r}, 3 | os.O_TRUNC)",
    "os.rename({f!r}, 'mine')",
    "os.rename('.', {d!r} + '/mine')",
    "os.link({f!r}, 'mine')",
    "os.unlink({f!r})",
    "os.mkdir({d!r} + '/new')",
    "os.symlink('x', {d!r} + '/new')",
    "os.mkfifo({d!r} + '/new')",
    "(os.symlink({f!r}, 'link'), open('link').read())",
    "os.setxattr({f!r}, 'user.mine', b'1')",
    "os.chown({f!r}, os.getuid(), os.getgid())",
    "np.fromfile({f!r}, np.uint8)",
    "open(os.path.join(os.open({d!r}, os.O_PATH).__str__(), 'x'))",
    "os.open('gradebook.db', os.O_RDONLY, dir_fd=os.open({d!r}, os.O_PATH))",
    "(os.chdir({d!r}), open('gradebook.db').read())",
)


@pytest.mark.parametrize("source", FILE_ACCESS)
def test_files_outside_are_out_of_reach(locked, course, source):
    source = source.format(f=str(course / "gradebook.db"), d=str(course))
    assert locked.call("attempt", source)[0] != "done"


@pytest.mark.parametrize("source", ["os.chmod({f!r}, 0)", "os.utime({f!r}, (1, 1))"])
def test_calls_that_landlock_does_not_cover_change_nothing(locked, course, source):
    locked.call("attempt", source.format(f=str(course / "gradebook.db")))


@pytest.mark.parametrize(
    "path",
    [
        *("/etc/passwd", "/etc/shadow", "/etc/hostname", "/root", "/home", "/var", "/proc"),
        *("/proc/1/environ", "/proc/1/cmdline", "/proc/self/mem", "/proc/self/environ"),
        *("/proc/{judge}/environ", "/proc/{judge}/mem", "/proc/{judge}/cwd", "/proc/{judge}/fd"),
        *("/proc/{judge}/root", "/proc/net/tcp", "/sys", "/dev/mem", "/dev/kmsg", "/run"),
        *("/dev/tty", "/dev/ptmx", "/dev/fuse", "/dev/kvm", "/dev/net/tun"),
    ],
)
def test_the_systems_files_are_out_of_reach(locked, path):
    path = path.format(judge=os.getpid())
    for source in (f"open({path!r}, 'rb').read(1)", f"os.listdir({path!r})"):
        assert locked.call("attempt", source)[0] != "done"


@pytest.mark.parametrize(
    "family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG"]
)
def test_there_is_no_socket_to_anywhere(locked, family):
    for kind in ("SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW"):
        source = f"socket.socket(socket.{family}, socket.{kind})"
        assert locked.call("attempt", source)[0] != "done"


@pytest.mark.parametrize(
    "source",
    [
        "os.fork()",
        "os.posix_spawn(sys.executable, [sys.executable, '-V'], {})",
        "subprocess.run([sys.executable, '-V'])",
        "os.execv(sys.executable, [sys.executable, '-V'])",
        "os.system('true') or None.failed",
        "__import__('multiprocessing').get_context('fork').Process(target=print).start()",
    ],
)
def test_it_starts_no_process(locked, source):
    kind, detail = locked.call("attempt", source)
    assert kind != "done" or detail not in ("None",)
    assert locked.call("attempt", "1 + 1") == ("done", "2")


@pytest.mark.parametrize(
    "source",
    [
        "os.kill({judge}, 0)",
        "os.kill({judge}, signal.SIGKILL)",
        "os.kill(-1, signal.SIGKILL)",
        "os.kill(os.getppid(), signal.SIGKILL)",
        "os.kill(1, signal.SIGKILL)",
        "os.killpg(0, signal.SIGKILL)",
        "os.pidfd_open({judge})",
        "signal.pidfd_send_signal(0, signal.SIGKILL)",
        "system(101, 16, {judge}, 0, 0)",  # ptrace
        "system(310, {judge}, 0, 0, 0, 0, 0)",  # process_vm_readv
        "system(129, {judge}, 9, 0)",  # rt_sigqueueinfo
        "fcntl.fcntl(0, 8, {judge})",  # F_SETOWN
        "fcntl.fcntl(0, 10, 9)",  # F_SETSIG
        "fcntl.fcntl(0, 15, bytes(8))",  # F_SETOWN_EX
        "fcntl.ioctl(3, 0x8901, ({judge}).to_bytes(4, 'little'))",  # FIOSETOWN
        "fcntl.ioctl(3, 0x8902, ({judge}).to_bytes(4, 'little'))",  # SIOCSPGRP
        "os.sched_setaffinity({judge}, [0])",
        "os.setpriority(os.PRIO_PROCESS, {judge}, 19)",
        # Of itself: who lets everybody else go first is denied the CPU, and has time without end.
        "os.nice(19)",
        "os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))",
        "__import__('resource').prlimit({judge}, 7, (1, 1))",
    ],
)
def test_other_processes_are_out_of_reach(locked, source):
    assert locked.call("attempt", source.format(judge=os.getpid()))[0] != "done"


@pytest.mark.parametrize(
    "source",
    [
        "os.memfd_create('x')",
        "system(272, 0x10000000)",  # unshare
        "system(56, 0x10000011, 0, 0, 0, 0)",  # clone into a user namespace
        "system(308, 0, 0)",  # setns
        "system(165, b'none', b'/', b'tmpfs', 0, 0)",  # mount
        "system(161, b'/')",  # chroot
        "system(155, b'.', b'.')",  # pivot_root
        "system(425, 8, 0)",  # io_uring_setup
        "system(321, 0, 0, 0)",  # bpf
        "system(323, 0)",  # userfaultfd
        "system(298, 0, 0, -1, -1, 0)",  # perf_event_open
        "system(250, 0, 0, 0)",  # keyctl
        "system(29, 0, 4096, 0o1600)",  # shmget
        "system(68, 0, 0o1600)",  # msgget
        "system(135, 0x0040000)",  # personality
        "system(303, -100, b'/', 0, 0, 0)",  # name_to_handle_at
        "system(304, -100, 0, 0)",  # open_by_handle_at
        "system(175, 0, 0, b'')",  # init_module
        "system(103, 2, 0, 0)",  # syslog
        "system(169, 0)",  # reboot
        "system(157, 38, 0, 0, 0, 0)",  # prctl
        "os.setuid(0)",
        "os.nice(-5)",
        "__import__('resource').setrlimit(9, (-1, -1))",
        "__import__('resource').setrlimit(7, (10**6, 10**6))",
        "fcntl.fcntl(os.pipe()[0], 1031, 1 << 20)",  # F_SETPIPE_SZ
    ],
)
def test_the_kernels_other_doors_are_shut(locked, source):
    assert locked.call("attempt", source)[0] != "done"


@pytest.mark.parametrize(
    "source",
    [
        "open(np.__file__, 'a')",
        "os.open(np.__file__, os.O_RDONLY | os.O_TRUNC)",
        "os.unlink(np.__file__)",
        "open(os.path.join(os.path.dirname(np.__file__), 'planted.py'), 'w')",
        "open(os.path.join(os.path.dirname(os.__file__), '__pycache__', 'planted.pyc'), 'w')",
        "open(os.path.join(os.path.dirname(__import__('nbjudge').__file__), 'planted.py'), 'w')",
        "open('/dev/shm/planted', 'w')",
    ],
)
def test_nothing_can_be_left_for_the_next_one(locked, source):
    assert locked.call("attempt", source)[0] != "done"


def test_it_holds_its_one_connection_and_no_other_descriptor(locked):
    assert locked.run(
        "def descriptors():\n"
        "    found = []\n"
        "    for number in range(1024):\n"
        "        try: os.fstat(number); found.append(number)\n"
        "        except OSError: pass\n"
        "    return found"
    ) == (True, None)
    assert locked.call("descriptors") == [0, 1, 2, 3]


def test_threads_are_bounded(locked, sandbox):
    locked.run(
        "import _thread\n"
        "held = _thread.allocate_lock()\n"
        "held.acquire()\n"
        "def swarm():\n"
        "    _thread.stack_size(32768)\n"
        "    for count in range(6000):\n"
        "        try: _thread.start_new_thread(held.acquire, ())\n"
        "        except RuntimeError: return count\n"
        "    return 6000"
    )
    most = 64 if sandbox.isolation is Isolation.NAMESPACES else 4096
    assert 8 <= locked.call("swarm", cpu_s=20.0) <= most


@pytest.mark.parametrize(
    "fill",
    [
        "for i in range(10**6): open(str(i), 'wb').write(bytes(2**17))",
        "for i in range(10**6): open(str(i), 'wb')",
        "for i in range(10**6): os.mkdir(str(i))",
        "for i in range(10**6): os.symlink('x', str(i))",
        "kept = []\n    while True:\n"
        "        kept.append(open('x', 'wb')); kept[-1].write(bytes(2**19)); os.unlink('x')",
    ],
    ids=["bytes", "files", "folders", "links", "deleted"],
)
def test_the_disk_is_bounded(locked, fill):
    locked.run(f"def fill():\n    {fill}")
    start = time.monotonic()
    try:
        answer = locked.call("fill", cpu_s=20.0, wall_s=20.0)
    except WorkerLost as lost:
        assert str(lost) == "the process filled its disk"  # noqa: PT017 - either will do
    else:
        assert answer["type"] == "OSError"
    assert time.monotonic() - start < 20.0


def test_folders_in_folders_without_end_are_removed(sandbox):
    with sandbox.start(view=View.NUMPY, limits=replace(LIMITS, file_bytes=1 << 24)) as channel:
        peer = Peer(channel)
        peer.run(
            "import os\n"
            "def dig():\n"
            "    try:\n"
            "        for _ in range(1500): os.mkdir('d', 0o700); os.chdir('d')\n"
            "        os.mkdir('shut', 0)\n"
            "    except OSError: pass\n"
            "    return os.getcwd().partition('/work')[0]"
        )
        home = peer.call("dig")
    assert not os.path.exists(home) or sandbox.isolation is Isolation.NAMESPACES
