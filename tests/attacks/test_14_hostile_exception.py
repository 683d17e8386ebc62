"""Attack: raises an exception whose __str__, __class__ and traceback misbehave."""

EVIL = """
class Evil(Exception):
    def __str__(self): import os; os._exit(3)
    __repr__ = __str__
class Liar(Exception):
    def __str__(self): raise SystemExit
    __class__ = AssertionError
calls = [0]
def layer_norm(*a, **k):
    calls[0] += 1
    raise (Liar if calls[0] % 2 else Evil)
"""


def test_describing_an_exception_harms_only_the_submission(attack):
    assert attack(EVIL).score == 0.0
