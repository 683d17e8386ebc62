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
    in_place=False,
):
    """`mean_var_std` with its classic mistakes behind switches."""
    axis = None if along == "nothing" else axis
    divide = np.floor_divide if quotient == "whole" else np.true_divide
    totals = x.sum(axis=axis, keepdims=True)
    count = len(x) if counted == "len" else x.size // totals.size
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
MUTATES_INPUT = _statistics("mutates-input", "what-can-go-wrong", {"in_place": True})
