"""Attack: holds the interpreter's lock in C, where no signal handler of Python runs."""

import pytest


@pytest.mark.long
@pytest.mark.parametrize(
    "hold",
    [
        "ctypes.PyDLL(None).usleep(2**31 - 1)",
        "ctypes.PyDLL(None).pause()",
        "re.match('(a|a)*b', 'a' * 99)",
        "pow(3, 10**9)",
        "sum(iter(int, 1))",
    ],
)
def test_time_is_kept_by_another_process(attack, hold):
    exercise = attack(f"import ctypes, re\ndef layer_norm(*a, **k): return {hold}")
    assert exercise.score == 0.0
    assert exercise.cases[0].outcome == "timed out"
