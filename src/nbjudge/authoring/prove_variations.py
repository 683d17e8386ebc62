"""Other inputs than a suite draws, near those that it draws.

A suite that never passes an argument would otherwise prove that nobody needs it.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

Arguments = tuple[tuple[Any, ...], dict[str, Any]]
_FACTORS = (8.0, 2.0**-8)
"""Powers of two: they round nothing."""


def variations(
    code: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Iterator[Arguments]:
    """Yield calls near one call: fresh copies with one argument changed in each.

    Numbers and flags get another value, those left at their default too;
    arrays and tensors of floats are scaled. Shapes stay, so most calls remain valid.
    """
    given = dict(enumerate(args)) | dict(kwargs)
    for key, value in {**_omitted(code, args, kwargs), **given}.items():
        for changed in _changed(value):
            new_args, new_kwargs = copy.deepcopy((list(args), dict(kwargs)))
            if isinstance(key, int):
                new_args[key] = changed
            else:
                new_kwargs[key] = changed
            yield tuple(new_args), new_kwargs


def _omitted(
    code: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> dict[int | str, Any]:
    """Return the parameters left at their default, with the default."""
    try:
        signature = inspect.signature(code)
        bound = signature.bind(*args, **kwargs).arguments
    except (TypeError, ValueError):
        return {}
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return {
        name: parameter.default
        for name, parameter in signature.parameters.items()
        if name not in bound and parameter.kind in named
    }


def _changed(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, float):
        yield 4 * value if value else 0.5
    elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
        with np.errstate(all="ignore"):
            yield from (value * value.dtype.type(factor) for factor in _FACTORS)
    elif hasattr(value, "is_floating_point") and value.is_floating_point():
        yield from ((value.detach() * factor) for factor in _FACTORS)
