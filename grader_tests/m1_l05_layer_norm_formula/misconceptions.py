"""Wrong answers to the exercises on the layer normalization formula, executable.

A switch is a family of mistakes: two mistakes of one family exclude each other,
mistakes of different families can act together. `paragraph` is the anchor of the
heading in the lesson that explains the idea.
"""

import math

import numpy as np

from grader_tests.shared_misconceptions import SHARED
from nbjudge.naming.bank import misconception

AXES = {
    "features": lambda ndim: (ndim - 1,),
    "batch": lambda ndim: (0,),
    "everything": lambda ndim: tuple(range(ndim)),
    "all but batch": lambda ndim: tuple(range(1, ndim)),
}


def layer_norm_variant(  # noqa: PLR0913 - one switch per family of mistakes
    x,
    gamma,
    beta,
    eps=1e-5,
    *,
    work="at least float32",
    axes="features",
    keepdims=True,
    centering=True,
    variance="of deviations",
    ddof=0,
    divisor="std",
    eps_added="to variance",
    affine="last",
    in_place=False,
    cast_back=True,
):
    """`layer_norm` with its classic mistakes behind switches."""
    wide = _widen(x, work)
    if affine == "first":
        wide = wide * gamma
    axis = AXES[axes](x.ndim)
    mean = wide.mean(axis=axis, keepdims=True) if centering else wide.dtype.type(0)
    spread = _variance(wide, mean, axis, variance, ddof)
    if not keepdims:
        mean, spread = np.squeeze(mean, axis) if centering else mean, np.squeeze(spread, axis)
    centered = wide - mean
    if in_place:
        x -= np.asarray(mean, x.dtype)
    normalized = centered / _divisor(spread, eps, divisor, eps_added)
    result = _affine(normalized, gamma, beta, affine)
    return result.astype(x.dtype, copy=False) if cast_back else result


def _widen(x, work):
    at_least_float32 = np.result_type(x.dtype, np.float32)
    dtypes = {"at least float32": at_least_float32, "dtype of x": x.dtype}
    return x.astype(dtypes.get(work, work), copy=False)


def _variance(wide, mean, axis, variance, ddof):
    """Return the variance with `keepdims`, or what is mistaken for it; `mean` is 0 for RMSNorm."""
    count = math.prod(wide.shape[i] for i in axis)
    if variance == "in one pass":
        squares = np.square(wide).mean(axis=axis, keepdims=True)
        return (squares - np.square(mean)) * count / (count - ddof)
    return np.square(wide - mean).sum(axis=axis, keepdims=True) / (count - ddof)


def _divisor(spread, eps, divisor, eps_added):
    if divisor == "nothing":
        return 1.0
    under_root = {"to variance": eps, "as 1e-5": 1e-5, "squared": eps**2}
    spread = spread + under_root.get(eps_added, 0.0)
    if divisor == "std":
        spread = np.sqrt(spread)
    return spread + eps if eps_added == "to std" else spread


def _affine(normalized, gamma, beta, affine):
    if affine == "ignored":
        return normalized
    if affine == "first":
        return normalized + beta
    if affine == "beta before gamma":
        return (normalized + beta) * gamma
    if affine == "scalar":
        return normalized * gamma[0] + beta[0]
    return normalized * gamma + beta


def _mistake(id, paragraph, **switches):  # noqa: A002 - the field's name
    return misconception(
        id, exercise="layer_norm", switches=switches, paragraph=paragraph, **SHARED[id]
    )


EPS_OUTSIDE_SQRT = _mistake(
    "eps-outside-sqrt", "epsilon-is-added-to-the-variance", eps_added="to std"
)
EPS_OMITTED = _mistake("eps-omitted", "epsilon-is-added-to-the-variance", eps_added="nowhere")
EPS_HARD_CODED = _mistake("eps-hard-coded", "epsilon-is-added-to-the-variance", eps_added="as 1e-5")
EPS_SQUARED = _mistake("eps-squared", "epsilon-is-added-to-the-variance", eps_added="squared")
UNBIASED_VARIANCE = _mistake("unbiased-variance", "the-variance-divides-by-d", ddof=1)
DIVIDE_BY_VARIANCE = _mistake(
    "divide-by-variance", "the-row-is-divided-by-its-standard-deviation", divisor="variance"
)
CENTER_ONLY = _mistake(
    "center-only", "the-row-is-divided-by-its-standard-deviation", divisor="nothing"
)
NO_CENTERING = _mistake("no-centering", "the-mean-is-removed", centering=False)
BATCH_AXIS = _mistake("batch-axis", "one-token-one-mean", axes="batch")
WHOLE_TENSOR = _mistake("whole-tensor", "one-token-one-mean", axes="everything")
ALL_NON_BATCH_AXES = _mistake("all-non-batch-axes", "one-token-one-mean", axes="all but batch")
AFFINE_IGNORED = _mistake("affine-ignored", "gamma-and-beta-come-last", affine="ignored")
BETA_INSIDE_GAMMA = _mistake(
    "beta-inside-gamma", "gamma-and-beta-come-last", affine="beta before gamma"
)
GAMMA_BEFORE_NORM = _mistake("gamma-before-norm", "gamma-and-beta-come-last", affine="first")
SCALAR_AFFINE = _mistake("scalar-affine", "gamma-and-beta-come-last", affine="scalar")
KEEPDIMS_MISSING = _mistake("keepdims-missing", "the-shape-32-50-128", keepdims=False)
MUTATES_INPUT = _mistake("mutates-input", "the-callers-array-stays-as-it-is", in_place=True)
UPCAST_LEAK = _mistake("upcast-leak", "the-result-has-the-dtype-of-x", cast_back=False)
FLOAT64_LEAK = _mistake(
    "float64-leak", "the-result-has-the-dtype-of-x", work="float64", cast_back=False
)
FLOAT32_ALWAYS = _mistake("float32-always", "statistics-need-room", work="float32")
LOW_PRECISION_STATS = _mistake("low-precision-stats", "statistics-need-room", work="dtype of x")
ONE_PASS_VARIANCE = _mistake(
    "one-pass-variance", "subtract-the-mean-before-squaring", variance="in one pass"
)
