"""Wrong answers to the exercises on fundamental concepts, executable.

A switch is a family of mistakes: two mistakes of one family exclude each other,
mistakes of different families can act together. `paragraph` is the anchor of the
heading in the lesson that explains the idea. Every number in the texts was computed
in float64. Longer than other modules because most of it is one table of texts.
"""

import math

import numpy as np

from grader_tests.shared_misconceptions import DEFAULT_FORMS, EPS_FORMS, FIXED_EPS, SHARED
from nbjudge.naming.bank import misconception

KEPT = {
    "tokens": (0, 1),
    "sentences": (0,),
    "features": (2,),
    "features of a sentence": (0, 2),
    "features of a place": (1, 2),
    "nothing": (),
}
"""What has one mean each: the axes of (B, S, D) that are not averaged."""


def count_stats_variant(
    shape,
    kind,
    *,
    ln="tokens",
    ln_seq="sentences",
    bn="features",
    instance="features of a sentence",
    count="product",
):
    """`count_stats` with its classic mistakes behind switches."""
    shape = (32, 50, 128) if count == "of the lesson" else shape
    names = {"ln": ln, "ln_seq": ln_seq, "bn": bn, "in": instance}
    if count == "exchanged":
        names["ln"], names["bn"] = bn, ln
    axes = KEPT[names[kind]]
    if count == "all":
        axes = (0, 1, 2)
    if count == "averaged":
        axes = tuple(axis for axis in range(3) if axis not in axes)
    lengths = [shape[axis] for axis in axes]
    return sum(lengths) if count == "sum" else math.prod(lengths)


AXES = {
    "features": lambda ndim: (ndim - 1,),
    "batch": lambda ndim: (0,),
    "second": lambda ndim: (1,),
    "everything": lambda ndim: tuple(range(ndim)),
    "all but batch": lambda ndim: tuple(range(1, ndim)),
}


def standardize_tokens_variant(  # noqa: PLR0913 - one switch per family of mistakes
    x,
    eps=None,
    *,
    default_eps=1e-5,
    work="dtype of x",
    axes="features",
    keepdims=True,
    centering="everywhere",
    variance="of deviations",
    ddof=0,
    divisor="std",
    eps_added="to variance",
    in_place=False,
):
    """`standardize_tokens` with its classic mistakes behind switches."""
    eps = default_eps if eps is None else eps
    wide = x if work == "dtype of x" else x.astype(work.removesuffix(" returned"))
    axis = AXES[axes](x.ndim)
    zero = np.zeros((1,) * x.ndim, wide.dtype)
    mean = zero if centering == "nowhere" else wide.mean(axis=axis, keepdims=True)
    spread = _variance(wide, mean, axis, variance, ddof)
    mean = zero if centering == "in variance" else mean
    if not keepdims:
        mean = mean if mean is zero else np.squeeze(mean, axis)
        spread = np.squeeze(spread, axis)
    centered = wide - mean
    if in_place:
        x -= np.asarray(mean, x.dtype)
    result = centered / _divisor(spread, eps, divisor, eps_added)
    return result if work.endswith(" returned") else result.astype(x.dtype, copy=False)


def _variance(wide, mean, axis, variance, ddof):
    """Return the variance with `keepdims`, or what is mistaken for it."""
    count = math.prod(wide.shape[i] for i in axis)
    if variance == "in one pass":
        squares = np.square(wide).mean(axis=axis, keepdims=True)
        return (squares - np.square(mean)) * count / (count - ddof)
    sizes = np.abs(wide - mean) if variance == "of sizes" else np.square(wide - mean)
    total = sizes.sum(axis=axis, keepdims=True) / (count - ddof)
    return np.square(total) if variance == "of sizes" else total


def _divisor(spread, eps, divisor, eps_added):
    if divisor == "nothing":
        return 1.0
    under_root = {"to variance": eps, **FIXED_EPS, "squared": eps**2}
    spread = spread + under_root.get(eps_added, 0.0)
    if divisor == "std":
        spread = np.sqrt(spread)
    return spread + eps if eps_added == "to std" else spread


def _standardize(id, paragraph, *, forms=None, **switches):  # noqa: A002 - the field's name
    return misconception(
        id,
        exercise="standardize_tokens",
        switches=switches,
        forms=forms,
        paragraph=paragraph,  # public: a name passed on
        **SHARED[id],
    )


def signal_std_variant(
    x, weights, *, fed="carried", product="h W", taken="behind", spread="std", in_place=False
):
    """`signal_std` with its classic mistakes behind switches."""
    signals, h = [x], x
    for W in reversed(weights) if fed == "last layer first" else weights:  # noqa: N806 - a matrix
        left = x if fed == "x again" else h
        h = left * W if product == "h * W" else left @ (W.T if product == "h W.T" else W)
        if in_place:
            x[...] = h
        signals.append(h)
    first, last = {"with x": (0, None), "before": (0, -1)}.get(taken, (1, None))
    values = [_spread(signal, spread) for signal in signals[first:last]]
    if taken == "relative":
        values = [value / _spread(signals[0], spread) for value in values]
    return values[-1] if taken == "last" and values else np.array(values, dtype=np.float64)


def _spread(h, spread):
    return {
        "std": h.std,
        "var": h.var,
        "n - 1": lambda: h.std(ddof=1),
        "root mean square": lambda: np.sqrt(np.square(h).mean()),
        "size": lambda: np.abs(h).mean(),
        "of features": lambda: h.std(axis=0).mean(),
        "of tokens": lambda: h.std(axis=1).mean(),
    }[spread]()


def _count(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    return misconception(
        id, exercise="count_stats", paragraph=paragraph, switches=switches, **texts
    )


def _signal(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    texts = {**SHARED.get(id, {}), **texts}
    return misconception(id, exercise="signal_std", paragraph=paragraph, switches=switches, **texts)


# count_stats

PARAMS_NOT_STATS = _count(
    "params-not-stats",
    "means-are-not-parameters",
    {"ln": "features"},
    belief="Layer normalization has as many means as it has gammas.",
    explanation=(
        'This behaves like counting the features of one token for "ln". Shape (32, 50, 128) '
        "then has 128 means, which is the number of gammas; but it has 1600 tokens."
    ),
    question="How many vectors are normalized, each of them by itself?",
    hint="With one more sentence in the batch, are there more means or as many as before?",
)
BATCH_ONLY = _count(
    "batch-only",
    "which-numbers-share-a-mean",
    {"ln": "sentences"},
    belief="Layer normalization takes one mean per sample, and a sample is a sentence.",
    explanation=(
        'This behaves like one mean per sentence for "ln". Shape (32, 50, 128) then has 32 '
        "means; every token has its own, so there are 1600."
    ),
    question="Do two words of a sentence share a mean in layer normalization?",
    hint="Which axes are left when only the features are averaged?",
)
SEQ_LIKE_TOKENS = _count(
    "seq-like-tokens",
    "which-numbers-share-a-mean",
    {"ln_seq": "tokens"},
    belief="Layer normalization has one mean per token, whatever shape it is given.",
    explanation=(
        'This behaves like one mean per token for "ln_seq". There all tokens of a sentence are '
        "averaged together, so shape (32, 50, 128) has 32 means, not 1600."
    ),
    question="How many numbers share one mean when tokens and features are averaged together?",
    hint='Which axes does "ln_seq" average, and which are left?',
)
SEQ_PARAMS = _count(
    "seq-params",
    "means-are-not-parameters",
    {"ln_seq": "features of a place"},
    belief="There are as many means as numbers in normalized_shape.",
    explanation=(
        'This behaves like counting the numbers of one sentence for "ln_seq". Shape '
        "(32, 50, 128) then has 6400 means, which is the number of gammas; it has 32 sentences."
    ),
    question="If 6400 numbers share one mean, how many means does one sentence have?",
    hint="With one more sentence in the batch, are there more means or as many as before?",
)
BN_PER_PLACE = _count(
    "bn-per-place",
    "which-numbers-share-a-mean",
    {"bn": "features of a place"},
    belief="Batch normalization averages over the batch axis, and over nothing else.",
    explanation=(
        'This behaves like averaging over sentences only for "bn". Shape (32, 50, 128) then has '
        "6400 means, one for each place in the sentence; there is one for each of 128 features."
    ),
    question='Do the first and the second word of a sentence share the mean of a feature in "bn"?',
    hint='Read in the table what "bn" averages over. How many axes is that?',
)
BN_ONE_MEAN = _count(
    "bn-one-mean",
    "which-numbers-share-a-mean",
    {"bn": "nothing"},
    belief="Batch normalization has one mean, that of the batch.",
    explanation=(
        'This behaves like one mean for the whole array for "bn". Features are not mixed there: '
        "shape (32, 50, 128) has one mean for each of 128 features."
    ),
    question='Does "bn" average the first feature together with the second?',
    hint="Which axis is left when sentences and tokens are averaged?",
)
IN_PER_SENTENCE = _count(
    "in-per-sentence",
    "which-numbers-share-a-mean",
    {"instance": "sentences"},
    belief="An instance is a sentence, so instance normalization has one mean per sentence.",
    explanation=(
        'This behaves like one mean per sentence for "in". Its features are not mixed: a '
        "sentence of 128 features has 128 means, and 32 sentences have 4096."
    ),
    question='Does "in" average the first feature together with the second?',
    hint="Which two axes are left when only the tokens are averaged?",
)
IN_PER_TOKEN = _count(
    "in-per-token",
    "which-numbers-share-a-mean",
    {"instance": "tokens"},
    belief="Instance normalization averages the features of each token.",
    explanation=(
        'This behaves like one mean per token for "in". That is "ln"; "in" averages over the '
        "tokens of a sentence, and each feature keeps a mean of its own."
    ),
    question='Which axis disappears in "in", and which one in "ln"?',
    hint='Read in the table what "in" averages over. Which two axes are left?',
)
SWAP_LN_BN = _count(
    "swap-ln-bn",
    "which-numbers-share-a-mean",
    {"count": "exchanged"},
    belief="Layer normalization averages over the samples, batch normalization over the features.",
    explanation=(
        'This behaves like the counts of "ln" and "bn" exchanged. Layer normalization averages '
        "the features of one token, batch normalization one feature of all tokens."
    ),
    question="In which of the two does a word's result depend on the other sentences?",
    hint="Which axis disappears when one token is averaged by itself?",
)
PRODUCT_ALL = _count(
    "product-all",
    "which-numbers-share-a-mean",
    {"count": "all"},
    belief="Every number of the array has its mean.",
    explanation=(
        "This behaves like counting the numbers of the array. A mean summarizes many numbers, so "
        "there are fewer means than numbers."
    ),
    question="How many numbers share one mean, and how many means does that leave?",
    hint="An axis that is averaged disappears. Is its length still in your product?",
)
AVERAGED_NOT_LEFT = _count(
    "averaged-not-left",
    "which-numbers-share-a-mean",
    {"count": "averaged"},
    belief="The axes that are averaged say how many means there are.",
    explanation=(
        "This behaves like counting the numbers that share one mean. Asked for is how many means "
        "there are: the two counts multiply to the size of the array."
    ),
    question="Does your count say how many numbers go into a mean, or how many means come out?",
    hint="Multiply the lengths of the axes that are still there afterwards.",
)
LENGTHS_ADDED = _count(
    "lengths-added",
    "which-numbers-share-a-mean",
    {"count": "sum"},
    belief="Two axes are left, so their lengths add up.",
    explanation=(
        "This behaves like adding the lengths of the axes that are left. 3 sentences of 7 tokens "
        "are 21 tokens, not 10."
    ),
    question="How many seats has a room with 3 rows of 7?",
    hint="Count the tokens of two sentences on your fingers.",
)
NUMBERS_OF_THE_LESSON = _count(
    "numbers-of-the-lesson",
    "read-a-shape",
    {"count": "of the lesson"},
    belief="The array always has the shape (32, 50, 128).",
    explanation=(
        "This behaves like counting for the shape (32, 50, 128), whatever shape is passed. The "
        "argument changes nothing."
    ),
    question="What changes in your result when the caller passes another shape?",
    hint="Search your code for the numbers of the lesson, and for the name shape.",
)


# standardize_tokens

EPS_OUTSIDE_SQRT = _standardize("eps-outside-sqrt", "a-token-on-its-own-scale", eps_added="to std")
EPS_OMITTED = _standardize("eps-omitted", "a-token-on-its-own-scale", eps_added="nowhere")
EPS_HARD_CODED = _standardize(
    "eps-hard-coded", "a-token-on-its-own-scale", eps_added="as 1e-5", forms=EPS_FORMS
)
EPS_DEFAULT_CHANGED = _standardize(
    "eps-default-changed", "a-token-on-its-own-scale", default_eps=1e-6, forms=DEFAULT_FORMS
)
EPS_SQUARED = _standardize("eps-squared", "a-token-on-its-own-scale", eps_added="squared")
UNBIASED_VARIANCE = _standardize("unbiased-variance", "mean-variance-standard-deviation", ddof=1)
DIVIDE_BY_VARIANCE = _standardize(
    "divide-by-variance", "a-token-on-its-own-scale", divisor="variance"
)
CENTER_ONLY = _standardize("center-only", "a-token-on-its-own-scale", divisor="nothing")
NO_CENTERING = _standardize("no-centering", "a-token-on-its-own-scale", centering="nowhere")
MEAN_KEPT = _standardize("mean-kept", "a-token-on-its-own-scale", centering="in variance")
BATCH_AXIS = _standardize("batch-axis", "which-numbers-share-a-mean", axes="batch")
SECOND_AXIS = _standardize("second-axis", "read-a-shape", axes="second")
WHOLE_TENSOR = _standardize("whole-tensor", "which-numbers-share-a-mean", axes="everything")
ALL_NON_BATCH_AXES = _standardize(
    "all-non-batch-axes", "which-numbers-share-a-mean", axes="all but batch"
)
KEEPDIMS_MISSING = _standardize("keepdims-missing", "an-axis-that-stays", keepdims=False)
MUTATES_INPUT = _standardize("mutates-input", "what-can-go-wrong", in_place=True)
FLOAT64_LEAK = _standardize("float64-leak", "what-can-go-wrong", work="float64 returned")
FLOAT32_ALWAYS = _standardize("float32-always", "what-can-go-wrong", work="float32")
ONE_PASS_VARIANCE = _standardize("one-pass-variance", "what-can-go-wrong", variance="in one pass")
MEAN_ABSOLUTE_DEVIATION = misconception(
    "mean-absolute-deviation",
    exercise="standardize_tokens",
    paragraph="mean-variance-standard-deviation",
    switches={"variance": "of sizes"},
    belief="The standard deviation is the mean distance from the mean.",
    explanation=(
        "This behaves like dividing by the mean size of the deviations. For [0, 0, 0, 4] that is "
        "1.5 where the standard deviation is 1.732."
    ),
    question="With a tiny eps, what is the mean of the squares of your result?",
    hint="The variance makes the deviations positive in another way than by dropping their signs.",
)


# signal_std

NO_CARRY = _signal(
    "no-carry",
    "fifty-layers-in-a-row",
    {"fed": "x again"},
    belief="Every layer receives the input x.",
    explanation=(
        "This behaves like feeding x to every layer. Layers stand in a row: layer 2 receives what "
        "came out of layer 1, and so on."
    ),
    question="What goes into the second layer?",
    hint="Which name does your loop multiply, and does it change from one round to the next?",
)
LAST_LAYER_FIRST = _signal(
    "last-layer-first",
    "fifty-layers-in-a-row",
    {"fed": "last layer first"},
    belief="The last matrix of the list acts first, as in f(g(x)).",
    explanation=(
        "This behaves like going through the layers from the last to the first. In h W the signal "
        "stands on the left, so the list is read in its own order."
    ),
    question="Which matrix does x meet first?",
    hint="Try two layers, one of which doubles everything. Where does the doubling show?",
)
TRANSPOSED_WEIGHT = _signal(
    "transposed-weight",
    "fifty-layers-in-a-row",
    {"product": "h W.T"},
    belief="A layer multiplies by the transposed matrix.",
    explanation=(
        "This behaves like multiplying by the transpose of W. Some libraries store W that way; "
        "here a layer is h W."
    ),
    question="Which number of W connects input feature 0 with output feature 1?",
    hint="Try W = [[0, 1], [0, 0]] by hand: which feature of h reaches the output, and where?",
)
ELEMENTWISE_PRODUCT = _signal(
    "elementwise-product",
    "fifty-layers-in-a-row",
    {"product": "h * W"},
    belief="* multiplies matrices.",
    explanation=(
        "This behaves like multiplying entry by entry. Shapes (6, 4) and (4, 4) then do not fit; "
        "where they fit, no feature reaches another."
    ),
    question="Of how many features of h is one feature of h W made?",
    hint="Which sign multiplies matrices in NumPy?",
)
INCLUDES_INPUT = _signal(
    "includes-input",
    "one-number-per-layer",
    {"taken": "with x"},
    belief="The signal that goes in is the first of the values.",
    explanation=(
        "This behaves like returning the spread of x as well. There are L layers and so L values; "
        "this gives one more."
    ),
    question="How many values does a network with no layer have?",
    hint="Is your list empty when the loop begins?",
)
BEFORE_THE_LAYER = _signal(
    "before-the-layer",
    "one-number-per-layer",
    {"taken": "before"},
    belief="The spread is taken of what a layer receives.",
    explanation=(
        "This behaves like taking the spread in front of each layer. The first value is then that "
        "of x, and the last layer has no effect."
    ),
    question="What does the last matrix change in your result?",
    hint="Compare the order of the two lines in your loop.",
)
LAST_ONLY = _signal(
    "last-only",
    "one-number-per-layer",
    {"taken": "last"},
    belief="Only what comes out at the end matters.",
    explanation=(
        "This behaves like returning the spread behind the last layer alone. Asked for is one "
        "value for each layer."
    ),
    question="How many values does your function return for three layers?",
    hint="Where in your code is a value kept, and how often does that line run?",
)
RELATIVE_TO_INPUT = _signal(
    "relative-to-input",
    "one-number-per-layer",
    {"taken": "relative"},
    belief="What counts is how much the signal grew.",
    explanation=(
        "This behaves like dividing every value by the spread of x. Asked for is the spread "
        "itself, not the growth."
    ),
    question="What changes in your result when every number of x is doubled?",
    hint="Does the spread of x itself occur in the text of the function?",
)
VAR_NOT_STD = _signal(
    "var-not-std",
    "mean-variance-standard-deviation",
    {"spread": "var"},
    belief="Variance and standard deviation are two words for the same number.",
    explanation=(
        "This behaves like returning the variance, the square of the standard deviation. A signal "
        "that doubles in each layer then grows by 4, not by 2."
    ),
    question="If x is in metres, what is the unit of your result?",
    hint="One step is left between the mean of the squares and the standard deviation.",
)
SAMPLE_STD = _signal(
    "sample-std",
    "mean-variance-standard-deviation",
    {"spread": "n - 1"},
    belief="A standard deviation divides by n - 1.",
    explanation=(
        "This behaves like dividing by one less than the count. For four numbers the result is "
        "sqrt(4/3) = 1.155 times too large."
    ),
    question="How many deviations do you sum, and by what do you divide?",
    hint="Look up what the function that you call divides by.",
)
ROOT_MEAN_SQUARE = _signal(
    "root-mean-square",
    "mean-variance-standard-deviation",
    {"spread": "root mean square"},
    belief="The standard deviation is the root of the mean square.",
    explanation=(
        "This behaves like a root mean square, from which no mean was removed. It is equal to the "
        "standard deviation only where the mean is 0."
    ),
    question="What is the standard deviation of the numbers 5, 5, 5?",
    hint="From where are deviations counted: from 0, or from somewhere else?",
)
MEAN_SIZE = _signal(
    "mean-size",
    "mean-variance-standard-deviation",
    {"spread": "size"},
    belief="The size of a signal is the mean of its absolute values.",
    explanation=(
        "This behaves like averaging the absolute values. That is a measure of size, too, but not "
        "the standard deviation."
    ),
    question="What is the standard deviation of the numbers 5, 5, 5?",
    hint="Work the two tokens of the lesson through by hand, behind the first layer.",
)
SPREAD_OF_FEATURES = _signal(
    "spread-of-features",
    "one-number-per-layer",
    {"spread": "of features"},
    belief="The spread of a layer is the average spread of its features.",
    explanation=(
        "This behaves like one spread per feature, averaged. Asked for is one standard deviation "
        "of all numbers together."
    ),
    question="How many means does one value of your result need?",
    hint="Is there an axis in your code? Which numbers belong together here?",
)
SPREAD_OF_TOKENS = _signal(
    "spread-of-tokens",
    "one-number-per-layer",
    {"spread": "of tokens"},
    belief="The spread of a layer is the average spread of its tokens.",
    explanation=(
        "This behaves like one spread per token, averaged. Asked for is one standard deviation of "
        "all numbers together."
    ),
    question="How many means does one value of your result need?",
    hint="Is there an axis in your code? Which numbers belong together here?",
)
SIGNAL_OVERWRITTEN = _signal("mutates-input", "what-can-go-wrong", {"in_place": True})
