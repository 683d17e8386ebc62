"""Right answers to the exercises on fundamental concepts, written differently."""

import math
from functools import reduce
from itertools import accumulate

import numpy as np

from nbjudge.naming.bank import alternative


@alternative("count_stats")
def four_formulas(shape, kind):
    """One formula for each kind."""
    b, s, d = shape
    if kind == "ln":
        return b * s
    if kind == "ln_seq":
        return b
    if kind == "bn":
        return d
    return b * d


@alternative("count_stats")
def axes_left(shape, kind):
    """Multiply the lengths of the axes that are not averaged."""
    averaged = {"ln": {2}, "ln_seq": {1, 2}, "bn": {0, 1}, "in": {1}}[kind]
    return math.prod(length for axis, length in enumerate(shape) if axis not in averaged)


@alternative("count_stats")
def size_divided(shape, kind):
    """All numbers, divided by how many of them share a mean."""
    b, s, d = shape
    together = {"ln": d, "ln_seq": s * d, "bn": b * s, "in": s}[kind]
    return b * s * d // together


@alternative("count_stats")
def numpy_prod(shape, kind):
    """A numpy integer will do."""
    left = {"ln": [0, 1], "ln_seq": [0], "bn": [2], "in": [0, 2]}[kind]
    return np.prod(np.asarray(shape)[left])


@alternative("count_stats")
def means_taken(shape, kind):
    """Make an array, average it, and count what is left."""
    averaged = {"ln": -1, "ln_seq": (1, 2), "bn": (0, 1), "in": 1}[kind]
    return np.zeros(shape, np.float32).mean(axis=averaged).size


@alternative("count_stats")
def matched(shape, kind):
    """By pattern matching."""
    match kind, shape:
        case "ln", (b, s, _):
            return b * s
        case "ln_seq", (b, _, _):
            return b
        case "bn", (_, _, d):
            return d
        case _, (b, _, d):
            return b * d


@alternative("count_stats")
def without_averaged(shape, kind):
    """Set the averaged lengths to 1 and multiply all of them."""
    lengths = list(shape)
    for axis in {"ln": [2], "ln_seq": [1, 2], "bn": [0, 1], "in": [1]}[kind]:
        lengths[axis] = 1
    return reduce(lambda a, b: a * b, lengths, 1)


@alternative("count_stats")
def floats_rounded(shape, kind):
    """Through floats, and back to an int."""
    b, s, d = map(float, shape)
    return round({"ln": b * s, "ln_seq": b, "bn": d, "in": b * d}[kind])


@alternative("count_stats")
def by_counting(shape, kind):
    """Count the means one by one."""
    b, s, d = shape
    places = {
        "ln": ((i, j) for i in range(b) for j in range(s)),
        "ln_seq": range(b),
        "bn": range(d),
        "in": ((i, k) for i in range(b) for k in range(d)),
    }
    return sum(1 for _ in places[kind])


@alternative("count_stats")
def by_logarithms(shape, kind):
    """Add logarithms."""
    left = {"ln": (0, 1), "ln_seq": (0,), "bn": (2,), "in": (0, 2)}[kind]
    return round(math.exp(sum(math.log(shape[axis]) for axis in left)))


@alternative("standardize_tokens")
def mean_and_std(x, eps=1e-5):
    """Take both statistics from numpy."""
    mean = np.mean(x, axis=-1, keepdims=True)
    variance = np.var(x, axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + eps)


@alternative("standardize_tokens")
def std_squared(x, eps=1e-5):
    """Square the standard deviation again, to add eps to it."""
    result = x - x.mean(-1)[..., None]
    result /= np.sqrt(x.std(-1)[..., None] ** 2 + eps)
    return result


@alternative("standardize_tokens")
def float64_inside(x, eps=1e-5):
    """Compute in float64 and cast once at the end."""
    wide = x.astype(np.float64)
    wide -= np.expand_dims(wide.mean(-1), -1)
    inverse = np.expand_dims((wide**2).mean(-1) + eps, -1) ** -0.5
    return np.asarray(wide * inverse, x.dtype)


@alternative("standardize_tokens")
def einsum(x, eps=1e-5):
    """Write both averages as contractions."""
    features = x.shape[-1]
    centered = x - np.einsum("...d->...", x)[..., None] / features
    variance = np.einsum("...d,...d->...", centered, centered)[..., None] / features
    return centered / np.sqrt(variance + eps)


@alternative("standardize_tokens")
def slope_and_offset(x, eps=1e-5):
    """One slope and one offset per token."""
    slope = 1 / np.sqrt(x.var(axis=-1, keepdims=True) + eps)
    return (x * slope - x.mean(axis=-1, keepdims=True) * slope).astype(x.dtype)


@alternative("standardize_tokens")
def turned_around(x, eps=1e-5):
    """Put the features first, so that broadcasting works without keepdims."""
    first = np.moveaxis(x, -1, 0)
    centered = first - first.mean(axis=0)
    return np.moveaxis(centered / np.sqrt((centered**2).mean(axis=0) + eps), 0, -1)


@alternative("standardize_tokens")
def flattened(x, eps=1e-5):
    """Make a table of tokens, and restore the shape at the end."""
    table = x.reshape(-1, x.shape[-1])
    result = np.empty_like(table)
    for i, token in enumerate(table):
        result[i] = (token - token.mean()) / np.sqrt(token.var() + eps)
    return result.reshape(x.shape)


@alternative("standardize_tokens")
def plain_python(x, eps=1e-5):
    """Loop over tokens and features."""

    def one_token(token):
        values = [float(value) for value in token]
        mean = sum(values) / len(values)
        variance = sum((value - mean) ** 2 for value in values) / len(values)
        return np.array([(value - mean) / math.sqrt(variance + eps) for value in values])

    return np.apply_along_axis(one_token, -1, x).astype(x.dtype)


@alternative("standardize_tokens")
def one_feature_after_the_other(x, eps=1e-5):
    """Add up in the dtype of x, one feature after the other."""
    total = np.zeros_like(x[..., 0])
    for j in range(x.shape[-1]):
        total = total + x[..., j]
    mean = total / x.shape[-1]
    squares = np.zeros_like(total)
    for j in range(x.shape[-1]):
        squares = squares + (x[..., j] - mean) ** 2
    result = np.empty_like(x)
    for j in range(x.shape[-1]):
        result[..., j] = (x[..., j] - mean) / np.sqrt(squares / x.shape[-1] + eps)
    return result


@alternative("standardize_tokens")
def length_of_deviations(x, eps=1e-5):
    """Divide by the length of the deviations, which is sqrt(D) standard deviations."""
    centered = x - np.average(x, axis=-1, keepdims=True)
    length = np.linalg.norm(centered, axis=-1, keepdims=True)
    spread = np.hypot(length / math.sqrt(x.shape[-1]), math.sqrt(eps))
    return np.divide(centered, spread).astype(x.dtype)


@alternative("standardize_tokens")
def recursive(x, eps=1e-5):
    """Go down to the single tokens, one axis at a time."""
    if x.ndim > 1:
        return np.stack([recursive(part, eps) for part in x])
    deviations = x - x.mean()
    return deviations * (1 / np.sqrt((deviations @ deviations) / len(x) + eps)).astype(x.dtype)


@alternative("signal_std")
def preallocated(x, weights):
    """Fill an array, layer by layer."""
    result = np.zeros(len(weights))
    h = x.copy()
    for layer, W in enumerate(weights):  # noqa: N806 - a matrix
        h = np.dot(h, W)
        result[layer] = np.std(h)
    return result


@alternative("signal_std")
def accumulated(x, weights):
    """By itertools.accumulate, without the first of its values."""
    signals = accumulate(weights, np.matmul, initial=x)
    return np.array([signal.std() for signal in signals][1:])


@alternative("signal_std")
def all_layers_in_one_matrix(x, weights):
    """Multiply the layers first, and then the signal by what they make together."""
    product, spreads = np.eye(x.shape[1]), []
    for W in weights:  # noqa: N806 - a matrix
        product = product @ W
        spreads.append((x @ product).std())
    return np.asarray(spreads, dtype=float)


@alternative("signal_std")
def walrus(x, weights):
    """In one expression."""
    return np.array([(x := x @ W).std() for W in weights])


@alternative("signal_std")
def from_the_definition(x, weights):
    """Mean, deviations, squares, mean, root."""
    h, spreads = x, np.empty(0)
    for W in weights:  # noqa: N806 - a matrix
        h = np.einsum("nd,de->ne", h, W)
        deviations = h - h.mean()
        spreads = np.append(spreads, np.sqrt((deviations**2).sum() / h.size))
    return spreads


@alternative("signal_std")
def recursive_layers(x, weights):
    """One layer, and then the rest of them."""
    if not len(weights):
        return np.zeros(0)
    h = x @ weights[0]
    return np.concatenate([[h.std()], recursive_layers(h, weights[1:])])


@alternative("signal_std")
def in_python_floats(x, weights):
    """Flatten each signal and leave the spread to the standard library."""
    spreads, h = [], np.array(x)
    for W in weights:  # noqa: N806 - a matrix
        h = np.tensordot(h, W, axes=1)
        values = h.ravel().tolist()
        mean = math.fsum(values) / len(values)
        spreads.append(math.sqrt(math.fsum((v - mean) ** 2 for v in values) / len(values)))
    return np.array(spreads, dtype=np.float64)


@alternative("signal_std")
def one_pass_over_each(x, weights):
    """Mean of the squares minus square of the mean: the means are not large here."""
    h, spreads = x, []
    for W in weights:  # noqa: N806 - a matrix
        h = (W.T @ h.T).T
        spreads.append(np.sqrt(max((h * h).mean() - h.mean() ** 2, 0.0)))
    return np.array(spreads)
