"""A memory control group really bounds; skipped where this user may not make one."""

import os
import signal

import pytest

from nbjudge.sandbox.linux.cgroup import open_memory_cgroup


@pytest.fixture
def cgroup():
    group = open_memory_cgroup()
    if group is None:
        pytest.skip("this user may not make a memory control group here")
    yield group
    group.close()


def run_inside(group, size_bytes):
    """Return how a process ends that touches `size_bytes` inside the group."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.read(read_end, 1)
        bytearray(size_bytes)[:] = b"x" * size_bytes
        os._exit(0)
    group.add(pid)
    os.write(write_end, b"x")
    os.close(write_end)
    os.close(read_end)
    return os.waitpid(pid, 0)[1]


def test_a_process_over_the_bound_is_ended_and_counted(cgroup):
    cgroup.bound(32 << 20)
    assert os.WTERMSIG(run_inside(cgroup, 128 << 20)) == signal.SIGKILL
    assert cgroup.kills() == 1


def test_a_process_within_the_bound_is_left_alone(cgroup):
    cgroup.bound(256 << 20)
    assert run_inside(cgroup, 32 << 20) == 0
    assert cgroup.kills() == 0


def test_a_bound_never_shrinks_under_a_running_submission(cgroup):
    cgroup.bound(256 << 20)
    cgroup.bound(1 << 20)
    assert run_inside(cgroup, 32 << 20) == 0
