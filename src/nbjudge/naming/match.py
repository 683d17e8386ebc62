"""Say which probes are right, and which misconception explains the wrong ones.

A name is worth more than no name only if it is the right name: a mistake is
named when it fits every probe, at least `LEAST_EVIDENCE` of which tell it from
right, and when no other entry of the bank fits as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nbjudge.model import Misconception, NamedMistake
from nbjudge.naming.bank import PAIR
from nbjudge.naming.observe import NotAnswered, Observation
from nbjudge.naming.probes import WRONG_DIGITS, Behaviour, ExerciseProbes, Probe

LEAST_EVIDENCE = 2
"""Probes on which a mistake must differ from right before it is named."""

_ROUNDING = 10.0 ** (1 - WRONG_DIGITS)
"""Relative: twice what writing a wrong number into the file may change it by."""


def right(exercise: ExerciseProbes, observed: Sequence[Observation]) -> tuple[bool, ...]:
    """Say for each probe whether what was observed is right.

    Args:
        exercise: The exercise's probes.
        observed: One observation per probe, in the same order.
    """
    return tuple(
        not isinstance(seen, NotAnswered) and is_as(probe, seen, probe.right)
        for probe, seen in zip(exercise.probes, observed, strict=True)
    )


def name_mistakes(
    exercise: ExerciseProbes, observed: Sequence[Observation]
) -> tuple[NamedMistake, ...]:
    """Name what the observed behaviour is like: one mistake, or nothing.

    A single misconception is preferred to a pair. Nothing is named when all is
    right, when some probe has no answer, when nothing fits, or when two
    entries fit equally.

    Args:
        exercise: The exercise's probes.
        observed: One observation per probe, in the same order.
    """
    for names in (list(exercise.misconceptions), pair_names(exercise)):
        fitting = [name for name in names if _fits(exercise, observed, name)]
        if len(fitting) == 1:
            parts = fitting[0].split(PAIR)
            return (_named([exercise.misconceptions[part] for part in parts]),)
        if fitting:
            break
    return ()


def pair_names(exercise: ExerciseProbes) -> list[str]:
    """Return the recorded pairs, sorted."""
    return sorted({name for probe in exercise.probes for name in probe.wrong if PAIR in name})


def is_as(
    probe: Probe,
    seen: Sequence[Behaviour],
    recorded: Sequence[Behaviour],
    *,
    slack: float = 1.0,
) -> bool:
    """Say whether two behaviours on `probe` are the same within its tolerance.

    Dtype, shape and exception are exact. An argument that a call changed must
    be one that it changed in `recorded` too; its values count only where the
    right answer changes it: a mutation that nobody asked for has many styles.
    Shared memory counts only where an answer of the bank is wrong because of it.

    Args:
        probe: Gives the tolerance.
        seen: One behaviour per step.
        recorded: One behaviour per step.
        slack: Multiplies the tolerance.
    """
    steps = zip(seen, recorded, probe.right, strict=True)
    for a, b, correct in steps:
        if a.kind != b.kind or set(a.changed) != set(b.changed):
            return False
        if a.kind == "raised" and a.value != b.value:
            return False
        if a.kind == "value" and not _is_close(a.value, b.value, probe, slack):
            return False
        for name in set(a.changed) & set(correct.changed):
            if not _is_close(a.changed[name], b.changed[name], probe, slack):
                return False
        if _shares(a) != _shares(b) and _sharing_counts(probe):
            return False
    return True


def _fits(exercise: ExerciseProbes, observed: Sequence[Observation], name: str) -> bool:
    evidence = 0
    for probe, seen in zip(exercise.probes, observed, strict=True):
        recorded = probe.behaviour(name)
        if isinstance(seen, NotAnswered) or not is_as(probe, seen, recorded):
            return False
        evidence += not is_as(probe, recorded, probe.right) and not is_as(probe, seen, probe.right)
    return evidence >= LEAST_EVIDENCE


def _named(parts: Sequence[Misconception]) -> NamedMistake:
    def joined(texts: list[str]) -> str:
        return texts[0] if len(texts) == 1 else "\n".join(texts)

    explanation = joined([part.explanation for part in parts])
    if len(parts) > 1:
        explanation = f"Two things seem to act together.\n{explanation}"
    return NamedMistake(
        ids=tuple(part.id for part in parts),
        belief=joined([part.belief for part in parts]),
        explanation=explanation,
        question=joined([part.question for part in parts]),
        hint=joined([part.hint for part in parts]),
        paragraph=next((part.paragraph for part in parts if part.paragraph), ""),
    )


def _shares(behaviour: Behaviour) -> set[str]:
    """Name the shared arguments; that a changed one is shared too says nothing more."""
    return set(behaviour.shares) - set(behaviour.changed)


def _sharing_counts(probe: Probe) -> bool:
    return any(
        _shares(wrong) != _shares(correct)
        for behaviours in probe.wrong.values()
        for wrong, correct in zip(behaviours, probe.right, strict=True)
        if wrong.kind == "value" and not wrong.changed
    )


def _is_close(actual: object, expected: object, probe: Probe, slack: float) -> bool:
    """Compare plain data as `expect_close` does: a plain number may be any kind of number."""
    if isinstance(expected, np.ndarray):
        return (
            isinstance(actual, np.ndarray)
            and actual.dtype == expected.dtype
            and actual.shape == expected.shape
            and _values_close(actual, expected, probe, slack)
        )
    if isinstance(expected, (tuple, list)):
        return (
            isinstance(actual, (tuple, list))
            and type(actual) is type(expected)
            and len(actual) == len(expected)
            and all(_is_close(a, e, probe, slack) for a, e in zip(actual, expected, strict=True))
        )
    if isinstance(expected, Mapping):
        return (
            isinstance(actual, Mapping)
            and set(actual) == set(expected)
            and all(_is_close(actual[k], expected[k], probe, slack) for k in expected)
        )
    if isinstance(expected, (bool, np.bool_, str, type(None))):
        return _is_equal(actual, expected)
    return _is_number(actual) and _values_close(
        np.asarray(actual), np.asarray(expected), probe, slack
    )


def _is_equal(actual: object, expected: object) -> bool:
    kinds = (bool, np.bool_) if isinstance(expected, (bool, np.bool_)) else (type(expected),)
    return type(actual) in kinds and bool(actual == expected)


def _is_number(value: object) -> bool:
    if isinstance(value, (bool, np.bool_)):
        return False
    is_array_scalar = (
        isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind != "b"
    )
    return isinstance(value, (int, float, np.number)) or is_array_scalar


def _values_close(actual: NDArray[Any], expected: NDArray[Any], probe: Probe, slack: float) -> bool:
    if actual.dtype.kind != "f" and expected.dtype.kind != "f":
        return bool(np.array_equal(actual, expected))
    a, e = actual.astype(np.float64), expected.astype(np.float64)
    finite = np.isfinite(e)
    if not np.where(finite, np.isfinite(a), (a == e) | (np.isnan(a) & np.isnan(e))).all():
        return False
    size = np.abs(np.where(finite, e, 0.0))
    scale = size.max(axis=-1, keepdims=True, initial=0.0) if e.ndim else size
    with np.errstate(invalid="ignore"):  # inf - inf where both are the same infinity
        close = np.abs(a - e) <= slack * (max(probe.rtol, _ROUNDING) * scale + probe.atol)
    return bool((close | ~finite).all())
