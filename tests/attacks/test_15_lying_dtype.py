"""Attack: answers with object arrays, text and nested junk."""

import pytest


@pytest.mark.parametrize(
    "answer",
    [
        "x.astype(object)",
        "[[[[]]]] * 1000",
        "'\\ud800'",
        "{1: {2: {3: x}}}",
        "float('nan')",
        "np.full(x.shape, np.nan, x.dtype)",
        "np.zeros(0)",
        "np.broadcast_to(np.zeros((), x.dtype), (10**5,) * 3)",
        "lambda: 1",
        "10**30000",
        "open('f', 'w')",
    ],
)
def test_junk_is_a_wrong_answer(attack, answer):
    assert attack(f"def layer_norm(x, *a, **k): return {answer}").score == 0.0
