"""Say whether two behaviours are the same answer, as the suites would.

Dtype and shape are exact and numbers have the probe's tolerance. What only depends on
the library or the style that an answer is written in does not count: which exception
says that shapes do not fit, and whether a division by zero raises or gives NaN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nbjudge.naming.probes import WRONG_DIGITS, Behaviour, Probe
from nbjudge.naming.values import arrays_in

_ROUNDING = 10.0 ** (1 - WRONG_DIGITS)
"""Relative: twice what writing a wrong number into the file may change it by."""
_SHAPES = {"ValueError", "IndexError", "RuntimeError"}
"""What NumPy, lists and torch raise where shapes or axes do not fit."""
_ARITHMETIC = {"ZeroDivisionError", "OverflowError", "FloatingPointError", "ArithmeticError"}
"""What plain numbers raise where arrays hold NaN or infinity; and so does `math`."""


def is_as(
    probe: Probe,
    seen: Sequence[Behaviour],
    recorded: Sequence[Behaviour],
    *,
    slack: float = 1.0,
) -> bool:
    """Say whether two behaviours on `probe` are the same within its tolerance.

    Dtype and shape are exact, and so is the exception where the right answer raises
    one. An argument that a call changed must be one that it changed in `recorded` too;
    its values count only where the right answer changes it: a mutation that nobody
    asked for has many styles.
    Shared memory counts only where an answer of the bank is wrong because of it.

    Args:
        probe: Gives the tolerance.
        seen: One behaviour per step.
        recorded: One behaviour per step.
        slack: Multiplies the tolerance.
    """
    steps = zip(seen, recorded, probe.right, strict=True)
    for a, b, correct in steps:
        if set(a.changed) != set(b.changed) or not _is_same_outcome(a, b, correct, probe, slack):
            return False
        for name in set(a.changed) & set(correct.changed):
            if not _is_close(a.changed[name], b.changed[name], probe, slack):
                return False
        if shared(a) != shared(b) and _sharing_counts(probe):
            return False
    return True


def _is_same_outcome(
    a: Behaviour, b: Behaviour, correct: Behaviour, probe: Probe, slack: float
) -> bool:
    if a.kind != b.kind:
        return _fails_in_numbers(a, correct) and _fails_in_numbers(b, correct)
    if a.kind == "value":
        return _is_close(a.value, b.value, probe, slack)
    if a.kind == "object" or a.value == b.value:
        return True
    is_group = any({a.value, b.value} <= group for group in (_SHAPES, _ARITHMETIC))
    return correct.kind != "raised" and is_group


def _fails_in_numbers(behaviour: Behaviour, correct: Behaviour) -> bool:
    """Say whether NaN or infinity came, or an exception about numbers, where a number should."""
    if correct.kind != "value" or not _is_finite(correct.value):
        return False
    if behaviour.kind == "raised":
        return behaviour.value in _ARITHMETIC
    return behaviour.kind == "value" and not _is_finite(behaviour.value)


def _is_finite(value: object) -> bool:
    numbers = [np.asarray(value)] if _is_number(value) else arrays_in(value)
    # numpy keeps an integer beyond 64 bits as an object, and no integer is NaN or infinite.
    return all(bool(np.isfinite(n).all()) for n in numbers if n.dtype.kind != "O")


def shared(behaviour: Behaviour) -> set[str]:
    """Name the shared arguments; that a changed one is shared too says nothing more."""
    return set(behaviour.shares) - set(behaviour.changed)


def _sharing_counts(probe: Probe) -> bool:
    return any(
        shared(wrong) != shared(correct)
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
    try:
        a, e = actual.astype(np.float64), expected.astype(np.float64)
    except OverflowError:  # an integer that no float holds
        return bool(np.array_equal(actual, expected))
    finite = np.isfinite(e)
    if not np.where(finite, np.isfinite(a), (a == e) | (np.isnan(a) & np.isnan(e))).all():
        return False
    size = np.abs(np.where(finite, e, 0.0))
    scale = size.max(axis=-1, keepdims=True, initial=0.0) if e.ndim else size
    with np.errstate(invalid="ignore"):  # inf - inf where both are the same infinity
        close = np.abs(a - e) <= slack * (max(probe.rtol, _ROUNDING) * scale + probe.atol)
    return bool((close | ~finite).all())
