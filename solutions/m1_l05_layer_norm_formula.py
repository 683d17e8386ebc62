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


def layer_norm_nd(
    x: Floats,
    normalized_shape: int | tuple[int, ...],
    gamma: Floats | None = None,
    beta: Floats | None = None,
    eps: float = 1e-5,
) -> Floats:
    """Normalize over the trailing axes of `x`, all of them together."""
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    if x.shape[-len(shape) :] != shape:
        raise ValueError(f"x has shape {x.shape}, which does not end in {shape}")
    for name, parameter in (("gamma", gamma), ("beta", beta)):
        # Broadcasting would accept more, and hand out the numbers in another pattern.
        if parameter is not None and parameter.shape != shape:
            raise ValueError(f"{name} has shape {parameter.shape}; expected {shape}")
    axes = tuple(range(-len(shape), 0))
    wide = x.astype(np.result_type(x.dtype, np.float32), copy=False)
    centered = wide - wide.mean(axis=axes, keepdims=True)
    variance = np.square(centered).mean(axis=axes, keepdims=True)
    result = centered / np.sqrt(variance + eps)
    if gamma is not None:
        result = result * gamma
    if beta is not None:
        result = result + beta
    return result.astype(x.dtype, copy=False)


def layer_norm_axis(x: Floats, gamma: Floats, beta: Floats, axis: int, eps: float = 1e-5) -> Floats:
    """Normalize along one axis of `x`, then scale and shift each position on it."""
    wide = x.astype(np.result_type(x.dtype, np.float32), copy=False)
    centered = wide - wide.mean(axis=axis, keepdims=True)
    variance = np.square(centered).mean(axis=axis, keepdims=True)
    normalized = centered / np.sqrt(variance + eps)
    # Broadcasting aligns from the right, so gamma needs length 1 on every other axis.
    lengths = [1] * x.ndim
    lengths[axis] = x.shape[axis]
    scaled = normalized * gamma.reshape(lengths) + beta.reshape(lengths)
    return scaled.astype(x.dtype, copy=False)


def ln_rnn_step(  # noqa: PLR0917 - the formula has seven letters
    x_t: Floats,
    h: Floats,
    Wx: Floats,  # noqa: N803 - the paper's letters
    Wh: Floats,  # noqa: N803
    gamma: Floats,
    beta: Floats,
    eps: float = 1e-5,
) -> Floats:
    """Take one step of a recurrent network whose summed inputs are normalized."""
    summed = h @ Wh + x_t @ Wx
    centered = summed - summed.mean(axis=-1, keepdims=True)
    variance = np.square(centered).mean(axis=-1, keepdims=True)
    return np.tanh(centered / np.sqrt(variance + eps) * gamma + beta)
