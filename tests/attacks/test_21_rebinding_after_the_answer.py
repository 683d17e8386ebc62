"""No attack, but looks like one: later cells break names the answer does not own."""


def test_each_exercise_is_judged_with_what_it_needs(attack, honest):
    assert (
        attack(honest, "1 / 0", "raise SystemExit", "def broken(:", "%no_such_magic").score == 6.0
    )
