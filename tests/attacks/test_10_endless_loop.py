"""Attack: never answers, ignoring signals."""

LOOP = """
import signal
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGXCPU):
    signal.signal(number, signal.SIG_IGN)
def layer_norm(*a, **k):
    while True: pass
"""


def test_it_is_stopped_from_outside(attack):
    exercise = attack(LOOP)
    assert exercise.score == 0.0
    assert exercise.cases[0].outcome == "timed out"
