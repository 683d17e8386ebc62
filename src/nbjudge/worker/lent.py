"""Functions that the judge lends: a student's code calls them, the judge's side computes."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from typing import Any, Protocol

from nbjudge.protocol.values import Lent


class Lender(Protocol):
    """Carries calls back to the judge."""

    def call_back(self, lent: Lent, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a lent function and return its answer."""
        ...


class LentFunction:
    """A function of the judge's, as a student's code sees it."""

    def __init__(self, lender: Lender, lent: Lent) -> None:
        self._lender = lender
        self._lent = lent
        self.__name__ = self.__qualname__ = lent.name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it where it lives; arguments and answer travel as copies."""
        return self._lender.call_back(self._lent, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(f"{self.__name__} can only be called: it has no {name} here")

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"

    @property
    def wire_form(self) -> Lent:
        """What stands for it on the wire."""
        return self._lent


def raise_described(description: Mapping[str, Any]) -> None:
    """Raise the exception that the judge describes, as its nearest built-in class.

    Raises:
        Exception: Always.
    """
    for name in description.get("bases", ()):
        kind = getattr(builtins, name, None)
        if isinstance(kind, type) and issubclass(kind, Exception):
            raise kind(description["message"])
    raise RuntimeError(description["message"])
