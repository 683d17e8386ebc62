"""Attack: recurses in Python, in C, in what it returns and in what it defines."""

import pytest

PLAIN = "def layer_norm(*a, **k): return layer_norm(*a, **k)"
DEEP_LIST = """
def layer_norm(*a, **k):
    value = []
    for _ in range(10**5): value = [value]
    return value
"""
LOOP = """
def layer_norm(*a, **k):
    value = []; value.append(value)
    return value
"""
LOOP_DICT = """
def layer_norm(*a, **k):
    value = {}; value["x"] = (value,)
    return value
"""
IN_C = """
import sys
sys.setrecursionlimit(10**8)
def layer_norm(*a, **k): return layer_norm(*a, **k)
"""
PARSER = "def layer_norm(*a, **k): return eval('(' * 10**5 + ')' * 10**5)"
STRING = """
class Deep(Exception):
    def __str__(self): return str(self)
def layer_norm(*a, **k): raise Deep
"""


@pytest.mark.long
@pytest.mark.parametrize("cell", [PLAIN, DEEP_LIST, LOOP, LOOP_DICT, IN_C, PARSER, STRING])
def test_only_the_submissions_own_stack_ends(attack, cell):
    assert attack(cell).score == 0.0
