"""Who meets a suite in its proof: right answers, and those that must be refused."""

from __future__ import annotations

from types import ModuleType

from nbjudge.authoring.cheaters import cheaters
from nbjudge.authoring.prove_model import Group
from nbjudge.naming.bank import Bank
from nbjudge.suite.implementation import SOLUTION

WITHOUT_SWITCHES = "the variant without switches"


def right_answers(exercise: str, solution: ModuleType, bank: Bank) -> dict[str, object]:
    """Return by name what must be accepted: functions or classes."""
    found = {SOLUTION: getattr(solution, exercise)}
    if exercise in bank.variants:
        found[WITHOUT_SWITCHES] = bank.variants[exercise]
    return found | dict(bank.alternatives.get(exercise, {}))


def wrong_answers(
    exercise: str, solution: ModuleType, bank: Bank
) -> list[tuple[Group, str, object]]:
    """Return the bank's mistakes, their forms, pairs and the cheaters: kind, name, code."""
    names = [(Group.MISCONCEPTION, item.id) for item in bank.misconceptions(exercise)]
    names += [(Group.MISCONCEPTION, form) for form in bank.forms(exercise)]
    names += [(Group.PAIR, pair) for pair in bank.pairs(exercise)]
    found: list[tuple[Group, str, object]] = [
        (group, name, bank.wrong_code(exercise, name)) for group, name in names
    ]
    cheats = cheaters(getattr(solution, exercise))
    return found + [(Group.CHEATER, name, code) for name, code in cheats.items()]
