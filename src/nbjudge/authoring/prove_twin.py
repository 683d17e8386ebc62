"""Whether a mutant ever behaves differently from the solution.

Both answer every call of every case side by side, and calls near it; the case
only sees the solution. What differs by no more than rounding is the same, and a
mutant that is the same throughout is no mutant.
"""

from __future__ import annotations

import copy
import random
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from nbjudge.authoring.prove_variations import Arguments, variations
from nbjudge.expect import Mismatch, expect_close, expect_unchanged

Report = Callable[[str], None]
"""Takes what differs, in a few words."""


class TwinStudent:
    """The `student` of a case: its names are the solution's, watched beside the mutant's.

    Args:
        solution: Has the right names as attributes.
        mutant: Has the same names.
        report: Called at every difference.
    """

    def __init__(self, solution: object, mutant: object, report: Report) -> None:
        self._solution, self._mutant, self._report = solution, mutant, report

    def __getattr__(self, name: str) -> Any:
        right, other = (getattr(side, name, None) for side in (self._solution, self._mutant))
        if _is_object(right) and _is_object(other):
            return _Twin(right, other, self._report, varied=True)
        self._report(f"the name {name}")
        return right


class _Twin:
    """An object of the solution's and the mutant's own at the same place."""

    def __init__(self, right: Any, other: Any, report: Report, *, varied: bool = False) -> None:
        self._right, self._other, self._report = right, other, report
        # Methods change their object, so only functions and classes are called more often.
        self._varied = varied

    def __getattr__(self, name: str) -> Any:
        right = _done(getattr, self._right, name)
        other = _done(getattr, self._other, name)
        return self._settled(right, other, f"the attribute {name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        ours, theirs = _side((args, kwargs), right=True), _side((args, kwargs), right=False)
        theirs = copy.deepcopy(theirs)
        if self._varied:
            state = _random_state()
            self._vary(*ours)
            _restore(state)
        right, other = self._both(ours, theirs)
        self._check(theirs, ours, "an argument after the call")
        if _shares(right, ours) != _shares(other, theirs):
            self._report("whether the result shares memory with an argument")
        return self._settled(right, other, "the result")

    def _both(self, ours: Arguments, theirs: Arguments) -> tuple[_Outcome, _Outcome]:
        """Call both with the same random numbers to draw."""
        state = _random_state()
        right = _done(self._right, *ours[0], **ours[1])
        _restore(state)
        return right, _done(self._other, *theirs[0], **theirs[1])

    def _vary(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Compare on calls that the suite does not make, where the solution answers them."""
        for given in variations(self._right, args, kwargs):
            right, other = self._both(given, copy.deepcopy(given))
            if right.error is None and other.error is not None:
                self._report("the exception on an input that no case draws")
            elif right.error is None and not _is_object(right.value):
                self._check(other.value, right.value, "the result on an input that no case draws")

    def _settled(self, right: _Outcome, other: _Outcome, name: str) -> Any:
        """Compare two outcomes and go on as the right one does."""
        if type(right.error) is not type(other.error):
            self._report(f"the exception instead of {name}")
        if right.error is not None:
            raise right.error
        if _is_object(right.value):
            if _is_object(other.value):
                return _Twin(right.value, other.value, self._report)
            self._report(name)
        elif other.error is None:
            self._check(other.value, right.value, name)
        return right.value

    def _check(self, other: Any, right: Any, name: str) -> None:
        try:
            _compare(_plain(other), _plain(right))
        except (Mismatch, TypeError):
            self._report(name)


class _Outcome:
    """What came back, or what was raised."""

    def __init__(self, value: Any, error: Exception | None) -> None:
        self.value, self.error = value, error


def _done(code: Callable[..., Any], *args: Any, **kwargs: Any) -> _Outcome:
    try:
        return _Outcome(code(*args, **kwargs), None)
    except Exception as error:  # compared, and raised again by who called the solution
        return _Outcome(None, error)


def _compare(other: Any, right: Any) -> None:
    if isinstance(right, (tuple, list)) and isinstance(other, type(right)):
        if len(right) != len(other):
            raise Mismatch("length", aspect="shape")
        for a, b in zip(other, right, strict=True):
            _compare(a, b)
    elif isinstance(right, dict) and isinstance(other, dict):
        if set(right) != set(other):
            raise Mismatch("keys", aspect="value")
        for key, value in right.items():
            _compare(other[key], value)
    elif isinstance(right, np.ndarray) and right.dtype.kind not in "fc":
        expect_unchanged(other, right, name="it")
    elif _is_object(right) or isinstance(right, complex):
        if type(other) is not type(right):
            raise Mismatch("type", aspect="type")
    else:
        if type(other) is not type(right):
            raise Mismatch("type", aspect="type")
        expect_close(other, right)


def _is_object(value: Any) -> bool:
    plain = (bool, int, float, complex, str, type(None), np.ndarray, np.generic)
    return not isinstance(value, (*plain, tuple, list, dict)) and not _is_tensor(value)


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "detach") and hasattr(value, "numpy")


def _plain(value: Any) -> Any:
    """Return tensors as (dtype, array): what is compared is numbers and dtype."""
    if _is_tensor(value):
        exact = value.detach().cpu()
        wide = exact.double() if exact.is_floating_point() else exact
        return (str(value.dtype), bool(value.requires_grad), wide.numpy())
    if isinstance(value, (tuple, list)):
        return type(value)([_plain(item) for item in value])
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _side(value: Any, *, right: bool) -> Any:
    """Take one side of every twin among the arguments."""
    if isinstance(value, _Twin):
        return value._right if right else value._other
    if isinstance(value, tuple):
        return tuple(_side(item, right=right) for item in value)
    if isinstance(value, dict):
        return {key: _side(item, right=right) for key, item in value.items()}
    return value


def _shares(outcome: _Outcome, arguments: Any) -> bool:
    if not isinstance(outcome.value, np.ndarray):
        return False
    args, kwargs = arguments
    arrays = [a for a in (*args, *kwargs.values()) if isinstance(a, np.ndarray)]
    return any(np.may_share_memory(outcome.value, array) for array in arrays)


def _random_state() -> tuple[Any, ...]:
    torch: Any = sys.modules.get("torch")
    return random.getstate(), np.random.get_state(), torch.get_rng_state() if torch else None


def _restore(state: tuple[Any, ...]) -> None:
    random.setstate(state[0])
    np.random.set_state(state[1])
    if state[2] is not None:
        torch: Any = sys.modules["torch"]
        torch.set_rng_state(state[2])
