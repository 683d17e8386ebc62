"""Run a call script against an implementation and record what it does.

The implementation may be the learner's names (a dict), a module, or the judge's
stand-in for a submission in another process. Nothing here trusts it: what comes
back is plain data, or is handled as an opaque object.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from nbjudge.naming.probes import Behaviour, Probe, Step
from nbjudge.naming.values import Ref, arrays_in, copy_value, is_plain, unnamed

_EXCEPTIONS = frozenset(
    kind.__name__
    for kind in (
        *(Exception, ArithmeticError, AssertionError, AttributeError, BufferError, EOFError),
        *(FileNotFoundError, FloatingPointError, ImportError, IndexError, KeyError, LookupError),
        *(MemoryError, ModuleNotFoundError, NameError, OSError, OverflowError, PermissionError),
        *(RecursionError, RuntimeError, SyntaxError, TimeoutError, TypeError),
        *(UnboundLocalError, ValueError, ZeroDivisionError),
    )
)


class _NoSuchName(Exception):
    """The implementation defines no such name."""


class Silence(StrEnum):
    """Why a probe has no behaviour at all."""

    MISSING = "missing"
    """The implementation has no such name."""
    UNTOUCHED = "untouched"
    """It raises NotImplementedError, as the released stub does."""
    DIED = "died"
    """Its process ended or ran out of time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotAnswered:
    """The probe could not be observed; it is evidence for no mistake."""

    reason: Silence
    name: str = ""
    """The name that is missing or untouched."""


Observation = tuple[Behaviour, ...] | NotAnswered
_Classes = tuple[type[BaseException], ...]


def observe(
    namespace: object,
    probe: Probe,
    *,
    missing: _Classes = (),
    died: _Classes = (),
) -> Observation:
    """Run the script of `probe` and return one behaviour per step.

    Every step gets fresh copies of its arguments. A step on what a failed step
    should have returned repeats that step's exception.

    Args:
        namespace: A mapping of names, or any object with attributes.
        probe: Its steps are run; its behaviours are not looked at.
        missing: Exceptions that mean "there is no such name", where that shows
            only at the call.
        died: Exceptions that mean "the process ended or ran out of time".

    Raises:
        KeyboardInterrupt: If the person at the keyboard interrupts it.
    """
    absent: _Classes = (_NoSuchName, *missing)
    silent: _Classes = (*absent, *died, NotImplementedError)
    returned: list[object] = []
    behaviours: list[Behaviour] = []
    for step in probe.steps:
        try:
            behaviour, value = _run(step, namespace, returned, behaviours, silent)
        except absent:
            return NotAnswered(reason=Silence.MISSING, name=step.target)
        except died:
            return NotAnswered(reason=Silence.DIED, name=step.target)
        except NotImplementedError:
            return NotAnswered(reason=Silence.UNTOUCHED, name=step.target)
        behaviours.append(behaviour)
        returned.append(value)
    return tuple(behaviours)


def nearest_builtin(error: BaseException) -> str:
    """Name the nearest built-in exception class that a probe may record."""
    for kind in type(error).__mro__:
        if kind.__module__ == "builtins" and kind.__name__ in _EXCEPTIONS:
            return kind.__name__
    return "Exception"


def changed_arguments(
    before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, object]:
    """Return the arguments that are no longer what they were, bit for bit, as they are now.

    None stands for one that is no plain data any more.
    """
    changed = {name: after[name] for name in before if not _is_same(before[name], after[name])}
    return {name: copy_value(now) if is_plain(now) else None for name, now in changed.items()}


def shared_arguments(value: object, arguments: Mapping[str, object]) -> tuple[str, ...]:
    """Name the arguments whose memory the arrays of `value` overlap."""
    results = arrays_in(value)
    return tuple(
        sorted(
            name
            for name, argument in arguments.items()
            if any(np.may_share_memory(r, a) for r in results for a in arrays_in(argument))
        )
    )


def named_arguments(args: Sequence[object], kwargs: Mapping[str, object]) -> dict[str, object]:
    """Key every argument by its position or keyword, as behaviours name them."""
    return {**{str(i): value for i, value in enumerate(args)}, **kwargs}


def _run(
    step: Step,
    namespace: object,
    returned: Sequence[object],
    behaviours: Sequence[Behaviour],
    silent: _Classes,
) -> tuple[Behaviour, object]:
    """Run one step: its behaviour and what it returned; `silent` exceptions pass through."""
    broken = _broken_dependency(step, behaviours)
    if broken is not None:
        return replace(broken, changed={}, shares=()), None
    before = named_arguments(step.args, step.kwargs)
    args = [_live(value, returned) for value in step.args]
    kwargs = {name: _live(value, returned) for name, value in step.kwargs.items()}
    arguments = named_arguments(args, kwargs)
    kept: dict[str, object] = {k: v for k, v in before.items() if is_plain(arguments[k])}
    try:
        target = _resolve(step.target, namespace, returned)
        value = target(*args, **kwargs) if step.is_call else target  # type: ignore[operator]
    except silent:
        raise
    except (Exception, SystemExit) as error:
        changed = changed_arguments(kept, arguments)
        raised = Behaviour(
            kind="raised", value=nearest_builtin(error), changed=changed, error=error
        )
        return raised, None
    return _seen(value, kept, arguments), value


def _seen(
    value: object, before: Mapping[str, object], arguments: Mapping[str, object]
) -> Behaviour:
    changed = changed_arguments(before, arguments)
    value = unnamed(value)
    if not is_plain(value):
        return Behaviour(kind="object", value=_type_name(value), changed=changed)
    # A later step may write into the array that this one returned: keep a copy.
    return Behaviour(
        kind="value",
        value=copy_value(value),
        changed=changed,
        shares=shared_arguments(value, arguments),
    )


def _broken_dependency(step: Step, behaviours: Sequence[Behaviour]) -> Behaviour | None:
    needed = [v.step for v in (*step.args, *step.kwargs.values()) if isinstance(v, Ref)]
    if step.target.startswith("$"):
        needed.append(int(step.target[1:].partition(".")[0]))
    for index in needed:
        if behaviours[index].kind == "raised":
            return behaviours[index]
    return None


def _resolve(target: str, namespace: object, returned: Sequence[object]) -> object:
    if not target.startswith("$"):
        return _named(target, namespace)
    index, _, path = target[1:].partition(".")
    value = returned[int(index)]
    for name in path.split(".") if path else ():
        # The script expects an object; methods of plain data are not the learner's work.
        if is_plain(value):
            raise AttributeError(f"{_type_name(value)!r} object has no attribute {name!r}")
        value = getattr(value, name)
    return value


def _named(name: str, namespace: object) -> object:
    try:
        return namespace[name] if isinstance(namespace, Mapping) else getattr(namespace, name)
    except (KeyError, AttributeError):
        raise _NoSuchName(name) from None


def _live(value: object, returned: Sequence[object]) -> object:
    return returned[value.step] if isinstance(value, Ref) else copy_value(value)


def _type_name(value: object) -> str:
    described = getattr(value, "described_type", "")
    return described if type(described) is str and described else type(value).__name__


def _is_same(before: object, after: object) -> bool:
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray) and isinstance(after, np.ndarray):
        same_form = before.dtype == after.dtype and before.shape == after.shape
        return same_form and before.tobytes() == after.tobytes()
    if isinstance(before, (list, tuple)) and isinstance(after, (list, tuple)):
        return len(before) == len(after) and all(map(_is_same, before, after))
    if isinstance(before, dict) and isinstance(after, dict):
        return list(before) == list(after) and all(_is_same(before[k], after[k]) for k in before)
    # `repr` tells 0.0 from -0.0 and takes NaN for itself.
    return before is after or repr(before) == repr(after)
