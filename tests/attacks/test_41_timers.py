"""Attack: timers and handlers for every signal, so that no limit rings where it should."""

import pytest

TIMERS = """
import ctypes, signal
for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    try: signal.signal(number, lambda *a: None)
    except (OSError, ValueError): pass
for which in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
    signal.setitimer(which, 1e-4, 1e-4)
libc, kept = ctypes.CDLL(None), ctypes.c_void_p()
for _ in range(10**4):
    if libc.timer_create(1, None, ctypes.byref(kept)) != 0: break
def layer_norm(*a, **k):
    while True: pass
"""


@pytest.mark.long
def test_the_limit_is_kept_outside(attack):
    exercise = attack(TIMERS)
    assert exercise.score == 0.0
    assert exercise.cases[0].outcome == "timed out"
