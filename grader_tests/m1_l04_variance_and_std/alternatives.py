"""Right answers to the exercises on variance and standard deviation, written differently."""

import math
from fractions import Fraction

import numpy as np

from nbjudge.naming.bank import alternative


@alternative("variance_two_pass")
def numpy_var(x, axis=-1, ddof=0):
    """Leave it to numpy, which takes two passes as well."""
    return np.var(x, axis=axis, ddof=ddof)


@alternative("variance_two_pass")
def einsum(x, axis=-1, ddof=0):
    """Move the axis to the end and write the sum of squares as a contraction."""
    last = np.moveaxis(x, axis, -1)
    centered = last - np.mean(last, axis=-1)[..., None]
    return np.einsum("...i,...i->...", centered, centered) / (last.shape[-1] - ddof)


@alternative("variance_two_pass")
def float64_inside(x, axis=-1, ddof=0):
    """Compute in float64 and cast once at the end."""
    wide = np.asarray(x, np.float64)
    mean = np.expand_dims(wide.sum(axis) / wide.shape[axis], axis)
    return (((wide - mean) ** 2).sum(axis) / (wide.shape[axis] - ddof)).astype(x.dtype)


@alternative("variance_two_pass")
def shifted_one_pass(x, axis=-1, ddof=0):
    """One pass, after a shift by the first entry that keeps the digits."""
    count = x.shape[axis]
    shifted = (x - np.take(x, [0], axis=axis)).astype(np.float64)
    squares = (shifted**2).sum(axis) - shifted.sum(axis) ** 2 / count
    return (np.maximum(squares, 0.0) / (count - ddof)).astype(x.dtype)


@alternative("variance_two_pass")
def one_number_at_a_time(x, axis=-1, ddof=0):
    """Update mean and sum of squares entry by entry, all rows at once."""
    mean, m2, count = 0.0, 0.0, 0
    for value in np.moveaxis(x, axis, 0):
        count += 1
        delta = value - mean
        mean = mean + delta / count
        m2 = m2 + delta * (value - mean)
    return m2 / (count - ddof)


@alternative("variance_two_pass")
def pairs(x, axis=-1, ddof=0):
    """Use that the variance is half the mean squared difference of two entries."""
    last = np.moveaxis(x, axis, -1)
    count = last.shape[-1]
    differences = last[..., :, None] - last[..., None, :]
    return (differences**2).sum(axis=(-1, -2)) / (2 * count * (count - ddof))


@alternative("variance_two_pass")
def mean_of_squares_times_correction(x, axis=-1, ddof=0):
    """Average first and correct the divisor afterwards."""
    count = x.shape[axis]
    deviations = np.subtract(x, np.average(x, axis=axis, keepdims=True))
    return np.mean(deviations * deviations, axis=axis) * (count / (count - ddof))


@alternative("variance_two_pass")
def squared_length(x, axis=-1, ddof=0):
    """The variance is the squared length of the deviations, divided."""
    length = np.linalg.norm(x - np.mean(x, axis, keepdims=True), axis=axis)
    return length**2 / (x.shape[axis] - ddof)


@alternative("variance_two_pass")
def weight_of_each(x, axis=-1, ddof=0):
    """Give each number its share before adding up, so that nothing is divided at the end."""
    count = x.shape[axis]
    mean = (x / count).sum(axis=axis, keepdims=True)
    return ((x - mean) ** 2 / (count - ddof)).sum(axis=axis)


@alternative("variance_two_pass")
def row_by_row(x, axis=-1, ddof=0):
    """Loop in plain Python."""

    def one_row(row):
        values = [float(value) for value in row]
        mean = sum(values) / len(values)
        return sum((value - mean) ** 2 for value in values) / (len(values) - ddof)

    return np.apply_along_axis(one_row, axis, x).astype(x.dtype)


@alternative("Welford")
class Textbook:
    """Three plain attributes, the variance kept up to date."""

    def __init__(self):
        self.n, self.mean, self.m2, self.var = 0, 0.0, 0.0, math.nan

    def update(self, v):
        """Take in one number."""
        self.n = self.n + 1
        old = self.mean
        self.mean = old + (v - old) / self.n
        self.m2 = self.m2 + (v - old) * (v - self.mean)
        self.var = self.m2 / self.n


@alternative("Welford")
class VarianceOnly:
    """Update the variance itself, without a sum of squares."""

    def __init__(self):
        self.n, self.mean, self._var = 0, 0.0, 0.0

    def update(self, v):
        """Take in one number."""
        self.n += 1
        delta = v - self.mean
        self._var += (delta**2 * (self.n - 1) / self.n - self._var) / self.n
        self.mean += delta / self.n

    @property
    def var(self):
        """The variance so far."""
        return self._var if self.n > 0 else float("nan")


@alternative("Welford")
class WeightedMean:
    """The new mean is a weighted mean of the old one and the new number."""

    def __init__(self):
        self.n, self.mean, self._m2 = 0, 0.0, 0.0

    def update(self, v):
        """Take in one number."""
        self.n += 1
        old, weight = self.mean, 1 / self.n
        self.mean = old * (1 - weight) + v * weight
        self._m2 += (v - old) * (v - self.mean)

    @property
    def var(self):
        """The variance so far."""
        return self._m2 / self.n if self.n else math.nan


@alternative("Welford")
class MergedWithOne:
    """A new number is a group of one, merged into the rest."""

    def __init__(self):
        self._stats = (0, 0.0, 0.0)

    def update(self, v):
        """Take in one number."""
        n, mean, m2 = self._stats
        delta = v - mean
        self._stats = (n + 1, (n * mean + v) / (n + 1), m2 + delta**2 * n / (n + 1))

    n = property(lambda self: self._stats[0])
    mean = property(lambda self: self._stats[1])
    var = property(lambda self: self._stats[2] / self.n if self.n else np.nan)


@alternative("Welford")
class ShiftedSums:
    """Sums of the distances from the first number and of their squares: one pass, but small."""

    def __init__(self):
        self.n, self._first, self._sum, self._squares = 0, 0.0, 0.0, 0.0

    def update(self, v):
        """Take in one number."""
        if self.n == 0:
            self._first = v
        self.n += 1
        self._sum += v - self._first
        self._squares += (v - self._first) ** 2

    @property
    def mean(self):
        """The mean so far."""
        return self._first + self._sum / self.n if self.n else 0.0

    @property
    def var(self):
        """The variance so far."""
        if not self.n:
            return math.nan
        return max(self._squares / self.n - (self._sum / self.n) ** 2, 0.0)


@alternative("Welford")
class ExactSums:
    """The shortcut loses nothing when the arithmetic is exact."""

    def __init__(self):
        self.n, self._sum, self._squares = 0, Fraction(0), Fraction(0)

    def update(self, v):
        """Take in one number."""
        self.n += 1
        self._sum += Fraction(v)
        self._squares += Fraction(v) ** 2

    @property
    def mean(self):
        """The mean so far."""
        return float(self._sum / self.n) if self.n else 0.0

    @property
    def var(self):
        """The variance so far."""
        return float(self._squares / self.n - (self._sum / self.n) ** 2) if self.n else math.nan


@alternative("merge_stats")
def weighted_means(a, b):
    """Weight both means by their counts."""
    n = a[0] + b[0]
    if not n:
        return (0, 0.0, 0.0)
    mean = (a[0] * a[1] + b[0] * b[1]) / n
    return (n, mean, a[2] + b[2] + a[0] * b[0] / n * (a[1] - b[1]) ** 2)


@alternative("merge_stats")
def about_the_new_mean(a, b):
    """Move the squares of each group from its own mean to the common one."""
    (n_a, mean_a, m2_a), (n_b, mean_b, m2_b) = a, b
    n = n_a + n_b
    mean = mean_a + (mean_b - mean_a) * n_b / max(n, 1)
    m2 = m2_a + n_a * (mean - mean_a) ** 2 + m2_b + n_b * (mean - mean_b) ** 2
    return n, mean, m2


@alternative("merge_stats")
def early_returns(a, b):
    """An empty side changes nothing; otherwise Welford's update for a whole group."""
    if a[0] == 0:
        return tuple(b)
    if b[0] == 0:
        return tuple(a)
    n = a[0] + b[0]
    old = b[1] - a[1]
    mean = b[1] - old * a[0] / n
    return n, mean, a[2] + b[2] + b[0] * old * (b[1] - mean)


@alternative("merge_stats")
def in_numpy(a, b):
    """Count, mean and squares of both groups as arrays."""
    counts, means, squares = np.array([a, b], dtype=np.float64).T
    if counts.sum() == 0:
        return 0, 0.0, 0.0
    mean = np.average(means, weights=counts)
    m2 = squares.sum() + (counts * (means - mean) ** 2).sum()
    return int(counts.sum()), float(mean), float(m2)


@alternative("merge_stats")
def in_fractions(a, b):
    """Exact arithmetic, rounded once at the end."""
    n = a[0] + b[0]
    if n == 0:
        return 0, 0.0, 0.0
    delta = Fraction(b[1]) - Fraction(a[1])
    m2 = Fraction(a[2]) + Fraction(b[2]) + delta**2 * a[0] * b[0] / n
    return n, float(Fraction(a[1]) + delta * b[0] / n), float(m2)


@alternative("rescale_to")
def mean_and_var(x, mean, std, eps=1e-5, axis=-1):
    """Take both statistics from numpy."""
    own_mean = np.mean(x, axis=axis, keepdims=True)
    own_var = np.var(x, axis=axis, keepdims=True)
    return np.asarray(mean + std * (x - own_mean) / np.sqrt(own_var + eps), dtype=x.dtype)


@alternative("rescale_to")
def rescaled_in_float64(x, mean, std, eps=1e-5, axis=-1):
    """Compute in float64 and cast once at the end."""
    wide = x.astype(np.float64)
    wide -= np.expand_dims(wide.mean(axis), axis)
    inverse = np.expand_dims((wide**2).mean(axis) + eps, axis) ** -0.5
    return (wide * inverse * std + mean).astype(x.dtype)


@alternative("rescale_to")
def slope_and_offset(x, mean, std, eps=1e-5, axis=-1):
    """One slope and one offset per entry."""
    own_mean = x.mean(axis=axis, keepdims=True)
    slope = std / np.sqrt(x.var(axis=axis, keepdims=True) + eps)
    return (x * slope + (mean - own_mean * slope)).astype(x.dtype)


@alternative("rescale_to")
def axis_last(x, mean, std, eps=1e-5, axis=-1):
    """Normalize with the axis at the end, and put it back before scale and shift."""
    last = np.moveaxis(x, axis, -1)
    centered = last - last.mean(-1)[..., None]
    spread = np.hypot(np.sqrt(np.mean(centered**2, -1)), math.sqrt(eps))
    return (np.moveaxis(centered / spread[..., None], -1, axis) * std + mean).astype(x.dtype)


@alternative("rescale_to")
def entry_by_entry(x, mean, std, eps=1e-5, axis=-1):
    """Loop over rows in plain Python."""

    def one_row(row):
        values = row.tolist()
        own_mean = math.fsum(values) / len(values)
        squares = [(value - own_mean) ** 2 for value in values]
        spread = math.sqrt(math.fsum(squares) / len(values) + eps)
        return np.array([(value - own_mean) / spread for value in values])

    return (np.apply_along_axis(one_row, axis, x) * std + mean).astype(x.dtype)
