"""Another process's CPU time, read from outside."""

import os
import signal
import time

import pytest

from nbjudge.sandbox.cpu_clock import CpuClock


@pytest.fixture
def child():
    """Return a function that forks a child which runs another function until it is killed."""
    started = []

    def start(function):
        pid = os.fork()
        if pid == 0:
            while True:
                function()
        started.append(pid)
        return pid

    yield start
    for pid in started:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_computing_counts(child):
    clock = CpuClock(child(lambda: sum(range(1000))))
    deadline = time.monotonic() + 30
    while clock.cpu_s() < 0.05 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert clock.cpu_s() >= 0.05


def test_sleeping_does_not_count(child):
    clock = CpuClock(child(lambda: time.sleep(10)))
    time.sleep(0.3)
    assert clock.cpu_s() < 0.2


def test_waiting_for_a_cpu_is_never_negative_and_unknown_for_nobody(child):
    clock = CpuClock(child(lambda: None))
    assert clock.denied_s() >= 0.0
    assert CpuClock(2**22 + 1).denied_s() == 0.0


def test_the_clock_of_a_process_that_ended_stands_still():
    pid = os.fork()
    if pid == 0:
        time.sleep(100)
        os._exit(0)
    clock = CpuClock(pid)
    before = clock.cpu_s()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert clock.cpu_s() == before
