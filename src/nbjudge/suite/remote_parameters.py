"""Parameters that a suite has read are copies: a change in place would go unnoticed."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

_WATCHED = 10_000


class ParameterCopies:
    """Watches the tensors that stand for a student's parameters."""

    def __init__(self) -> None:
        self._seen: list[tuple[weakref.ref[Any], int]] = []

    def watch(self, tensors: Iterable[Any]) -> None:
        """Remember tensors as they are now."""
        alive = [pair for pair in self._seen if pair[0]() is not None]
        self._seen = (alive + [(weakref.ref(t), t._version) for t in tensors])[-_WATCHED:]

    def refuse_changes(self) -> None:
        """Say so if a suite has changed one of them, or hung a hook on it.

        Raises:
            TypeError: If autograd's version counter of one has moved, or it has a hook.
        """
        for reference, version in self._seen:
            tensor = reference()
            if tensor is not None and tensor._version != version:
                self._seen.clear()
                raise TypeError(
                    "a copy of a student's parameter was changed in place, which cannot reach "
                    "the student's process; set the attribute, or use load_state_dict"
                )
            if tensor is not None and (
                tensor._backward_hooks or getattr(tensor, "_post_accumulate_grad_hooks", None)
            ):
                self._seen.clear()
                raise TypeError(
                    "a hook on a copy of a student's parameter is never called: its gradient "
                    "arises in the student's process; read `.grad` after backward()"
                )
