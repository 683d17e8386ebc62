"""Attack: answers with an object that hijacks every comparison."""

OBJECT = """
class Everything:
    shape, dtype, size, ndim = (), np.dtype("float64"), 1, 2
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __le__ = __lt__ = __ge__ = __gt__ = __eq__
    def __bool__(self): return True
    def __len__(self): return 1
    def __array_function__(self, *a, **k): return True
    def __array_ufunc__(self, *a, **k): return np.array(True)
    def __array__(self, *a, **k): return np.zeros(1)
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __hash__(self): return 0
def layer_norm(*a, **k):
    return Everything()
"""


def test_only_plain_data_is_an_answer(attack):
    exercise = attack(OBJECT)
    assert exercise.score == 0.0
    assert "object of class Everything" in exercise.cases[0].message
