"""Right answers put together from how people write each step: none may lose a mark.

A bank holds a dozen right answers. Here every step of a formula (widen, mean,
variance, division, scale and shift) has several right ways, and each exercise
meets a sample of their combinations: what a suite's tolerances must allow.
"""

import itertools
import math

import numpy as np
import pytest

from tests.judging import refusals

VARIANCE, LAYER_NORM = "m1_l04_variance_and_std", "m1_l05_layer_norm_formula"
FUNDAMENTALS = "m1_l00_fundamental_concepts"
SAMPLE = 60
SEEDS = [b"styles one", b"styles two"]

pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore::RuntimeWarning")]

WIDE = {
    "result_type": lambda x: x.astype(np.result_type(x.dtype, np.float32)),
    "no copy": lambda x: x.astype(np.promote_types(x.dtype, np.float32), copy=False),
    "float64": lambda x: np.asarray(x, np.float64),
    "longdouble": lambda x: x.astype(np.longdouble),
    "only float16": lambda x: x.astype(np.float32) if x.dtype == np.float16 else x,
}
MEAN = {
    "mean": lambda y: y.mean(axis=-1, keepdims=True),
    "None": lambda y: np.mean(y, -1)[..., None],
    "sum / n": lambda y: y.sum(-1, keepdims=True) / y.shape[-1],
    "sum * (1 / n)": lambda y: y.sum(-1, keepdims=True) * (1.0 / y.shape[-1]),
    "reduce": lambda y: np.expand_dims(np.add.reduce(y, -1) / y.shape[-1], -1),
    "shifted": lambda y: y[..., :1] + (y - y[..., :1]).mean(-1, keepdims=True),
    "product": lambda y: y @ np.full((y.shape[-1], 1), 1 / y.shape[-1], y.dtype),
    "einsum": lambda y: np.einsum("...i->...", y)[..., None] / y.shape[-1],
    "loop": lambda y: sum(y[..., i : i + 1] for i in range(y.shape[-1])) / y.shape[-1],
}
VARIANCES = {
    "var": lambda y, _: y.var(axis=-1, keepdims=True),
    "std squared": lambda y, _: np.std(y, axis=-1, keepdims=True) ** 2,
    "mean of squares": lambda _, c: np.mean(c**2, axis=-1, keepdims=True),
    "sum of squares": lambda _, c: np.square(c).sum(-1, keepdims=True) / c.shape[-1],
    "einsum": lambda _, c: np.einsum("...i,...i->...", c, c)[..., None] / c.shape[-1],
    "shares": lambda _, c: (c * c / c.shape[-1]).sum(-1, keepdims=True),
    "repaired": lambda _, c: np.maximum(
        (c * c).mean(-1, keepdims=True) - c.mean(-1, keepdims=True) ** 2, 0
    ),
    "loop": lambda _, c: sum(c[..., i : i + 1] ** 2 for i in range(c.shape[-1])) / c.shape[-1],
}
DIVIDED = {
    "sqrt": lambda c, v, eps: c / np.sqrt(v + eps),
    "power": lambda c, v, eps: c * (v + eps) ** -0.5,
    "reciprocal": lambda c, v, eps: c * np.reciprocal(np.sqrt(v + eps)),
    "hypot": lambda c, v, eps: c / np.hypot(np.sqrt(v), math.sqrt(eps)),
    "eps in the work dtype": lambda c, v, eps: c / np.sqrt(v + c.dtype.type(eps)),
    "eps in float32": lambda c, v, eps: c / np.sqrt(v + np.float32(eps)),
    "lengths": lambda c, v, eps: (
        c * math.sqrt(c.shape[-1]) / np.sqrt(v * c.shape[-1] + eps * c.shape[-1])
    ),
}
AFFINE = {
    "last": lambda h, g, b, dtype: (h * g + b).astype(dtype),
    "ufuncs": lambda h, g, b, dtype: np.add(np.multiply(g, h), b).astype(dtype, copy=False),
    "asarray": lambda h, g, b, dtype: np.asarray(b + g * h, dtype=dtype),
    "cast first": lambda h, g, b, dtype: (
        h.astype(dtype) * np.asarray(g, dtype) + np.asarray(b, dtype)
    ),
}


def normalized(style, x, eps):
    """Normalize the last axis in one of the styles."""
    widen, mean, variance, divide = (
        table[name] for table, name in zip((WIDE, MEAN, VARIANCES, DIVIDED), style, strict=False)
    )
    wide = widen(x)
    centered = wide - mean(wide)
    return divide(centered, variance(wide, centered), eps)


def standardize_tokens(style):
    def answer(x, eps=1e-5):
        return normalized(style, x, eps).astype(x.dtype)

    return answer


def variance_two_pass(style):
    def answer(x, axis=-1, ddof=0):
        last = WIDE[style[0]](np.moveaxis(x, axis, -1))
        centered, count = last - MEAN[style[1]](last), last.shape[-1]
        variance = VARIANCES[style[2]](last, centered)[..., 0]
        return (variance * count / (count - ddof)).astype(x.dtype)

    return answer


def rescale_to(style):
    def answer(x, mean, std, eps=1e-5, axis=-1):
        scores = np.moveaxis(normalized(style, np.moveaxis(x, axis, -1), eps), -1, axis)
        return AFFINE[style[-1]](scores, std, mean, x.dtype)

    return answer


def layer_norm(style):
    def answer(x, gamma, beta, eps=1e-5):
        return AFFINE[style[-1]](normalized(style, x, eps), gamma, beta, x.dtype)

    return answer


def layer_norm_nd(style):
    def answer(x, normalized_shape, gamma=None, beta=None, eps=1e-5):
        shape = tuple(np.atleast_1d(normalized_shape).tolist())
        if x.shape[-len(shape) :] != shape or any(
            p is not None and p.shape != shape for p in (gamma, beta)
        ):
            raise ValueError(f"expected {shape}")
        gamma = np.ones(shape, x.dtype) if gamma is None else gamma
        beta = np.zeros(shape, x.dtype) if beta is None else beta
        rows = x.reshape(*x.shape[: x.ndim - len(shape)], math.prod(shape))
        return layer_norm(style)(rows, gamma.ravel(), beta.ravel(), eps).reshape(x.shape)

    return answer


def layer_norm_axis(style):
    def answer(x, gamma, beta, axis, eps=1e-5):
        return np.moveaxis(layer_norm(style)(np.moveaxis(x, axis, -1), gamma, beta, eps), -1, axis)

    return answer


def ln_rnn_step(style):
    def answer(x_t, h, Wx, Wh, gamma, beta, eps=1e-5):  # noqa: N803, PLR0917 - as the exercise
        return np.tanh(layer_norm(style)(h @ Wh + x_t @ Wx, gamma, beta, eps)).astype(h.dtype)

    return answer


@pytest.mark.parametrize(
    ("slug", "make"),
    [
        (FUNDAMENTALS, standardize_tokens),
        (VARIANCE, variance_two_pass),
        (VARIANCE, rescale_to),
        (LAYER_NORM, layer_norm),
        (LAYER_NORM, layer_norm_nd),
        (LAYER_NORM, layer_norm_axis),
        (LAYER_NORM, ln_rnn_step),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_no_right_style_loses_a_mark(slug, make):
    exercise = make.__name__
    styles = list(itertools.product(WIDE, MEAN, VARIANCES, DIVIDED, AFFINE))
    # The same styles each time; another set for each exercise.
    rng = np.random.default_rng(list(exercise.encode()))
    sample = [styles[i] for i in rng.choice(len(styles), SAMPLE, replace=False)]

    assert refusals(slug, exercise, {style: make(style) for style in sample}, SEEDS) == []
