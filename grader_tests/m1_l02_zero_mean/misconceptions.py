"""Wrong answers to the exercises on zero mean, executable.

A switch is a family of mistakes: two mistakes of one family exclude each other,
mistakes of different families can act together. `paragraph` is the anchor of the
heading in the lesson that explains the idea. Every number in the texts was computed
in float64. Longer than other modules because most of it is one table of texts.
"""

# ruff: noqa: N803, N806 - W is named as in the exercise

import numpy as np

from grader_tests.shared_misconceptions import SHARED
from nbjudge.naming.bank import misconception

CENTERS = {
    "mean": np.mean,
    "median": np.median,
    "midpoint": lambda x, **along: (x.max(**along) + x.min(**along)) / 2,
}


def _averaged_axes(x, axis, axes):
    """Return the axes that are averaged, by the name of the mistake."""
    return {"axis": axis, "last": -1, "first": 0, "everything": tuple(range(x.ndim))}[axes]


def _taken_off(x, axis, keepdims, center=np.mean):
    mean = np.asarray(center(x, axis=axis, keepdims=True), x.dtype)
    return mean if keepdims else np.squeeze(mean, axis)


def center_variant(
    x,
    axis=-1,
    *,
    center="mean",
    axes="axis",
    keepdims=True,
    spread="kept",
    in_place=False,
    widened=False,
):
    """`center` with its classic mistakes behind switches."""
    averaged = _averaged_axes(x, axis, axes)
    wide = x.astype(np.float64) if widened else x
    mean = _taken_off(wide, averaged, keepdims, CENTERS[center])
    centered = wide - mean
    if spread == "divided out":
        centered = centered / wide.std(axis=averaged, keepdims=True)
    if in_place:
        x -= mean.astype(x.dtype)
    return centered


def center_backward_variant(
    dy,
    axis=-1,
    *,
    paths="both",
    through_mean="averaged",
    sign=-1,
    axes="axis",
    keepdims=True,
    in_place=False,
    widened=False,
):
    """`center_backward` with its classic mistakes behind switches."""
    averaged = _averaged_axes(dy, axis, axes)
    wide = dy.astype(np.float64) if widened else dy
    mean = _taken_off(wide, averaged, keepdims, np.sum if through_mean == "summed" else np.mean)
    straight = 0 * wide if paths == "through the mean" else wide
    dx = straight + (0 * mean if paths == "straight" else sign * mean)
    if in_place:
        dy -= mean.astype(dy.dtype)
    return dx


def masked_center_variant(  # noqa: PLR0913 - one switch per family of mistakes
    x,
    mask,
    *,
    divisor="valid",
    padding="zero",
    believed="mask",
    blanked="where",
    guarded=True,
    axes=(1,),
    in_place=False,
    widened=False,
):
    """`masked_center` with its classic mistakes behind switches."""
    valid = {"mask": mask, "inverted": ~mask, "not zero": np.any(x != 0, axis=-1)}[believed]
    valid = valid[:, :, np.newaxis]
    wide = x.astype(np.float64) if widened else x
    in_sum, at_end = blanked in {"product", "sum"}, blanked in {"product", "end"}
    kept = wide * valid if in_sum else np.where(valid, wide, 0)
    counted = valid + np.zeros(x.shape, int) if divisor == "valid" else np.ones(x.shape, int)
    count = counted.sum(axis=axes, keepdims=True)
    with np.errstate(invalid="ignore"):  # public: any code may silence a warning
        mean = (kept.sum(axis=axes, keepdims=True) / np.maximum(count, guarded)).astype(wide.dtype)
    centered = wide - mean
    if in_place:
        x[~mask] = 0
    if padding == "zero" and not at_end and not guarded:
        return kept - mean * valid  # np.where would hide the NaN
    if padding == "zero":
        return centered * valid if at_end else np.where(valid, centered, 0)
    return np.where(valid, centered, wide) if padding == "as it was" else centered


def fold_centering_variant(
    W,
    b,
    *,
    weights="each column",
    bias="centered",
    scaled=False,
    in_place=False,
    widened=False,
):
    """`fold_centering` with its classic mistakes behind switches."""
    W_in, b_in = W, b
    if widened:
        W, b = W.astype(np.float64), b.astype(np.float64)
    means = {
        "each column": W.mean(axis=0, keepdims=True),
        "each row": W.mean(axis=1, keepdims=True),
        "everything": W.mean(keepdims=True),
        "nothing": np.zeros((1, 1), W.dtype),
    }[weights]
    shift = {"centered": b.mean(), "as it was": b.dtype.type(0), "dropped": b}[bias]
    folded, shifted = W - means, b - shift
    if scaled:
        folded = folded / W.std(axis=0, keepdims=True)
    if in_place:
        W_in -= means.astype(W_in.dtype)
        b_in -= np.asarray(shift, b_in.dtype)
    return folded, shifted


def _declare(exercise):
    """Return how a mistake of this exercise is declared: shared texts first, its own above."""

    def mistake(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
        texts = {**SHARED.get(id, {}), **texts}
        return misconception(id, exercise=exercise, paragraph=paragraph, switches=switches, **texts)

    return mistake


_center = _declare("center")
_backward = _declare("center_backward")
_masked = _declare("masked_center")
_fold = _declare("fold_centering")

# What a mistake about axes does is the same for numbers and for their gradients.
AXIS_IGNORED = {
    "belief": "The numbers that belong together always lie along the last axis.",
    "explanation": (
        "This behaves like averaging along the last axis, whatever axis is. For shape (2, 3) and "
        "axis=0 it takes 2 means where 3 were asked for."
    ),
    "question": "How many means belong to shape (2, 3) and axis=0, and how many do you take?",
    "hint": "Search your code for -1: which of them should be axis?",
}
FIRST_AXIS = {
    "belief": "Averages are taken over the samples, and those lie along the first axis.",
    "explanation": (
        "This behaves like averaging over the first axis, whatever axis is. What becomes of a row "
        "then depends on the rows beside it."
    ),
    "question": "Does a row give the same result alone and inside a batch?",
    "hint": "Which axis does your mean lose, and which one should it lose?",
}
ONE_MEAN = {
    "belief": "The mean of an array is one number.",
    "explanation": (
        "This behaves like one mean for the whole array. All numbers together then sum to 0, but "
        "a single row does not."
    ),
    "question": "How many means should an array of shape (2, 3) have along its last axis?",
    "hint": "Print the shape of your mean. Then sum your result along axis.",
}
MEANS_ON_COLUMNS = {
    "explanation": (
        "This behaves like means that have lost their axis. Most shapes then raise an error; on "
        "square arrays each row's mean silently lands on a column."
    ),
}
NOT_IN_PLACE = {
    "belief": "An array is mine once it was passed to me.",
    "explanation": (
        "This behaves like working inside the caller's array. After the call it holds other "
        "numbers than before."
    ),
    "question": "What does the caller's array hold after your function returned?",
    "hint": "Look for -=, out= and assignments to parts: whose memory do they write to?",
}

# center

MEDIAN_CENTER = _center(
    "median-center",
    "what-zero-mean-does-not-say",
    {"center": "median"},
    belief="The middle of the numbers is the one with as many above as below.",
    explanation=(
        "This behaves like subtracting the median. For [0, 0, 0, 4] the median is 0 and nothing "
        "moves, but the sum stays 4."
    ),
    question="What do the entries of a row of your result sum to?",
    hint="Half above and half below is one kind of middle. Which kind makes the sum 0?",
)
MIDPOINT_CENTER = _center(
    "midpoint-center",
    "what-zero-mean-does-not-say",
    {"center": "midpoint"},
    belief="The middle of the numbers is halfway between the smallest and the largest.",
    explanation=(
        "This behaves like subtracting the midpoint of smallest and largest. For [0, 0, 0, 4] "
        "that is 2, and the sum becomes -4."
    ),
    question="Which of your numbers have a say in what is subtracted?",
    hint="Change a number that is neither the smallest nor the largest. Must the result move?",
)
STANDARDIZED = _center(
    "divided-by-spread",
    "what-zero-mean-does-not-say",
    {"spread": "divided out"},
    belief="Zero-mean normalization brings the spread to 1 as well.",
    explanation=(
        "This behaves like dividing by the standard deviation too. [1, 3] and [10, 30] then give "
        "the same result, and a constant row gives 0/0."
    ),
    question="How far apart are 12 and 3 before centering, and how far afterwards?",
    hint="One step too many: which line of your code changes the distance of two numbers?",
)
WHOLE_TENSOR = _center("whole-tensor", "each-row-its-own-mean", {"axes": "everything"}, **ONE_MEAN)
BATCH_AXIS = _center("batch-axis", "each-row-its-own-mean", {"axes": "first"}, **FIRST_AXIS)
CENTER_AXIS_IGNORED = _center(
    "axis-ignored", "each-row-its-own-mean", {"axes": "last"}, **AXIS_IGNORED
)
KEEPDIMS_MISSING = _center(
    "keepdims-missing", "each-row-its-own-mean", {"keepdims": False}, **MEANS_ON_COLUMNS
)
MUTATES_INPUT = _center("mutates-input", "what-can-go-wrong", {"in_place": True}, **NOT_IN_PLACE)
FLOAT64_LEAK = _center("float64-leak", "what-can-go-wrong", {"widened": True})

# center_backward

IDENTITY_GRAD = _backward(
    "identity-grad",
    "the-gradient-of-centering",
    {"paths": "straight"},
    belief="Subtracting a number does not change a gradient.",
    explanation=(
        "This behaves like treating the mean as a constant: dy is passed on as it came. But the "
        "mean moves when any x moves, and every y feels it."
    ),
    question="If x[0] grows by 1 and the row has 4 entries, by how much does y[0] grow?",
    hint="When every x grows by 1, no y changes. What must your dx say about that?",
)
SUM_NOT_MEAN = _backward(
    "sum-not-mean",
    "the-gradient-of-centering",
    {"through_mean": "summed"},
    belief="Gradients from several places add up, so their sum is subtracted.",
    explanation=(
        "This behaves like subtracting the sum of dy. They do add up, but each x has only 1/D of "
        "a say in the mean, so what is subtracted is D times too large."
    ),
    question="By how much does the mean of D numbers grow when one of them grows by 1?",
    hint="What do the entries of your dx sum to, and what should they?",
)
PLUS_MEAN = _backward(
    "plus-mean",
    "the-gradient-of-centering",
    {"sign": 1},
    belief="Both paths carry gradient back, so both are added.",
    explanation=(
        "This behaves like adding the mean of dy. The mean is subtracted on the way forward, so "
        "its path carries a minus on the way back."
    ),
    question="When the mean grows, do the y grow or shrink?",
    hint="Put in a dy of ones. Nothing that is added to all x changes y, so what must come out?",
)
ONLY_MEAN_PATH = _backward(
    "only-the-mean-path",
    "the-gradient-of-centering",
    {"paths": "through the mean"},
    belief="The gradient of centering is the gradient of the mean.",
    explanation=(
        "This behaves like keeping only the path through the mean. All entries of a row of dx are "
        "then equal, but each x also reaches its own y directly."
    ),
    question="On how many ways does x[0] reach y[0]?",
    hint="Count where x[i] occurs in y[i]: once by itself, and once more.",
)
BACKWARD_WHOLE_TENSOR = _backward(
    "whole-tensor", "each-row-its-own-mean", {"axes": "everything"}, **ONE_MEAN
)
BACKWARD_BATCH_AXIS = _backward(
    "batch-axis", "each-row-its-own-mean", {"axes": "first"}, **FIRST_AXIS
)
BACKWARD_AXIS_IGNORED = _backward(
    "axis-ignored", "each-row-its-own-mean", {"axes": "last"}, **AXIS_IGNORED
)
BACKWARD_KEEPDIMS_MISSING = _backward(
    "keepdims-missing", "each-row-its-own-mean", {"keepdims": False}, **MEANS_ON_COLUMNS
)
BACKWARD_MUTATES_INPUT = _backward(
    "mutates-input", "what-can-go-wrong", {"in_place": True}, **NOT_IN_PLACE
)
BACKWARD_FLOAT64_LEAK = _backward("float64-leak", "what-can-go-wrong", {"widened": True})

# masked_center

DIVIDES_BY_S = _masked(
    "divides-by-s",
    "sequences-of-different-lengths",
    {"divisor": "all"},
    belief="Padding was set to 0, so it does no harm to a mean.",
    explanation=(
        "This behaves like dividing by all S places, the padding included. A 0 adds nothing to "
        "the sum, but it is counted: 2 and 4 beside two empty places get the mean 1.5."
    ),
    question="How many numbers did you add up, and by how many do you divide?",
    hint="Which array tells how many tokens of a sequence are real?",
)
PADS_NOT_ZEROED = _masked(
    "pads-not-zeroed",
    "sequences-of-different-lengths",
    {"padding": "shifted"},
    belief="The mean is subtracted from the array, wherever its tokens are.",
    explanation=(
        "This behaves like subtracting the mean in the padding too. An empty place that held 0 "
        "then holds minus the mean."
    ),
    question="What does your result hold where mask is False?",
    hint="The last step needs mask as well: what is asked for in the empty places?",
)
PADS_LEFT_ALONE = _masked(
    "pads-left-alone",
    "sequences-of-different-lengths",
    {"padding": "as it was"},
    belief="Padding is to be left alone.",
    explanation=(
        "This behaves like handing out what stood in the padding. Whatever was left there goes "
        "on to the next layer, NaN too."
    ),
    question="What does your result hold where mask is False?",
    hint="Read in the docstring what is promised for the empty places.",
)
MASK_INVERTED = _masked(
    "mask-inverted",
    "sequences-of-different-lengths",
    {"believed": "inverted"},
    belief="True marks what is masked out.",
    explanation=(
        "This behaves like a mask read the other way round. Padding is averaged, and the tokens "
        "are set to 0. Libraries differ here, so it is worth a look each time."
    ),
    question="What does True mean in this mask?",
    hint="Try a mask that is True everywhere. What should remain of x?",
)
ZEROS_AS_PADDING = _masked(
    "zeros-as-padding",
    "sequences-of-different-lengths",
    {"believed": "not zero"},
    belief="Padding can be told by its zeros.",
    explanation=(
        "This behaves like looking for zeros instead of at the mask. Padding may hold anything, "
        "and a real token may be all zeros."
    ),
    question="What changes in your result when an entry of mask changes?",
    hint="Search your code for mask. Which line decides what counts?",
)
MASK_MULTIPLIES_NAN = _masked(
    "mask-multiplies-nan",
    "nan-times-zero",
    {"blanked": "product"},
    belief="Multiplying by 0 removes whatever was there.",
    explanation=(
        "This behaves like multiplying by the mask. For numbers that is fine, but NaN times 0 is "
        "NaN and so is infinity times 0: one bad place in the padding spoils its sequence."
    ),
    question="What is NaN times 0?",
    hint="Do not compute with what you want to leave out: choose instead.",
)
NAN_IN_SUM = _masked(
    "nan-in-the-sum",
    "nan-times-zero",
    {"blanked": "sum"},
    belief="A product with the mask keeps the padding out of a sum.",
    explanation=(
        "This behaves like adding up x times mask. NaN times 0 is NaN and so is infinity times 0: "
        "one bad place in the padding, and the sum over its sequence is NaN."
    ),
    question="What do you add up where the padding holds NaN?",
    hint="Your padding is 0 at the end, as it should be. How must the sum leave it out?",
)
NAN_AT_END = _masked(
    "nan-at-the-end",
    "nan-times-zero",
    {"blanked": "end"},
    belief="A product with the mask turns padding into 0.",
    explanation=(
        "This behaves like multiplying the result by the mask. Your means are right, but NaN times "
        "0 is NaN and so is infinity times 0: where the padding held them, so does the result."
    ),
    question="What does your result hold where the padding held NaN?",
    hint="Your sum leaves the padding out. How can the last step do so as well?",
)
EMPTY_SEQUENCE = _masked(
    "empty-sequence",
    "sequences-of-different-lengths",
    {"guarded": False},
    belief="A sequence has at least one token.",
    explanation=(
        "This behaves like dividing 0 by 0 where a sequence has no real token. Its places become "
        "NaN, and so does all that is computed from them."
    ),
    question="What does your function return where mask is False everywhere?",
    hint="By how many tokens do you divide there?",
)
ALL_NON_BATCH_AXES = _masked(
    "all-non-batch-axes",
    "across-features-or-across-tokens",
    {"axes": (1, 2)},
    belief="One sequence has one mean.",
    explanation=(
        "This behaves like one mean per sequence, over tokens and features. Features of different "
        "size are then pulled towards each other, and none of them sums to 0."
    ),
    question="How many means belong to x of shape (2, 5, 3) here?",
    hint="Print the shape of your mean: which axis should it have lost, and which should it keep?",
)
FEATURE_MEAN = _masked(
    "mean-over-features",
    "across-features-or-across-tokens",
    {"axes": (2,)},
    belief="A mean is taken over the features of a token, as in layer normalization.",
    explanation=(
        "This behaves like one mean per token, over its features. Then the mask matters for no "
        "mean at all, and a feature does not sum to 0 over its sequence."
    ),
    question="Which numbers share a mean here: those of one token, or those of one feature?",
    hint="Which axis of (B, S, D) counts the tokens of a sequence?",
)
SHARED_MEAN = _masked(
    "mean-over-batch",
    "across-features-or-across-tokens",
    {"axes": (0, 1)},
    belief="A feature has one mean, over all tokens there are.",
    explanation=(
        "This behaves like one mean per feature for the whole batch. What becomes of a sequence "
        "then depends on the others that were computed beside it."
    ),
    question="Does a sequence give the same result alone and beside another one?",
    hint="Each sequence has its own mean. Which axis must your mean keep?",
)
MASKED_MUTATES_INPUT = _masked(
    "mutates-input", "what-can-go-wrong", {"in_place": True}, **NOT_IN_PLACE
)
MASKED_FLOAT64_LEAK = _masked(
    "float64-leak",
    "what-can-go-wrong",
    {"widened": True},
    belief="Counting tokens has nothing to do with the dtype of the result.",
    explanation=(
        "This behaves like a result that became float64 on the way. An array of integers, such as "
        "a count for each sequence, turns a float32 array into float64 when they meet."
    ),
    question="Which dtype has your result for a float32 input?",
    hint="Print the dtype after each step. Where does it change?",
)

# fold_centering

CENTERS_ROWS = _fold(
    "centers-rows",
    "centering-moves-into-the-weights",
    {"weights": "each row"},
    belief="Every neuron's weights are centered.",
    explanation=(
        "This behaves like removing the mean of each row of W, over its inputs. Then adding a "
        "constant to all inputs changes nothing, but the outputs have a mean as before."
    ),
    question="Whose mean shall be 0 at the end: that of the inputs or that of the outputs?",
    hint="Column k says what input k gives to each of the outputs.",
)
CENTERS_GLOBALLY = _fold(
    "centers-globally",
    "centering-moves-into-the-weights",
    {"weights": "everything"},
    belief="A matrix with mean 0 makes outputs with mean 0.",
    explanation=(
        "This behaves like subtracting one mean from the whole matrix. Each input then still "
        "moves the mean of the outputs, only not all of them in the same direction."
    ),
    question="If only input k is 1 and all others are 0, what is the mean of the outputs?",
    hint="The mean must be 0 for every input, so look at one input at a time.",
)
WEIGHTS_NOT_CENTERED = _fold(
    "weights-not-centered",
    "centering-moves-into-the-weights",
    {"weights": "nothing"},
    belief="Only a bias can shift a mean.",
    explanation=(
        "This behaves like centering b and leaving W as it is. The mean of the outputs is then "
        "gone for x = 0, and back for every other x."
    ),
    question="For which inputs does your result have outputs with mean 0?",
    hint="Write the mean of the outputs as a sum over inputs. What multiplies x[k]?",
)
BIAS_NOT_CENTERED = _fold(
    "bias-not-centered",
    "centering-moves-into-the-weights",
    {"bias": "as it was"},
    belief="The mean of the outputs comes from the weights alone.",
    explanation=(
        "This behaves like centering W and leaving b as it is. The outputs keep the mean of b, "
        "whatever the input is."
    ),
    question="What are the outputs for x = 0, and what is their mean?",
    hint="Write the mean of the outputs as a sum. Which part does not depend on x?",
)
BIAS_DROPPED = _fold(
    "bias-dropped",
    "centering-moves-into-the-weights",
    {"bias": "dropped"},
    belief="Layer normalization removes the bias, so b can be 0.",
    explanation=(
        "This behaves like setting the whole bias to 0. Centering removes only its mean: what "
        "distinguishes one output's bias from another's stays."
    ),
    question="If b = [1, 3], which part of it do you still see after centering?",
    hint="Split b into its mean and the deviations from it. What becomes of each?",
)
SCALED_TOO = _fold(
    "scaled-too",
    "centering-moves-into-the-weights",
    {"scaled": True},
    belief="The division of layer normalization can be built into W as well.",
    explanation=(
        "This behaves like dividing each column by its standard deviation. That is not the "
        "division of layer normalization, whose divisor changes with every x."
    ),
    question="On what does the divisor of layer normalization depend?",
    hint="A mean of outputs is a sum of inputs times numbers. Is a root of squares?",
)
FOLD_MUTATES_INPUT = _fold("mutates-input", "what-can-go-wrong", {"in_place": True}, **NOT_IN_PLACE)
FOLD_FLOAT64_LEAK = _fold("float64-leak", "what-can-go-wrong", {"widened": True})
