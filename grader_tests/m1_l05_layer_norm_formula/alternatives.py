"""Right answers to the exercises on the layer normalization formula, written differently."""

import math

import numpy as np

from nbjudge.naming.bank import alternative


@alternative("layer_norm")
def mean_and_var(x, gamma, beta, eps=1e-5):
    """Take both statistics from numpy, in float32 or wider."""
    dtype = np.promote_types(x.dtype, np.float32)
    mean = np.mean(x, axis=-1, keepdims=True, dtype=dtype)
    var = np.var(x, axis=-1, keepdims=True, dtype=dtype, ddof=0)
    return np.asarray(gamma * ((x - mean) / np.sqrt(var + eps)) + beta, dtype=x.dtype)


@alternative("layer_norm")
def float64_inside(x, gamma, beta, eps=1e-5):
    """Compute everything in float64 and cast once at the end."""
    x64, gamma64, beta64 = (a.astype(np.float64) for a in (x, gamma, beta))
    deviation = x64 - np.mean(x64, -1)[..., np.newaxis]
    inverse = (np.mean(deviation**2, -1)[..., np.newaxis] + eps) ** -0.5
    return (deviation * inverse * gamma64 + beta64).astype(x.dtype)


@alternative("layer_norm")
def shifted_one_pass(x, gamma, beta, eps=1e-5):
    """Mean square minus squared mean, after a shift by the first feature that keeps the digits."""
    shifted = x.astype(np.float64)
    shifted -= shifted[..., :1].copy()
    mean = shifted.mean(-1, keepdims=True)
    variance = (shifted * shifted).mean(-1, keepdims=True) - mean * mean
    rstd = 1 / np.sqrt(np.maximum(variance, 0) + eps)
    return ((shifted - mean) * rstd * gamma + beta).astype(x.dtype)


@alternative("layer_norm")
def welford(x, gamma, beta, eps=1e-5):
    """Update mean and sum of squares feature by feature, all rows at once."""
    wide = x.astype(np.result_type(x, np.float32))
    mean, m2 = np.zeros_like(wide[..., 0]), np.zeros_like(wide[..., 0])
    for count in range(1, x.shape[-1] + 1):
        value = wide[..., count - 1]
        delta = value - mean
        mean = mean + delta / count
        m2 = m2 + delta * (value - mean)
    rstd = 1 / np.sqrt(m2 / x.shape[-1] + eps)
    return ((wide - mean[..., None]) * rstd[..., None] * gamma + beta).astype(x.dtype)


@alternative("layer_norm")
def einsum(x, gamma, beta, eps=1e-5):
    """Write both averages as contractions."""
    wide = x.astype(np.result_type(x, np.float32))
    features = x.shape[-1]
    centered = wide - np.einsum("...d->...", wide)[..., None] / features
    variance = np.einsum("...d,...d->...", centered, centered)[..., None] / features
    return (gamma * centered / np.sqrt(variance + eps) + beta).astype(x.dtype)


@alternative("layer_norm")
def folded(x, gamma, beta, eps=1e-5):
    """Fold all four parameters into one slope and one offset per entry."""
    wide = x.astype(np.result_type(x, np.float32))
    mean = wide.mean(-1, keepdims=True)
    slope = gamma / np.sqrt(wide.var(-1, keepdims=True) + eps)
    return (wide * slope + (beta - mean * slope)).astype(x.dtype)


@alternative("layer_norm")
def centering_matrix(x, gamma, beta, eps=1e-5):
    """Center by the projection I - 11^T / D."""
    features = x.shape[-1]
    wide = x.astype(np.result_type(x, np.float32))
    projection = np.eye(features, dtype=wide.dtype) - wide.dtype.type(1 / features)
    centered = wide @ projection
    length = np.sqrt((centered**2).sum(-1, keepdims=True) + features * eps)
    return (math.sqrt(features) * centered / length * gamma + beta).astype(x.dtype)


@alternative("layer_norm")
def row_by_row(x, gamma, beta, eps=1e-5):
    """Loop over rows and features in plain Python."""
    result = np.empty_like(x)
    for index in np.ndindex(x.shape[:-1]):
        row = [float(value) for value in x[index]]
        mean = sum(row) / len(row)
        std = math.sqrt(sum((value - mean) ** 2 for value in row) / len(row) + eps)
        for j, value in enumerate(row):
            result[(*index, j)] = (value - mean) / std * gamma[j] + beta[j]
    return result


@alternative("layer_norm")
def float32_row_by_row(x, gamma, beta, eps=1e-5):
    """Add up one feature after the other in the narrowest dtype that is allowed."""
    dtype = np.result_type(x, np.float32).type
    rows = x.reshape(-1, x.shape[-1])
    result = np.zeros(rows.shape, x.dtype)
    for i, row in enumerate(rows.astype(dtype)):
        total = squares = dtype(0)
        for value in row:
            total += value
        for value in row:
            squares += (value - total / dtype(len(row))) ** 2
        centered = row - total / dtype(len(row))
        result[i] = centered / np.sqrt(squares / dtype(len(row)) + dtype(eps)) * gamma + beta
    return result.reshape(x.shape)


@alternative("layer_norm")
def along_axis(x, gamma, beta, eps=1e-5):
    """Apply a function of one row along the last axis."""
    wide = x.astype(np.longdouble)

    def one_row(row):
        return (row - row.mean()) / np.sqrt(row.var() + eps)

    normalized = np.apply_along_axis(one_row, -1, wide) if x.size else wide
    return (normalized * gamma + beta).astype(x.dtype)


@alternative("layer_norm")
def features_first(x, gamma, beta, eps=1e-5):
    """Move the features to the front, so that statistics broadcast without keepdims."""
    wide = np.moveaxis(x.astype(np.result_type(x, np.float32)), -1, 0)
    centered = wide - wide.mean(axis=0)
    normalized = centered / np.hypot(np.sqrt(np.mean(centered**2, axis=0)), math.sqrt(eps))
    return (np.moveaxis(normalized, 0, -1) * gamma + beta).astype(x.dtype)


@alternative("layer_norm")
def affine_in_the_dtype_of_x(x, gamma, beta, eps=1e-5):
    """Only the statistics are wide: scale and shift happen in the dtype of the result."""
    wide = x.astype(np.result_type(x, np.float32))
    std = np.sqrt(wide.var(axis=-1, keepdims=True) + eps)
    normalized = ((wide - wide.mean(axis=-1, keepdims=True)) / std).astype(x.dtype)
    normalized *= gamma.astype(x.dtype)
    normalized += beta.astype(x.dtype)
    return normalized


@alternative("layer_norm")
def deviations_from_pairs(x, gamma, beta, eps=1e-5):
    """Use that the variance is half the mean squared difference of two features."""
    wide = x.astype(np.result_type(x, np.float32))
    differences = wide[..., :, None] - wide[..., None, :]
    variance = np.mean(differences**2, axis=(-2, -1))[..., None] / 2
    return (differences.mean(axis=-1) / np.sqrt(variance + eps) * gamma + beta).astype(x.dtype)
