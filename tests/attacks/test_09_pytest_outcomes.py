"""Attack: raises what looks like an outcome of pytest."""

SKIP = """
class Skipped(BaseException): pass
Skipped.__module__ = "_pytest.outcomes"
try:
    import _pytest.outcomes as o
    Skipped = o.Skipped
except ImportError:
    pass
def layer_norm(*a, **k): raise Skipped("skipped")
"""


def test_no_outcome_of_pytest_crosses(attack):
    exercise = attack(SKIP)
    assert exercise.score == 0.0
    assert all(case.outcome == "errored" for case in exercise.cases)
