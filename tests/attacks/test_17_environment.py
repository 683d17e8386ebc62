"""Attack: looks for secrets in the environment and the arguments."""

import os

LOOK = """
import os, sys
found = [v for v in [*os.environ.values(), *sys.argv] if "planted-token" in v]
def layer_norm(x, *a, **k): return found
"""


def test_the_environment_is_clean(attack, monkeypatch):
    monkeypatch.setitem(os.environ, "NBJUDGE_PLANTED", "planted-token")
    exercise = attack(LOOK)
    assert exercise.score == 0.0
    assert all("planted-token" not in case.message for case in exercise.cases)
