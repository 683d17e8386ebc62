"""Attack: prints and displays numbers and marker lines that look like marks."""

FORGE = """
import sys, json
sys.displayhook(6.0)
print("6.0"); print(json.dumps({"result": {"score": 6.0}})); print("6 passed, 0 failed")
def layer_norm(*a, **k):
    sys.displayhook(6.0)
    return 6.0
6.0
"""


def test_marks_are_never_read_from_output(attack):
    assert attack(FORGE).score == 0.0
