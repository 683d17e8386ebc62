"""Wrong answers to the exercises on distributions in neural networks, executable.

A switch is a family of mistakes: two mistakes of one family exclude each other,
mistakes of different families can act together. `paragraph` is the anchor of the
heading in the lesson that explains the idea. Every number in the texts was computed
in float64. Longer than other modules because most of it is one table of texts.
"""

import numpy as np

from grader_tests.shared_misconceptions import DEFAULT_FORMS, EPS_FORMS, FIXED_EPS, SHARED
from nbjudge.naming.bank import misconception


def moments_variant(  # noqa: PLR0913 - one switch per family of mistakes
    x,
    axis=-1,
    *,
    about="mean",
    kurtosis="excess",
    unit="std",
    ddof=0,
    constant="equal entries",
    flat=0,
    keepdims=True,
    along="axis",
    root=False,
    in_place=False,
):
    """`moments` with its classic mistakes behind switches."""
    axis = -1 if along == "last" else axis
    count = x.shape[axis]
    mean = x.mean(axis=axis, keepdims=keepdims)
    deviations = x - mean
    variance = (deviations**2).sum(axis=axis) / (count - ddof)
    powered = x if about == "0" else deviations
    m3, m4 = (powered**3).mean(axis=axis), (powered**4).mean(axis=axis)
    divisors = {"std": (variance**1.5, variance**2), "variance": (variance, variance)}
    with np.errstate(invalid="ignore", divide="ignore"):
        skew, fourth = (m / d for m, d in zip((m3, m4), divisors.get(unit, (1, 1)), strict=True))
    is_constant = {
        "equal entries": np.ptp(x, axis=axis) == 0,
        "computed variance": variance == 0,
        "small variance": variance < 1e-8,
    }.get(constant, np.zeros(variance.shape, bool))
    excess = fourth if kurtosis == "raw" else fourth - 3
    result = {
        "mean": x.mean(axis=axis),
        "var": np.sqrt(variance) if root else variance,
        "skew": np.where(is_constant, 0, skew)[()],  # one row: a number, not an array
        "ex_kurt": np.where(is_constant, flat, excess)[()],
    }
    if in_place:
        x -= x.mean(axis=axis, keepdims=True)
    return result


def activation_trace_variant(  # noqa: PLR0913 - one switch per family of mistakes
    x,
    weights,
    norm,
    eps=None,
    *,
    default_eps=1e-5,
    recorded="into relu",
    norm_at="before relu",
    axes="features",
    eps_added="to variance",
    ddof=0,
    eaten="previous",
    relu=True,
    second="std",
    summary="all entries",
    transposed=False,
):
    """`activation_trace` with its classic mistakes behind switches."""
    eps = default_eps if eps is None else eps
    trace, h = [], x
    normalize = {"never": False, "always": True}.get(norm_at, norm)
    for w in weights:
        h = x if eaten == "input" else h
        if normalize and norm_at == "of inputs":
            h = _normalized(h, eps, axes, eps_added, ddof)
        raw = h @ (w.T if transposed else w)
        normalized = _normalized(raw, eps, axes, eps_added, ddof) if normalize else raw
        z = raw if norm_at in ("after relu", "of a copy", "of inputs") else normalized
        h = np.maximum(z, 0) if relu else z
        if normalize and norm_at == "after relu":
            h = _normalized(h, eps, axes, eps_added, ddof)
        shown = normalized if norm_at == "of a copy" else z
        shown = {"after relu": h, "before norm": raw}.get(recorded, shown)
        trace.append(_summary(shown, summary, second))
    return np.array(trace, x.dtype).reshape(-1, 2)


def _normalized(z, eps, axes, eps_added, ddof):
    axis = {"features": -1, "batch": 0, "everything": None}[axes]
    count = z.size if axis is None else z.shape[axis]
    centered = z - z.mean(axis=axis, keepdims=True)
    variance = (centered**2).sum(axis=axis, keepdims=True) / (count - ddof)
    under_root = {"to variance": eps, **FIXED_EPS}.get(eps_added, 0.0)
    return centered / (np.sqrt(variance + under_root) + (eps if eps_added == "to std" else 0.0))


def _summary(z, summary, second):
    spread = np.var if second == "var" else np.std
    if summary == "tokens":
        return z.mean(), spread(z, axis=-1).mean()
    if summary == "features":
        return z.mean(), spread(z, axis=0).mean()
    return z.mean(), spread(z)


def drift_score_variant(  # noqa: PLR0913 - one switch per family of mistakes
    a,
    b,
    eps=1e-8,
    *,
    spread="pooled",
    divisor="std",
    along=0,
    signed=False,
    eps_added="to variance",
    ddof=0,
    total="mean",
):
    """`drift_score` with its classic mistakes behind switches."""
    n, m = a.shape[along or 0], b.shape[along or 0]
    var_a, var_b = a.var(axis=along, ddof=ddof), b.var(axis=along, ddof=ddof)
    variance = {
        "pooled": lambda: (var_a + var_b) / 2,
        "of a": lambda: var_a,
        "of b": lambda: var_b,
        "summed": lambda: var_a + var_b,
        "by size": lambda: (n * var_a + m * var_b) / (n + m),
        "together": lambda: np.concatenate([a, b]).var(axis=along, ddof=ddof),
        "mean of stds": lambda: ((np.sqrt(var_a) + np.sqrt(var_b)) / 2) ** 2,
    }[spread]()
    gap = a.mean(axis=along) - b.mean(axis=along)
    gap = -gap if signed == "after minus before" else gap if signed else np.abs(gap)
    spread = _drift_divisor(variance, eps, divisor, eps_added)
    if signed == "until the end":
        return float(abs(np.mean(gap / spread)))
    if total == "ratio of means":
        return float(np.mean(gap) / np.mean(spread))
    return float({"mean": np.mean, "sum": np.sum, "max": np.max}[total](gap / spread))


def _drift_divisor(variance, eps, divisor, eps_added):
    if divisor == "nothing":
        return 1.0
    under_root = {"to variance": eps, **FIXED_EPS, "halved": eps / 2}.get(eps_added, 0.0)
    if divisor == "variance":
        return variance + under_root
    return np.sqrt(variance + under_root) + (eps if eps_added == "to std" else 0.0)


def _moments(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    texts = {**SHARED.get(id, {}), **texts}
    return misconception(id, exercise="moments", paragraph=paragraph, switches=switches, **texts)


def _trace(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    texts = {**SHARED.get(id, {}), **texts}
    return misconception(
        id, exercise="activation_trace", paragraph=paragraph, switches=switches, **texts
    )


def _drift(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    texts = {**SHARED.get(id, {}), **texts}
    return misconception(
        id, exercise="drift_score", paragraph=paragraph, switches=switches, **texts
    )


# moments

RAW_KURTOSIS = _moments(
    "raw-kurtosis",
    "four-numbers-for-a-distribution",
    {"kurtosis": "raw"},
    belief="The kurtosis is the mean fourth power, in units of the spread.",
    explanation=(
        "This behaves like returning the kurtosis itself. The *excess* kurtosis compares it with "
        "that of a bell curve, so it is 0 for a bell curve and may be negative."
    ),
    question="What should ex_kurt be for many numbers drawn from a bell curve, and what is yours?",
    hint="The mean fourth power of a bell curve with spread 1 stands in the text.",
)
RAW_MOMENTS = _moments(
    "raw-moments",
    "four-numbers-for-a-distribution",
    {"about": "0"},
    belief="A moment is a mean of powers of the numbers.",
    explanation=(
        "This behaves like taking the third and fourth powers of the numbers themselves. If 100 "
        "is added to all of them, skew and ex_kurt change, though the shape is the same."
    ),
    question="What must happen to the skew when 100 is added to every number?",
    hint="Powers of what tell how far the numbers lie to one side?",
)
UNBIASED_VARIANCE = _moments(
    "unbiased-variance",
    "four-numbers-for-a-distribution",
    {"ddof": 1},
    explanation=(
        "This behaves like dividing by n - 1. For four numbers the variance comes out 4/3 = 1.333 "
        "times too large, and the skew is measured in a unit that is too large as well."
    ),
)
NAN_ON_CONSTANT = _moments(
    "nan-on-constant",
    "when-there-is-no-shape",
    {"constant": "not looked at"},
    belief="Real numbers always vary, so the spread is never 0.",
    explanation=(
        "This behaves like dividing by the spread whatever it is. Equal numbers have the spread "
        "0, and 0/0 is NaN; a unit that never fires gives exactly such numbers."
    ),
    question="What does your function return for the row [3, 3, 3, 3]?",
    hint="Follow that row by hand up to the division. What does the docstring ask for?",
)
MINUS_THREE_ON_CONSTANT = _moments(
    "minus-three-on-constant",
    "when-there-is-no-shape",
    {"flat": -3},
    belief="If nothing is divided by 0, equal numbers need no further thought.",
    explanation=(
        "This behaves like subtracting the 3 of a bell curve from equal numbers too. Their fourth "
        "powers are 0, so -3 comes out, less than any distribution has."
    ),
    question="Which excess kurtosis does your function return for the row [3, 3, 3, 3]?",
    hint="Follow that row through every line of yours, the last subtraction included.",
)
ROUNDING_IS_SPREAD = _moments(
    "rounding-is-spread",
    "when-there-is-no-shape",
    {"constant": "computed variance"},
    belief="Equal numbers have the computed variance 0.",
    explanation=(
        "This behaves like asking whether the computed variance is 0. The mean of 0.1, 0.1 and "
        "0.1 is rounded to a neighbour of 0.1, and the rounding is taken for a distribution: "
        "skew -1, excess kurtosis -2."
    ),
    question="Which variance does your function compute for [0.1, 0.1, 0.1]?",
    hint="How can you see that numbers are equal without computing a mean?",
)
SMALL_IS_CONSTANT = _moments(
    "small-is-constant",
    "when-there-is-no-shape",
    {"constant": "small variance"},
    belief="A variance below some tiny number is as good as 0.",
    explanation=(
        "This behaves like taking small numbers for equal ones. Skew and excess kurtosis have no "
        "unit: numbers around 0.00001 have them as well as numbers around 1."
    ),
    question="What must happen to the skew when every number is divided by a million?",
    hint="Compare the numbers with each other, not with a limit of your choice.",
)
NOT_STANDARDIZED = _moments(
    "not-standardized",
    "four-numbers-for-a-distribution",
    {"unit": "none"},
    belief="Skew and kurtosis are the mean third and fourth power of the deviations.",
    explanation=(
        "This behaves like leaving out the division by the spread. Ten times the numbers then "
        "have a thousand times the skew, though their shape is the same."
    ),
    question="If the numbers are in metres, what is the unit of your skew?",
    hint="Shape should not depend on the unit. In which unit could you measure each deviation?",
)
DIVIDED_BY_VARIANCE = _moments(
    "divided-by-variance",
    "four-numbers-for-a-distribution",
    {"unit": "variance"},
    belief="Both are divided by the variance.",
    explanation=(
        "This behaves like dividing the mean third and fourth power by the variance. If the "
        "numbers are in metres, the skew is still in metres."
    ),
    question="If the numbers are in metres, what is the unit of your skew?",
    hint="Which power of the spread has the unit of a third power, and which of a fourth?",
)
STANDARD_DEVIATION = _moments(
    "standard-deviation",
    "four-numbers-for-a-distribution",
    {"root": True},
    belief="Variance and standard deviation are two words for the same number.",
    explanation=(
        "This behaves like returning the standard deviation, the root of the variance, as var. "
        "For [1, 2, 3, 4] that is 1.118 where 1.25 was asked for."
    ),
    question="If x is in metres, what is the unit of var?",
    hint="Which of the two is a mean of squares?",
)
KEEPDIMS_MISSING = _moments(
    "keepdims-missing", "four-numbers-for-a-distribution", {"keepdims": False}
)
AXIS_IGNORED = _moments(
    "axis-ignored",
    "four-numbers-for-a-distribution",
    {"along": "last"},
    belief="The numbers of one distribution always lie along the last axis.",
    explanation=(
        "This behaves like averaging along the last axis, whatever axis is. With shape (2, 3) and "
        "axis=0 it returns 2 numbers where 3 were asked for."
    ),
    question="Which shape must each of the four have for x of shape (2, 3) and axis=0?",
    hint="Search your code for -1: which of them should be axis?",
)
MUTATES_INPUT = _moments("mutates-input", "what-can-go-wrong", {"in_place": True})

# activation_trace

STAT_AFTER_RELU = _trace(
    "stat-after-relu",
    "a-trace-through-the-layers",
    {"recorded": "after relu"},
    belief="The numbers of a layer are those that it hands on.",
    explanation=(
        "This behaves like recording what comes out of ReLU. No mean can be negative there, and "
        "half of the spread is cut away."
    ),
    question="Can a mean in your trace be negative?",
    hint="Two lists belong to a layer, one on each side of ReLU. Which one is asked for?",
)
NORM_AFTER_RELU = _trace(
    "norm-after-relu",
    "where-the-normalization-stands",
    {"norm_at": "after relu"},
    belief="A layer is normalized when it is complete, after its ReLU.",
    explanation=(
        "This behaves like normalizing what comes out of ReLU. What goes into ReLU, and is "
        "recorded, is then not normalized."
    ),
    question="With norm=True, which mean should every line of the trace have?",
    hint="Write down the order of three things: matrix, ReLU, normalization.",
)
NORM_OF_INPUTS = _trace(
    "norm-of-inputs",
    "where-the-normalization-stands",
    {"norm_at": "of inputs"},
    belief="A layer normalizes what comes in, then multiplies.",
    explanation=(
        "This behaves like normalizing what comes into a layer, before its matrix. What the "
        "matrix makes of it goes into ReLU as it is. (Some networks are built so.)"
    ),
    question="With norm=True, which mean should every line of the trace have?",
    hint="Write down the order of three things: matrix, ReLU, normalization.",
)
NORM_NOT_FED_FORWARD = _trace(
    "norm-not-fed-forward",
    "where-the-normalization-stands",
    {"norm_at": "of a copy"},
    belief="Normalization is something that is looked at, the network goes on with its numbers.",
    explanation=(
        "This behaves like recording normalized numbers and handing on those that are not. The "
        "trace looks stable, and the network behind it is not."
    ),
    question="Which of your variables is recorded, and which one goes into ReLU?",
    hint="With a large eps the two cannot be confused: follow two layers by hand.",
)
NORM_IGNORED = _trace(
    "norm-ignored",
    "where-the-normalization-stands",
    {"norm_at": "never"},
    belief="The trace is that of the plain network.",
    explanation="This behaves like norm=False, whatever is passed.",
    question="What changes in your result when the caller passes norm=True?",
    hint="Search your code for norm: does it decide anything?",
)
NORM_ALWAYS = _trace(
    "norm-always",
    "where-the-normalization-stands",
    {"norm_at": "always"},
    belief="The trace is that of the network with normalization.",
    explanation="This behaves like norm=True, whatever is passed.",
    question="What changes in your result when the caller passes norm=False?",
    hint="Search your code for norm: does it decide anything?",
)
RECORDED_BEFORE_NORM = _trace(
    "recorded-before-norm",
    "a-trace-through-the-layers",
    {"recorded": "before norm"},
    belief="What is recorded is the product with the matrix.",
    explanation=(
        "This behaves like recording before the normalization. The network is right; the trace "
        "shows numbers that ReLU never sees."
    ),
    question="With norm=True, which numbers go into ReLU?",
    hint="At which line of your loop do you record, and at which line does ReLU stand?",
)
BATCH_AXIS = _trace("batch-axis", "where-the-normalization-stands", {"axes": "batch"})
WHOLE_TENSOR = _trace("whole-tensor", "where-the-normalization-stands", {"axes": "everything"})
EPS_OUTSIDE_SQRT = _trace(
    "eps-outside-sqrt", "where-the-normalization-stands", {"eps_added": "to std"}
)
EPS_HARD_CODED = _trace(
    "eps-hard-coded",
    "where-the-normalization-stands",
    {"eps_added": "as 1e-5"},
    forms=EPS_FORMS,
)
TRACE_EPS_DEFAULT = _trace(
    "eps-default-changed",
    "where-the-normalization-stands",
    {"default_eps": 1e-6},
    forms=DEFAULT_FORMS,
)
TRACE_EPS_OMITTED = _trace(
    "eps-omitted", "where-the-normalization-stands", {"eps_added": "nowhere"}
)
TRACE_UNBIASED_VARIANCE = _trace("unbiased-variance", "where-the-normalization-stands", {"ddof": 1})
SAME_INPUT = _trace(
    "same-input",
    "a-trace-through-the-layers",
    {"eaten": "input"},
    belief="Every layer works on the input.",
    explanation=(
        "This behaves like giving x to every layer. Layer 2 must get what layer 1 handed on."
    ),
    question="What goes into your second layer?",
    hint="Which variable has to change from one turn of the loop to the next?",
)
NO_RELU = _trace(
    "no-relu",
    "a-trace-through-the-layers",
    {"relu": False},
    belief="A layer is a matrix.",
    explanation=(
        "This behaves like a network without ReLU. The first line of the trace is right; from the "
        "second on, negative numbers are handed on that ReLU would have set to 0."
    ),
    question="Can a number that goes into your second matrix be negative?",
    hint="Where in your loop do negative numbers become 0?",
)
VARIANCE_RECORDED = _trace(
    "variance-recorded",
    "a-trace-through-the-layers",
    {"second": "var"},
    belief="Spread is spread, so the variance will do.",
    explanation=(
        "This behaves like recording the variance. It is the square of what is asked for: for a "
        "spread of 10 it says 100."
    ),
    question="If all matrices were twice as large, by how much would your second column grow?",
    hint="Which of the two has the unit of the numbers themselves?",
)
MEAN_OF_TOKEN_STDS = _trace(
    "mean-of-token-stds",
    "a-trace-through-the-layers",
    {"summary": "tokens"},
    belief="The spread of a layer is the mean of its tokens' spreads.",
    explanation=(
        "This behaves like averaging one standard deviation for each token. How far the tokens' "
        "own means lie apart is lost on the way."
    ),
    question="How many standard deviations do you compute in one layer?",
    hint="If every token had equal entries, but each its own, what should the spread be?",
)
MEAN_OF_FEATURE_STDS = _trace(
    "mean-of-feature-stds",
    "a-trace-through-the-layers",
    {"summary": "features"},
    belief="The spread of a layer is the mean of its features' spreads.",
    explanation=(
        "This behaves like averaging one standard deviation for each feature. How far the "
        "features' own means lie apart is lost on the way."
    ),
    question="How many standard deviations do you compute in one layer?",
    hint="If every feature were the same in all tokens, what should the spread be?",
)
TRANSPOSED_WEIGHT = _trace(
    "transposed-weight",
    "a-trace-through-the-layers",
    {"transposed": True},
    belief="A matrix may stand either way round.",
    explanation=(
        "This behaves like multiplying by the transposed matrices. Square ones hide it; with a "
        "matrix of shape (3, 5) there is an error."
    ),
    question="For x of shape (N, D) and a matrix of shape (D, H), which product has shape (N, H)?",
    hint="Try matrices that are not square.",
)

# drift_score

NO_POOLING = _drift(
    "no-pooling",
    "how-far-a-distribution-has-moved",
    {"spread": "of a"},
    belief="The spread at the start is the yardstick.",
    explanation=(
        "This behaves like dividing by the spread of a alone. Swapping a and b then changes the "
        "score."
    ),
    question="What must happen to the score when a and b are swapped?",
    hint="Two groups have two variances. Does your divisor see both?",
)
ONLY_B = _drift(
    "only-b",
    "how-far-a-distribution-has-moved",
    {"spread": "of b"},
    belief="The spread at the end is the yardstick.",
    explanation=(
        "This behaves like dividing by the spread of b alone. Swapping a and b then changes the "
        "score."
    ),
    question="What must happen to the score when a and b are swapped?",
    hint="Two groups have two variances. Does your divisor see both?",
)
STD_AVERAGED = _drift(
    "std-averaged",
    "how-far-a-distribution-has-moved",
    {"spread": "mean of stds"},
    belief="The common spread is the mean of the two standard deviations.",
    explanation=(
        "This behaves like averaging the standard deviations. With 1 and 7 that gives 4; the root "
        "of the mean square is 5."
    ),
    question="Which of the two may be averaged: standard deviations, or their squares?",
    hint="Take the root last.",
)
VARIANCES_SUMMED = _drift(
    "variances-summed",
    "how-far-a-distribution-has-moved",
    {"spread": "summed"},
    belief="The variance of a difference is the sum of the variances.",
    explanation=(
        "This behaves like adding the variances without halving them. All scores come out "
        "1/sqrt(2) = 0.707 times as large."
    ),
    question="If both groups have the variance 4, what is their common variance?",
    hint="Compare your divisor with the formula, factor by factor.",
)
WEIGHTED_BY_SIZE = _drift(
    "weighted-by-size",
    "how-far-a-distribution-has-moved",
    {"spread": "by size"},
    belief="The larger group counts more.",
    explanation=(
        "This behaves like weighting each variance by its number of samples. In this score both "
        "groups count the same, so that a long recording does not outvote a short one."
    ),
    question="Does the score change when every sample of b is there twice?",
    hint="Where do N and M enter your divisor, and where do they stand in the formula?",
)
SPREAD_TOGETHER = _drift(
    "spread-together",
    "how-far-a-distribution-has-moved",
    {"spread": "together"},
    belief="The common spread is that of all samples in one list.",
    explanation=(
        "This behaves like taking the variance of both groups put together. The drift itself is "
        "then part of the yardstick: with equal groups the score can never exceed 2."
    ),
    question="If b moves farther and farther away from a, what becomes of your divisor?",
    hint="Each group spreads around its own mean.",
)
PER_TOKEN = _drift(
    "per-token",
    "how-far-a-distribution-has-moved",
    {"along": -1},
    belief="Statistics are taken over the features.",
    explanation=(
        "This behaves like one mean for each sample, over its features. The drift of a feature is "
        "asked for, over the samples; and sample 1 of a has nothing to do with sample 1 of b."
    ),
    question="How many means does a have, if its shape is (100, 8)?",
    hint="Give a and b different numbers of samples.",
)
WHOLE_ARRAY = _drift(
    "whole-array",
    "how-far-a-distribution-has-moved",
    {"along": None},
    belief="A batch has one mean and one spread.",
    explanation=(
        "This behaves like one mean and one variance for each array. If one feature goes up and "
        "another down by as much, it sees nothing."
    ),
    question="How many means does a have, if its shape is (100, 8)?",
    hint="Print the shape of your means, and count the features.",
)
SIGNED = _drift(
    "signed",
    "how-far-a-distribution-has-moved",
    {"signed": True},
    belief="A drift has a direction, so its sign stays.",
    explanation=(
        "This behaves like averaging drifts with their signs, before minus after. One feature "
        "that goes up and one that goes down cancel, and the score may be negative."
    ),
    question="What is your score when feature 1 moves up by one spread and feature 2 down?",
    hint="A score that says how far is never negative. Which function forgets the direction?",
)
SIGNED_FORWARD = _drift(
    "signed-after-minus-before",
    "how-far-a-distribution-has-moved",
    {"signed": "after minus before"},
    belief="A drift has a direction, so its sign stays.",
    explanation=(
        "This behaves like averaging drifts with their signs, after minus before. One feature "
        "that goes up and one that goes down cancel, and the score may be negative."
    ),
    question="What is your score when feature 1 moves up by one spread and feature 2 down?",
    hint="A score that says how far is never negative. Which function forgets the direction?",
)
ABSOLUTE_LAST = _drift(
    "absolute-last",
    "how-far-a-distribution-has-moved",
    {"signed": "until the end"},
    belief="It is enough if the result is not negative.",
    explanation=(
        "This behaves like forgetting the direction after the mean over the features. A feature "
        "that goes up and one that goes down have cancelled by then."
    ),
    question="What is your score when feature 1 moves up by one spread and feature 2 down?",
    hint="At which line of yours does a feature lose its sign, and at which do features meet?",
)
DIVIDE_BY_VARIANCE = _drift(
    "divide-by-variance",
    "how-far-a-distribution-has-moved",
    {"divisor": "variance"},
    explanation=(
        "This behaves like dividing by the variance without taking its root. Ten times larger "
        "numbers then give a tenth of the score."
    ),
    hint="Multiply a and b by 10. How much does the gap grow, and how much your divisor?",
    belief="The gap is measured in units of the variance.",
)
NO_SPREAD = _drift(
    "no-spread",
    "how-far-a-distribution-has-moved",
    {"divisor": "nothing"},
    belief="A drift is the distance of the means.",
    explanation=(
        "This behaves like averaging the distances of the means as they are. A feature measured "
        "in millimetres drifts a thousand times as far as one in metres."
    ),
    question="What must happen to the score when a and b are both multiplied by 1000?",
    hint="Is a distance of 1 a lot? What do you have to know to say so?",
)
DRIFT_EPS_OUTSIDE = _drift(
    "eps-outside-sqrt",
    "how-far-a-distribution-has-moved",
    {"eps_added": "to std"},
    explanation=(
        "This behaves like adding eps after the square root was taken. With a standard deviation "
        "of 0.1 and eps = 0.01 the score comes out 0.91 times a plain one; it should be 0.71."
    ),
)
DRIFT_EPS_HARD_CODED = _drift(
    "eps-hard-coded",
    "how-far-a-distribution-has-moved",
    {"eps_added": "as 1e-8"},
    forms=EPS_FORMS,
    explanation=(
        "This behaves like adding one fixed number whatever the caller passes. With a variance of "
        "1, eps = 3 must halve the score; here it does not."
    ),
    question="What changes in your result when the caller passes eps=3?",
)
EPS_HALVED = _drift(
    "eps-halved",
    "how-far-a-distribution-has-moved",
    {"eps_added": "halved"},
    belief="All that stands under the root is halved.",
    explanation=(
        "This behaves like adding eps before the sum is halved, so that half of it counts. With "
        "variances of 1 and eps = 3 the divisor is 1.58; it should be 2."
    ),
    question="If both variances are 0 and eps is 4, what do you divide by?",
    hint="Count the parentheses: what is complete before eps is added?",
)
DRIFT_EPS_OMITTED = _drift(
    "eps-omitted",
    "how-far-a-distribution-has-moved",
    {"eps_added": "nowhere"},
    explanation=(
        "This behaves like dividing by the bare spread. eps has no effect, and a feature that is "
        "the same in all samples gives 0/0, which is NaN."
    ),
    question="What does your function return if a unit never fires, in a and in b?",
)
DRIFT_UNBIASED_VARIANCE = _drift(
    "unbiased-variance",
    "how-far-a-distribution-has-moved",
    {"ddof": 1},
    belief="A batch is a sample, so its variance divides by N - 1.",
    explanation=(
        "This behaves like dividing by N - 1. With two samples in each group the score comes out "
        "0.707 times as large, and with a single one there is none."
    ),
    question="How many squared deviations do you sum per feature, and by what do you divide?",
)
SUM_OVER_FEATURES = _drift(
    "sum-over-features",
    "how-far-a-distribution-has-moved",
    {"total": "sum"},
    belief="The drift of a layer is the sum of the drifts of its features.",
    explanation=(
        "This behaves like summing over the features. A layer twice as wide then drifts twice as "
        "far, though every feature drifts the same."
    ),
    question="What becomes of your score when every feature is there twice?",
    hint="Two layers of different widths are to be compared.",
)
RATIO_OF_MEANS = _drift(
    "ratio-of-means",
    "how-far-a-distribution-has-moved",
    {"total": "ratio of means"},
    belief="Average first and divide once: that is the same.",
    explanation=(
        "This behaves like dividing the mean distance by the mean spread. A feature that spreads "
        "widely then drowns all others: a unit in millimetres outvotes one in metres."
    ),
    question="What must happen to the score when one feature alone is written in another unit?",
    hint="Which comes first in the formula, the division or the mean over the features?",
)
LARGEST_FEATURE = _drift(
    "largest-feature",
    "how-far-a-distribution-has-moved",
    {"total": "max"},
    belief="The drift of a layer is that of its worst feature.",
    explanation=(
        "This behaves like returning the largest drift of all features. A single feature then "
        "speaks for the whole layer."
    ),
    question="If one of 100 features moves by 5 spreads and no other moves, what is the score?",
    hint="Which word of the formula says what happens to the features' drifts?",
)
