"""Which entries of a bank the public probes tell apart.

A mistake may only be named when nothing else behaves like it, so the probes
must separate the misconceptions from right, and from each other, clearly.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from nbjudge.naming.bank import misconception_of
from nbjudge.naming.compare import is_as
from nbjudge.naming.match import form_names
from nbjudge.naming.probes import ExerciseProbes
from nbjudge.naming.traits import LEAST_EVIDENCE

CLEARLY = 20.0
"""Tolerances by which two behaviours must differ to be told apart on every machine."""
RIGHT = ""
"""Stands for the right answer among the names of wrong ones."""


def separating_probes(exercise: ExerciseProbes, first: str, second: str) -> int:
    """Count the probes on which two entries differ clearly, up to `LEAST_EVIDENCE`.

    Args:
        exercise: Its probes hold the behaviour of both.
        first: A misconception, a form of one, a pair or `RIGHT`.
        second: Another.
    """
    count = 0
    for probe in exercise.probes:
        same = is_as(probe, probe.behaviour(first), probe.behaviour(second), slack=CLEARLY)
        count += not same
        if count >= LEAST_EVIDENCE:
            break
    return count


def confusable_misconceptions(exercise: ExerciseProbes) -> list[tuple[str, str, int]]:
    """Return misconceptions that too few probes tell from right or from each other.

    Each as (name, other name or `RIGHT`, number of separating probes).
    """
    entries = [RIGHT, *exercise.misconceptions]
    counted = (
        (first, second, separating_probes(exercise, first, second))
        for second, first in itertools.combinations(entries, 2)
    )
    return [item for item in counted if item[2] < LEAST_EVIDENCE]


def separable_forms(exercise: ExerciseProbes, forms: Iterable[str]) -> list[str]:
    """Return the forms that the probes tell from right and from every other misconception.

    From its own misconception, and from that one's other forms, a form need not be told: all
    have one name. From another, one probe that differs clearly is enough, for an answer
    is named only if it fits every probe.
    """
    return [
        form
        for form in forms
        if _is_clear(exercise, form, RIGHT)
        and all(
            separating_probes(exercise, form, other)
            for other in exercise.misconceptions
            if other != misconception_of(form)
        )
    ]


def separable_pairs(exercise: ExerciseProbes, pairs: Iterable[str]) -> list[str]:
    """Return the pairs that the probes tell from right, from singles and from other pairs.

    Of pairs that cannot be told from each other, none is returned: naming one
    of them would be a guess.
    """
    singles = [RIGHT, *exercise.misconceptions, *form_names(exercise)]
    candidates = [p for p in pairs if all(_is_clear(exercise, p, single) for single in singles)]
    confused: set[str] = set()
    for first, second in itertools.combinations(candidates, 2):
        if not _is_clear(exercise, first, second):
            confused |= {first, second}
    return [pair for pair in candidates if pair not in confused]


def _is_clear(exercise: ExerciseProbes, first: str, second: str) -> bool:
    return separating_probes(exercise, first, second) >= LEAST_EVIDENCE
