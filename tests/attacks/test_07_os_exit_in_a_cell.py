"""Attack: ends the process in a cell after a right answer."""


def test_the_killer_cell_is_skipped_and_the_rest_judged(attack, honest):
    exercise = attack(honest, "import os; os._exit(0)", "2 + 2")
    assert exercise.score == 6.0
