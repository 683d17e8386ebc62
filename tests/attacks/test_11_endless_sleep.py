"""Attack: sleeps instead of computing, which costs no CPU time."""

SLEEP = """
import time
def layer_norm(*a, **k): time.sleep(10**6)
"""


def test_sleeping_ends_too(attack):
    exercise = attack(SLEEP)
    assert exercise.score == 0.0
    assert exercise.cases[0].outcome == "timed out"
