"""The trusted stand-in for a student's process: `student` in a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from nbjudge.protocol.values import Handle


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A handle, and which process of the submission gave it out."""

    handle: Handle
    generation: int


Target = Sequence[str | Held]
"""["layer_norm"], or a held object, then attribute names."""


_NEVER_A_STUDENTS = (
    *("__", "hypothesis_internal_"),
    *("execute_example", "setup_example", "teardown_example"),
)
"""What Python, and Hypothesis of the first thing that a test is given, ask of any object."""


class Caller(Protocol):
    """Carries calls to the worker."""

    def call(self, target: Target, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call and return the answer; write back what the call did to its inputs."""
        ...

    def get(self, target: Target) -> Any:
        """Return the value of a name or attribute."""
        ...

    def set(self, target: Target, name: str, value: Any) -> None:
        """Set an attribute of an object."""
        ...

    def define(self, source: str) -> Any:
        """Run source of the suite's, and return what it calls `_entry`."""
        ...


class StudentProxy:
    """Attributes are the names that the notebook defines: data, or what can be called.

    Args:
        caller: Carries calls to the worker.
        known: Names that are known to be no data, for several proxies of one exercise:
            what is no data once is only looked up when it is used.
    """

    def __init__(self, caller: Caller, known: dict[str, Held] | None = None) -> None:
        self._caller = caller
        self._objects: dict[str, Held] = {} if known is None else known

    def __getattr__(self, name: str) -> Any:
        if name.startswith(_NEVER_A_STUDENTS):
            raise AttributeError(name)
        held = self._objects.get(name)
        if held is None:
            value = self._caller.get([name])
            if not isinstance(value, Remote):
                return value
            held = self._objects[name] = value._held
        # By its name: it is looked up at each call, also in a process that was started again.
        return Remote(self._caller, [name], held)


class Remote:
    """An object of the student's: call it, read and set its attributes.

    It has no truth value, no equality, no order, no length and is no array, so
    that no assertion can pass because of what the student's class says.
    """

    __slots__ = ("_caller", "_held", "_target")
    _caller: Caller
    _held: Held
    _target: Target

    def __init__(self, caller: Caller, target: Target, held: Held) -> None:
        for name, value in (("_caller", caller), ("_target", target), ("_held", held)):
            object.__setattr__(self, name, value)

    @property
    def described_type(self) -> str:
        """What a message may call it."""
        handle = self._held.handle
        return handle.note or f"object of class {handle.class_name}"

    def __getattr__(self, name: str) -> Any:
        if name.startswith(_NEVER_A_STUDENTS):
            raise AttributeError(name)
        target = [*self._target, name]
        value = self._caller.get(target)
        # A method is asked for at each call: the object may replace it.
        return Remote(self._caller, target, value._held) if isinstance(value, Remote) else value

    def __setattr__(self, name: str, value: Any) -> None:
        self._caller.set(self._target, name, value)

    def __getitem__(self, key: Any) -> Any:
        if self._held.handle.kind != "module":
            self._refuse()
        return self._caller.call([*self._target, "__getitem__"], (key,), {})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object in the student's process."""
        return self._caller.call(self._target, args, kwargs)

    def __repr__(self) -> str:
        return f"<student's {self.described_type}>"

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError(f"the answer is a {self.described_type}, not plain data")

    __bool__ = __len__ = __iter__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __contains__ = __array__ = __float__ = __int__ = __index__ = _refuse
    __eq__ = __ne__ = _refuse
    __hash__ = object.__hash__
