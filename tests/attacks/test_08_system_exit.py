"""Attack: raises SystemExit, KeyboardInterrupt and GeneratorExit instead of answering."""

import pytest


@pytest.mark.parametrize("name", ["SystemExit(0)", "KeyboardInterrupt", "GeneratorExit"])
def test_an_exit_is_an_exception_like_any_other(attack, name):
    exercise = attack(f"def layer_norm(*a, **k): raise {name}")
    assert exercise.score == 0.0
    assert name.partition("(")[0] in exercise.cases[0].message
