"""Show how an observed behaviour differs from the right one on a public example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nbjudge.naming.card import Comparison, Part
from nbjudge.naming.compare import is_as
from nbjudge.naming.probes import Behaviour, Probe
from nbjudge.naming.values import arrays_in
from nbjudge.student.describe import (
    error_text,
    form_text,
    parameter_name,
    safe_text,
    script_text,
    shortened,
    value_text,
)
from nbjudge.student.entries import Entry, Missing, entries_of, has_entries, unasked
from nbjudge.texts import say

_DIGITS = (5, 9, 17)
"""Significant digits to try until the difference can be seen."""
_LONGEST_COLUMN = 24
"""Lines of an array; public inputs are small."""


def input_size(probe: Probe) -> int:
    """Count the numbers that a learner has to follow: the smallest example is shown."""
    entries = [value for step in probe.steps for value in (*step.args, *step.kwargs.values())]
    return len(probe.steps) + sum(a.size for value in entries for a in arrays_in(value))


def difference_parts(
    probe: Probe, seen: Sequence[Behaviour], names: Mapping[str, object]
) -> list[Part]:
    """Return the example as code, and what was expected beside what came.

    Args:
        probe: A probe on which `seen` is not right.
        seen: What the learner's code did; one behaviour per step.
        names: The learner's names.
    """
    index = _first_difference(probe, seen)
    script = script_text(probe.steps[: index + 1], names)
    parts = [Part(title=probe.title, code=script)]
    got, right = seen[index], probe.right[index]
    if got.kind == "raised":
        wanted = _expectation(right)
        parts.append(
            Part(
                text=say("Expected {wanted}. Your code raised:", wanted=wanted),
                code=error_text(got, names),
            )
        )
    elif right.kind == "raised":
        answer = shortened(value_text(got.value)) if got.kind == "value" else _form(got)
        text = say("Expected a {error} to be raised. Your code returned:", error=right.value)
        parts.append(Part(text=text, code=answer))
    elif got.kind == right.kind == "value" and has_entries(got.value, right.value):
        parts += _entry_parts(probe, got.value, right.value)
    elif got.kind != right.kind or not _same_form(got.value, right.value):
        text = say(
            "Expected {expectation}. Your code returned {form}.",
            expectation=_expectation(right),
            form=_form(got),
        )
        parts.append(Part(text=text + _forgotten_return(got)))
        # Side by side, arrays within a tuple and something else are two heaps of brackets.
        within = isinstance(right.value, (tuple, list, dict)) and arrays_in(right.value)
        if got.kind == right.kind == "value" and not within:
            parts.append(Part(comparison=_compared(got.value, right.value, probe)))
    elif not _is_same_answer(probe, index, got, right):
        parts.append(Part(comparison=_compared(got.value, right.value, probe)))
    return [*parts, *_side_effects(probe, index, got, right, names)]


def _first_difference(probe: Probe, seen: Sequence[Behaviour]) -> int:
    """Return the first step that is not as it should be, judged on its own."""
    for index, (got, right) in enumerate(zip(seen, probe.right, strict=True)):
        if not _is_step_right(probe, index, got, right):
            return index
    return len(probe.steps) - 1


def _is_step_right(probe: Probe, index: int, got: Behaviour, right: Behaviour) -> bool:
    return is_as(_only(probe, index), [got], [right])


def _is_same_answer(probe: Probe, index: int, got: Behaviour, right: Behaviour) -> bool:
    """Compare what was returned, whatever else the call did."""
    bare = [Behaviour(kind=b.kind, value=b.value) for b in (got, right)]
    alone = Probe(case="", title="", rtol=probe.rtol, atol=probe.atol, steps=(), right=(bare[1],))
    return is_as(alone, bare[:1], bare[1:])


def _entry_parts(probe: Probe, got: object, right: object) -> list[Part]:
    """Compare entry by entry: the first that is not right in full, the others by name."""
    good: list[Entry] = []
    wrong: list[Entry] = []
    for entry in entries_of(got, right):
        (good if _close(entry.got, entry.right, probe) else wrong).append(entry)
    parts = [_entry_part(wrong[0], probe)] if wrong else []
    if wrong and good:
        parts.append(Part(text=say("Right already: {paths}.", paths=_paths(good))))
    if wrong[1:]:
        parts.append(Part(text=say("Not right yet either: {paths}.", paths=_paths(wrong[1:]))))
    extra = unasked(got, right)
    if extra:
        parts.append(
            Part(
                text=say(
                    "The dict has keys that are not asked for: {names}.", names=", ".join(extra)
                )
            )
        )
    return parts


def _paths(entries: Sequence[Entry]) -> str:
    return ", ".join(f"`{entry.path}`" for entry in entries)


def _entry_part(entry: Entry, probe: Probe) -> Part:
    wanted = form_text(entry.right)
    if isinstance(entry.got, Missing):
        return Part(
            text=say(
                "Expected {wanted} as `{path}`. There is no such entry.",
                wanted=wanted,
                path=entry.path,
            )
        )
    if _same_form(entry.got, entry.right):
        text = say("`{path}` is not right yet:", path=entry.path)
    else:
        text = say(
            "Expected {wanted} as `{path}`. It is {got}.",
            wanted=wanted,
            path=entry.path,
            got=form_text(entry.got),
        )
    return Part(text=text, comparison=_compared(entry.got, entry.right, probe))


def _only(probe: Probe, index: int) -> Probe:
    """Return the probe of one step."""
    return Probe(
        case=probe.case,
        title=probe.title,
        rtol=probe.rtol,
        atol=probe.atol,
        steps=(probe.steps[index],),
        right=(probe.right[index],),
        wrong={name: (behaviours[index],) for name, behaviours in probe.wrong.items()},
    )


def _expectation(right: Behaviour) -> str:
    if right.kind == "raised":
        return say("a {error} to be raised", error=right.value)
    return form_text(right.value) if right.kind == "value" else say("an object")


def _form(got: Behaviour) -> str:
    if got.kind == "object":
        return say("an object of type {kind}", kind=got.value)
    return form_text(got.value)


def _forgotten_return(got: Behaviour) -> str:
    if got.kind == "value" and got.value is None:
        return " " + say("Does every path through it end in `return`?")
    return ""


def _same_form(got: object, right: object) -> bool:
    if isinstance(right, (np.ndarray, tuple, list, dict)) or isinstance(got, np.ndarray):
        return form_text(got) == form_text(right)
    return type(got) is type(right) or form_text(got) == form_text(right)


def _compared(got: object, right: object, probe: Probe) -> Comparison:
    for digits in _DIGITS:
        expected, actual = _lines(right, digits), _lines(got, digits)
        differs = _differing_rows(got, right, probe, len(expected))
        # Right numbers in another dtype: more digits would only show rounding.
        if expected != actual or not any(differs):
            break
    return Comparison(
        expected=tuple(expected[:_LONGEST_COLUMN]),
        got=tuple(actual[:_LONGEST_COLUMN]),
        differs=differs[:_LONGEST_COLUMN],
    )


def _lines(value: object, digits: int) -> list[str]:
    """Write an array one row to a line, in columns of one width; anything else as code."""
    if not isinstance(value, np.ndarray) or value.ndim == 0:
        number = isinstance(value, (float, np.floating, np.ndarray))
        text = f"{float(value):.{digits}g}" if number else value_text(value)  # type: ignore[arg-type]
        return shortened(safe_text(lambda: text)).splitlines()
    if not value.size:
        return [say("empty, shape {shape}", shape=value.shape)]
    is_float = value.dtype.kind == "f"
    entries = [f"{v:.{digits}g}" if is_float else str(v) for v in value.ravel().tolist()]
    width = max(map(len, entries))
    count = value.shape[-1]
    rows = [entries[i : i + count] for i in range(0, len(entries), count)]
    return ["[" + " ".join(f"{entry:>{width}}" for entry in row) + "]" for row in rows]


def _differing_rows(got: object, right: object, probe: Probe, count: int) -> tuple[bool, ...]:
    if (
        isinstance(got, np.ndarray)
        and isinstance(right, np.ndarray)
        and got.shape == right.shape
        and right.ndim
    ):
        rows = zip(_rows(got), _rows(right.astype(got.dtype, copy=False)), strict=True)
        return tuple(not _close(a, b, probe) for a, b in rows)
    return (True,) * count


def _rows(array: NDArray[Any]) -> NDArray[Any]:
    return array.reshape(-1, array.shape[-1]) if array.size else array.reshape(0, 0)


def _close(a: object, b: object, probe: Probe) -> bool:
    got, right = (Behaviour(kind="value", value=value) for value in (a, b))
    return _is_same_answer(probe, 0, got, right)


def _side_effects(
    probe: Probe, index: int, got: Behaviour, right: Behaviour, names: Mapping[str, object]
) -> list[Part]:
    step = probe.steps[index]
    spoiled = sorted(set(got.changed) - set(right.changed))
    left = sorted(set(right.changed) - set(got.changed))
    called = [(name, parameter_name(step, name, names)) for name in spoiled]
    parts = [
        Part(
            text=say("The call changed the caller's {shown}. Afterwards it was:", shown=shown),
            code=shortened(value_text(got.changed[name])),
        )
        for name, shown in called
    ]
    parts += [
        Part(
            text=say(
                "The call should change {parameter} and did not.",
                parameter=parameter_name(step, name, names),
            )
        )
        for name in left
    ]
    for name in sorted(set(got.changed) & set(right.changed)):
        if not _close(got.changed[name], right.changed[name], probe):
            title = say(
                "What {parameter} holds after the call:",
                parameter=parameter_name(step, name, names),
            )
            comparison = _compared(got.changed[name], right.changed[name], probe)
            parts.append(Part(text=title, comparison=comparison))
    if not parts and set(got.shares) != set(right.shares):
        shared = ", ".join(parameter_name(step, n, names) for n in got.shares) or "nothing"
        wanted = ", ".join(parameter_name(step, n, names) for n in right.shares) or "nothing"
        text = say(
            "The result shares memory with: {shared}. Expected: {wanted}.",
            shared=shared,
            wanted=wanted,
        )
        parts = [Part(text=text)] if not _is_step_right(probe, index, got, right) else []
    return parts
