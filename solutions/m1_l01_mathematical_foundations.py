"""Answers of the lesson on the mathematics that the course needs."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Row = NDArray[np.float64]


def mean_var_std(
    x: NDArray[Any], axis: int | tuple[int, ...] | None = None, ddof: int = 0
) -> tuple[Any, Any, Any]:
    """Average, then average the squared deviations, then take the root."""
    totals = x.sum(axis=axis, keepdims=True)
    count = x.size // totals.size
    deviations = x - totals / count
    variance = np.square(deviations).sum(axis=axis) / (count - ddof)
    return x.sum(axis=axis) / count, variance, np.sqrt(variance)


def centering_matrix(d: int) -> Row:
    """Take the projection on the mean away from the identity."""
    return np.eye(d) - np.ones((d, d)) / d


def cube_of_sum(weights: Row) -> Callable[[Row], float]:
    """Return the example function of the lesson, whose text has it in its setup cell."""

    def f(x: Row) -> float:  # public: stands in the setup cell
        return float((weights * x).sum() ** 3)  # public: stands in the setup cell

    return f  # public: stands in the setup cell


def numerical_grad(f: Callable[[Row], float], x: Row, h: float = 1e-5) -> Row:
    """Move one entry at a time, up and down, in a copy."""
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        gradient[place] = (f(up) - f(down)) / (2 * h)
    return gradient


def grad_mean_var(x: Floats) -> tuple[Floats, Floats]:
    """Each entry moves the mean by 1/D, and the variance by its deviation."""
    count = x.shape[0]
    deviations = x - x.sum() / count
    # That the mean moves as well adds nothing: the deviations sum to 0.
    return np.full_like(x, 1 / count), 2 * deviations / count
