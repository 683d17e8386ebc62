"""Attack: answers with a subclass of ndarray that compares as equal."""

SUBCLASS = """
class Agreeable(np.ndarray):
    def __eq__(self, other): return True
    def __array_ufunc__(self, *a, **k): return np.zeros(1)
def layer_norm(x, gamma, beta, eps=1e-5):
    return np.zeros(x.shape, x.dtype).view(Agreeable)
"""


def test_a_subclass_is_refused_by_its_type(attack):
    exercise = attack(SUBCLASS)
    assert exercise.score == 0.0
    assert "Agreeable" in exercise.cases[0].message
