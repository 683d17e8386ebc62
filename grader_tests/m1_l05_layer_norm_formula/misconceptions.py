"""Wrong answers to the exercises on the layer normalization formula, executable.

A switch is a family of mistakes: two mistakes of one family exclude each other,
mistakes of different families can act together. `paragraph` is the anchor of the
heading in the lesson that explains the idea. One exercise after the other, each with
its variant; long, for a bank is one file and this lesson has four exercises.
"""

# ruff: noqa: N803 - Wx and Wh are named as in the exercise

import math

import numpy as np

from grader_tests.shared_misconceptions import DEFAULT_FORMS, EPS_FORMS, FIXED_EPS, SHARED
from nbjudge.naming.bank import misconception

AXES = {
    "features": lambda ndim: (ndim - 1,),
    "batch": lambda ndim: (0,),
    "second": lambda ndim: (1,),
    "everything": lambda ndim: tuple(range(ndim)),
    "all but batch": lambda ndim: tuple(range(1, ndim)),
}


def layer_norm_variant(  # noqa: PLR0913 - one switch per family of mistakes
    x,
    gamma,
    beta,
    eps=None,
    *,
    default_eps=1e-5,
    work="at least float32",
    axes="features",
    keepdims=True,
    centering="everywhere",
    variance="of deviations",
    ddof=0,
    divisor="std",
    eps_added="to variance",
    affine="last",
    in_place=False,
    cast_back=True,
):
    """`layer_norm` with its classic mistakes behind switches."""
    eps = default_eps if eps is None else eps
    wide = _widen(x, work)
    if affine == "first":
        wide = wide * gamma
    axis = AXES[axes](x.ndim)
    zero = np.zeros((1,) * x.ndim, wide.dtype)
    mean = zero if centering == "nowhere" else wide.mean(axis=axis, keepdims=True)
    if work == "but for the mean":
        mean = mean.astype(x.dtype)
    spread = _variance(wide, mean, axis, variance, ddof)
    if centering == "in variance":
        mean = zero
    if not keepdims:
        mean = mean if mean is zero else np.squeeze(mean, axis)
        spread = np.squeeze(spread, axis)
    centered = wide - mean
    if in_place:
        x -= np.asarray(mean, x.dtype)
    normalized = centered / _divisor(spread, eps, divisor, eps_added)
    result = _affine(normalized, gamma, beta, affine)
    return result.astype(x.dtype, copy=False) if cast_back else result


def _widen(x, work):
    at_least_float32 = np.result_type(x.dtype, np.float32)
    dtypes = {
        "at least float32": at_least_float32,
        "but for the mean": at_least_float32,
        "dtype of x": x.dtype,
    }
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
    under_root = {"to variance": eps, **FIXED_EPS, "squared": eps**2}
    spread = spread + under_root.get(eps_added, 0.0)
    if divisor == "std":
        spread = np.sqrt(spread)
    return spread + eps if eps_added == "to std" else spread


def _affine(normalized, gamma, beta, affine):
    return {
        "last": lambda: normalized * gamma + beta,
        "ignored": lambda: normalized,
        "first": lambda: normalized + beta,  # gamma came before
        "beta before gamma": lambda: (normalized + beta) * gamma,
        "scalar": lambda: normalized * gamma[0] + beta[0],
        "without gamma": lambda: normalized + beta,
        "without beta": lambda: normalized * gamma,
        "swapped": lambda: normalized * beta + gamma,
    }[affine]()


def _mistake(id, paragraph, *, forms=None, **switches):  # noqa: A002 - the field's name
    return misconception(
        id,
        exercise="layer_norm",
        switches=switches,
        forms=forms,
        paragraph=paragraph,
        **SHARED[id],
    )


EPS_OUTSIDE_SQRT = _mistake(
    "eps-outside-sqrt", "epsilon-is-added-to-the-variance", eps_added="to std"
)
EPS_OMITTED = _mistake("eps-omitted", "epsilon-is-added-to-the-variance", eps_added="nowhere")
EPS_HARD_CODED = _mistake(
    "eps-hard-coded", "epsilon-is-added-to-the-variance", eps_added="as 1e-5", forms=EPS_FORMS
)
EPS_DEFAULT_CHANGED = _mistake(
    "eps-default-changed",
    "epsilon-is-added-to-the-variance",
    default_eps=1e-6,
    forms=DEFAULT_FORMS,
)
EPS_SQUARED = _mistake("eps-squared", "epsilon-is-added-to-the-variance", eps_added="squared")
UNBIASED_VARIANCE = _mistake("unbiased-variance", "the-variance-divides-by-d", ddof=1)
DIVIDE_BY_VARIANCE = _mistake(
    "divide-by-variance", "the-row-is-divided-by-its-standard-deviation", divisor="variance"
)
CENTER_ONLY = _mistake(
    "center-only", "the-row-is-divided-by-its-standard-deviation", divisor="nothing"
)
NO_CENTERING = _mistake("no-centering", "the-mean-is-removed", centering="nowhere")
MEAN_KEPT = _mistake("mean-kept", "the-mean-is-removed", centering="in variance")
BATCH_AXIS = _mistake("batch-axis", "one-token-one-mean", axes="batch")
SECOND_AXIS = _mistake("second-axis", "the-shape-32-50-128", axes="second")
WHOLE_TENSOR = _mistake("whole-tensor", "one-token-one-mean", axes="everything")
ALL_NON_BATCH_AXES = _mistake("all-non-batch-axes", "one-token-one-mean", axes="all but batch")
AFFINE_IGNORED = _mistake("affine-ignored", "gamma-and-beta-come-last", affine="ignored")
BETA_INSIDE_GAMMA = _mistake(
    "beta-inside-gamma", "gamma-and-beta-come-last", affine="beta before gamma"
)
GAMMA_BEFORE_NORM = _mistake("gamma-before-norm", "gamma-and-beta-come-last", affine="first")
GAMMA_FORGOTTEN = _mistake("gamma-forgotten", "gamma-and-beta-come-last", affine="without gamma")
BETA_FORGOTTEN = _mistake("beta-forgotten", "gamma-and-beta-come-last", affine="without beta")
GAMMA_BETA_SWAPPED = _mistake("gamma-beta-swapped", "gamma-and-beta-come-last", affine="swapped")
SCALAR_AFFINE = _mistake("scalar-affine", "gamma-and-beta-come-last", affine="scalar")
KEEPDIMS_MISSING = _mistake("keepdims-missing", "the-shape-32-50-128", keepdims=False)
MUTATES_INPUT = _mistake("mutates-input", "the-callers-array-stays-as-it-is", in_place=True)
UPCAST_LEAK = _mistake("upcast-leak", "the-result-has-the-dtype-of-x", cast_back=False)
FLOAT64_LEAK = _mistake(
    "float64-leak", "the-result-has-the-dtype-of-x", work="float64", cast_back=False
)
FLOAT32_ALWAYS = _mistake("float32-always", "statistics-need-room", work="float32")
LOW_PRECISION_STATS = _mistake("low-precision-stats", "statistics-need-room", work="dtype of x")
LOW_PRECISION_MEAN = _mistake("low-precision-mean", "statistics-need-room", work="but for the mean")
ONE_PASS_VARIANCE = _mistake(
    "one-pass-variance", "subtract-the-mean-before-squaring", variance="in one pass"
)


# layer_norm_nd


def layer_norm_nd_variant(  # noqa: PLR0913 - one switch per family of mistakes
    x,
    normalized_shape,
    gamma=None,
    beta=None,
    eps=1e-5,
    *,
    axes="together",
    x_checked=True,
    parameters_checked=True,
    ddof=0,
    eps_added="to variance",
):
    """`layer_norm_nd` with its classic mistakes behind switches."""
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    if x_checked and x.shape[-len(shape) :] != shape:
        raise ValueError(f"x has shape {x.shape}, which does not end in {shape}")
    for parameter in (gamma, beta):
        if parameters_checked and parameter is not None and parameter.shape != shape:
            raise ValueError(f"a parameter has shape {parameter.shape}; expected {shape}")
    result = x.astype(np.result_type(x.dtype, np.float32), copy=False)
    for axis in _groups(len(shape), axes):
        centered = result - result.mean(axis=axis, keepdims=True)
        result = centered / _spread(result, axis, eps, ddof, eps_added)
    result = result if gamma is None else result * gamma
    result = result if beta is None else result + beta
    return result.astype(x.dtype, copy=False)


def _spread(x, axis, eps, ddof, eps_added):
    """Return what the deviations along some axes are divided by."""
    variance = x.var(axis=axis, ddof=ddof, keepdims=True)
    if eps_added == "to std":
        return np.sqrt(variance) + eps
    return np.sqrt(variance + _added(eps, eps_added))


def _added(eps, eps_added):
    """Return what is added to the variance."""
    return {"to variance": eps, **FIXED_EPS, "nowhere": 0.0}[eps_added]


def _groups(count, axes):
    """Return the axes that are averaged together, one group after the other."""
    trailing = tuple(range(-count, 0))
    groups = {"together": [trailing], "one by one": trailing[::-1], "last": [-1], "first": [0]}
    return groups[axes]


def _nd_mistake(id, paragraph, **options):  # noqa: A002 - the field's name
    return misconception(id, exercise="layer_norm_nd", paragraph=paragraph, **options)


LAST_AXIS_ONLY = _nd_mistake(
    "last-axis-only",
    "several-axes-together",
    belief="A row always lies along the last axis.",
    explanation=(
        "This behaves like normalizing the last axis alone, however many are named. With "
        "normalized_shape (50, 128), an array of shape (32, 50, 128) then has 1600 means; "
        "it needs 32."
    ),
    question="How many numbers share one mean when normalized_shape is (2, 3)?",
    hint="Print the shape of your mean. Which axes should it have lost?",
    switches={"axes": "last"},
)
AXES_SEPARATELY = _nd_mistake(
    "axes-separately",
    "several-axes-together",
    belief="Two axes are normalized by normalizing one and then the other.",
    explanation=(
        "This behaves like normalizing one axis after the other. Each time the rows of one "
        "axis are made alike, and how they differed from each other is lost."
    ),
    question="How many times is something divided by a standard deviation in your code?",
    hint="Try [[0, 0], [1, 3]]: the second row must stay above the first.",
    switches={"axes": "one by one"},
)
FIRST_AXIS = _nd_mistake(
    "batch-axis", "one-token-one-mean", switches={"axes": "first"}, **SHARED["batch-axis"]
)
BROADCAST_GAMMA = _nd_mistake(
    "broadcast-gamma",
    "a-shape-is-a-promise",
    belief="If gamma and beta do not fit, NumPy will say so.",
    explanation=(
        "This behaves like leaving the shapes of gamma and beta to broadcasting. A gamma of "
        "shape (3,) fits (2, 3) and is silently used twice."
    ),
    question="What does your function do with a gamma of shape (1,)?",
    hint="Which shape must gamma have, exactly? Compare, before you compute.",
    switches={"parameters_checked": False},
)
X_UNCHECKED = _nd_mistake(
    "x-unchecked",
    "a-shape-is-a-promise",
    belief="normalized_shape says how many axes there are.",
    explanation=(
        "This behaves like counting the entries of normalized_shape without looking at "
        "them. An x of shape (2, 4) is accepted where 3 features were promised."
    ),
    question="What does your function do with a row of 3 features if 4 are promised?",
    hint="Which part of x.shape must be equal to normalized_shape?",
    switches={"x_checked": False},
)


EPS_OUTSIDE_SQRT_ND = _nd_mistake(
    "eps-outside-sqrt",
    "epsilon-is-added-to-the-variance",
    switches={"eps_added": "to std"},
    **SHARED["eps-outside-sqrt"],
)
EPS_OMITTED_ND = _nd_mistake(
    "eps-omitted",
    "epsilon-is-added-to-the-variance",
    switches={"eps_added": "nowhere"},
    **SHARED["eps-omitted"],
)
EPS_HARD_CODED_ND = _nd_mistake(
    "eps-hard-coded",
    "epsilon-is-added-to-the-variance",
    switches={"eps_added": "as 1e-5"},
    forms=EPS_FORMS,
    **SHARED["eps-hard-coded"],
)
UNBIASED_VARIANCE_ND = _nd_mistake(
    "unbiased-variance",
    "the-variance-divides-by-d",
    switches={"ddof": 1},
    **SHARED["unbiased-variance"],
)


# layer_norm_axis


def layer_norm_axis_variant(  # noqa: PLR0913 - one switch per family of mistakes
    x,
    gamma,
    beta,
    axis,
    eps=1e-5,
    *,
    averaged="axis",
    laid="on axis",
    moved_back=True,
    ddof=0,
    eps_added="to variance",
):
    """`layer_norm_axis` with its classic mistakes behind switches."""
    ndim, place = x.ndim, axis % x.ndim
    axes = {
        "axis": (place,),
        "all but first": tuple(range(1, ndim)),
        "all but axis": tuple(i for i in range(ndim) if i != place),
    }[averaged]
    wide = x.astype(np.result_type(x.dtype, np.float32), copy=False)
    centered = wide - wide.mean(axis=axes, keepdims=True)
    normalized = centered / _spread(wide, axes, eps, ddof, eps_added)
    if laid != "on last":
        wanted = axis if laid == "on axis as given" else place
        lengths = [gamma.size if i == wanted else 1 for i in range(ndim)]
        gamma, beta = gamma.reshape(lengths), beta.reshape(lengths)
    result = (normalized * gamma + beta).astype(x.dtype, copy=False)
    return result if moved_back else np.moveaxis(result, axis, -1)


def _axis_mistake(id, paragraph, **options):  # noqa: A002 - the field's name
    return misconception(id, exercise="layer_norm_axis", paragraph=paragraph, **options)


GAMMA_ON_LAST_AXIS = _axis_mistake(
    "gamma-on-last-axis",
    "gamma-must-lie-along-the-axis",
    switches={"laid": "on last"},
    belief="gamma has one entry per feature, so it finds the features by itself.",
    explanation=(
        "This behaves like laying gamma and beta along the last axis. On images they land on "
        "the columns: an error if the lengths differ, silently wrong numbers if they agree."
    ),
    question="With which axis does broadcasting line up an array of shape (C,)?",
    hint="Which shape must gamma have so that it fits shape (N, C, H, W) along C?",
)
RETURNS_MOVED_AXES = _axis_mistake(
    "returns-moved-axes",
    "the-layout-stays",
    switches={"moved_back": False},
    belief="Once the features are last, the result is done.",
    explanation=(
        "This behaves like moving the features to the end and leaving them there. The numbers "
        "are right, but they lie elsewhere than in x."
    ),
    question="Which shape has your result when x has shape (2, 3, 4, 5) and axis is 1?",
    hint="Whatever you move before the calculation has to be moved back after it.",
)
POSITIVE_ONLY = _axis_mistake(
    "positive-only",
    "axes-may-count-from-the-end",
    switches={"laid": "on axis as given"},
    belief="An axis is a number from 0 up.",
    explanation=(
        "This behaves like comparing axis with positions that count from 0. A negative axis is "
        "none of them, so gamma finds no place and the call fails."
    ),
    question="Which axis of an array with four axes is -3, counted from the front?",
    hint="What is -3 % 4 in Python? And which axis does a list reach with [-3]?",
)
ALL_BUT_FIRST = _axis_mistake(
    "all-but-first",
    "three-conventions-for-images",
    switches={"averaged": "all but first"},
    belief="One image is one mean.",
    explanation=(
        "This behaves like one mean per image. Channels and pixels are averaged together, so "
        "every pixel changes when one of them does."
    ),
    question="If one pixel of an image changes, which pixels of the result may change?",
    hint="Print the shape of your mean. How many axes did it lose, and how many should it?",
)
ALL_BUT_AXIS = _axis_mistake(
    "all-but-axis",
    "three-conventions-for-images",
    switches={"averaged": "all but axis"},
    belief="The named axis is kept, and the others are averaged.",
    explanation=(
        "This behaves like batch normalization: one mean per channel. It is taken over all "
        "axes but the named one, so an image depends on the images beside it."
    ),
    question="Which axis does your mean lose, and which should it lose?",
    hint="Compare with x.mean(axis=...): does it keep the axis that you name, or average it?",
)
EPS_OUTSIDE_SQRT_AXIS = _axis_mistake(
    "eps-outside-sqrt",
    "epsilon-is-added-to-the-variance",
    switches={"eps_added": "to std"},
    **SHARED["eps-outside-sqrt"],
)
EPS_OMITTED_AXIS = _axis_mistake(
    "eps-omitted",
    "epsilon-is-added-to-the-variance",
    switches={"eps_added": "nowhere"},
    **SHARED["eps-omitted"],
)
EPS_HARD_CODED_AXIS = _axis_mistake(
    "eps-hard-coded",
    "epsilon-is-added-to-the-variance",
    switches={"eps_added": "as 1e-5"},
    forms=EPS_FORMS,
    **SHARED["eps-hard-coded"],
)
UNBIASED_VARIANCE_AXIS = _axis_mistake(
    "unbiased-variance",
    "the-variance-divides-by-d",
    switches={"ddof": 1},
    **SHARED["unbiased-variance"],
)


# ln_rnn_step

_SEQUENCE = {}
"""The statistics of the first step of a sequence, for whoever reuses them."""


def ln_rnn_step_variant(  # noqa: PLR0913, PLR0917 - as the exercise, one switch per family
    x_t,
    h,
    Wx,
    Wh,
    gamma,
    beta,
    eps=1e-5,
    *,
    normalized="sum",
    statistics="of each step",
    eps_added="to variance",
):
    """`ln_rnn_step` with its classic mistakes behind switches."""
    from_h, from_x = h @ Wh, x_t @ Wx
    if statistics == "of first step" and not _continues(h):
        _SEQUENCE.clear()

    def norm(values, place):
        found = values.mean(axis=-1, keepdims=True), values.var(axis=-1, keepdims=True)
        kept = _SEQUENCE.setdefault(place, found) if statistics == "of first step" else found
        divisor = np.sqrt(kept[1] + _added(eps, eps_added))
        return (values - kept[0]) / divisor * gamma + beta

    if normalized == "sum":
        result = np.tanh(norm(from_h + from_x, "sum"))
    elif normalized == "sum, and nothing else":
        result = norm(from_h + from_x, "sum")
    elif normalized == "tanh":
        result = norm(np.tanh(from_h + from_x), "sum")
    elif normalized == "each":
        result = np.tanh(norm(from_h, "h") + norm(from_x, "x"))
    else:
        result = np.tanh(norm(from_h, "h") + from_x)
    summed = from_h + from_x
    centered = summed - summed.mean(axis=-1, keepdims=True)
    right = np.tanh(centered / np.sqrt(summed.var(axis=-1, keepdims=True) + eps) * gamma + beta)
    _SEQUENCE["states"] = (result, right)
    return result


def _continues(h):
    """Say whether `h` is the state after the step before: then a sequence goes on.

    It is what that step returned, or what it should have returned: an example takes each
    step from the right state.
    """
    states = _SEQUENCE.get("states", ())
    return any(s.shape == h.shape and np.allclose(s, h, rtol=0, atol=1e-9) for s in states)


def _rnn_mistake(id, paragraph, **options):  # noqa: A002 - the field's name
    return misconception(id, exercise="ln_rnn_step", paragraph=paragraph, **options)


NORM_AFTER_TANH = _rnn_mistake(
    "norm-after-tanh",
    "the-summed-inputs-are-normalized",
    switches={"normalized": "tanh"},
    belief="What leaves the step must have mean 0 and spread 1.",
    explanation=(
        "This behaves like normalizing what tanh returns. Summed inputs that are too large have "
        "been flattened by tanh before the normalization sees them."
    ),
    question="Between which two numbers must every entry of the new state lie?",
    hint="Follow one summed input of 50 through your function. Where is it made small?",
)
NO_TANH = _rnn_mistake(
    "no-tanh",
    "the-summed-inputs-are-normalized",
    switches={"normalized": "sum, and nothing else"},
    belief="The normalized summed inputs are the new state.",
    explanation=(
        "This behaves like returning the summed inputs, normalized, scaled and shifted. The last "
        "step, tanh, is missing: a state may then hold numbers beyond 1."
    ),
    question="Between which two numbers must every entry of the new state lie?",
    hint="Read the formula from the inside out: what stands outermost?",
)
NORM_EACH_TERM = _rnn_mistake(
    "norm-each-term",
    "the-summed-inputs-are-normalized",
    switches={"normalized": "each"},
    belief="State and input are two vectors, so each is normalized.",
    explanation=(
        "This behaves like normalizing both terms and adding them afterwards. Some networks do "
        "that; here state and input then always weigh the same, and beta counts twice."
    ),
    question="How many means are taken for one sample in one step?",
    hint="Read the formula from the inside out: what is complete before the mean is taken?",
)
NORM_HIDDEN_ONLY = _rnn_mistake(
    "norm-hidden-only",
    "the-summed-inputs-are-normalized",
    switches={"normalized": "hidden"},
    belief="It is the state that grows from step to step, so the state is normalized.",
    explanation=(
        "This behaves like adding the input after the normalization. A large input then drives "
        "tanh to 1 or -1, whatever gamma is."
    ),
    question="What must happen to the new state when Wx and Wh both become 7 times as large?",
    hint="Which of the two terms does your mean not know about?",
)
SHARED_TIME_STATS = _rnn_mistake(
    "shared-time-stats",
    "every-step-has-its-own-statistics",
    switches={"statistics": "of first step"},
    belief="Mean and variance belong to the layer, so the first step fixes them.",
    explanation=(
        "This behaves like keeping the mean and variance of a sequence's first step. Later steps "
        "are divided by a spread that is not theirs."
    ),
    question="Does your function give the same result when it is called twice with the same "
    "arguments, whatever was called between?",
    hint="What does your function remember from one call to the next? It should be nothing.",
)
EPS_OMITTED_STEP = _rnn_mistake(
    "eps-omitted",
    "epsilon-is-added-to-the-variance",
    switches={"eps_added": "nowhere"},
    **SHARED["eps-omitted"],
)
EPS_HARD_CODED_STEP = _rnn_mistake(
    "eps-hard-coded",
    "epsilon-is-added-to-the-variance",
    switches={"eps_added": "as 1e-5"},
    forms=EPS_FORMS,
    **SHARED["eps-hard-coded"],
)
