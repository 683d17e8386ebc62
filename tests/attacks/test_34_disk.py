"""Attack: fills the disk with large files, with small ones, with files that it deleted."""

import pytest

FILLS = {
    "large": "open(str(i), 'wb').write(bytes(2**22))",
    "small": "open(str(i), 'wb').close()",
    "deleted": "(kept.append(open('x', 'wb', 0)), kept[-1].write(bytes(2**22)), os.unlink('x'))",
}
FILL = """
import os
kept = []
def layer_norm(*a, **k):
    i = 0
    while True:
        i += 1
        {fill}
"""


@pytest.mark.usefixtures("locked_down")
@pytest.mark.parametrize("fill", FILLS)
def test_it_is_stopped_and_said(attack, fill):
    exercise = attack(FILL.format(fill=FILLS[fill]))
    assert exercise.score == 0.0
    words = ("No space left", "filled its disk", "Too many open files", "no answer after")
    assert any(word in exercise.cases[0].message for word in words)
