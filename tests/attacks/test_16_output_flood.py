"""Attack: prints without end."""

FLOOD = """
def layer_norm(x, *a, **k):
    while True: print("x" * 10**6)
"""


def test_output_neither_fills_memory_nor_blocks(attack):
    exercise = attack(FLOOD)
    assert exercise.score == 0.0
    assert exercise.cases[0].outcome == "timed out"
