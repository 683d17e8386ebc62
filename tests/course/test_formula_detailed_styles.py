"""Right ways to write both directions of layer normalization, combined: none may lose a mark."""

import itertools
import random

import numpy as np
import pytest

from tests.judging import refusals

SLUG = "m1_l06_layer_norm_formula_detailed"
SAMPLE = 60
SEEDS = [b"styles one", b"styles two"]

pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore::RuntimeWarning")]


def ends(a):
    return range(a.shape[-1])


def mean_removed_last(g, h, r, mean):
    back = r * (g - h * mean(g * h))
    return back - mean(back)


def in_steps(g, h, r, mean):
    centered, count = h / r, g.shape[-1]
    of_variance = -0.5 * r**3 * count * mean(g * centered)
    back = g * r + 2 / count * centered * of_variance
    return back - mean(back)


MEANS = {
    "mean": lambda a: a.mean(axis=-1, keepdims=True),
    "None": lambda a: np.mean(a, -1)[..., None],
    "sum / n": lambda a: a.sum(-1, keepdims=True) / a.shape[-1],
    "product": lambda a: a @ np.full((a.shape[-1], 1), 1 / a.shape[-1], a.dtype),
    "einsum": lambda a: np.einsum("...i->...", a)[..., None] / a.shape[-1],
    "loop": lambda a: sum(a[..., i : i + 1] for i in ends(a)) / a.shape[-1],
    "reduce": lambda a: np.expand_dims(np.add.reduce(a, axis=-1), -1) / a.shape[-1],
}
SUMS_OF_ROWS = {
    "axes": lambda a: a.sum(axis=tuple(range(a.ndim - 1))),
    "reshape": lambda a: a.reshape(-1, a.shape[-1]).sum(axis=0),
    "ones": lambda a: np.ones(a.size // a.shape[-1], a.dtype) @ a.reshape(-1, a.shape[-1]),
    "twice": lambda a: a if a.ndim == 1 else SUMS_OF_ROWS["twice"](a.sum(axis=0)),
    "loop": lambda a: sum(
        (a[i] for i in np.ndindex(a.shape[:-1])), start=np.zeros(a.shape[-1], a.dtype)
    ),
}
GRADIENTS_OF_X = {
    "one formula": lambda g, h, r, mean: r * (g - mean(g) - h * mean(g * h)),
    "multiplied out": lambda g, h, r, mean: r * g - r * mean(g) - h * (r * mean(h * g)),
    "scaled first": lambda g, h, r, mean: (r * g) - mean(r * g) - h * mean(h * (r * g)),
    "with D": lambda g, h, r, mean: (
        r / g.shape[-1] * (g.shape[-1] * g - mean(g) * g.shape[-1] - h * mean(g * h) * g.shape[-1])
    ),
    "mean removed at the end": mean_removed_last,
    "by standard deviation": lambda g, h, r, mean: (g - mean(g) - h * mean(g * h)) / (1 / r),
    "steps": in_steps,
}
SCALED = {
    "dy * gamma": lambda dy, gamma: dy * gamma,
    "gamma[None]": lambda dy, gamma: gamma.reshape((1,) * (dy.ndim - 1) + (-1,)) * dy,
    "einsum": lambda dy, gamma: np.einsum("...i,i->...i", dy, gamma),
    "diagonal": lambda dy, gamma: dy @ np.diag(gamma),
}
FOUND = {
    "divided": lambda y, gamma, beta: (y - beta) / gamma,
    "reciprocal": lambda y, gamma, beta: (y - beta) * np.reciprocal(gamma),
    "divided twice": lambda y, gamma, beta: y / gamma - beta / gamma,
}


def sample(*tables):
    """Return a fixed sample of the combinations, and each way at least once."""
    every = list(itertools.product(*(table.items() for table in tables)))
    chosen = random.Random(1).sample(every, SAMPLE)  # noqa: S311 - any fixed choice will do
    missing = [
        next(c for c in every if c[k] == way)
        for k, table in enumerate(tables)
        for way in table.items()
        if all(c[k] != way for c in chosen)
    ]
    return {", ".join(name for name, _ in c): [code for _, code in c] for c in chosen + missing}


def backward(scaled, mean, gradient_of_x, sum_of_rows):
    def ln_backward(dy, cache):
        h, r, gamma = cache
        dx = gradient_of_x(scaled(dy, gamma), h, r, mean)
        return dx.astype(dy.dtype), sum_of_rows(dy * h), sum_of_rows(1 * dy)

    return ln_backward


def from_output(found, *others):
    code = backward(*others)

    def ln_backward_from_output(dy, y, gamma, beta, rstd):
        if (gamma == 0).any():
            raise ValueError("gamma")
        return code(dy, (found(y, gamma, beta), rstd, gamma))

    return ln_backward_from_output


def test_the_way_back_in_many_styles():
    styles = sample(SCALED, MEANS, GRADIENTS_OF_X, SUMS_OF_ROWS)
    codes = {name: backward(*c) for name, c in styles.items()}
    assert refusals(SLUG, "ln_backward", codes, SEEDS) == []


def test_the_way_back_from_the_output_in_many_styles():
    styles = sample(FOUND, SCALED, MEANS, GRADIENTS_OF_X, SUMS_OF_ROWS)
    codes = {name: from_output(*c) for name, c in styles.items()}
    assert refusals(SLUG, "ln_backward_from_output", codes, SEEDS) == []
