"""Put a call, an answer and an exception into words a learner can use.

Calls and arrays are written as code that can be pasted into a cell.
"""

from __future__ import annotations

import inspect
import linecache
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nbjudge.naming.probes import Behaviour, Step
from nbjudge.naming.values import Ref
from nbjudge.texts import say

_INLINE_LENGTH = 72
_LONGEST_TEXT = 400
_LONGEST_ARRAY = 60
"""Entries of an array that are shown in full; public inputs are small."""
_PLAIN_DTYPES = ("float64", "int64", "bool")
"""What `np.array` makes of plain numbers, so that `dtype=` says nothing."""


def script_text(steps: Sequence[Step], names: Mapping[str, object]) -> str:
    """Write a call script as Python.

    Args:
        steps: The steps up to the one of interest.
        names: The learner's names, for the names of parameters.
    """
    needed = {v.step for s in steps for v in (*s.args, *s.kwargs.values()) if isinstance(v, Ref)}
    needed |= {_owner(step) for step in steps if step.target.startswith("$")}
    lines: list[str] = []
    for index, step in enumerate(steps):
        call = _step_text(step, names, lines)
        lines.append(f"{_variable(index)} = {call}" if index in needed else call)
    return "\n".join(lines)


def value_text(value: object, indent: int = 0) -> str:
    """Write plain data as code that makes it; `indent` is for lines after the first."""
    if isinstance(value, Ref):
        return _variable(value.step)
    if isinstance(value, np.ndarray):
        return _array_text(value, indent)
    if isinstance(value, (float, np.floating)):
        return _number(value)
    if isinstance(value, np.generic):
        return str(value)
    if type(value) is list:
        return f"[{', '.join(value_text(item, indent) for item in value)}]"
    if type(value) is tuple:
        items = ", ".join(value_text(item, indent) for item in value)
        return f"({items},)" if len(value) == 1 else f"({items})"
    if type(value) is dict:
        items = ", ".join(f"{value_text(k)}: {value_text(v, indent)}" for k, v in value.items())
        return f"{{{items}}}"
    return shortened(safe_text(lambda: repr(value)))


def form_text(value: object) -> str:
    """Say what kind of thing a value is: type, dtype and shape."""
    if isinstance(value, np.ndarray):
        return say(
            "an array of dtype {dtype} and shape {shape}", dtype=value.dtype, shape=value.shape
        )
    if value is None:
        return "None"
    if isinstance(value, (bool, np.bool_)):
        return say("a bool")
    if isinstance(value, (int, float, np.number)):
        return say("a number")
    kind = type(value).__name__
    if isinstance(value, (tuple, list, dict)):
        return say("a {kind} of {count}", kind=kind, count=len(value))
    return say("an {kind}", kind=kind) if kind[0] in "aeiou" else say("a {kind}", kind=kind)


def error_text(behaviour: Behaviour, names: Mapping[str, object]) -> str:
    """Write the learner's exception, and the line of theirs that raised it."""
    error = behaviour.error
    if error is None:
        return str(behaviour.value)
    message = shortened(safe_text(lambda: str(error)))
    text = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return f"{_own_line(error, names)}{text}"


def parameter_name(step: Step, argument: str, names: Mapping[str, object]) -> str:
    """Return the learner's own name for an argument that is keyed by position or keyword."""
    if not argument.isdigit():
        return argument
    parameters = _parameters(names.get(step.target))
    index = int(argument)
    return (
        parameters[index] if index < len(parameters) else say("argument {number}", number=index + 1)
    )


def safe_text(produce: Callable[[], str]) -> str:
    """Return a text that the learner's code makes, or say that it fails."""
    try:
        return str(produce())
    except Exception as error:
        return say("<{error} while printing it>", error=type(error).__name__)


def shortened(text: str) -> str:
    """Cut a text that is too long for a card."""
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + " ..."


def _step_text(step: Step, names: Mapping[str, object], lines: list[str]) -> str:
    """Write one step; arguments too long for its line go to lines of their own before it."""
    target = step.target
    if target.startswith("$"):
        _, _, path = target.partition(".")
        target = _variable(_owner(step)) + (f".{path}" if path else "")
    if not step.is_call:
        return target
    inline = _call_text(target, [value_text(v) for v in step.args], step.kwargs)
    if len(inline) <= _INLINE_LENGTH and "\n" not in inline:
        return inline
    arguments = []
    for index, value in enumerate(step.args):
        name = parameter_name(step, str(index), names).replace(" ", "_")
        if not isinstance(value, np.ndarray):
            arguments.append(value_text(value))
            continue
        lines.append(f"{name} = {value_text(value, len(name) + 3)}")
        arguments.append(name)
    return _call_text(target, arguments, step.kwargs)


def _call_text(target: str, args: Sequence[str], kwargs: Mapping[str, object]) -> str:
    named = [f"{name}={value_text(value)}" for name, value in kwargs.items()]
    return f"{target}({', '.join([*args, *named])})"


def _owner(step: Step) -> int:
    return int(step.target[1:].partition(".")[0])


def _variable(step: int) -> str:
    return "obj" if step == 0 else f"obj{step}"


def _parameters(function: object) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)  # type: ignore[arg-type]
    except Exception:  # not callable, built in, or a signature that is the learner's code
        return []


def _array_text(array: NDArray[Any], indent: int) -> str:
    dtype = "" if array.dtype.name in _PLAIN_DTYPES else f", dtype=np.{array.dtype.name}"
    if not array.size:
        return f"np.empty({array.shape}{dtype})"
    entries = np.array2string(
        array,
        separator=", ",
        threshold=_LONGEST_ARRAY,
        max_line_width=10_000,
        formatter={"float_kind": _number, "int_kind": str, "bool": str},
        prefix=" " * (indent + len("np.array(")),
    )
    return f"np.array({entries}{dtype})"


def _number(value: Any) -> str:
    text = str(value)
    return f"np.{text}" if text == "nan" else text.replace("inf", "np.inf")


def _own_line(error: BaseException, names: Mapping[str, object]) -> str:
    """Return the innermost line of code that was written in the learner's names."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        if frame.f_globals is names:
            code = linecache.getline(frame.f_code.co_filename, line).strip()
            where = say("line {line} of {function}", line=line, function=frame.f_code.co_name)
            return f"{where}: {code}\n" if code else f"{where}\n"
    return ""
