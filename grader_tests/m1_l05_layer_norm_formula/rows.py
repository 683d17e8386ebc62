"""Rows, their right answers and how exact an answer must be, for the suites of this lesson."""

import numpy as np

from nbjudge.expect import expect_close
from solutions.m1_l05_layer_norm_formula import layer_norm

DTYPES = ["float64", "float32", "float16"]
SHAPES = [(6,), (4, 5), (2, 3, 4), (2, 1, 3, 4)]
"""One to four axes."""
FAR = {"float64": 1e8, "float32": 1e4, "float16": 1500.0}
"""Means beside which a spread of 3 is lost, unless the mean is subtracted first, in enough room."""


def reference(x, gamma, beta, eps=1e-5):
    """Return the right answer in the dtype of `x`, and a tolerance for each row.

    The answer is the solution's in float64, in two passes. The tolerance allows
    eight times the error that the solution itself makes in the dtype of `x`, and
    as a floor what every right way of writing it may lose:

    * summing D features one by one rounds D times, numbers as large as `x`;
      folding the parameters into `x * a + (beta - mean * a)` rounds terms as
      large as `x * a`, which cancel afterwards. Both in float32 or wider.
    * scale and shift may happen in the dtype of `x`, `gamma` or `beta`: four roundings
      in the narrowest, to which NumPy rounds a Python float that it meets.
    * `eps` may be held in float32.
    """
    wide = [a.astype(np.float64) for a in (x, gamma, beta)]
    exact = layer_norm(*wide, eps)
    own_error = np.abs(layer_norm(x, gamma, beta, eps) - exact).max(axis=-1, keepdims=True)
    scale, shift = np.abs(wide[1]).max(), np.abs(wide[2]).max()
    normalized = np.abs(layer_norm(wide[0], np.ones(1), np.zeros(1), eps)).max(-1, keepdims=True)
    divisor = wide[0].var(axis=-1, keepdims=True) + eps
    slope = scale / np.sqrt(divisor)
    terms = np.abs(wide[0]).max(axis=-1, keepdims=True) * slope + shift
    floor = np.finfo(np.result_type(x, np.float32)).eps * (x.shape[-1] + 8) * terms
    narrowest = max(np.finfo(a.dtype).eps for a in (x, gamma, beta))
    floor += 4 * narrowest * (normalized * scale + shift)
    floor += np.finfo(np.float32).eps * eps / divisor * normalized * scale
    return exact.astype(x.dtype), 8 * own_error + floor


def expect_array_like(actual, x):
    """Check type, shape, dtype and that all entries are finite, whatever their values."""
    expect_close(actual, np.zeros_like(x), atol=np.inf)


def draw(rng, shape, dtype="float64", *, mean=1.0, std=2.0):
    """Return rows with a mean, and a scale and a shift that differ from feature to feature."""
    x = rng.normal(mean, std, shape)
    gamma = rng.uniform(0.5, 2.0, shape[-1])
    beta = rng.normal(0.0, 1.0, shape[-1])
    return x.astype(dtype), gamma.astype(dtype), beta.astype(dtype)


def unit(rows, axis=-1):
    """Return each row divided by its length; a zero row stays zero."""
    return rows / np.maximum(np.linalg.norm(rows, axis=axis, keepdims=True), 1e-300)


def plain(x):
    """Return the `gamma` and `beta` that change nothing."""
    return np.ones(x.shape[-1], x.dtype), np.zeros(x.shape[-1], x.dtype)
