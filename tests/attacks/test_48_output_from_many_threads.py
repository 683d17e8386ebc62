"""Attack: prints from many threads at once, faster than anybody can read."""

FLOOD = """
import os, threading
def flood():
    while True: os.write(1, bytes(65536))
def layer_norm(*a, **k):
    for _ in range(8): threading.Thread(target=flood, daemon=True).start()
    flood()
"""


def test_reading_it_never_holds_up_the_clock(attack):
    exercise = attack(FLOOD)
    assert exercise.score == 0.0
    assert exercise.cases[0].outcome == "timed out"
