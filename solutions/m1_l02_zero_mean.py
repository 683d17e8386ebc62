"""Answers of the lesson on zero mean."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def center(x: Floats, axis: int = -1) -> Floats:
    """Subtract the mean along one axis."""
    return x - x.mean(axis=axis, keepdims=True)


def center_backward(dy: Floats, axis: int = -1) -> Floats:
    """Turn the gradient of centered numbers into that of the numbers before."""
    # Each dx gets its own dy, and a share of -1/D of every other: the matrix is symmetric.
    return dy - dy.mean(axis=axis, keepdims=True)


def masked_center(x: Floats, mask: NDArray[np.bool_]) -> Floats:
    """Subtract, per sequence and feature, the mean over the valid tokens."""
    valid = mask[:, :, np.newaxis]
    # `where`, for a product would keep a NaN in the padding: NaN * 0 is NaN.
    total = np.where(valid, x, 0).sum(axis=1, keepdims=True)
    count = np.maximum(valid.sum(axis=1, keepdims=True), 1)
    return np.where(valid, x - total / count, 0).astype(x.dtype)


def fold_centering(W: Floats, b: Floats) -> tuple[Floats, Floats]:  # noqa: N803 - the text's letter
    """Build the centering of its outputs into a linear map."""
    return W - W.mean(axis=0, keepdims=True), b - b.mean()
