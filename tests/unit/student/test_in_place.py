import threading
import time

import pytest

from nbjudge.student.child import Ended
from nbjudge.student.in_place import run_in_place

SOON_S = 20.0


def test_what_the_work_returns_comes_back():
    assert run_in_place(lambda report: {"x": 1}, timeout_s=SOON_S) == {"x": 1}


@pytest.mark.parametrize("turn", [lambda: None, lambda: time.sleep(1000)])
def test_a_loop_that_does_not_end_is_interrupted_and_its_step_is_told(turn):
    def work(report):
        report(3)
        while True:
            turn()

    assert run_in_place(work, timeout_s=0.2) == Ended(step=3, reason="", limit_s=0.2)


def test_nothing_is_interrupted_after_the_work_is_done():
    before = threading.active_count()
    run_in_place(lambda report: {}, timeout_s=0.3)
    time.sleep(0.5)
    assert threading.active_count() == before


def test_an_interrupt_of_the_learners_own_is_theirs():
    def work(report):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_in_place(work, timeout_s=SOON_S)


def test_an_exception_is_raised_as_it_is():
    with pytest.raises(ZeroDivisionError):
        run_in_place(lambda report: {"x": 1 / 0}, timeout_s=SOON_S)


def test_another_thread_works_without_a_limit():
    found = []
    thread = threading.Thread(
        target=lambda: found.append(run_in_place(lambda report: {"x": 2}, timeout_s=0.1))
    )
    thread.start()
    thread.join(SOON_S)
    assert found == [{"x": 2}]
