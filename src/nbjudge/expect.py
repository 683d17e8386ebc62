"""What a hidden suite says about an answer, and how the message is worded.

Every check looks at the type, the shape, the dtype and the finite entries
before it looks at a value: `numpy.allclose` broadcasts a wrong shape and a NaN
passes `not error > tolerance`.

A failed check raises `Mismatch`. Its message may hold hidden values; the judge
shows it to a student only if the case is public. Longer than other modules, for
each comparison and its words belong together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nbjudge.texts import say

Tolerance = float | NDArray[np.floating[Any]]
"""One number, or one per row: anything that broadcasts against the expected array."""

_RTOL = {"float64": 1e-9, "float32": 1e-5, "float16": 2e-3}
"""About eight times the rounding of a short chain of operations in that dtype."""
_SHOWN_ENTRIES = 8


class Mismatch(AssertionError):
    """The answer is not what was expected.

    Attributes:
        kind: The kind of input, in words that reveal no hidden value.
        aspect: `type`, `shape`, `dtype`, `finite`, `value`, `mutation` or `exception`.
    """

    def __init__(self, message: str, *, kind: str = "", aspect: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.aspect = aspect


def default_rtol(dtype: np.dtype[Any] | type) -> float:
    """Return the relative tolerance for values of `dtype`; 0 for integers and bools."""
    return _RTOL.get(np.dtype(dtype).name, 0.0)


def expect_close(
    actual: object,
    expected: object,
    *,
    kind: str = "",
    rtol: float | None = None,
    atol: Tolerance = 0.0,
    name: str = "",
) -> None:
    """Check an answer: exact type, shape and dtype first, then every value.

    Tuples, lists and dicts are compared entry by entry. Where a plain number is
    expected, an int, a float, a numpy scalar or an array of shape () will do.

    Args:
        actual: What the student's code returned.
        expected: The right answer, from float64 arithmetic rounded to the
            dtype that the student should return.
        kind: The kind of input, shown to the student: "a constant row".
        rtol: Relative to the largest finite expected entry of the same row
            (last axis); default: eight roundings of the expected dtype.
        atol: Absolute, in units of the result; one number or one per row.
        name: What is compared, for the message; default: "the result".

    Raises:
        Mismatch: With a message that says what came back and what was expected.
    """
    _compare(actual, expected, _Rules(kind=kind, rtol=rtol, atol=atol), name or say("the result"))


def expect_unchanged(after: object, before: object, *, name: str, kind: str = "") -> None:
    """Check that a call left an input as it was, bit for bit.

    Args:
        after: The input as the test holds it now: the judge writes back what
            the student's code did to it.
        before: A copy made before the call.
        name: The parameter's name, for the message.
        kind: The kind of input.

    Raises:
        Mismatch: If a value, the shape or the dtype differs.
    """
    a, b = np.asarray(after), np.asarray(before)
    if a.dtype != b.dtype or a.shape != b.shape or a.tobytes() != b.tobytes():
        raise Mismatch(
            say(
                "the call changed its input {name}: it was {before} and is now {after}",
                name=name,
                before=show(before),
                after=show(after),
            ),
            kind=kind,
            aspect="mutation",
        )


def expect_raises(
    error: type[Exception] | tuple[type[Exception], ...],
    call: Callable[[], object],
    *,
    valid: Callable[[], object],
    kind: str = "",
) -> None:
    """Check that a bad call is refused and that a good one is not.

    A missing function, a wrong signature and `NotImplementedError` refuse
    everything, so they satisfy no expectation: the valid call is made first.

    Args:
        error: What the bad call must raise.
        call: The bad call.
        valid: A good call to the same function; must return.
        kind: The kind of bad input.

    Raises:
        Mismatch: If `call` returns, or raises something else.
    """
    valid()
    wanted, *others = [e.__name__ for e in (error if isinstance(error, tuple) else (error,))]
    for other_name in others:
        wanted = say("{one} or {other}", one=wanted, other=other_name)
    try:
        value = call()
    except NotImplementedError:
        raise
    except error:
        return
    except Exception as other:
        raise Mismatch(
            say("raised {error}; expected {wanted}", error=_described(other), wanted=wanted),
            kind=kind,
            aspect="exception",
        ) from None
    message = say("returned {value}; expected {wanted}", value=show(value), wanted=wanted)
    raise Mismatch(message, kind=kind, aspect="exception")


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def show(value: object) -> str:
    """Describe a value in at most a few lines: type, dtype, shape and first entries."""
    if isinstance(value, np.ndarray) and value.ndim:
        if not value.size:
            return say(
                "an empty {dtype} array of shape {shape}",
                dtype=str(value.dtype),
                shape=str(value.shape),
            )
        flat = value.ravel()[:_SHOWN_ENTRIES]
        rest = ", ..." if value.size > _SHOWN_ENTRIES else ""
        return say(
            "{dtype} array of shape {shape}: [{entries}]",
            dtype=str(value.dtype),
            shape=str(value.shape),
            entries=", ".join(map(_number, flat)) + rest,
        )
    if isinstance(value, np.ndarray):
        value = value[()]  # a number, to whoever reads it
    if isinstance(value, (float, np.generic)) and not isinstance(value, np.bool_):
        return _number(value)
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "..."


def _telling_apart(first: object, second: object) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to see that they differ."""
    if not isinstance(first, (float, np.floating)):
        return str(first), str(second)
    digits = next(
        (n for n in (6, 9, 12) if format(first, f".{n}g") != format(second, f".{n}g")), 17
    )
    return format(first, f".{digits}g"), format(second, f".{digits}g")


def _number(value: object) -> str:
    return format(value, ".6g") if isinstance(value, (float, np.floating)) else str(value)


def _article(value: object) -> str:
    kind = type(value)
    module = "" if kind.__module__ == "builtins" else kind.__module__.split(".")[0] + "."
    described = getattr(value, "described_type", "") or module + kind.__name__
    is_vowel = described[0] in "aeio"
    return say("an {kind}", kind=described) if is_vowel else say("a {kind}", kind=described)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rules:
    """How to compare, and what to say about the kind of input."""

    kind: str
    rtol: float | None
    atol: Tolerance

    def mismatch(self, message: str, aspect: str) -> Mismatch:
        return Mismatch(message, kind=self.kind, aspect=aspect)


def _compare(actual: object, expected: object, rules: _Rules, name: str) -> None:
    if isinstance(expected, np.ndarray):
        _expect_array(actual, expected, rules, name)
    elif isinstance(expected, (tuple, list)):
        _expect_sequence(actual, expected, rules, name)
    elif isinstance(expected, Mapping):
        _expect_mapping(actual, expected, rules, name)
    elif isinstance(expected, (bool, np.bool_, str, type(None))):
        _expect_same(actual, expected, rules, name)
    elif isinstance(expected, (int, float, np.generic)):
        _expect_number(actual, expected, rules, name)
    else:
        raise TypeError(f"expected must be plain data or an array; got {type(expected).__name__}")


def _expect_array(actual: object, expected: NDArray[Any], rules: _Rules, name: str) -> None:
    if type(actual) is not np.ndarray:
        wanted = say("a numpy.ndarray of shape {shape}", shape=str(expected.shape))
        raise rules.mismatch(_is(name, _article(actual), wanted), "type")
    for aspect in ("shape", "dtype"):
        got, wanted = getattr(actual, aspect), getattr(expected, aspect)
        if got != wanted:
            words = {"name": name, "got": str(got), "wanted": str(wanted)}
            raise rules.mismatch(
                say("{name} has shape {got}; expected {wanted}", **words)
                if aspect == "shape"
                else say("{name} has dtype {got}; expected {wanted}", **words),
                aspect,
            )
    _expect_values(actual, expected, rules, name)


def _expect_values(actual: NDArray[Any], expected: NDArray[Any], rules: _Rules, name: str) -> None:
    if not np.issubdtype(expected.dtype, np.inexact):
        wrong = actual != expected
    else:
        wide = np.result_type(expected.dtype, np.float64)
        a, e = actual.astype(wide), expected.astype(wide)
        finite = np.isfinite(e)
        same_kind = np.where(finite, np.isfinite(a), (a == e) | (np.isnan(a) & np.isnan(e)))
        if not same_kind.all():
            where = _first(~same_kind)
            got, wanted = _number(a[where]), _number(e[where])
            message = say(
                "{name} is {got} at index {where}; expected {wanted}",
                name=name,
                got=got,
                where=str(where),
                wanted=wanted,
            )
            raise rules.mismatch(message, "finite")
        rtol = default_rtol(expected.dtype) if rules.rtol is None else rules.rtol
        size = np.abs(np.where(finite, e, 0.0))
        scale = size.max(axis=-1, keepdims=True, initial=0.0) if e.ndim else size
        with np.errstate(invalid="ignore"):  # inf - inf where both are the same infinity
            wrong = finite & ~(np.abs(a - e) <= rtol * scale + rules.atol)
    if wrong.any():
        where = _first(wrong)
        got, wanted = _telling_apart(actual[where], expected[where])
        message = say(
            "{name} is {got}; expected {wanted} "
            "(first differs at index {where}: {first}, expected {first_wanted})",
            name=name,
            got=show(actual),
            wanted=show(expected),
            where=str(where),
            first=got,
            first_wanted=wanted,
        )
        raise rules.mismatch(message, "value")


def _is(name: str, got: str, wanted: str) -> str:
    return say("{name} is {got}; expected {wanted}", name=name, got=got, wanted=wanted)


def _part(name: str, key: object) -> str:
    return say("{whole}[{key}]", whole=name, key=repr(key))


def _first(wrong: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(wrong)[0])


def _expect_same(actual: object, expected: object, rules: _Rules, name: str) -> None:
    is_bool = isinstance(expected, (bool, np.bool_))
    allowed = (bool, np.bool_) if is_bool else (type(expected),)
    if type(actual) not in allowed or actual != expected:
        raise rules.mismatch(_is(name, show(actual), show(expected)), "value")


def _expect_number(actual: object, expected: Any, rules: _Rules, name: str) -> None:
    is_scalar = isinstance(actual, (int, float, np.generic)) or (
        type(actual) is np.ndarray and actual.shape == ()
    )
    got, wanted = np.asarray(actual) if is_scalar else np.asarray(""), np.asarray(expected)
    if not np.issubdtype(got.dtype, np.number):
        raise rules.mismatch(_is(name, _article(actual), say("a number")), "type")
    if np.issubdtype(got.dtype, np.inexact) and np.issubdtype(wanted.dtype, np.integer):
        wanted = wanted.astype(np.float64)  # 3.0 answers 3
    _expect_values(got, wanted, rules, name)


def _expect_sequence(
    actual: object, expected: tuple[object, ...] | list[object], rules: _Rules, name: str
) -> None:
    if not isinstance(actual, type(expected)) or len(actual) != len(expected):
        is_sized = isinstance(actual, (tuple, list))
        got = _of_length(actual) if is_sized else _article(actual)  # type: ignore[arg-type]
        raise rules.mismatch(_is(name, got, _of_length(expected)), "type")
    for i, (a, e) in enumerate(zip(actual, expected, strict=True)):
        _compare(a, e, rules, _part(name, i))


def _of_length(value: tuple[object, ...] | list[object]) -> str:
    return say("{kind} of {count}", kind=_article(value), count=len(value))


def _expect_mapping(
    actual: object, expected: Mapping[Any, object], rules: _Rules, name: str
) -> None:
    if type(actual) is not dict or set(actual) != set(expected):
        got = _with_keys(actual) if isinstance(actual, dict) else _article(actual)
        raise rules.mismatch(_is(name, got, _with_keys(expected)), "type")
    for key, value in expected.items():
        _compare(actual[key], value, rules, _part(name, key))


def _with_keys(value: Mapping[Any, object]) -> str:
    kind = _article(value) if isinstance(value, dict) else _article({})
    return say("{kind} with keys {keys}", kind=kind, keys=str(sorted(map(str, value))))
