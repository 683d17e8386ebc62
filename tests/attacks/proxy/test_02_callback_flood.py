"""Attack: calls a function that it was given without end, or deeper and deeper."""

import pytest

FLOOD = """
def is_centered(impl):
    while True: impl(np.arange(4.0))
"""
THREADS = """
import threading
def is_centered(impl):
    def loop():
        while True: impl(np.arange(4.0))
    for _ in range(20): threading.Thread(target=loop).start()
    loop()
"""
HUGE = """
def is_centered(impl):
    while True: impl(np.zeros(10**7))
"""
KILLS_IT = """
def is_centered(impl):
    for size in (2**62, 2**40, 10**8):
        try: impl(np.broadcast_to(1.0, size))
        except Exception: pass
        try: impl("x" * 10**6, [[]] * 10**5, nonsense={1: {2}})
        except Exception: pass
    return True
"""


@pytest.mark.parametrize("source", [FLOOD, THREADS, HUGE], ids=["flood", "threads", "huge"])
def test_a_flood_of_callbacks_ends_in_time(torch_attack, source):
    assert torch_attack(source)["is_centered"].score == 0.0


def test_arguments_that_no_function_expects_are_the_submissions_affair(torch_attack):
    assert torch_attack(KILLS_IT)["is_centered"].score < 2.0
