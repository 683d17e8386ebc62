"""Wrong answers to the exercises on the mathematical foundations, executable.

A switch is a family of mistakes: two mistakes of one family exclude each other,
mistakes of different families can act together. `paragraph` is the anchor of the
heading in the lesson that explains the idea. Every number in the texts was computed
in float64. Longer than other modules because most of it is one table of texts.
"""

import numpy as np

from grader_tests.shared_misconceptions import SHARED
from nbjudge.naming.bank import misconception


def mean_var_std_variant(  # noqa: PLR0913 - one switch per family of mistakes
    x,
    axis=None,
    ddof=0,
    *,
    measure="squared deviations",
    divisor="n - ddof",
    counted="all averaged",
    along="axis",
    keepdims=True,
    quotient="true",
    root="std",
    order="mean, var, std",
    dtype="of x",
    shape="without axis",
    in_place=False,
):
    """`mean_var_std` with its classic mistakes behind switches."""
    axis = None if along == "nothing" else axis
    x = x.astype(np.float64) if dtype == "float64" else x
    divide = np.floor_divide if quotient == "whole" else np.true_divide
    totals = x.sum(axis=axis, keepdims=True)
    count = {"len": len(x), "size": x.size}.get(counted, x.size // totals.size)
    mean = divide(totals, count - ddof if divisor == "n - ddof twice" else count)
    means = mean.reshape(x.sum(axis=axis).shape)[()]
    deviations = x - (mean if keepdims else means)
    if measure == "one pass":
        squares = np.square(x).sum(axis=axis) - count * np.square(means)
    elif measure == "of the means":
        squares, count = np.square(means - means.mean()).sum(), means.size
    else:
        squares = (np.abs(deviations) if measure == "sizes" else deviations**2).sum(axis=axis)
    divisors = {"n - 1": count - 1, "n": count}
    variance = divide(squares, divisors.get(divisor, count - ddof))
    if in_place:
        x -= mean.astype(x.dtype)
    std = variance if root == "forgotten" else np.sqrt(variance)
    means = mean if shape == "of the totals" else means
    return (means, std, variance) if order == "mean, std, var" else (means, variance, std)


def _statistics(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    texts = {**SHARED.get(id, {}), **texts}
    return misconception(
        id, exercise="mean_var_std", paragraph=paragraph, switches=switches, **texts
    )


# mean_var_std

STD_OF_MEANS = _statistics(
    "std-of-means",
    "which-axis-disappears",
    {"measure": "of the means"},
    belief="The standard deviation of a table says how far its means lie apart.",
    explanation=(
        "This behaves like measuring how far the means lie from each other. What is asked for is "
        "how far the numbers of one group lie from their own mean."
    ),
    question="How many standard deviations does a table of 2 rows have along axis=1?",
    hint="Each group has a mean and a spread. Which numbers belong to one group?",
)
ABS_DEVIATION = _statistics(
    "abs-deviation",
    "mean-variance-and-standard-deviation",
    {"measure": "sizes"},
    belief="The variance is the mean distance from the mean.",
    explanation=(
        "This behaves like averaging the sizes of the deviations. For 1, 7, 7, 9 that is 2.5; "
        "the mean of their squares is 9."
    ),
    question="If every number is multiplied by 10, by how much must the variance grow?",
    hint="Make the deviations positive in the other way.",
)
ONE_PASS = _statistics(
    "one-pass-variance",
    "what-can-go-wrong",
    {"measure": "one pass"},
    hint="Subtract before you square: which numbers are small, however far all lie from 0?",
)
UNBIASED_VARIANCE = _statistics(
    "unbiased-variance",
    "by-n-or-by-one-less",
    {"divisor": "n - 1"},
    belief="A variance always divides by n - 1.",
    explanation=(
        "This behaves like dividing by n - 1, whatever ddof is. For four numbers the variance is "
        "4/3 = 1.333 times too large, and for a single one it is 0/0."
    ),
    question="What is ddof when the caller says nothing, and what do you divide by then?",
    hint="Count the squared deviations that you add up. Who may ask for a smaller divisor?",
)
DDOF_IGNORED = _statistics(
    "ddof-ignored",
    "by-n-or-by-one-less",
    {"divisor": "n"},
    belief="The divisor is n, and ddof is only there for other libraries.",
    explanation=(
        "This behaves like dividing by n, whatever ddof is. With four numbers and ddof=1 the "
        "variance is 3/4 of what was asked for."
    ),
    question="What changes in your result when the caller passes ddof=1?",
    hint="Search your code for ddof: does the number reach a division?",
)
DDOF_IN_THE_MEAN = _statistics(
    "ddof-in-the-mean",
    "by-n-or-by-one-less",
    {"divisor": "n - ddof twice"},
    belief="ddof is taken off the count, so it counts for every average.",
    explanation=(
        "This behaves like dividing the mean by n - ddof as well. With ddof=1 the mean of 3 and 5 "
        "is then 8, outside of both."
    ),
    question="With ddof=1, what is the mean of two numbers that are both 5?",
    hint="ddof makes up for deviations that came out too small. Which average are they in?",
)
LEN_OF_X = _statistics(
    "len-of-x",
    "which-axis-disappears",
    {"counted": "len"},
    belief="len(x) is how many numbers there are.",
    explanation=(
        "This behaves like dividing by len(x), the length of the first axis. For a single row "
        "that is right; along the rows of a table it is not."
    ),
    question="How many numbers share one mean when shape (2, 3) is averaged along axis=1?",
    hint="Print len(x), x.size and x.shape for a table that is not square.",
)
SIZE_OF_X = _statistics(
    "size-of-x",
    "which-axis-disappears",
    {"counted": "size"},
    belief="x.size is how many numbers there are.",
    explanation=(
        "This behaves like dividing by x.size, the count of all numbers of the array. Where an "
        "axis is named, fewer than all share a mean."
    ),
    question="How many numbers share one mean when shape (2, 3) is averaged along axis=1?",
    hint="Print x.size, and how many sums x.sum(axis=1) has, for a table of shape (2, 3).",
)
MEAN_KEEPS_ITS_AXIS = _statistics(
    "mean-keeps-its-axis",
    "which-axis-disappears",
    {"shape": "of the totals"},
    belief="The mean that is subtracted is the mean that is returned.",
    explanation=(
        "This behaves like returning the mean with the axis still in place, as a 1. The variance "
        "beside it has lost that axis."
    ),
    question="Which shapes do your three results have for x of shape (2, 3) and axis=1?",
    hint="What is keepdims=True good for, and where is it in the way?",
)
WHOLE_ARRAY = _statistics(
    "whole-array",
    "which-axis-disappears",
    {"along": "nothing"},
    belief="An array has one mean and one spread.",
    explanation=(
        "This behaves like averaging all numbers together, whatever axis is. A table of 2 rows "
        "has two means along axis=1."
    ),
    question="Which shape must the mean have for x of shape (2, 3) and axis=0?",
    hint="Search your code for axis: does it reach the sums?",
)
KEEPDIMS_MISSING = _statistics("keepdims-missing", "which-axis-disappears", {"keepdims": False})
INT_DIVISION = _statistics(
    "int-division",
    "what-can-go-wrong",
    {"quotient": "whole"},
    belief="The average of whole numbers is a whole number.",
    explanation=(
        "This behaves like dividing with //, which rounds down. The mean of 1, 2, 2, 6 becomes 2, "
        "and it is 2.75."
    ),
    question="What is 11 // 4 in Python, and what is 11 / 4?",
    hint="Look at each division in your code: what does it do with a remainder?",
)
ROOT_FORGOTTEN = _statistics(
    "root-forgotten",
    "mean-variance-and-standard-deviation",
    {"root": "forgotten"},
    belief="Variance and standard deviation are two words for the same number.",
    explanation=(
        "This behaves like returning the variance twice. For 1, 7, 7, 9 the third result is 9 "
        "and should be 3."
    ),
    question="If x is in metres, what are the units of your second and of your third result?",
    hint="What brings a square back to the unit of x?",
)
RESULTS_SWAPPED = _statistics(
    "results-swapped",
    "mean-variance-and-standard-deviation",
    {"order": "mean, std, var"},
    belief="The order of the results does not matter.",
    explanation=(
        "This behaves like returning mean, standard deviation, variance. Whoever unpacks the "
        "three takes one for the other."
    ),
    question="Which of your three results is in squared units, and which place does it have?",
    hint="Compare your last line with Returns in the docstring.",
)
FLOAT64_LEAK = _statistics(
    "float64-leak",
    "your-turn-mean_var_std",
    {"dtype": "float64"},
    explanation=(
        "This behaves like turning every input into float64 and leaving it there. Means of float32 "
        "numbers then take twice the memory that was asked for."
    ),
)
MUTATES_INPUT = _statistics("mutates-input", "what-can-go-wrong", {"in_place": True})


def centering_matrix_variant(d, *, divided="by d", removed="the mean", diagonal="loses too"):
    """`centering_matrix` with its classic mistakes behind switches."""
    divisors = {"by d": d, "by nothing": 1, "by d - 1": d - 1, "by the length": np.sqrt(d)}
    shares = np.ones((d, d)) / divisors[divided]
    if diagonal == "kept":
        shares -= np.diag(np.diag(shares))
    if removed == "all but the mean":
        return shares
    if removed == "the row":
        return shares - np.eye(d)
    return np.eye(d) - shares


def _scaled_by_d(d):
    """Clear the fractions of the right matrix."""
    return d * np.eye(d) - np.ones((d, d))


def numerical_grad_variant(
    f,
    x,
    h=1e-5,
    *,
    sides="both",
    distance="2h",
    moved="one entry",
    step="h",
    kept="copies",
    result="like x",
):
    """`numerical_grad` with its classic mistakes behind switches."""
    h = 1e-5 if step == "1e-5" else h
    up, down = {"above": (h, 0.0), "below": (0.0, h)}.get(sides, (h, h))
    width = (h if distance == "h" else up + down) * (-1 if sides == "turned" else 1)
    if moved == "all, for one number":
        return (f(x + up) - f(x - down)) / width
    every = {"one entry": np.ndindex(x.shape), "all": [...]}.get(moved, range(len(x)))
    gradient = np.zeros(len(x) if moved == "rows, for one number each" else x.shape)
    start = f(x) if (sides, kept) == ("above", "never") else None
    for place in every:
        if kept == "copies":
            rise = _rise(f, x, place, (up, down))
        else:
            rise = _rise_in_x(f, x, place, (up, down), kept=kept, start=start)
        gradient[place] = rise / width
    return gradient.ravel() if result == "flat" else gradient


def _rise(f, x, place, steps):
    """Return how much `f` rises between two copies of `x`, one moved up and one down."""
    high, low = x.copy(), x.copy()
    high[place] += steps[0]
    low[place] -= steps[1]
    return f(high) - f(low)


def _rise_in_x(f, x, place, steps, *, kept, start):
    """Do the same with `x` itself, and leave it as `kept` says."""
    up, down = steps
    x[place] += up
    if kept == "one array":
        x[place] -= down
        return f(x) - f(x)
    above = f(x)
    if start is not None:  # whoever only looks ahead asked f once, before anything moved
        return above - start
    x[place] -= up + down
    below = f(x)
    if kept == "arithmetic":
        x[place] += down
    return above - below


def grad_mean_var_variant(
    x,
    *,
    moves="deviation",
    factor="two",
    divisor="D",
    of="variance",
    mean_slopes="1/D",
    dtype="of x",
    order="mean, variance",
):
    """`grad_mean_var` with its classic mistakes behind switches."""
    count = x.shape[0]
    deviations = x if moves == "number" else x - x.mean()
    factors = {"two": 2, "one": 1, "own share": 2 * (1 - 1 / count), "minus two": -2}
    divisors = {"D": count, "nothing": 1, "D - 1": count - 1}
    variance_slopes = factors[factor] * deviations / divisors[divisor]
    if of == "std":
        variance_slopes /= 2 * x.std()
    share = np.full_like(x, 1 / count)
    slopes = {"1/D": share, "one number": share, "ones": np.ones_like(x), "x/D": x / count}
    slopes = slopes[mean_slopes].astype(np.float64 if dtype in ("float64", "both") else x.dtype)
    if dtype in ("float64 beside it", "both"):
        variance_slopes = variance_slopes.astype(np.float64)
    results = 1 / count if mean_slopes == "one number" else slopes, variance_slopes
    return results[::-1] if order == "variance, mean" else results


def _matrix(id, paragraph, switches=None, **texts):  # noqa: A002 - the field's name
    return misconception(
        id, exercise="centering_matrix", paragraph=paragraph, switches=switches, **texts
    )


def _slopes(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    return misconception(
        id, exercise="numerical_grad", paragraph=paragraph, switches=switches, **texts
    )


def _gradients(id, paragraph, switches, **rest):  # noqa: A002 - the field's name
    return misconception(
        id, exercise="grad_mean_var", paragraph=paragraph, switches=switches, **rest
    )


# centering_matrix

ONES_NOT_AVERAGED = _matrix(
    "ones-not-averaged",
    "a-matrix-that-removes-the-mean",
    {"divided": "by nothing"},
    belief="The matrix of ones takes the mean of a row.",
    explanation=(
        "This behaves like subtracting the sum of the row. For 1, 7, 7, 9 that takes 24 from "
        "every number; the mean is 6."
    ),
    question="What does your matrix make of the row (1, 1, 1)?",
    hint="A matrix of ones adds up. What turns a sum into a mean?",
)
D_MINUS_ONE = _matrix(
    "d-minus-one",
    "a-matrix-that-removes-the-mean",
    {"divided": "by d - 1"},
    belief="Whatever has to do with deviations divides by d - 1.",
    explanation=(
        "This behaves like dividing the sum by d - 1. That is no mean: of the row (1, 1, 1) it "
        "takes 1.5 from every number."
    ),
    question="What must the matrix make of a row of equal numbers, and what does yours?",
    hint="d - 1 has its place in guessing a variance. Which average is removed here?",
)
LENGTH_NOT_SQUARED = _matrix(
    "length-not-squared",
    "the-part-along-an-arrow",
    {"divided": "by the length"},
    belief="A projection divides by the length of the arrow.",
    explanation=(
        "This behaves like dividing by the length of the arrow of ones once, by the root of d. "
        "For d = 4 twice the mean is removed."
    ),
    question="If the arrow is made twice as long, what must happen to the projection on it?",
    hint="The arrow stands in the numerator twice. How often does its length have to go out?",
)
PROJECTS_ON_MEAN = _matrix(
    "projects-on-mean",
    "a-matrix-that-removes-the-mean",
    {"removed": "all but the mean"},
    belief="The centering matrix is the one that finds the mean.",
    explanation=(
        "This behaves like replacing every number by the mean. The mean was kept, and the "
        "deviations were thrown away."
    ),
    question="What should be left of a row of equal numbers, and what is left with yours?",
    hint="A row is the sum of two parts. You have the matrix of the one; which is the other?",
)
SIGN_TURNED = _matrix(
    "sign-turned",
    "a-matrix-that-removes-the-mean",
    {"removed": "the row"},
    belief="The deviation is how far the mean lies from the number.",
    explanation=(
        "This behaves like subtracting the row from its mean. Every deviation comes out with the "
        "wrong sign."
    ),
    question="A number above the mean: is its deviation positive or negative, and with yours?",
    hint="Apply your matrix to a row that has the mean 0 already. It should change nothing.",
)
DIAGONAL_KEPT = _matrix(
    "diagonal-kept",
    "a-matrix-that-removes-the-mean",
    {"diagonal": "kept"},
    belief="A number loses a share of all the others.",
    explanation=(
        "This behaves like leaving the number itself out of its mean. The diagonal is 1; but "
        "every number takes part in the mean, also in its own deviation."
    ),
    question="What must each row of the matrix sum to, and what does yours sum to?",
    hint="Write the first deviation for d = 3 as a sum over x_1, x_2 and x_3.",
)
SCALED_BY_D = _matrix(
    "scaled-by-d",
    "a-matrix-that-removes-the-mean",
    code=_scaled_by_d,
    belief="Whole numbers are as good: a common factor does not matter.",
    explanation=(
        "This behaves like multiplying the deviations by d. The direction is right, and every "
        "deviation is d times too large."
    ),
    question="What does your matrix make of a row that has the mean 0 already?",
    hint="Use your matrix twice. What should the second time change?",
)

# numerical_grad

FORWARD_DIFFERENCE = _slopes(
    "forward-difference",
    "from-both-sides",
    {"sides": "above"},
    belief="A slope is measured from where one stands to a point ahead.",
    explanation=(
        "This behaves like a forward difference, (f(x + h) - f(x)) / h. Where the function "
        "curves, its error shrinks like h; from both sides it shrinks like h squared."
    ),
    question="What does your function say about x**2 at 0, with h = 0.1?",
    hint="The slope at 0 is 0. From which two points, for any h, would you get that?",
)
BACKWARD_DIFFERENCE = _slopes(
    "backward-difference",
    "from-both-sides",
    {"sides": "below"},
    belief="A slope is measured from a point behind to where one stands.",
    explanation=(
        "This behaves like a backward difference, (f(x) - f(x - h)) / h. Where the function "
        "curves, its error shrinks like h; from both sides it shrinks like h squared."
    ),
    question="What does your function say about x**2 at 0, with h = 0.1?",
    hint="The slope at 0 is 0. From which two points, for any h, would you get that?",
)
SIDES_SWAPPED = _slopes(
    "sides-swapped",
    "from-both-sides",
    {"sides": "turned"},
    belief="Which of the two values is subtracted makes no difference.",
    explanation=(
        "This behaves like subtracting the upper value from the lower one. Every slope has the "
        "wrong sign."
    ),
    question="For f(x) = x, which of the two values is the larger one, and what is the slope?",
    hint="Where x grows from the one point to the other, subtract in the same order.",
)
DIVIDE_BY_H = _slopes(
    "divide-by-h",
    "from-both-sides",
    {"distance": "h"},
    belief="The difference is divided by the step.",
    explanation=(
        "This behaves like dividing by h, although the two points lie farther apart. Every slope "
        "comes out twice too large."
    ),
    question="How far is it from x - h to x + h?",
    hint="Try f(x) = x, whose slope you know.",
)
SHARED_PERTURBATION = _slopes(
    "shared-perturbation",
    "one-entry-at-a-time",
    {"moved": "all"},
    belief="x + h moves x, and the slopes follow.",
    explanation=(
        "This behaves like moving all entries together. What comes out is the sum of all slopes, "
        "the same number for every entry."
    ),
    question="How many numbers of x change between your two calls of f?",
    hint="A partial derivative holds all other entries still.",
)
ROW_AT_A_TIME = _slopes(
    "row-at-a-time",
    "one-entry-at-a-time",
    {"moved": "rows"},
    belief="x[i] is the i-th entry of x.",
    explanation=(
        "This behaves like moving a whole row of a table at once. With one axis x[i] is an "
        "entry; with two it is a row."
    ),
    question="What is x[0] for an array of shape (2, 3)?",
    hint="You need one index per axis, or a way to visit the entries one by one.",
)
ONE_NUMBER_FOR_ALL = _slopes(
    "one-number-for-all",
    "one-entry-at-a-time",
    {"moved": "all, for one number"},
    belief="(f(x + h) - f(x - h)) / (2 * h) is the slope, whatever x is.",
    explanation=(
        "This behaves like the slope formula for a single number, with an array put in. "
        "x + h moves all entries together, and one number comes out for all of them."
    ),
    question="How many numbers of x change in x + h, and how many slopes are asked for?",
    hint="A partial derivative holds all other entries still. Which loop does that take?",
)
ONE_SLOPE_PER_ROW = _slopes(
    "one-slope-per-row",
    "one-entry-at-a-time",
    {"moved": "rows, for one number each"},
    belief="x has len(x) entries.",
    explanation=(
        "This behaves like one slope for each x[i]. With one axis x[i] is an entry; of a table it "
        "is a row, which then moves as a whole."
    ),
    question="How many entries has an array of shape (2, 3), and what is its len?",
    hint="You need one index per axis, or a way to visit the entries one by one.",
)
H_IGNORED = _slopes(
    "h-ignored",
    "how-small-a-step",
    {"step": "1e-5"},
    belief="The step is 0.00001.",
    explanation=(
        "This behaves like a step of 1e-5, whatever the caller passes. Whoever studies the error "
        "for different steps sees none."
    ),
    question="What changes in your result when the caller passes h=0.5?",
    hint="Search your code for 1e-: it may stand in the first line only.",
)
NO_RESTORE = _slopes(
    "no-restore",
    "one-entry-at-a-time",
    {"kept": "never"},
    belief="After the two values are taken, the work on an entry is done.",
    explanation=(
        "This behaves like leaving each entry where the last step put it. The slopes of later "
        "entries are then taken at another point, and the caller's x has changed."
    ),
    question="What does x hold when your loop comes to the second entry?",
    hint="Keep the old number before you move it, or move a copy.",
)
X_LEFT_CHANGED = _slopes(
    "x-left-changed",
    "what-can-go-wrong",
    {"kept": "arithmetic"},
    belief="Adding and subtracting the same number leaves things as they were.",
    explanation=(
        "This behaves like leaving other numbers in x than it held, be it by a last digit. Moving "
        "there and back is not enough, as each step is rounded: 0.7 + 0.1 - 0.2 + 0.1 is not 0.7."
    ),
    question="Does x hold the very same numbers after your call, to the last bit?",
    hint="Do not compute the old number: keep it, or move a copy.",
)
ONE_ARRAY = _slopes(
    "one-array-two-names",
    "what-can-go-wrong",
    {"kept": "one array"},
    belief="up = x and down = x are two arrays.",
    explanation=(
        "This behaves like moving one array up and down again before f sees it. Both names "
        "stand for the same numbers, so the difference is 0, and rounding may leave x changed."
    ),
    question="After up = x, what happens to x when you write up[0] += 1?",
    hint="Which method of an array makes another one with the same numbers?",
)
FLAT_RESULT = _slopes(
    "flat-result",
    "one-entry-at-a-time",
    {"result": "flat"},
    belief="A gradient is a list of numbers.",
    explanation=(
        "This behaves like returning the slopes in one long row. For a table of shape (2, 3) "
        "there should be a table of slopes."
    ),
    question="Which shape has x, and which shape has your result?",
    hint="Each entry of x has its slope; where in the result would one look for it?",
)

# grad_mean_var

MU_CONSTANT_FACTOR = _gradients(
    "mu-constant-factor",
    "how-mean-and-variance-answer",
    {"moves": "number"},
    belief="The derivative of a square is twice the number.",
    explanation=(
        "This behaves like taking the slope of the mean square. The mean was not subtracted: "
        "pushing all numbers alike would then change the variance."
    ),
    question="Which number of the row can be pushed a little without changing the variance?",
    hint="What is squared in the variance?",
)
NO_1_OVER_D = _gradients(
    "no-1-over-d",
    "how-mean-and-variance-answer",
    {"divisor": "nothing"},
    belief="The variance is a sum of squares.",
    explanation=(
        "This behaves like the gradient of the sum of squared deviations. The variance is their "
        "mean, which moves D times less."
    ),
    question="How much can one number of a thousand change the variance?",
    hint="Copy the factor in front of the sum, before you take the derivative.",
)
BESSEL = _gradients(
    "bessel",
    "by-n-or-by-one-less",
    {"divisor": "D - 1"},
    belief="A variance always divides by one less than there are numbers.",
    explanation=(
        "This behaves like the gradient of a variance that divides by D - 1. This course's "
        "variance divides by D; for four numbers the slopes come out 4/3 = 1.333 times too large."
    ),
    question="By what does the variance of a row divide in this course?",
    hint="Look at the definition in the first loop.",
)
STD_GRAD = _gradients(
    "std-grad",
    "how-mean-and-variance-answer",
    {"of": "std"},
    belief="Spread is spread: the gradient is that of the standard deviation.",
    explanation=(
        "This behaves like the gradient of the standard deviation. For a row of equal numbers "
        "that is 0/0; the gradient of the variance is 0 there."
    ),
    question="If all numbers are multiplied by 10, what happens to your slopes?",
    hint="Is there a root in what you took the derivative of?",
)
OWN_SHARE = _gradients(
    "own-share-only",
    "the-chain-rule-and-the-jacobian",
    {"factor": "own share"},
    belief="Pushing a number changes its own deviation, and no other.",
    explanation=(
        "This behaves like following one path only. When a number moves, the mean moves, and "
        "with it the deviations of all others; their part is missing."
    ),
    question="When one number of four moves, how many of the four deviations change?",
    hint="Sum over all deviations: what does the sum of them come to?",
)
FACTOR_TWO = _gradients(
    "factor-two-missing",
    "the-slope-at-a-point",
    {"factor": "one"},
    belief="The slope of a square is the number.",
    explanation=(
        "This behaves like taking d as the slope of d squared. All slopes of the variance come "
        "out half as large as they are."
    ),
    question="How much does 3 squared grow when 3 becomes 3.01?",
    hint="Try your numerical_grad on the variance and compare.",
)
SIGN_OF_VARIANCE = _gradients(
    "variance-sign-turned",
    "how-mean-and-variance-answer",
    {"factor": "minus two"},
    belief="The deviation is how far the mean lies from the number.",
    explanation=(
        "This behaves like subtracting the number from the mean. A number above the mean that "
        "moves up makes the spread larger; here it gets smaller."
    ),
    question="Push the largest number up: does the spread grow or shrink?",
    hint="Look at the order of your subtraction.",
)
MEAN_SLOPES_ONES = _gradients(
    "mean-moves-along",
    "how-mean-and-variance-answer",
    {"mean_slopes": "ones"},
    belief="When a number moves, the mean moves along.",
    explanation=(
        "This behaves like moving the mean by as much as the number. One number of D pulls it by "
        "its share only."
    ),
    question="Three marks out of four stay, one gets better by 1. What does the average do?",
    hint="All slopes of the mean together make 1.",
)
MEAN_SLOPES_X = _gradients(
    "mean-slope-is-x",
    "the-slope-at-a-point",
    {"mean_slopes": "x/D"},
    belief="The derivative of a sum is its terms.",
    explanation=(
        "This behaves like keeping the number where its slope belongs. The mean answers to a "
        "push alike, however large the number is that is pushed."
    ),
    question="What is the slope of f(x) = x, at x = 5 and at x = 9?",
    hint="What is the derivative of a number times x?",
)
MEAN_SLOPES_NUMBER = _gradients(
    "one-slope-for-all",
    "one-entry-at-a-time",
    {"mean_slopes": "one number"},
    belief="All slopes of the mean are equal, so one number says them all.",
    explanation=(
        "This behaves like returning one number for the gradient of the mean. A gradient has an "
        "entry for each number of the row."
    ),
    question="Which shape has x, and which shape has your first result?",
    hint="Look at Returns in the docstring.",
)
MEAN_SLOPES_FLOAT64 = _gradients(
    "float64-leak",
    "your-turn-grad_mean_var",
    {"dtype": "float64"},
    forms={"both": {"dtype": "both"}, "the second": {"dtype": "float64 beside it"}},
    belief="NumPy computes in float64, so float64 is what comes out.",
    explanation=(
        "This behaves like returning slopes in float64, whatever x is. Arrays that np.ones and "
        "np.full make are float64 unless they are told otherwise, and so is x.astype(float)."
    ),
    question="Which dtypes have your two results for a float32 row?",
    hint="Compare x.dtype with the dtypes of what you return.",
)
GRADIENTS_SWAPPED = _gradients(
    "gradients-swapped",
    "how-mean-and-variance-answer",
    {"order": "variance, mean"},
    belief="The order of the two gradients does not matter.",
    explanation=(
        "This behaves like returning the gradient of the variance first. Whoever unpacks the two "
        "takes one for the other."
    ),
    question="Which of your two results sums to 1, and which place does it have?",
    hint="Compare your last line with Returns in the docstring.",
)
