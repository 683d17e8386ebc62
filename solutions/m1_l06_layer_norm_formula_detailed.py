"""Answers of the lesson on layer normalization in detail: every symbol, and the way back."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Cache = tuple[Floats, Floats, Floats]


def output_std(sigma: float | Floats, eps: float = 1e-5) -> Any:
    """Divide by the root of variance plus eps, as layer normalization does."""
    return sigma / np.sqrt(np.square(sigma) + eps)


def ln_forward(x: Floats, gamma: Floats, beta: Floats, eps: float = 1e-5) -> tuple[Floats, Cache]:
    """Normalize, scale and shift, and keep what the way back needs."""
    wide = x.astype(np.result_type(x.dtype, np.float32), copy=False)
    centered = wide - wide.mean(axis=-1, keepdims=True)
    rstd = 1.0 / np.sqrt(np.square(centered).mean(axis=-1, keepdims=True) + eps)
    x_hat = centered * rstd
    y = (x_hat * gamma + beta).astype(x.dtype, copy=False)
    # An optimizer writes into gamma; the way back needs the gamma of this call.
    return y, (x_hat, rstd, gamma.copy())


def backward_steps(dy: Floats, x: Floats, gamma: Floats, eps: float = 1e-5) -> dict[str, Floats]:
    """Walk back through layer normalization, one operation at a time."""
    features = x.shape[-1]
    centered = x - x.mean(axis=-1, keepdims=True)
    rstd = 1.0 / np.sqrt(np.square(centered).mean(axis=-1, keepdims=True) + eps)
    dbeta = dy.sum(axis=0)
    dgamma = (dy * centered * rstd).sum(axis=0)
    dx_hat = dy * gamma
    drstd = (dx_hat * centered).sum(axis=-1, keepdims=True)
    dvariance = -0.5 * rstd**3 * drstd
    # Two ways lead to the deviations: x_hat = centered * rstd, and the variance.
    dcentered = dx_hat * rstd + 2.0 / features * centered * dvariance
    dmean = -dcentered.sum(axis=-1, keepdims=True)
    dx = dcentered + dmean / features
    return {
        "dbeta": dbeta,
        "dgamma": dgamma,
        "dx_hat": dx_hat,
        "drstd": drstd,
        "dvariance": dvariance,
        "dcentered": dcentered,
        "dmean": dmean,
        "dx": dx,
    }


def ln_backward(dy: Floats, cache: Cache) -> tuple[Floats, Floats, Floats]:
    """Take a gradient back through layer normalization, in one formula."""
    x_hat, rstd, gamma = cache
    rows = tuple(range(dy.ndim - 1))
    g = dy * gamma
    through_mean = g.mean(axis=-1, keepdims=True)
    through_variance = x_hat * (g * x_hat).mean(axis=-1, keepdims=True)
    dx = rstd * (g - through_mean - through_variance)
    return dx, (dy * x_hat).sum(axis=rows), dy.sum(axis=rows)


def ln_jacobian(x: Floats, eps: float = 1e-5) -> Floats:
    """Write the derivative of every normalized feature by every feature."""
    features = x.size
    centered = x - x.mean()
    rstd = 1.0 / np.sqrt(np.square(centered).mean() + eps)
    x_hat = centered * rstd
    projection = np.eye(features) - 1.0 / features - np.outer(x_hat, x_hat) / features
    return np.asarray(rstd * projection)


def ln_backward_from_output(
    dy: Floats, y: Floats, gamma: Floats, beta: Floats, rstd: Floats
) -> tuple[Floats, Floats, Floats]:
    """Take a gradient back, with the normalized rows made from the output again."""
    if np.any(gamma == 0):
        raise ValueError("an entry of gamma is 0: its feature cannot be found again in the output")
    return ln_backward(dy, ((y - beta) / gamma, rstd, gamma))
