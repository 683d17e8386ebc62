"""Attack: answers from a thread that goes on after the call, and at exit."""

THREADS = """
import atexit, threading, time
def later():
    while True:
        time.sleep(0.01)
        globals()["layer_norm"] = None
threading.Thread(target=later, daemon=False).start()
atexit.register(lambda: time.sleep(10**6))
def layer_norm(*a, **k): return None
"""


def test_nothing_outlives_the_judging(attack):
    assert attack(THREADS).score == 0.0
