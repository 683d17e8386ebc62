"""Recorded calls: the worker's half of autograd across the process boundary.

The judge's half is `nbjudge.suite.remote_autograd`. A call's graph stays here,
with its inputs as leaves and its results, until the judge has let go of it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from nbjudge.protocol.torch_values import loaded_torch

_STEPS = 100_000
"""Nodes of a graph that are looked at, to find the parameters behind it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Graph:
    inputs: list[Any]
    results: list[Any]


class Graphs:
    """The recorded calls of one worker, by the id of the request."""

    def __init__(self) -> None:
        self._graphs: dict[int, _Graph] = {}

    def keep(self, number: int, inputs: list[Any], results: list[Any]) -> None:
        """Remember a call whose results carry a graph."""
        self._graphs[number] = _Graph(inputs=inputs, results=results)

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget calls that nobody can ask about any more."""
        for number in numbers:
            self._graphs.pop(number, None)

    def gradients(self, number: int, cotangents: Sequence[Any]) -> list[Any]:
        """Return the gradient of each input of a call; None for one that has no part in it.

        Args:
            number: The call.
            cotangents: One per result, of its shape.
        """
        graph = self._graphs[number]
        if not graph.inputs:
            return []
        return list(
            loaded_torch().autograd.grad(
                graph.results, graph.inputs, cotangents, allow_unused=True, retain_graph=True
            )
        )

    def accumulate(self, number: int, cotangents: Sequence[Any]) -> None:
        """Add to `.grad` of the parameters behind a call, as `backward()` does."""
        graph = self._graphs[number]
        parameters = _parameters(graph)
        if parameters:
            loaded_torch().autograd.backward(
                graph.results, cotangents, inputs=parameters, retain_graph=True
            )


def recording(mode: bool | None) -> AbstractContextManager[object]:
    """Return a context in which torch records operations, or not; None leaves it alone."""
    torch = loaded_torch()
    if mode is None or torch is None:
        return contextlib.nullcontext()
    context: AbstractContextManager[object] = torch.set_grad_enabled(mode)
    return context


def as_list(method: Any, value: Any) -> Any:
    """Turn what `module.parameters()` and its like yield into a list, which can travel.

    Args:
        method: What was called.
        value: What it returned.
    """
    torch = loaded_torch()
    if torch is None or getattr(method, "__name__", "") not in _LISTINGS:
        return value
    owner = getattr(method, "__self__", None)
    return list(value) if isinstance(owner, torch.nn.Module) else value


def as_results(value: Any, inputs: Sequence[Any]) -> Any:
    """Turn inputs that a call returns as they are into results of it, over the same memory.

    Without this the judge would see a leaf of its own where it expects a result of `x`.
    """
    if not inputs:
        return value
    if type(value) in (list, tuple):
        return type(value)(as_results(item, inputs) for item in value)
    if type(value) is dict:
        return {key: as_results(item, inputs) for key, item in value.items()}
    return value.view_as(value) if any(value is tensor for tensor in inputs) else value


_LISTINGS = frozenset(
    prefix + what
    for what in ("parameters", "buffers", "children", "modules")
    for prefix in ("", "named_")
)


def _parameters(graph: _Graph) -> list[Any]:
    """Return the leaves that a graph reaches beside the call's inputs."""
    inputs = {id(tensor) for tensor in graph.inputs}
    waiting = [result.grad_fn for result in graph.results]
    seen: set[Any] = set()
    found: dict[int, Any] = {}
    while waiting and len(seen) < _STEPS:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        leaf = getattr(node, "variable", None)  # only AccumulateGrad has one
        if leaf is not None and id(leaf) not in inputs:
            found[id(leaf)] = leaf
        waiting += [following for following, _ in node.next_functions]
    return list(found.values())
