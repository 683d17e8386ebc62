import os
import sys
import time

import pytest

from nbjudge.student.child import Ended, can_fork, run_in_child

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux may fork")
SOON_S = 20.0


def test_what_the_work_returns_comes_back_whole():
    large = {"text": "é" * 200_000, "numbers": [1.5, None, True]}

    assert run_in_child(lambda report: large, timeout_s=SOON_S) == large


def test_the_work_runs_in_another_process():
    assert run_in_child(lambda report: {"pid": os.getpid()}, timeout_s=SOON_S) != {
        "pid": os.getpid()
    }


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (os.abort, "SIGABRT"),
        (lambda: os.kill(os.getpid(), 9), "SIGKILL"),
        (lambda: os._exit(3), "exit status 3"),
    ],
)
def test_an_end_before_its_time_is_told_with_the_step_and_the_reason(end, reason):
    def work(report):
        report(0)
        report(1)
        end()

    assert run_in_child(work, timeout_s=SOON_S) == Ended(step=1, reason=reason, limit_s=SOON_S)


def test_an_exception_of_the_work_is_nobodys_answer():
    with pytest.raises(
        RuntimeError, match=r"nbjudge failed here, not your code:(.|\n)*ZeroDivisionError"
    ):
        run_in_child(lambda report: {"x": 1 / 0}, timeout_s=SOON_S)


def test_work_that_does_not_end_is_ended():
    def work(report):
        report(4)
        time.sleep(1000)

    assert run_in_child(work, timeout_s=0.2) == Ended(step=4, reason="", limit_s=0.2)


def test_a_process_that_the_work_leaves_behind_delays_nothing():
    def work(report):
        if os.fork() == 0:
            time.sleep(5)
            os._exit(0)
        return {"done": "in time"}

    before = time.monotonic()
    assert run_in_child(work, timeout_s=SOON_S) == {"done": "in time"}
    assert time.monotonic() - before < 5


def test_an_interrupt_of_the_child_interrupts_the_notebook():
    def work(report):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_in_child(work, timeout_s=SOON_S)


def test_no_child_is_left_over():
    child = run_in_child(lambda report: {"pid": os.getpid()}, timeout_s=SOON_S)["pid"]

    with pytest.raises(ChildProcessError):
        os.waitpid(child, os.WNOHANG)


def test_after_cuda_was_used_nothing_is_forked(monkeypatch):
    class Cuda:
        is_initialized = staticmethod(lambda: True)

    class Torch:
        cuda = Cuda

    monkeypatch.setitem(sys.modules, "torch", Torch)

    assert not can_fork()
