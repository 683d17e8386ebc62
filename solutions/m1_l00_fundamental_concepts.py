"""Answers of the lesson on fundamental concepts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def count_stats(shape: tuple[int, int, int], kind: str) -> int:
    """Multiply the lengths of the axes that are not averaged away."""
    sentences, tokens, features = shape
    left = {
        "ln": sentences * tokens,
        "ln_seq": sentences,
        "bn": features,
        "in": sentences * features,
    }
    return left[kind]


def standardize_tokens(x: Floats, eps: float = 1e-5) -> Floats:
    """Bring every token to mean 0 and, but for eps, to variance 1."""
    deviations = x - x.mean(axis=-1, keepdims=True)
    variance = np.square(deviations).mean(axis=-1, keepdims=True)
    return (deviations / np.sqrt(variance + eps)).astype(x.dtype, copy=False)


def signal_std(x: Floats, weights: Sequence[Floats]) -> Floats:
    """Take the standard deviation of the signal behind each linear layer."""
    spreads, h = [], x
    for W in weights:  # noqa: N806 - a matrix
        h = h @ W
        spreads.append(h.std())
    return np.array(spreads, dtype=np.float64)
