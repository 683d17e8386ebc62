"""Attack: fills all the memory it may have, again and again, to make the kernel choose a victim."""

import pytest

FILL = """
kept = []
def layer_norm(*a, **k):
    try:
        while True: kept.append(bytearray(b"x" * (1 << 25)))
    except MemoryError: pass
    raise ValueError(len(kept) << 25 <= 2 << 30)
"""


@pytest.mark.long
def test_it_gets_what_it_may_have_and_no_more(attack):
    exercise = attack(FILL)
    assert exercise.score == 0.0
    assert any(word in exercise.cases[0].message for word in ("True", "of computing", "memory"))
