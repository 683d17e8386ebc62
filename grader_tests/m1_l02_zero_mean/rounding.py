"""Right answers and how exact an answer must be, for the suites of this lesson."""

import numpy as np

from nbjudge.expect import expect_close
from solutions.m1_l02_zero_mean import center


def centered(x, axis=-1):
    """Return the right answer in the dtype of `x`, and a tolerance for each entry.

    The answer is computed in float64. Adding n numbers one by one rounds n times,
    numbers as large as `x`; every right way loses no more than that in the dtype of
    `x`, and the subtraction rounds once more.
    """
    wide = x.astype(np.float64)
    largest = np.abs(wide).max(axis=axis, keepdims=True, initial=0.0)
    atol = np.finfo(x.dtype).eps * (x.shape[axis] + 8) * largest
    return center(wide, axis).astype(x.dtype), np.broadcast_to(atol, x.shape)


def expect_array_like(actual, x):
    """Check type, shape, dtype and that all entries are finite, whatever their values."""
    expect_close(actual, np.zeros_like(x), atol=np.inf)
