"""Answers of the lesson on variance and standard deviation."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Stats = tuple[int, float, float]


def variance_two_pass(x: Floats, axis: int = -1, ddof: int = 0) -> Any:
    """Average the squared deviations from the mean along one axis."""
    deviations = x - x.mean(axis=axis, keepdims=True)
    return np.square(deviations).sum(axis=axis) / (x.shape[axis] - ddof)


class Welford:
    """Mean and variance of a stream, from three numbers."""

    def __init__(self) -> None:  # public: any class may begin so
        """Start with no number taken in."""
        self.n = 0
        self.mean = 0.0
        self._m2 = 0.0

    def update(self, v: float) -> None:
        """Take in one number."""
        self.n += 1
        before = v - self.mean
        self.mean += before / self.n
        # One factor from before the mean moved and one from after: that is exact.
        self._m2 += before * (v - self.mean)

    @property
    def var(self) -> float:
        """The variance of all numbers so far."""
        return self._m2 / self.n if self.n else np.nan


def merge_stats(a: Stats, b: Stats) -> Stats:
    """Merge the count, mean and sum of squared deviations of two groups."""
    n_a, mean_a, m2_a = a
    n_b, mean_b, m2_b = b
    n = n_a + n_b
    if n == 0:
        return 0, 0.0, 0.0
    delta = mean_b - mean_a
    mean = mean_a + delta * n_b / n
    # Each group's spread about its own mean, and the spread between the two means.
    return n, mean, m2_a + m2_b + delta * delta * n_a * n_b / n


def rescale_to(
    x: Floats, mean: float | Floats, std: float | Floats, eps: float = 1e-5, axis: int = -1
) -> Floats:
    """Normalize along one axis, then scale and shift to the wanted statistics."""
    deviations = x - x.mean(axis=axis, keepdims=True)
    variance = np.square(deviations).mean(axis=axis, keepdims=True)
    normalized = deviations / np.sqrt(variance + eps)
    return (normalized * std + mean).astype(x.dtype, copy=False)
