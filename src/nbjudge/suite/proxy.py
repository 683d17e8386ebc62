"""The trusted stand-in for a student's process: `student` in a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, Protocol

from nbjudge.protocol.values import Handle

Target = list[Any]
"""["layer_norm"], or a handle, then attribute names."""


class Caller(Protocol):
    """Carries calls to the worker."""

    def call(self, target: Target, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call and return the answer; write back what the call did to its inputs."""
        ...

    def get(self, target: Target) -> Any:
        """Return the value of a name or attribute."""
        ...


class StudentProxy:
    """Attributes are the names that the notebook defines."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def __getattr__(self, name: str) -> Remote:
        if name.startswith("__"):
            raise AttributeError(name)
        return Remote(self._caller, [name])


class Remote:
    """An object of the student's: it can be called and asked for attributes, nothing else.

    It has no truth value, no equality, no order, no length and is no array, so
    that no assertion can pass because of what the student's class says.
    """

    __slots__ = ("_caller", "_handle", "_target")

    def __init__(self, caller: Caller, target: Target, handle: Handle | None = None) -> None:
        self._caller = caller
        self._target = target
        self._handle = handle

    @property
    def described_type(self) -> str:
        """What a message may call it."""
        if self._handle is None:
            return "name of the notebook"
        return self._handle.note or f"object of class {self._handle.class_name}"

    @property
    def wire_handle(self) -> Handle:
        """The handle to send when this object is an argument; fetched on first use."""
        if self._handle is None or len(self._target) > 1:
            value = self._caller.get(self._target)
            if not isinstance(value, Remote) or value._handle is None:
                raise TypeError("this attribute is plain data; get its value first")
            self._handle, self._target = value._handle, value._target
        return self._handle

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self._handle is None:
            return Remote(self._caller, [*self._target, name])
        value = self._caller.get([*self._target, name])
        if isinstance(value, Remote):
            # A method is asked for at each call: the object may replace it.
            return Remote(self._caller, [*self._target, name])
        return value

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object in the student's process."""
        return self._caller.call(self._target, args, kwargs)

    def __repr__(self) -> str:
        return f"<student's {self.described_type}>"

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError(f"the answer is a {self.described_type}, not plain data")

    __bool__ = __len__ = __iter__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __contains__ = __getitem__ = __array__ = __float__ = __int__ = __index__ = _refuse
    __eq__ = __ne__ = _refuse
    __hash__ = object.__hash__
