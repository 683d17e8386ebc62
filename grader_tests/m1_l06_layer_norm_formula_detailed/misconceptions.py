"""Wrong answers to the exercises on layer normalization in detail, executable.

A switch is a family of mistakes: two mistakes of one family exclude each other,
mistakes of different families can act together. `paragraph` is the anchor of the
heading in the lesson that explains the idea. Every number in the texts was computed
in float64. One exercise after the other, each with its variant; long, for a bank is
one file and this lesson has six exercises.
"""

import numpy as np

from grader_tests.shared_misconceptions import DEFAULT_FORMS, EPS_FORMS, FIXED_EPS, SHARED
from nbjudge.naming.bank import misconception

SHRINK = "how-much-epsilon-takes"
KEEP = "what-the-way-back-needs"
ROWS = "beta-and-gamma-collect-from-all-rows"
SCALE = "back-through-the-scale"
SPREAD = "back-through-the-spread"
MEAN = "back-through-the-mean"
COMPACT = "three-paths-one-formula"
PROJECTION = "two-directions-are-lost"
OUTPUT = "back-from-the-output"


# output_std


def output_std_variant(sigma, eps=1e-5, *, formula="right", eps_added="to variance"):
    """`output_std` with its classic mistakes behind switches."""
    variance = sigma if formula == "sigma is the variance" else np.square(sigma)
    under_root = {"to variance": eps, **FIXED_EPS, "squared": eps**2, "to std": 0.0}
    divisor = np.sqrt(variance + under_root[eps_added])
    if eps_added == "to std":
        divisor = divisor + eps
    return {
        "one": lambda: sigma / sigma,
        "inflated": lambda: divisor / sigma,
        "not divided": lambda: divisor,
        "variance": lambda: (sigma / divisor) ** 2,
    }.get(formula, lambda: sigma / divisor)()


def _std(id, switches, **texts):  # noqa: A002 - the field's name
    texts = {**SHARED.get(id, {}), **texts}
    return misconception(id, exercise="output_std", paragraph=SHRINK, switches=switches, **texts)


ALWAYS_ONE = _std(
    "always-one",
    {"formula": "one"},
    belief="A normalized row has standard deviation 1.",
    explanation=(
        "This behaves like dividing sigma by itself. That is 1 only for eps = 0: with sigma = "
        "0.003 and eps = 0.00001 it is 0.69. And 0/0 is no number."
    ),
    question="What is the result when sigma squared and eps are equal?",
    hint="By what does layer normalization divide? It is not sigma alone.",
)
STD_EPS_OUTSIDE = _std(
    "eps-outside-sqrt",
    {"eps_added": "to std"},
    explanation=(
        "This behaves like adding eps after the root was taken. With sigma = 0.001 and eps = "
        "0.00001 it gives 0.99; the right answer is 0.30."
    ),
)
INFLATES = _std(
    "inflates",
    {"formula": "inflated"},
    belief="Epsilon increases the standard deviation.",
    explanation=(
        "This behaves like the fraction turned over. Epsilon makes the divisor larger, so the "
        "result gets smaller: it is never above 1."
    ),
    question="A number is divided by something that grows. Does the quotient grow or shrink?",
    hint="A row with standard deviation sigma is divided by a number. What is that number, and "
    "what was the numerator?",
)
DIVISOR_RETURNED = _std(
    "divisor-returned",
    {"formula": "not divided"},
    belief="After the normalization the spread is the divisor.",
    explanation=(
        "This behaves like returning the number that the row is divided by. The row still has to "
        "be divided by it."
    ),
    question="For sigma = 100, what should come out, and what does your function return?",
    hint="Multiplying or dividing a row by a number does the same to its standard deviation.",
)
VARIANCE_RETURNED = _std(
    "variance-returned",
    {"formula": "variance"},
    belief="Spread is spread: variance or standard deviation.",
    explanation=(
        "This behaves like returning the variance of the output. That is the square of what is "
        "asked for."
    ),
    question="With sigma = 1 and eps = 3, the divisor is 2. What becomes of sigma?",
    hint="Which of the two words is in the name of the function?",
)
SIGMA_IS_VARIANCE = _std(
    "sigma-is-variance",
    {"formula": "sigma is the variance"},
    belief="Sigma is what eps is added to.",
    explanation=(
        "This behaves like adding eps to sigma under the root. Epsilon has the units of a "
        "variance, and sigma is its root."
    ),
    question="If sigma is in metres, in what is eps?",
    hint="What has to be done to sigma before eps may be added?",
)
STD_EPS_HARD_CODED = _std(
    "eps-hard-coded",
    {"eps_added": "as 1e-5"},
    forms=EPS_FORMS,
    explanation=(
        "This behaves like adding one fixed number whatever the caller passes. With sigma = 1 and "
        "eps = 3 the result must be 0.5; here it does not shrink."
    ),
)
STD_EPS_SQUARED = _std("eps-squared", {"eps_added": "squared"})


# ln_forward


def ln_forward_variant(  # noqa: PLR0913 - one switch per family of mistakes
    x,
    gamma,
    beta,
    eps=None,
    *,
    default_eps=1e-5,
    work="at least float32",
    axis=-1,
    ddof=0,
    eps_added="to variance",
    one_pass=False,
    cast_back=True,
    cached="x_hat",
    scale="rstd",
    scale_axis_kept=True,
    gamma_copied=True,
):
    """`ln_forward` with its classic mistakes behind switches."""
    eps = default_eps if eps is None else eps
    dtype = x.dtype if work == "dtype of x" else np.result_type(x.dtype, np.float32)
    wide = x.astype(dtype, copy=False)
    mean = wide.mean(axis=axis, keepdims=True)
    if one_pass:
        variance = np.square(wide).mean(axis=axis, keepdims=True) - np.square(mean)
    else:
        variance = np.square(wide - mean).mean(axis=axis, keepdims=True)
    variance = variance * (x.shape[axis] / (x.shape[axis] - ddof)) if ddof else variance
    under_root = {"to variance": eps, **FIXED_EPS}
    std = np.sqrt(variance + under_root.get(eps_added, 0.0))
    divisor = std + eps if eps_added == "to std" else std
    x_hat = (wide - mean) / divisor
    wide_y = x_hat * gamma + beta
    y = wide_y.astype(x.dtype, copy=False) if cast_back else wide_y
    kept = {"x_hat": x_hat, "y": wide_y, "centered": wide - mean, "in dtype of x": x_hat}[cached]
    rstd = {
        "rstd": 1.0 / divisor,
        "std": divisor,
        "variance": variance,
        "without eps": 1.0 / np.sqrt(variance),
    }[scale]
    if cached == "in dtype of x":
        kept, rstd = kept.astype(x.dtype), rstd.astype(x.dtype)
    rstd = rstd if scale_axis_kept else np.squeeze(rstd, axis)
    return y, (kept, rstd, gamma.copy() if gamma_copied else gamma)


def _forward(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    texts = {**SHARED.get(id, {}), **texts}
    return misconception(id, exercise="ln_forward", paragraph=paragraph, switches=switches, **texts)


FORWARD_EPS_OUTSIDE = _forward("eps-outside-sqrt", SHRINK, {"eps_added": "to std"})
FORWARD_EPS_OMITTED = _forward("eps-omitted", SHRINK, {"eps_added": "nowhere"})
FORWARD_EPS_HARD_CODED = _forward(
    "eps-hard-coded", SHRINK, {"eps_added": "as 1e-5"}, forms=EPS_FORMS
)
FORWARD_EPS_DEFAULT = _forward(
    "eps-default-changed", SHRINK, {"default_eps": 1e-6}, forms=DEFAULT_FORMS
)
FORWARD_UNBIASED = _forward("unbiased-variance", "symbol-by-symbol", {"ddof": 1})
FORWARD_BATCH_AXIS = _forward("batch-axis", "symbol-by-symbol", {"axis": 0})
FORWARD_ONE_PASS = _forward("one-pass-variance", "numbers-that-need-room", {"one_pass": True})
FORWARD_LOW_PRECISION = _forward(
    "low-precision-stats", "numbers-that-need-room", {"work": "dtype of x"}
)
UPCAST_LEAK = _forward("upcast-leak", "numbers-that-need-room", {"cast_back": False})
CACHE_ALIASES_GAMMA = _forward(
    "cache-aliases-gamma",
    KEEP,
    {"gamma_copied": False},
    belief="What is in the cache is mine: nobody else writes there.",
    explanation=(
        "This behaves like putting the caller's own gamma into the cache. When an optimizer then "
        "writes into gamma, the cache changes too, and the gradient belongs to no function."
    ),
    question="What does your cache hold after the caller has written gamma[0] = 7?",
    hint="Whose memory is the array in your cache?",
)
CACHE_HOLDS_Y = _forward(
    "cache-holds-y",
    KEEP,
    {"cached": "y"},
    belief="The output is what the way back starts from, so it is what is kept.",
    explanation=(
        "This behaves like keeping the scaled and shifted rows where the normalized ones belong. "
        "It also happens when `*=` and `+=` write gamma and beta into x_hat itself."
    ),
    question="What are the mean and the variance of the first array in your cache?",
    hint="If a line of yours is like x_hat *= gamma: what does x_hat hold from there on?",
)
CACHE_HOLDS_DEVIATIONS = _forward(
    "cache-holds-deviations",
    KEEP,
    {"cached": "centered"},
    belief="Normalized means that the mean is removed.",
    explanation=(
        "This behaves like keeping the deviations where the normalized rows belong. They are not "
        "divided by the standard deviation yet."
    ),
    question="What is the variance of a row of the first array in your cache?",
    hint="Which quantity does the docstring name first, and which formula makes it?",
)
CACHE_HOLDS_STD = _forward(
    "rstd-inverted",
    KEEP,
    {"scale": "std"},
    belief="The standard deviation is what has to be kept.",
    explanation=(
        "This behaves like keeping the standard deviation where its reciprocal belongs. Whoever "
        "multiplies by it scales the gradient by the square too much."
    ),
    question="What do the letters of rstd stand for?",
    hint="For a row with a large spread, should the number in the cache be large or small?",
)
CACHE_HOLDS_VARIANCE = _forward(
    "cache-holds-variance",
    KEEP,
    {"scale": "variance"},
    belief="The variance is the second statistic, so it is what is kept.",
    explanation=(
        "This behaves like keeping the variance where 1 / sqrt(variance + eps) belongs. The way "
        "back would have to know eps to make one from the other."
    ),
    question="What has to be known, besides the variance, to divide a row as the forward pass did?",
    hint="Keep the number that the deviations were multiplied by.",
)
RSTD_WITHOUT_EPS = _forward(
    "rstd-without-eps",
    KEEP,
    {"scale": "without eps"},
    belief="Epsilon is for the division in the forward pass only.",
    explanation=(
        "This behaves like keeping 1 / sigma beside rows that were divided by sqrt(sigma^2 + "
        "eps). The gradient is then one of another function, and of a constant row it is infinite."
    ),
    question="By which number were the deviations multiplied, exactly?",
    hint="Is the number in your cache the one that made x_hat?",
)
RSTD_SHAPE = _forward(
    "rstd-without-axis",
    KEEP,
    {"scale_axis_kept": False},
    belief="One number per row has the shape of the rows.",
    explanation=(
        "This behaves like losing the last axis of rstd. Its shape (N,) lines up with the features "
        "of (N, D), not with the rows."
    ),
    question="Which shape must rstd have so that dy * rstd multiplies row by row?",
    hint="keepdims leaves a 1 where an axis was.",
)
CACHE_NARROW = _forward(
    "cache-in-half-precision",
    "numbers-that-need-room",
    {"cached": "in dtype of x"},
    belief="The cache has the dtype of the input.",
    explanation=(
        "This behaves like rounding x_hat and rstd to the dtype of x. For float16 rows the way "
        "back then starts from numbers with three digits, and an rstd above 65504 is infinite."
    ),
    question="In which dtype were the statistics computed, and in which are they kept?",
    hint="Only y goes back to the dtype of x.",
)


# backward_steps


def backward_steps_variant(  # noqa: PLR0913 - one switch per family of mistakes
    dy,
    x,
    gamma,
    eps=1e-5,
    *,
    axis=-1,
    eps_known=True,
    rows="summed",
    beta_rows="summed",
    gamma_factor="x_hat",
    scaled=True,
    spread="summed",
    factor=None,
    paths="both",
    square=None,
    back_to_mean="minus sum",
    shared="mean over D",
):
    """`backward_steps` with its classic mistakes behind switches."""
    count = x.shape[axis]
    centered = x - x.mean(axis=axis, keepdims=True)
    variance = np.square(centered).mean(axis=axis, keepdims=True)
    rstd = 1.0 / np.sqrt(variance + (eps if eps_known else 0.0))
    factors = {"x_hat": centered * rstd, "x": x, "centered": centered}
    dbeta, dgamma = dy.copy(), dy * factors[gamma_factor]
    if rows == "summed":
        dbeta = dy.mean(axis=0) if beta_rows == "averaged" else dy.sum(axis=0)
        dgamma = dgamma.sum(axis=0)
    elif rows == "averaged":
        dbeta, dgamma = dbeta.mean(axis=0), dgamma.mean(axis=0)
    dx_hat = dy * gamma if scaled else dy.copy()
    products = dx_hat * (centered * rstd if spread == "of x_hat" else centered)
    drstd = products.mean(axis=axis, keepdims=True)
    drstd = drstd if spread == "averaged" else drstd * count
    powers = {"sign": 0.5 * rstd**3, "half": -(rstd**3), "cube": -0.5 * rstd}
    dvariance = powers.get(factor, -0.5 * rstd**3) * drstd
    squares = {"two": 1.0 / count, "D": 2.0}.get(square, 2.0 / count) * centered * dvariance
    dcentered = {"direct": dx_hat * rstd, "variance": squares}.get(paths, dx_hat * rstd + squares)
    total = dcentered.sum(axis=axis, keepdims=True)
    dmean = {"sum": total, "minus mean": -total / count}.get(back_to_mean, -total)
    share = {"mean": dmean / count, "nothing": 0.0 * dmean}.get(shared, dmean / count)
    dx = dcentered + (dmean if shared == "whole" else share)
    return {
        **{"dbeta": dbeta, "dgamma": dgamma, "dx_hat": dx_hat, "drstd": drstd},
        **{"dvariance": dvariance, "dcentered": dcentered, "dmean": dmean, "dx": dx},
    }


def _steps(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    texts = {**SHARED.get(id, {}), **texts}
    return misconception(
        id, exercise="backward_steps", paragraph=paragraph, switches=switches, **texts
    )


STEPS_BATCH_AXIS = _steps(
    "batch-axis-bwd",
    "symbol-by-symbol",
    {"axis": 0},
    belief="On the way back one sums over the rows.",
    explanation=(
        "This behaves like statistics and sums over the first axis. All the way that is the "
        "backward pass of batch normalization."
    ),
    question="If row 0 of x changes, which rows of y change?",
    hint="Sums on the way back run along the axis that was averaged on the way forward.",
)
EPS_FORGOTTEN = _steps(
    "eps-forgotten-in-bwd",
    KEEP,
    {"eps_known": False},
    belief="Epsilon only matters for the division in the forward pass.",
    explanation=(
        "This behaves like 1 / sigma on the way back. The way forward divided by "
        "sqrt(sigma^2 + eps), so that this is the gradient of another function."
    ),
    question="Which number were the deviations multiplied by on the way forward?",
    hint="Where does eps appear in your code?",
)
STEPS_UNSUMMED = _steps("forgot-sum-rows", ROWS, {"rows": "kept"})
STEPS_AVERAGED = _steps(
    "rows-averaged",
    ROWS,
    {"rows": "averaged"},
    belief="The gradient of a shared parameter is the average over the rows.",
    explanation=(
        "This behaves like averaging over the rows in dbeta and in dgamma. Each row adds its own "
        "effect on the loss; if it is to be an average, dy has that factor already."
    ),
    question="One row is handed in twice. By how much more does the loss change with beta now?",
    hint="How many terms of the loss does one entry of beta reach?",
)
DBETA_MEAN = _steps(
    "dbeta-mean",
    ROWS,
    {"beta_rows": "averaged"},
    belief="The gradient of the shift is the mean gradient.",
    explanation=(
        "This behaves like averaging dy over the rows for dbeta. Effects on one loss add up: every "
        "row counts in full."
    ),
    question="Beta is added to N rows. How many of them does a change of beta move?",
    hint="Compare what you do to the rows for dgamma.",
)
DGAMMA_USES_X = _steps(
    "dgamma-uses-x",
    ROWS,
    {"gamma_factor": "x"},
    belief="Gamma scales the input.",
    explanation=(
        "This behaves like multiplying dy by x for dgamma. Gamma multiplies the normalized rows, "
        "and what a factor multiplies is its derivative."
    ),
    question="What stands next to gamma in y = gamma * ... + beta?",
    hint="If 100 is added to x, nothing changes on the way forward. What happens to your dgamma?",
)
DGAMMA_USES_CENTERED = _steps(
    "dgamma-uses-centered",
    ROWS,
    {"gamma_factor": "centered"},
    belief="Gamma scales the deviations.",
    explanation=(
        "This behaves like multiplying dy by the deviations for dgamma. They are not divided by "
        "the standard deviation yet when they are not multiplied by rstd."
    ),
    question="What stands next to gamma in y = gamma * ... + beta?",
    hint="If x is multiplied by 10, nothing changes on the way forward (but for eps). What "
    "happens to your dgamma?",
)
STEPS_GAMMA_FORGOTTEN = _steps("gamma-forgotten-bwd", SCALE, {"scaled": False})
DRSTD_AVERAGED = _steps(
    "drstd-averaged",
    SPREAD,
    {"spread": "averaged"},
    belief="One number per row means averaging over the row.",
    explanation=(
        "This behaves like a mean over the features for drstd. The number rstd multiplies all D "
        "deviations, and their effects on the loss add up."
    ),
    question="How many features does rstd reach, and are their effects added or averaged?",
    hint="Compare the worked example: there the products were added.",
)
DRSTD_USES_X_HAT = _steps(
    "drstd-uses-x-hat",
    SPREAD,
    {"spread": "of x_hat"},
    belief="The normalized row is what the gradient is multiplied by everywhere.",
    explanation=(
        "This behaves like multiplying by x_hat for drstd. In x_hat = centered * rstd the factor "
        "beside rstd is another one."
    ),
    question="In a product a * b, what is the derivative by b?",
    hint="x_hat contains rstd already. What does rstd multiply?",
)
DVARIANCE_SIGN = _steps(
    "dvariance-sign",
    SPREAD,
    {"factor": "sign"},
    belief="A larger variance pushes in the direction of its gradient.",
    explanation=(
        "This behaves like a derivative of 1 / sqrt(v) with a plus sign. The reciprocal falls as "
        "the variance grows."
    ),
    question="If the variance grows, does rstd grow or fall?",
    hint="Write rstd as a power of variance + eps, and take the power down.",
)
DVARIANCE_HALF = _steps(
    "dvariance-without-half",
    SPREAD,
    {"factor": "half"},
    belief="The derivative of 1 / sqrt(v) is -1 / sqrt(v)^3.",
    explanation=(
        "This behaves like forgetting the factor that comes down from the exponent. The path "
        "through the variance is then twice as strong as it should be."
    ),
    question="What is the derivative of v to the power p?",
    hint="Which power of variance + eps is rstd?",
)
DVARIANCE_CUBE = _steps(
    "dvariance-not-cubed",
    SPREAD,
    {"factor": "cube"},
    belief="The derivative of 1 / sqrt(v) is half of 1 / sqrt(v).",
    explanation=(
        "This behaves like keeping the exponent when the derivative is taken. The power of "
        "variance + eps must fall by one, which makes it a third power of rstd."
    ),
    question="By how much does an exponent change when a derivative is taken?",
    hint="Take it in units: x in metres, so the variance in square metres. What is "
    "drstd / dvariance in?",
)
STEPS_NO_VARIANCE = _steps("no-xhat-term", SPREAD, {"paths": "direct"})
NO_DIRECT_PATH = _steps(
    "no-direct-path",
    SPREAD,
    {"paths": "variance"},
    belief="The gradient of the deviations comes through the variance.",
    explanation=(
        "This behaves like leaving out the direct path from the deviations to x_hat. It is the "
        "strongest of the paths."
    ),
    question="In which two formulas of the way forward do the deviations appear?",
    hint="One gradient for each place where a quantity is used; then they are added.",
)
SQUARE_TWO = _steps(
    "square-without-two",
    SPREAD,
    {"square": "two"},
    belief="The derivative of a square is the number.",
    explanation=(
        "This behaves like a derivative of centered^2 without its factor 2. The path through the "
        "variance arrives at half its strength."
    ),
    question="What is the derivative of c^2 by c?",
    hint="Write down d variance / d centered for one feature.",
)
SQUARE_D = _steps(
    "square-without-d",
    SPREAD,
    {"square": "D"},
    belief="Every feature receives the whole gradient of the variance.",
    explanation=(
        "This behaves like a sum of squares where a mean belongs. The path through the variance "
        "is D times too strong."
    ),
    question="What is the derivative of a mean of D squares by one of them?",
    hint="The variance is a mean. By what was the sum divided on the way forward?",
)
DMEAN_SIGN = _steps(
    "dmean-sign",
    MEAN,
    {"back_to_mean": "sum"},
    belief="The mean receives the sum of what arrived.",
    explanation=(
        "This behaves like a mean that is added. It was subtracted: a larger mean makes every "
        "deviation smaller."
    ),
    question="If the mean grows by 1, what happens to each deviation?",
    hint="What is the derivative of x - m by m?",
)
DMEAN_AVERAGED = _steps(
    "dmean-averaged",
    MEAN,
    {"back_to_mean": "minus mean"},
    belief="The gradient of a mean is a mean.",
    explanation=(
        "This behaves like averaging over the features for dmean. The mean is subtracted from all "
        "D of them, so D effects add up; the 1/D comes one step later."
    ),
    question="How many deviations does the mean reach?",
    hint="There are two steps: from the deviations to the mean, and from the mean to x. In "
    "which of them does 1/D belong?",
)
STEPS_NO_MEAN = _steps("no-mean-term", MEAN, {"shared": "nothing"})
MEAN_WITHOUT_D = _steps(
    "mean-without-d",
    MEAN,
    {"shared": "whole"},
    belief="Every feature receives the whole gradient of the mean.",
    explanation=(
        "This behaves like adding dmean to every feature without its share 1/D. The correction is "
        "D times too large."
    ),
    question="If one feature grows by 1, by how much does the mean grow?",
    hint="The entries of dx must sum to 0 in each row. Do yours?",
)


# ln_backward


def ln_backward_variant(  # noqa: PLR0913 - one switch per family of mistakes
    dy,
    cache,
    *,
    rows="summed",
    beta_rows="summed",
    gamma_factor="x_hat",
    scaled=True,
    mean_term="minus",
    xhat_term="minus",
    average="mean",
    axis=-1,
    gain="rstd",
    order="gamma first",
):
    """`ln_backward` with its classic mistakes behind switches."""
    x_hat, rstd, gamma = cache
    lead = tuple(range(dy.ndim - 1))
    g = dy * gamma if scaled is True else dy
    divisors = {"sum": 1, "over rows": len(dy)}

    def over(a):
        return a.sum(axis=axis, keepdims=True) / divisors.get(average, a.shape[axis])

    signs = {"minus": -1.0, "plus": 1.0, "missing": 0.0}
    dx = g + signs[mean_term] * over(g)
    if xhat_term == "without x_hat":
        dx = dx - over(g * x_hat)
    else:
        products = (dy if xhat_term == "of dy" else g) * x_hat
        dx = dx + signs.get(xhat_term, -1.0) * x_hat * over(products)
    if scaled == "at the end":
        dx = dx * gamma
    gains = {"rstd": rstd, "inverted": 1.0 / rstd, "missing": 1.0, "squared": rstd**2}
    factors = {"x_hat": x_hat, "centered": x_hat / rstd, "dy alone": 1.0}
    dbeta, dgamma = dy.copy(), dy * factors[gamma_factor]
    if rows == "first":
        dbeta, dgamma = dbeta.sum(axis=0), dgamma.sum(axis=0)
    elif rows != "kept":
        dgamma = dgamma.mean(axis=lead) if rows == "averaged" else dgamma.sum(axis=lead)
        averaged = "averaged" in (rows, beta_rows)
        dbeta = dbeta.mean(axis=lead) if averaged else dbeta.sum(axis=lead)
    if order == "beta first":
        dgamma, dbeta = dbeta, dgamma
    return (dx * gains[gain]).astype(dy.dtype, copy=False), dgamma, dbeta


def _backward(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    texts = {**SHARED.get(id, {}), **texts}
    return misconception(
        id, exercise="ln_backward", paragraph=paragraph, switches=switches, **texts
    )


def _same(entry):
    """Return the texts of a mistake that two exercises share."""
    names = ("belief", "explanation", "question", "hint")
    return {name: getattr(entry.misconception, name) for name in names}


CONSTANT_STATS = _backward(
    "constant-stats-grad", COMPACT, {"mean_term": "missing", "xhat_term": "missing"}
)
NO_XHAT_TERM = _backward("no-xhat-term", COMPACT, {"xhat_term": "missing"})
NO_MEAN_TERM = _backward("no-mean-term", COMPACT, {"mean_term": "missing"})
XHAT_ONCE = _backward(
    "x-hat-once",
    COMPACT,
    {"xhat_term": "without x_hat"},
    belief="Both corrections are averages that are subtracted.",
    explanation=(
        "This behaves like subtracting mean(g * x_hat) itself. It is one number per row; how much "
        "of it a feature gets depends on where the feature lies."
    ),
    question="A feature that lies at the mean of its row: how much does it move the variance?",
    hint="x_hat appears twice in one of the terms. Why?",
)
XHAT_OF_DY = _backward(
    "x-hat-term-of-dy",
    SCALE,
    {"xhat_term": "of dy"},
    belief="Gamma counts once, in the direct term.",
    explanation=(
        "This behaves like taking the mean of dy * x_hat in the correction through the variance. "
        "Everything behind the scaling gets the gradient that has come through it."
    ),
    question="Which gradient arrives at the normalized row? Which of your terms are made of it?",
    hint="Give the gradient that has passed the scale a name, and use it in all three terms.",
)
CORRECTIONS_ADDED = _backward(
    "x-hat-term-added",
    COMPACT,
    {"xhat_term": "plus"},
    belief="All three paths are added, so all signs are plus.",
    explanation=(
        "This behaves like adding the correction through the variance. All paths are added, but "
        "this one brings a minus sign of its own from the derivative of 1 / sqrt."
    ),
    question="With eps = 0, scaling x changes nothing. What must the sum of dx * x_hat then be?",
    hint="If a row spreads more, does the divisor make its entries larger or smaller?",
)
MEAN_ADDED = _backward(
    "mean-term-added",
    COMPACT,
    {"mean_term": "plus"},
    belief="The gradient of the mean is added to every feature.",
    explanation=(
        "This behaves like adding the mean of the gradient. The mean was subtracted on the way "
        "forward, which brings a minus sign."
    ),
    question="What do the entries of your dx sum to, and what should they?",
    hint="Adding a constant to x changes nothing.",
)
GAMMA_FORGOTTEN = _backward("gamma-forgotten-bwd", SCALE, {"scaled": False})
GAMMA_LAST = _backward(
    "gamma-at-the-end",
    SCALE,
    {"scaled": "at the end"},
    belief="Gamma is a factor of dx, so it may be multiplied in last, as in batch normalization.",
    explanation=(
        "This behaves like a dx that is right for a gamma of ones, multiplied by gamma at the end. "
        "In batch normalization an average meets one gamma only, and that can be taken out of it."
    ),
    question="An average over the features of a row: whose gamma would you take out of it?",
    hint="Take a row of two features with the gammas 2 and 5. What is the mean of dy * gamma?",
)
MEAN_VS_SUM = _backward("mean-vs-sum-bwd", COMPACT, {"average": "sum"})
DIVIDED_BY_ROWS = _backward(
    "divided-by-rows",
    COMPACT,
    {"average": "over rows"},
    belief="The N in the formulas is the length of the first axis.",
    explanation=(
        "This behaves like sums over the features, divided by the length of the first axis. In "
        "batch normalization that length is how many numbers share a mean; here it is another."
    ),
    question="How many numbers share a mean on the way forward?",
    hint="Count the terms of your sums, then look at what they are divided by.",
)
BATCH_AXIS_BWD = _backward(
    "batch-axis-bwd",
    COMPACT,
    {"axis": 0},
    belief="Averages on the way back run over the rows.",
    explanation=(
        "This behaves like corrections averaged over the first axis. That is the backward pass of "
        "batch normalization, and the rows of dx then depend on each other."
    ),
    question="Does a row of dx stay the same when another row of dy changes?",
    hint="The averages run along the axis that was averaged on the way forward.",
)
RSTD_MISSING = _backward(
    "rstd-forgotten",
    COMPACT,
    {"gain": "missing"},
    belief="The division by the standard deviation is over when the way back begins.",
    explanation=(
        "This behaves like a gradient without its factor rstd. A row with a tenth of the spread "
        "must have gradients ten times as large."
    ),
    question="x is in metres and y has no unit. In what is dx, if the loss has no unit?",
    hint="Where does rstd appear in your dx?",
)
RSTD_INVERTED = _backward(
    "rstd-inverted",
    COMPACT,
    {"gain": "inverted"},
    belief="What was divided on the way forward is multiplied on the way back.",
    explanation=(
        "This behaves like dividing the gradient by rstd. Going back is not undoing: a factor of "
        "the way forward is the same factor on the way back."
    ),
    question="If y = 3 x, what is dx: three times dy, or a third of it?",
    hint="A row with a small spread: are its gradients large or small?",
)
RSTD_SQUARED = _backward(
    "rstd-squared",
    COMPACT,
    {"gain": "squared"},
    belief="Both the division and the variance bring a factor.",
    explanation=(
        "This behaves like multiplying by rstd twice. x_hat in the correction holds the second "
        "factor already."
    ),
    question="If x is multiplied by 10, by how much must its gradient shrink (eps = 0)?",
    hint="Count how often rstd enters your dx, and how often it enters through x_hat.",
)
FORGOT_SUM_ROWS = _backward("forgot-sum-rows", ROWS, {"rows": "kept"})
FIRST_AXIS_ONLY = _backward(
    "sum-first-axis-only",
    ROWS,
    {"rows": "first"},
    belief="There is one axis of rows, and it is axis 0.",
    explanation=(
        "This behaves like summing over the first axis only. An array of shape (32, 50, 128) has "
        "1600 rows along two axes, and a single vector has no axis to sum over."
    ),
    question="Which shape have your dgamma and dbeta for a dy of shape (2, 3, 4)?",
    hint="Every axis but the last.",
)
ROWS_AVERAGED = _backward("rows-averaged", ROWS, {"rows": "averaged"}, **_same(STEPS_AVERAGED))
BACKWARD_DBETA_MEAN = _backward("dbeta-mean", ROWS, {"beta_rows": "averaged"}, **_same(DBETA_MEAN))
BACKWARD_DGAMMA_CENTERED = _backward(
    "dgamma-uses-centered", ROWS, {"gamma_factor": "centered"}, **_same(DGAMMA_USES_CENTERED)
)
ORDER_SWAPPED = _backward(
    "dgamma-dbeta-swapped",
    ROWS,
    {"order": "beta first"},
    belief="The order of the results does not matter.",
    explanation=(
        "This behaves like returning the gradient of beta where that of gamma belongs. Both have "
        "the same shape, so nothing complains."
    ),
    question="Which of the two is the sum of dy alone, and where does it stand in your result?",
    hint="Compare your return with the order in the docstring.",
)
DGAMMA_IS_DBETA = _backward(
    "dgamma-without-x-hat",
    ROWS,
    {"gamma_factor": "dy alone"},
    belief="Gamma and beta are both parameters, so their gradients are alike.",
    explanation=(
        "This behaves like summing dy for dgamma too. Gamma multiplies x_hat: where x_hat is 0, "
        "gamma changes nothing."
    ),
    question="If x_hat is 0 everywhere, how much does the loss change with gamma?",
    hint="What does gamma multiply?",
)


# ln_jacobian


def ln_jacobian_variant(
    x, eps=1e-5, *, ones="over D", outer="over D", gain="rstd", eps_known=True, ddof=0, kept="all"
):
    """`ln_jacobian` with its classic mistakes behind switches."""
    count = x.size
    centered = x - x.mean()
    variance = np.square(centered).sum() / (count - ddof)
    rstd = 1.0 / np.sqrt(variance + (eps if eps_known else 0.0))
    along = centered if outer == "of deviations" else centered * rstd
    ones_share = {"over D": 1.0 / count, "whole": 1.0, "missing": 0.0}[ones]
    outer_share = {"whole": 1.0, "missing": 0.0}.get(outer, 1.0 / count)
    gains = {"rstd": rstd, "squared": rstd**2, "missing": 1.0}
    full = np.eye(count) - ones_share - outer_share * np.outer(along, along)
    return gains[gain] * (np.diag(np.diag(full)) if kept == "diagonal" else full)


def diagonal_rstd(x, eps=1e-5):
    """Hold both statistics fixed: a diagonal of rstd."""
    return np.eye(x.size) / np.sqrt(x.var() + eps)


def _jacobian(id, switches=None, *, paragraph=PROJECTION, **texts):  # noqa: A002
    texts = {**SHARED.get(id, {}), **texts}
    switches = {} if switches is None else switches
    return misconception(
        id, exercise="ln_jacobian", paragraph=paragraph, switches=switches, **texts
    )


DIAG_ONLY = _jacobian(
    "diag-only",
    code=diagonal_rstd,
    belief="Each output depends on its own input.",
    explanation=(
        "This behaves like mean and standard deviation held fixed. One number is on the diagonal "
        "and 0 elsewhere, but both statistics depend on every feature."
    ),
    question="If feature 0 grows, does the normalized feature 1 change?",
    hint="Every row of the Jacobian must sum to 0: adding a constant changes nothing.",
)
DIAGONAL_KEPT = _jacobian(
    "off-diagonal-zero",
    {"kept": "diagonal"},
    belief="The Jacobian of a function that acts feature by feature is diagonal.",
    explanation=(
        "This behaves like the right diagonal with 0 everywhere else. The statistics carry a "
        "change of one feature to all others."
    ),
    question="If feature 0 grows, does the normalized feature 1 change?",
    hint="Every row of the Jacobian must sum to 0: adding a constant changes nothing.",
)
JACOBIAN_NO_MEAN = _jacobian(
    "no-mean-term",
    {"ones": "missing"},
    question="What does a row of your Jacobian sum to, and what should it?",
    hint="Adding the same number to all features changes nothing. Which term takes care of that?",
)
JACOBIAN_NO_XHAT = _jacobian(
    "no-xhat-term",
    {"outer": "missing"},
    question="With eps = 0, scaling x changes nothing. What is your Jacobian times the deviations?",
    hint="Two statistics are taken, and two directions are lost.",
)
SIGMA_SQUARED = _jacobian(
    "sigma-squared",
    {"gain": "squared"},
    belief="The derivative of a quotient has the squared denominator.",
    explanation=(
        "This behaves like a factor rstd squared in front. Ten times the input must make the "
        "Jacobian ten times smaller (eps = 0); here it is a hundred times."
    ),
    question="x is in metres and x_hat has no unit. In what is the Jacobian?",
    hint="Scale x by 10 and compare.",
)
JACOBIAN_NO_GAIN = _jacobian(
    "rstd-forgotten",
    {"gain": "missing"},
    belief="The Jacobian is the projection.",
    explanation=(
        "This behaves like the projection alone, without its factor rstd. A row with a tenth of "
        "the spread must have a Jacobian ten times as large."
    ),
    question="x is in metres and x_hat has no unit. In what is the Jacobian?",
    hint="Scale x by 10 and compare.",
)
ONES_WHOLE = _jacobian(
    "ones-not-averaged",
    {"ones": "whole"},
    belief="The path through the mean reaches every feature in full.",
    explanation=(
        "This behaves like subtracting 1 everywhere where 1/D belongs. A row then sums to "
        "(1 - D) rstd; it must sum to 0."
    ),
    question="If one feature grows by 1, by how much does the mean grow?",
    hint="Add up one row of your Jacobian.",
)
OUTER_WHOLE = _jacobian(
    "outer-not-averaged",
    {"outer": "whole"},
    belief="The path through the variance is the product of the two normalized features.",
    explanation=(
        "This behaves like subtracting the products without dividing them by D. The variance is a "
        "mean over the features, and so is this correction."
    ),
    question="With eps = 0, what is your Jacobian times x_hat? What should it be?",
    hint="The variance is a mean of D squares.",
)
OUTER_CENTERED = _jacobian(
    "outer-of-deviations",
    {"outer": "of deviations"},
    belief="The variance depends on the deviations, so they make the product.",
    explanation=(
        "This behaves like the product of the deviations, not of the normalized features. It has "
        "square units beside numbers without a unit."
    ),
    question="Which units have 1/D and your product, if x is in metres?",
    hint="Inside the bracket everything is without a unit.",
)
JACOBIAN_NO_EPS = _jacobian(
    "eps-forgotten-in-bwd", {"eps_known": False}, paragraph=KEEP, **_same(EPS_FORGOTTEN)
)
JACOBIAN_UNBIASED = _jacobian("unbiased-variance", {"ddof": 1}, paragraph="symbol-by-symbol")


# ln_backward_from_output


def ln_backward_from_output_variant(  # noqa: PLR0913 - one switch per family of mistakes
    dy,
    y,
    gamma,
    beta,
    rstd,
    *,
    found="(y - beta) / gamma",
    refuses=True,
    gain="rstd",
    mean_term=True,
    xhat_term=True,
    scaled=True,
    rows="summed",
):
    """`ln_backward_from_output` with its classic mistakes behind switches."""
    if refuses and np.any(gamma == 0):
        raise ValueError("an entry of gamma is 0")
    with np.errstate(divide="ignore", invalid="ignore"):
        x_hat = {
            "y": lambda: y,
            "y / gamma": lambda: y / gamma,
            "y - beta": lambda: y - beta,
            "y / gamma - beta": lambda: y / gamma - beta,
        }.get(found, lambda: (y - beta) / gamma)()
    g = dy * gamma if scaled else dy
    dx = g - (g.mean(axis=-1, keepdims=True) if mean_term else 0.0)
    dx = dx - (x_hat * (g * x_hat).mean(axis=-1, keepdims=True) if xhat_term else 0.0)
    dx = dx / rstd if gain == "inverted" else dx * rstd
    lead = tuple(range(dy.ndim - 1))
    if rows == "kept":
        return dx, dy * x_hat, dy.copy()
    return dx, (dy * x_hat).sum(axis=lead), dy.sum(axis=lead)


def _output(id, switches, *, paragraph=OUTPUT, **texts):  # noqa: A002 - the field's name
    texts = {**SHARED.get(id, {}), **texts}
    return misconception(
        id, exercise="ln_backward_from_output", paragraph=paragraph, switches=switches, **texts
    )


X_HAT_IS_Y = _output(
    "x-hat-is-y",
    {"found": "y"},
    belief="The output is the normalized row.",
    explanation=(
        "This behaves like using y where x_hat belongs. Scale and shift have not been taken off."
    ),
    question="Which two steps lie between x_hat and y?",
    hint="Solve y = gamma * x_hat + beta for x_hat.",
)
BETA_NOT_REMOVED = _output(
    "beta-not-removed",
    {"found": "y / gamma"},
    belief="Dividing by gamma brings the normalized row back.",
    explanation="This behaves like dividing by gamma with the shift still in it.",
    question="What was the last thing that happened to the row on the way forward?",
    hint="Undo the last step first.",
)
GAMMA_NOT_REMOVED = _output(
    "gamma-not-removed",
    {"found": "y - beta"},
    belief="Taking off the shift brings the normalized row back.",
    explanation="This behaves like taking off beta with the scale still in it.",
    question="Which two steps lie between x_hat and y?",
    hint="Solve y = gamma * x_hat + beta for x_hat.",
)
WRONG_ORDER = _output(
    "undone-in-the-wrong-order",
    {"found": "y / gamma - beta"},
    belief="The two steps can be undone in either order.",
    explanation=(
        "This behaves like dividing by gamma first and subtracting beta afterwards. Beta was never "
        "multiplied by gamma, so it must not be divided by it."
    ),
    question="Shoes go on after socks. What comes off first?",
    hint="Undo the last step first.",
)
OUTPUT_RSTD_INVERTED = _output(
    "rstd-inverted",
    {"gain": "inverted"},
    belief="rstd is the standard deviation.",
    explanation=(
        "This behaves like dividing by rstd. rstd is 1 / sqrt(variance + eps) already, so the "
        "gradient is multiplied by it."
    ),
    question="What do the letters of rstd stand for?",
    hint="A row with a small spread: is its rstd large or small, and its gradient?",
)
OUTPUT_NO_MEAN = _output("no-mean-term", {"mean_term": False}, paragraph=COMPACT)
OUTPUT_NO_XHAT = _output("no-xhat-term", {"xhat_term": False}, paragraph=COMPACT)
OUTPUT_GAMMA_FORGOTTEN = _output("gamma-forgotten-bwd", {"scaled": False}, paragraph=SCALE)
OUTPUT_UNSUMMED = _output("forgot-sum-rows", {"rows": "kept"}, paragraph=ROWS)
GAMMA_ZERO_ACCEPTED = _output(
    "gamma-zero-accepted",
    {"refuses": False},
    belief="A gamma of 0 is a number like any other.",
    explanation=(
        "This behaves like dividing by a gamma of 0. The feature was multiplied by 0 on the way "
        "forward; nothing in y tells what it was, and 0/0 is no number."
    ),
    question="With gamma = 0, what is y? Can you tell from it what x_hat was?",
    hint="What cannot be answered should be refused, before anything is computed.",
)
