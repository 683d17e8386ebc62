"""Attack: ends its process in the middle of a call."""

QUIT = """
import os
def layer_norm(*a, **k): os._exit(0)
"""


def test_leaving_earns_nothing_and_is_said(attack):
    exercise = attack(QUIT)
    assert exercise.score == 0.0
    assert "ended itself (exit code 0)" in exercise.cases[0].message
