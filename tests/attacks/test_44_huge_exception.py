"""Attack: raises exceptions of a hundred megabytes, in text, in name and in causes."""

import pytest

TEXT = "raise ValueError('x' * 10**8)"
NAME = "raise type('X' * 10**7, (ValueError,), {})('x')"
LINES = "raise ValueError('x\\n' * 10**7)"
CAUSES = """
    error = None
    for number in range(10**4):
        new = ValueError(number); new.__cause__ = error; error = new
    raise error"""
GROUP = "raise ExceptionGroup('x' * 10**6, [ValueError('y' * 10**6)] * 100)"


@pytest.mark.long
@pytest.mark.parametrize("what", [TEXT, NAME, LINES, CAUSES, GROUP])
def test_what_is_kept_of_it_is_short(attack, what):
    exercise = attack(f"def layer_norm(*a, **k): {what}")
    assert exercise.score == 0.0
    assert all(len(case.message) < 2000 for case in exercise.cases)
