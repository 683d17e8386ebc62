"""Right answers to the exercises on the mathematical foundations, written differently."""

import math

import numpy as np

from nbjudge.naming.bank import alternative


@alternative("mean_var_std")
def numpy_functions(x, axis=None, ddof=0):
    """Leave it to numpy."""
    return np.mean(x, axis=axis), np.var(x, axis=axis, ddof=ddof), np.std(x, axis=axis, ddof=ddof)


@alternative("mean_var_std")
def axes_to_the_end(x, axis=None, ddof=0):
    """Move the axes to the end, make them one, and work along the last axis."""
    axes = tuple(range(x.ndim)) if axis is None else tuple(np.atleast_1d(axis).tolist())
    moved = np.moveaxis(x, axes, range(-len(axes), 0))
    rows = moved.reshape(*moved.shape[: x.ndim - len(axes)], -1)
    count = rows.shape[-1]
    mean = rows.sum(-1) / count
    deviations = rows - mean[..., None]
    variance = (deviations**2).sum(-1) / (count - ddof)
    return mean, variance, variance**0.5


@alternative("mean_var_std")
def shares_first(x, axis=None, ddof=0):
    """Give each number its share before adding up."""
    axes = range(x.ndim) if axis is None else np.atleast_1d(axis)
    count = math.prod(x.shape[k] for k in axes)
    mean = np.sum(x / count, axis, keepdims=True)
    variance = np.sum((x - mean) ** 2 / (count - ddof), axis)  # public: as anybody writes it
    return np.sum(x / count, axis), variance, np.sqrt(variance)


@alternative("mean_var_std")
def float64_inside(x, axis=None, ddof=0):
    """Compute in float64 and cast once at the end."""
    dtype = x.dtype if x.dtype.kind == "f" else np.float64
    wide = np.asarray(x, np.float64)  # public: as anybody writes it
    count = np.ones(x.shape).sum(axis=axis, keepdims=True)
    mean = wide.sum(axis=axis, keepdims=True) / count
    squares = ((wide - mean) ** 2).sum(axis=axis, keepdims=True)
    variance = squares / (count - ddof)
    shape = wide.sum(axis=axis).shape
    results = (mean, variance, np.sqrt(variance))
    return tuple(np.asarray(result.reshape(shape), dtype)[()] for result in results)


@alternative("mean_var_std")
def one_pass_after_a_shift(x, axis=None, ddof=0):
    """One pass, after a shift by the first entry that keeps the digits."""
    dtype = x.dtype if x.dtype.kind == "f" else np.dtype(np.float64)
    axes = range(x.ndim) if axis is None else [k % x.ndim for k in np.atleast_1d(axis)]
    first = x[tuple(slice(0, 1) if k in axes else slice(None) for k in range(x.ndim))]
    first = first.astype(np.float64)
    shifted = x - first
    sums, squares = shifted.sum(axis=axis), (shifted**2).sum(axis=axis)
    count = x.size // np.size(sums)
    variance = np.maximum(squares - sums**2 / count, 0.0) / (count - ddof)
    mean = first.reshape(np.shape(sums)) + sums / count
    return mean.astype(dtype)[()], variance.astype(dtype)[()], np.sqrt(variance).astype(dtype)[()]


@alternative("mean_var_std")
def one_number_at_a_time(x, axis=None, ddof=0):
    """Update mean and squares entry by entry, all rows at once."""
    axes = tuple(range(x.ndim)) if axis is None else tuple(np.atleast_1d(axis).tolist())
    moved = np.moveaxis(x, axes, range(len(axes)))
    numbers = moved.reshape(-1, *moved.shape[len(axes) :])
    dtype = x.dtype if x.dtype.kind == "f" else np.float64
    mean = squares = np.zeros(numbers.shape[1:], dtype)
    for count, value in enumerate(numbers.astype(dtype), start=1):
        delta = value - mean
        mean = mean + delta / dtype_number(count, dtype)
        squares = squares + delta * (value - mean)
    variance = squares / (len(numbers) - ddof)  # public: as anybody writes it
    return mean[()], variance[()], np.sqrt(variance)[()]


def dtype_number(count, dtype):
    """Return a count in the dtype of the data, so that it does not widen them."""
    return np.dtype(dtype).type(count)


@alternative("mean_var_std")
def in_plain_python(x, axis=None, ddof=0):
    """Collect the numbers of each group in a list, and loop."""
    axes = range(x.ndim) if axis is None else [k % x.ndim for k in np.atleast_1d(axis)]
    kept = [k for k in range(x.ndim) if k not in axes]
    groups = {}
    for place in np.ndindex(x.shape):
        groups.setdefault(tuple(place[k] for k in kept), []).append(float(x[place]))
    dtype = x.dtype if x.dtype.kind == "f" else np.float64
    results = [np.zeros([x.shape[k] for k in kept], dtype) for _ in range(3)]
    for place, numbers in groups.items():
        mean = sum(numbers) / len(numbers)
        variance = sum((v - mean) ** 2 for v in numbers) / (len(numbers) - ddof)
        for result, value in zip(results, (mean, variance, math.sqrt(variance)), strict=True):
            result[place] = value
    return tuple(result[()] for result in results)


@alternative("mean_var_std")
def length_of_the_deviations(x, axis=None, ddof=0):
    """The standard deviation is a length, and the variance its square."""
    mean = np.add.reduce(x, axis=axis, keepdims=True)
    count = x.size / mean.size
    mean = mean / count
    length = np.sqrt(np.add.reduce(np.abs(x - mean) ** 2, axis=axis))
    std = length / math.sqrt(count - ddof)
    return np.squeeze(mean, axis)[()], std * std, std


@alternative("centering_matrix")
def share_taken_from_the_identity(d):
    """Broadcast the one number."""
    return np.eye(d) - 1 / d


@alternative("centering_matrix")
def two_fillings(d):
    """Fill the matrix, then its diagonal."""
    matrix = np.full((d, d), -1.0 / d)
    np.fill_diagonal(matrix, 1 - 1 / d)
    return matrix


@alternative("centering_matrix")
def outer_product(d):
    """Project on the arrow of ones, made of length 1."""
    unit = np.ones(d) / np.sqrt(d)
    return np.identity(d) - np.outer(unit, unit)


@alternative("centering_matrix")
def centered_columns(d):
    """A matrix does to the columns of the identity what it does."""
    columns = np.eye(d)
    return columns - columns.mean(axis=0)


@alternative("centering_matrix")
def divided_last(d):
    """Whole numbers first."""
    return (d * np.eye(d) - np.ones((d, d))) / d


@alternative("centering_matrix")
def entry_by_entry(d):
    """Loop in plain Python."""
    return np.array([[float(i == j) - 1 / d for j in range(d)] for i in range(d)])


@alternative("centering_matrix")
def general_projection(d):
    """The formula for any arrow, with column and row."""
    ones = np.ones((d, 1))
    return np.eye(d) - ones @ np.linalg.inv(ones.T @ ones) @ ones.T


@alternative("numerical_grad")
def in_place_and_put_back(f, x, h=1e-5):
    """Move the caller's array, and put the old number back."""
    gradient = np.empty_like(x, dtype=np.float64)
    for place in np.ndindex(x.shape):
        kept = x[place]
        x[place] = kept + h
        above = f(x)
        x[place] = kept - h
        below = f(x)
        x[place] = kept
        gradient[place] = (above - below) / (2 * h)
    return gradient


@alternative("numerical_grad")
def steps_from_the_identity(f, x, h=1e-5):
    """Each row of the identity is a direction."""
    slopes = [
        (f(x + h * step.reshape(x.shape)) - f(x - h * step.reshape(x.shape))) / (2 * h)
        for step in np.eye(x.size)
    ]
    return np.array(slopes).reshape(x.shape)


@alternative("numerical_grad")
def one_direction_array(f, x, h=1e-5):
    """An array of zeros with one step in it."""
    gradient, step = np.zeros(x.shape), np.zeros(x.shape)
    with np.nditer(x, flags=["multi_index"]) as entries:
        for _ in entries:
            step[entries.multi_index] = h
            gradient[entries.multi_index] = (f(x + step) - f(x - step)) / 2 / h
            step[entries.multi_index] = 0.0
    return gradient


@alternative("numerical_grad")
def distance_as_rounded(f, x, h=1e-5):
    """Divide by the distance that the two points really have."""
    flat = np.array(x, dtype=np.float64).ravel()
    slopes = np.zeros(flat.size)
    for i, kept in enumerate(flat.tolist()):
        flat[i] = kept + h
        above, high = f(flat.reshape(x.shape)), flat[i]
        flat[i] = kept - h
        below, low = f(flat.reshape(x.shape)), flat[i]
        flat[i] = kept
        slopes[i] = (above - below) / (high - low)
    return slopes.reshape(x.shape)


@alternative("numerical_grad")
def both_sides_averaged(f, x, h=1e-5):
    """Evaluate all points first; the two one-sided slopes are then averaged."""
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    above = np.array([f(point) for point in x + steps])
    below = np.array([f(point) for point in x - steps])
    return ((above - below) * 0.5 / h).reshape(x.shape)


@alternative("grad_mean_var")
def numpy_mean(x):
    """Take the mean from numpy."""
    return np.ones_like(x) / x.size, (2 / x.size) * (x - np.mean(x))


@alternative("grad_mean_var")
def with_the_matrix(x):
    """The gradient is a product with the centering matrix."""
    d = len(x)
    matrix = np.eye(d) - np.ones((d, d)) / d
    return np.full(d, 1 / d).astype(x.dtype), (2 / d * (matrix @ x)).astype(x.dtype)


@alternative("grad_mean_var")
def chain_rule_written_out(x):
    """Sum over all deviations, each of which every entry moves."""
    d = x.shape[0]
    deviations = x - x.mean()
    jacobian = np.eye(d, dtype=x.dtype) - x.dtype.type(1 / d)
    return np.repeat(x.dtype.type(1 / d), d), (2 * deviations / d) @ jacobian


@alternative("grad_mean_var")
def float64_and_back(x):
    """Compute in float64 and cast once at the end."""
    wide = np.asarray(x, np.float64)
    spread = (wide - wide.sum() / wide.size) * 2.0 / wide.size
    return (0 * wide + 1 / wide.size).astype(x.dtype), spread.astype(x.dtype)


@alternative("grad_mean_var")
def list_by_list(x):
    """Loop in plain Python."""
    mean = sum(x.tolist()) / len(x)
    slopes = [2 * (value - mean) / len(x) for value in x.tolist()]
    return np.array([1 / len(x) for _ in slopes], x.dtype), np.array(slopes, x.dtype)
