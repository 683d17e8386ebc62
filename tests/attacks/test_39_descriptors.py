"""Attack: writes to, closes and replaces every descriptor, that of the judge included."""

import pytest

CELLS = {
    "close": "os.closerange(0, 10**4)",
    "scribble": "[os.write(n, b'x' * 1000) for n in range(64) if is_open(n)]",
    "replace": "[os.dup2(os.open('/dev/zero', os.O_RDONLY), n) for n in range(16)]",
    "shut": "__import__('socket').socket(fileno=3).shutdown(2)",
    "read": "[os.read(n, 100) for n in range(3, 16) if is_open(n)]",
}
ATTACK = """
import os
def is_open(number):
    try: os.fstat(number); return True
    except OSError: return False
def layer_norm(*a, **k):
    {what}
    return a[0]
"""


@pytest.mark.parametrize("what", CELLS)
def test_it_cuts_off_nobody_but_itself(attack, what):
    assert attack(ATTACK.format(what=CELLS[what])).score == 0.0


@pytest.mark.parametrize("what", CELLS)
def test_done_in_a_cell_it_costs_only_that_cell(attack, honest, what):
    exercise = attack(honest, ATTACK.format(what="pass").split("def layer_norm")[0] + CELLS[what])
    assert exercise.score in (0.0, 6.0)
