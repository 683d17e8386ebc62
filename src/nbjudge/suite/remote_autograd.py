"""Gradients through a student's call: local autograd whose backward is remote.

Imported only where torch is in use. The worker's half is
`nbjudge.worker.gradients`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import torch


class GraphHolder(Protocol):
    """Reaches the recorded calls of one process of a submission."""

    def gradients(self, call: int, cotangents: Sequence[torch.Tensor]) -> list[Any]:
        """Return the gradients of the call's inputs."""
        ...

    def accumulate(self, call: int, cotangents: Sequence[torch.Tensor]) -> None:
        """Add to `.grad` of the parameters behind the call."""
        ...

    def drop(self, call: int) -> None:
        """Let the call's graph go."""
        ...


class _Link:
    """One recorded call; tells the worker when nothing here refers to it any more."""

    def __init__(self, holder: GraphHolder, call: int) -> None:
        self._holder = holder
        self._call = call
        self._cotangents: tuple[torch.Tensor, ...] = ()

    def gradients(self, cotangents: tuple[torch.Tensor, ...], inputs: int) -> list[Any]:
        self._cotangents = cotangents
        found = self._holder.gradients(self._call, cotangents) if inputs else []
        if type(found) is not list or len(found) != inputs:
            raise RuntimeError("the process answered with gradients of something else")
        # A copy: autograd may add to a gradient in place, and this one may lie in a cotangent.
        return [None if grad is None else grad.clone() for grad in found]

    def accumulate(self, _: torch.Tensor) -> None:
        self._holder.accumulate(self._call, self._cotangents)

    def __del__(self) -> None:
        self._holder.drop(self._call)


class _RemoteCall(torch.autograd.Function):
    """A call that has already happened, as one node of the local graph."""

    @staticmethod
    def forward(
        ctx: Any, link: _Link, results: list[torch.Tensor], anchor: torch.Tensor, *inputs: Any
    ) -> tuple[torch.Tensor, ...]:
        """Return the results; they become results of this node."""
        ctx.link, ctx.inputs = link, len(inputs)
        return tuple(results)

    @staticmethod
    def backward(ctx: Any, *cotangents: torch.Tensor) -> Any:
        """Ask the worker for the gradients of the inputs."""
        if torch.is_grad_enabled():
            raise RuntimeError(
                "second derivatives of a student's function cannot be taken (create_graph=True): "
                "its graph lies in another process"
            )
        gradients = ctx.link.gradients(cotangents, ctx.inputs)
        return (None, None, torch.zeros(()), *gradients)


def attach(
    holder: GraphHolder,
    call: int,
    results: list[torch.Tensor],
    inputs: Sequence[torch.Tensor],
) -> None:
    """Make tensors that came back from a call results of it, in place.

    Args:
        holder: Where the call's graph is.
        call: The request's number.
        results: What came back; plain tensors.
        inputs: The tensors that required a gradient, in the order of the request.
    """
    link = _Link(holder, call)
    # Reached by backward() and not by autograd.grad(y, x): only then do parameters get a .grad.
    anchor: Any = torch.zeros((), requires_grad=True)
    anchor.register_post_accumulate_grad_hook(link.accumulate)
    record: Any = _RemoteCall.apply
    record(link, results, anchor, *inputs)
