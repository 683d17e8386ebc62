"""Attack: answers one byte at a time, so that something always arrives."""

import pytest

DRIP = """
import os, struct, time
def layer_norm(*a, **k):
    for byte in struct.pack("<4sHHIQ", b"NBJ\\n", 1, 0, 1 << 20, 0) + b" " * (1 << 20):
        os.write(3, bytes([byte])); time.sleep(0.02)
"""


@pytest.mark.long
def test_the_whole_answer_has_one_deadline(attack):
    exercise = attack(DRIP)
    assert exercise.score == 0.0
    assert exercise.cases[0].outcome == "timed out"
