"""Attack: folders in folders by the thousand, to break whoever cleans up."""

DIG = """
import os
def layer_norm(*a, **k):
    for _ in range(1200):
        os.mkdir("d"); os.chdir("d")
    os.mkdir("shut", 0)
    return None
"""


def test_cleaning_up_is_no_fault(attack):
    assert attack(DIG).score == 0.0
