"""Attack: patches the comparison functions of numpy."""

PATCH = """
import builtins
for name in ("allclose", "isclose", "array_equal", "isfinite", "abs"):
    setattr(np, name, lambda *a, **k: True)
np.testing.assert_allclose = lambda *a, **k: None
def layer_norm(x, gamma, beta, eps=1e-5):
    return x * 0
"""


def test_comparison_happens_where_the_student_has_no_code(attack):
    assert attack(PATCH).score == 0.0
