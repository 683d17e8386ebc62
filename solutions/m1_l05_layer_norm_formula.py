"""Answers of the lesson on the layer normalization formula."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]


def layer_norm(x: Floats, gamma: Floats, beta: Floats, eps: float = 1e-5) -> Floats:
    """Normalize each row of `x`, then scale and shift each feature."""
    wide = x.astype(np.result_type(x.dtype, np.float32), copy=False)
    centered = wide - wide.mean(axis=-1, keepdims=True)
    # Two passes: E[x^2] - E[x]^2 cancels when |mean| >> std.
    variance = np.square(centered).mean(axis=-1, keepdims=True)
    normalized = centered / np.sqrt(variance + eps)
    return (normalized * gamma + beta).astype(x.dtype, copy=False)
