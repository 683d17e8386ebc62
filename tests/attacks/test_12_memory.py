"""Attack: takes more memory than allowed."""

EAT = """
hoard = []
def layer_norm(*a, **k):
    while True: hoard.append(np.empty(10**7))  # untouched: no time is lost on pages
"""


def test_memory_is_bounded_and_said(attack):
    exercise = attack(EAT)
    assert exercise.score == 0.0
    assert exercise.cases[0].outcome == "out of memory"
