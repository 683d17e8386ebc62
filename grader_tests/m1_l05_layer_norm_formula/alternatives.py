"""Right answers to the exercises on the layer normalization formula, written differently.

One exercise after the other; long, for a bank is one file and this lesson has four.
"""

# ruff: noqa: N803, N806 - Wx and Wh are named as in the exercise

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


# layer_norm_nd


def _checked_shape(x, normalized_shape, *parameters):
    """Return normalized_shape as a tuple; raise ValueError if anything does not fit it."""
    shape = tuple(np.atleast_1d(normalized_shape).tolist())
    fits = x.ndim >= len(shape) and all(
        have == want for have, want in zip(x.shape[::-1], shape[::-1], strict=False)
    )
    if not fits or any(p is not None and np.shape(p) != shape for p in parameters):
        raise ValueError("shapes do not match")
    return shape


@alternative("layer_norm_nd")
def as_rows(x, normalized_shape, gamma=None, beta=None, eps=1e-5):
    """Lay the axes side by side as one row, and normalize that."""
    shape = _checked_shape(x, normalized_shape, gamma, beta)
    rows = x.reshape((*x.shape[: x.ndim - len(shape)], math.prod(shape)))
    dtype = np.promote_types(x.dtype, np.float32)
    mean = np.mean(rows, axis=-1, keepdims=True, dtype=dtype)
    var = np.var(rows, axis=-1, keepdims=True, dtype=dtype)
    result = (rows - mean) / np.sqrt(var + eps)
    if gamma is not None:
        result = gamma.ravel() * result
    if beta is not None:
        result = beta.ravel() + result
    return result.reshape(x.shape).astype(x.dtype)


@alternative("layer_norm_nd")
def ones_and_zeros(x, normalized_shape, gamma=None, beta=None, eps=1e-5):
    """Put ones and zeros where no parameter was given; count axes from the front."""
    shape = _checked_shape(x, normalized_shape, gamma, beta)
    gamma = np.ones(shape, x.dtype) if gamma is None else gamma
    beta = np.zeros(shape, x.dtype) if beta is None else beta
    axes = tuple(i for i in range(x.ndim) if i >= x.ndim - len(shape))
    wide = x.astype(np.float64)
    mean = np.expand_dims(np.mean(wide, axes), axes)
    inverse = (np.expand_dims(np.var(wide, axes), axes) + eps) ** -0.5
    return ((wide - mean) * inverse * gamma + beta).astype(x.dtype)


@alternative("layer_norm_nd")
def block_by_block(x, normalized_shape, gamma=None, beta=None, eps=1e-5):
    """Loop over the leading axes, and add up in plain Python."""
    shape = _checked_shape(x, normalized_shape, gamma, beta)
    result = np.empty_like(x)
    for index in np.ndindex(x.shape[: x.ndim - len(shape)]):
        block = x[index].astype(np.longdouble)
        mean = sum(block.flat) / block.size
        std = np.sqrt(sum((value - mean) ** 2 for value in block.flat) / block.size + eps)
        normalized = (block - mean) / std
        scaled = normalized if gamma is None else normalized * gamma
        result[index] = scaled if beta is None else scaled + beta
    return result


@alternative("layer_norm_nd")
def mean_of_means(x, normalized_shape, gamma=None, beta=None, eps=1e-5):
    """Average axis after axis: blocks of equal size have the mean of their means."""
    shape = _checked_shape(x, normalized_shape, gamma, beta)

    def average(values):
        for axis in range(-1, -1 - len(shape), -1):
            values = values.mean(axis=axis, keepdims=True)
        return values

    wide = x.astype(np.result_type(x, np.float32))
    centered = wide - average(wide)
    result = centered / np.sqrt(average(centered * centered) + eps)
    result = np.multiply(result, 1 if gamma is None else gamma)
    return np.add(result, 0 if beta is None else beta).astype(x.dtype)


# layer_norm_axis


@alternative("layer_norm_axis")
def moved_and_back(x, gamma, beta, axis, eps=1e-5):
    """Move the features to the end, where gamma and beta fit, and back."""
    wide = np.moveaxis(x, axis, -1).astype(np.result_type(x, np.float32))
    mean, var = wide.mean(-1, keepdims=True), wide.var(-1, keepdims=True)
    return np.moveaxis((wide - mean) / np.sqrt(var + eps) * gamma + beta, -1, axis).astype(x.dtype)


@alternative("layer_norm_axis")
def swapped_and_back(x, gamma, beta, axis, eps=1e-5):
    """Swap the axis with the last one, twice; float64 inside."""
    rows = np.swapaxes(x.astype(np.float64), axis, -1)
    deviation = rows - np.mean(rows, -1)[..., None]
    inverse = (np.mean(deviation**2, -1)[..., None] + eps) ** -0.5
    return np.swapaxes(deviation * inverse * gamma + beta, axis, -1).astype(x.dtype)


@alternative("layer_norm_axis")
def lane_by_lane(x, gamma, beta, axis, eps=1e-5):
    """Apply a function of one vector along the axis."""

    def one(row):
        return (row - row.mean()) / np.sqrt(row.var() + eps) * gamma + beta

    wide = x.astype(np.result_type(x, np.float32))
    return (np.apply_along_axis(one, axis, wide) if x.size else wide).astype(x.dtype)


@alternative("layer_norm_axis")
def parameters_by_expand_dims(x, gamma, beta, axis, eps=1e-5):
    """Give gamma and beta an axis of length 1 for every other axis of x."""
    others = tuple(i for i in range(x.ndim) if i != axis % x.ndim)
    gamma, beta = np.expand_dims(gamma, others), np.expand_dims(beta, others)
    dtype = np.result_type(x, np.float32)
    mean = np.mean(x, axis, dtype=dtype, keepdims=True)
    std = np.sqrt(np.var(x, axis, dtype=dtype, keepdims=True) + eps)
    return np.asarray(gamma * ((x - mean) / std) + beta, dtype=x.dtype)


@alternative("layer_norm_axis")
def features_in_front(x, gamma, beta, axis, eps=1e-5):
    """Move the features to the front, and turn the array around for gamma and beta."""
    wide = np.moveaxis(x.astype(np.result_type(x, np.float32)), axis, 0)
    centered = wide - wide.mean(axis=0)
    normalized = centered / np.hypot(np.sqrt(np.mean(centered**2, axis=0)), math.sqrt(eps))
    return np.moveaxis((normalized.T * gamma + beta).T, 0, axis).astype(x.dtype)


# ln_rnn_step


@alternative("ln_rnn_step")
def one_product(x_t, h, Wx, Wh, gamma, beta, eps=1e-5):  # noqa: PLR0917 - as the exercise
    """Put state and input side by side, and the weights one above the other."""
    summed = np.concatenate([x_t, h], axis=-1) @ np.concatenate([Wx, Wh], axis=0)
    mean, var = summed.mean(-1, keepdims=True), summed.var(-1, keepdims=True)
    return np.tanh(gamma * (summed - mean) / np.sqrt(var + eps) + beta)


@alternative("ln_rnn_step")
def by_einsum(x_t, h, Wx, Wh, gamma, beta, eps=1e-5):  # noqa: PLR0917 - as the exercise
    """Write both products as contractions; float64 inside."""
    wide = [a.astype(np.float64) for a in (x_t, h, Wx, Wh)]
    summed = np.einsum("...e,ed->...d", wide[0], wide[2])
    summed = summed + np.einsum("...c,cd->...d", wide[1], wide[3])
    centered = summed - summed.mean(axis=-1)[..., None]
    rstd = (np.einsum("...d,...d->...", centered, centered) / h.shape[-1] + eps) ** -0.5
    return np.tanh(centered * rstd[..., None] * gamma + beta).astype(h.dtype)


@alternative("ln_rnn_step")
def centered_weights(x_t, h, Wx, Wh, gamma, beta, eps=1e-5):  # noqa: PLR0917 - as the exercise
    """Remove the mean from each row of the weights: then every sum has mean 0."""
    Wx, Wh = Wx - Wx.mean(axis=1, keepdims=True), Wh - Wh.mean(axis=1, keepdims=True)
    centered = x_t @ Wx + h @ Wh
    length = np.sqrt((centered**2).sum(axis=-1, keepdims=True) + h.shape[-1] * eps)
    return np.tanh(math.sqrt(h.shape[-1]) * centered / length * gamma + beta).astype(h.dtype)


@alternative("ln_rnn_step")
def tanh_by_exponentials(x_t, h, Wx, Wh, gamma, beta, eps=1e-5):  # noqa: PLR0917 - as the exercise
    """Write tanh as 1 - 2 / (exp(2z) + 1), and the sums one sample after the other."""
    result = np.empty_like(h)
    for index in np.ndindex(h.shape[:-1]):
        summed = [
            sum(float(h[index][i]) * float(Wh[i, j]) for i in range(h.shape[-1]))
            + sum(float(x_t[index][i]) * float(Wx[i, j]) for i in range(x_t.shape[-1]))
            for j in range(h.shape[-1])
        ]
        mean = sum(summed) / len(summed)
        std = math.sqrt(sum((a - mean) ** 2 for a in summed) / len(summed) + eps)
        z = (np.array(summed) - mean) / std * gamma + beta
        result[index] = 1 - 2 / (np.exp(2 * z) + 1)
    return result
