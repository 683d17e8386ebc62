"""Record what a public case does to the `student` as a call script.

The case runs against the solution; every call, and every attribute that it
reads from an object, becomes a step that can be repeated on anybody's code.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from nbjudge.errors import LessonError
from nbjudge.naming.probes import Step
from nbjudge.naming.values import Ref, copy_value, is_plain


class CallScript:
    """The steps of one case, growing while it runs.

    Args:
        implementation: What answers the calls: the solution.
        case: Its id, for messages.
    """

    def __init__(self, implementation: object, case: str) -> None:
        self._implementation = implementation
        self._case = case
        self._steps: list[Step] = []
        self._problem: LessonError | None = None

    @property
    def student(self) -> object:
        """The `student` of the case: it answers as the implementation does."""
        return _RecordedStudent(self)

    def steps(self) -> tuple[Step, ...]:
        """Return what was recorded.

        Raises:
            LessonError: If the case did something that a script cannot repeat.
        """
        if self._problem is not None:
            raise self._problem
        return tuple(self._steps)

    def named(self, name: str) -> object:
        """Return the implementation's `name` so that calls of it are recorded."""
        return partial(self.call, name, getattr(self._implementation, name))

    def call(self, target: str, code: Any, /, *args: object, **kwargs: object) -> object:
        """Record a call and make it."""
        written_args = tuple(self._written(value) for value in args)
        written_kwargs = {name: self._written(value) for name, value in kwargs.items()}
        self._steps.append(Step(target=target, args=written_args, kwargs=written_kwargs))
        index = len(self._steps) - 1
        live_kwargs: Mapping[str, Any] = {name: _live(value) for name, value in kwargs.items()}
        return self._answer(code(*map(_live, args), **live_kwargs), index)

    def attribute(self, index: int, owner: object, name: str) -> object:
        """Return an attribute of what step `index` returned; record it unless it is a method."""
        target = f"${index}.{name}"
        value = getattr(owner, name)
        if callable(value):
            return partial(self.call, target, value)
        self._steps.append(Step(target=target, is_call=False))
        return self._answer(value, len(self._steps) - 1)

    def _answer(self, value: object, index: int) -> object:
        return value if is_plain(value) else _RecordedObject(self, index, value)

    def _written(self, value: object) -> object:
        if isinstance(value, _RecordedObject):
            return Ref(value._index)
        if is_plain(value):
            return copy_value(value)
        self._problem = LessonError(
            f"A public case cannot pass a {type(value).__name__}.",
            context=f"case {self._case}",
            hint="pass plain data, arrays or what the student returned, or take the mark "
            "`public` away: learners get its arguments as data.",
        )
        raise self._problem


class _RecordedStudent:
    __slots__ = ("_script",)

    def __init__(self, script: CallScript) -> None:
        self._script = script

    def __getattr__(self, name: str) -> object:
        return self._script.named(name)


class _RecordedObject:
    """Stands for an object that a step returned, as the judge's stand-in does."""

    __slots__ = ("_index", "_object", "_script")

    def __init__(self, script: CallScript, index: int, owner: object) -> None:
        self._script, self._index, self._object = script, index, owner

    def __getattr__(self, name: str) -> object:
        return self._script.attribute(self._index, self._object, name)

    def __call__(self, *args: object, **kwargs: object) -> object:
        return self._script.call(f"${self._index}", self._object, *args, **kwargs)


def _live(value: object) -> object:
    return value._object if isinstance(value, _RecordedObject) else value
