"""Attack: stops itself with a signal that nothing can ignore, and waits."""

import pytest

STOP = """
import os, signal
def layer_norm(*a, **k):
    os.kill(os.getpid(), signal.SIGSTOP)
"""


@pytest.mark.long
def test_a_stopped_process_runs_out_of_time(attack):
    exercise = attack(STOP)
    assert exercise.score == 0.0
    assert exercise.cases[0].outcome == "timed out"
