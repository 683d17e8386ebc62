"""Attack: overwrites its inputs so that a later comparison would agree with it."""

OVERWRITE = """
def layer_norm(x, gamma, beta, eps=1e-5):
    for array in (x, gamma, beta):
        array.setflags(write=True)
        array[...] = 0
    return np.zeros(x.shape, x.dtype)
"""


def test_the_judge_compares_with_what_it_computed_from_its_own_copy(attack):
    assert attack(OVERWRITE).score == 0.0
