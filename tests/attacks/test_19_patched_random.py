"""Attack: makes every random number zero."""

PATCH = """
import random
for module in (np.random, random):
    for name in dir(module):
        try: setattr(module, name, lambda *a, **k: 0.0)
        except Exception: pass
def layer_norm(x, gamma, beta, eps=1e-5): return np.zeros_like(x)
"""


def test_inputs_are_made_outside(attack):
    assert attack(PATCH).score == 0.0
