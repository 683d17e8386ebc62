"""Attack: turns later cells into `pass` and hides tracebacks."""

TRANSFORM = """
ip = get_ipython()
ip.input_transformers_post.append(lambda lines: ["pass"])
ip.showtraceback = lambda *a, **k: None
def layer_norm(*a, **k): return None
"""


def test_there_is_no_test_cell_to_transform(attack):
    assert attack(TRANSFORM).score == 0.0
