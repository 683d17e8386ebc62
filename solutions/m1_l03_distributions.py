"""Answers of the lesson on distributions in neural networks."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def moments(x: Floats, axis: int = -1) -> dict[str, Any]:
    """Average the deviations and their powers along one axis."""
    mean = x.mean(axis=axis)
    # Equal numbers have no shape, whatever rounding makes of their deviations.
    varies = np.ptp(x, axis=axis) != 0
    deviations = (x - np.expand_dims(mean, axis)) * np.expand_dims(varies, axis)
    variance = np.square(deviations).mean(axis=axis)
    z = deviations / np.expand_dims(np.sqrt(np.where(varies, variance, 1)), axis)
    excess = (z**4).mean(axis=axis) - 3
    return {
        "mean": mean,
        "var": variance,
        "skew": (z**3).mean(axis=axis),
        "ex_kurt": np.where(varies, excess, 0)[()],  # one row: a number, not an array
    }


def activation_trace(x: Floats, weights: Sequence[Floats], norm: bool, eps: float = 1e-5) -> Floats:
    """Record mean and standard deviation of what goes into each ReLU."""
    trace = np.empty((len(weights), 2), x.dtype)
    h = x
    for layer, w in enumerate(weights):
        z = h @ w
        if norm:
            centered = z - z.mean(axis=-1, keepdims=True)
            z = centered / np.sqrt(np.square(centered).mean(axis=-1, keepdims=True) + eps)
        trace[layer] = z.mean(), z.std()
        h = np.maximum(z, 0)
    return trace


def drift_score(a: Floats, b: Floats, eps: float = 1e-8) -> Any:
    """Average over the features how far the two means lie apart, in standard deviations."""
    gap = np.abs(a.mean(axis=0) - b.mean(axis=0))
    spread = np.sqrt((a.var(axis=0) + b.var(axis=0)) / 2 + eps)
    return (gap / spread).mean()
