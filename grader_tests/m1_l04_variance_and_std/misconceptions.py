"""Wrong answers to the exercises on variance and standard deviation, executable.

A switch is a family of mistakes: two mistakes of one family exclude each other,
mistakes of different families can act together. `paragraph` is the anchor of the
heading in the lesson that explains the idea. Every number in the texts was computed
in float64. Longer than other modules because most of it is one table of texts.
"""

import math

import numpy as np

from grader_tests.shared_misconceptions import EPS_FORMS, FIXED_EPS, SHARED
from nbjudge.naming.bank import misconception


def variance_two_pass_variant(
    x,
    axis=-1,
    ddof=0,
    *,
    measure="squared deviations",
    divisor="n - ddof",
    keepdims=True,
    along="axis",
    root=False,
    in_place=False,
):
    """`variance_two_pass` with its classic mistakes behind switches."""
    axis = -1 if along == "last" else axis
    count = x.shape[axis]
    divisors = {"n - ddof": count - ddof, "n - 1": count - 1, "n": count}
    mean = x.mean(axis=axis, keepdims=keepdims)
    if measure in ("one pass", "clamped"):
        spread = np.square(x).mean(axis=axis) - np.square(x.mean(axis=axis))
        total = (np.maximum(spread, 0) if measure == "clamped" else spread) * count
    else:
        deviations = x - mean
        total = (np.abs(deviations) if measure == "sizes" else deviations**2).sum(axis=axis)
    if in_place:
        x -= x.mean(axis=axis, keepdims=True)
    variance = total / divisors[divisor]
    return np.sqrt(variance) if root else variance


class Welford_variant:  # noqa: N801 - the bank finds a variant by its name
    """`Welford` with its classic mistakes behind switches of the constructor."""

    def __init__(
        self, *, squares="old times new", count="with v", divisor="n", mean="divided", root=False
    ):
        self.n = 0
        self.mean = 0.0
        self._m2 = 0.0
        self._switches = (squares, count, divisor, mean, root)

    def update(self, v):
        """Take in one number."""
        squares, count, _, mean, _ = self._switches
        stale = max(self.n, 1)
        self.n += 1
        old = v - self.mean
        if mean == "of the last two":
            self.mean = v if self.n == 1 else (self.mean + v) / 2
        else:
            self.mean += old / (stale if count == "without v" else self.n)
        new = v - self.mean
        products = {"old twice": old * old, "new twice": new * new, "of v": v * v}
        self._m2 += products.get(squares, old * new)

    @property
    def var(self):
        """The variance of all numbers so far, or what is mistaken for it."""
        squares, _, divisor, _, root = self._switches
        one = min(self.n, 1)
        # What becomes of a single number, the stub says: few divide by n - 1 there.
        count = {"n": self.n, "n - 1": max(self.n - 1, one), "nothing": one}[divisor]
        if count < 1:
            return math.nan
        variance = self._m2 / count
        if squares == "of v":
            variance -= self.mean**2 * self.n / count
        return math.copysign(math.sqrt(abs(variance)), variance) if root else variance


def merge_stats_variant(a, b, *, weights="sizes", between="squared", inner="sums", own=True):
    """`merge_stats` with its classic mistakes behind switches."""
    n_a, mean_a, m2_a = a
    n_b, mean_b, m2_b = b
    n = n_a + n_b
    if n == 0:
        return 0, 0.0, 0.0
    delta = mean_b - mean_a
    share = {"sizes": n_b / n, "equal": 0.5, "swapped": n_a / n}[weights]
    gap = {"squared": delta**2, "nothing": 0.0, "to the first": delta}.get(between, delta**2)
    m2 = gap * n_a * n_b / (1 if between == "not divided" else n)
    if own:
        m2 += n_a * m2_a + n_b * m2_b if inner == "variances" else m2_a + m2_b
    return n, mean_a + delta * share, m2 / n if inner == "variances" else m2


def rescale_to_variant(  # noqa: PLR0913 - one switch per family of mistakes
    x,
    mean,
    std,
    eps=1e-5,
    axis=-1,
    *,
    targets="scale, then shift",
    spread="std",
    eps_added="to variance",
    divisor="std",
    ddof=0,
    along="axis",
    keepdims=True,
    mean_kept=False,
):
    """`rescale_to` with its classic mistakes behind switches."""
    axis = -1 if along == "last" else axis
    scale = np.square(std) if spread == "variance" else np.asarray(std)
    wide = x * scale if targets == "scale before" else x
    own_mean = wide.mean(axis=axis, keepdims=True)
    total = np.square(wide - own_mean).sum(axis=axis, keepdims=True)
    if not keepdims:
        own_mean, total = np.squeeze(own_mean, axis), np.squeeze(total, axis)
    centered = wide if mean_kept else wide - own_mean
    under_root = {"to variance": eps, **FIXED_EPS}
    divided_by = total / (x.shape[axis] - ddof) + under_root.get(eps_added, 0.0)
    if divisor == "std":
        divided_by = np.sqrt(divided_by)
    normalized = centered / (divided_by + eps if eps_added == "to std" else divided_by)
    if targets == "scale before":
        result = normalized + mean
    elif targets == "shift, then scale":
        result = (normalized + mean) * scale
    elif targets == "swapped":
        result = normalized * mean + scale
    else:
        result = normalized * scale + mean
    return result.astype(x.dtype, copy=False)


def _two_pass(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    texts = {**SHARED.get(id, {}), **texts}
    return misconception(
        id, exercise="variance_two_pass", paragraph=paragraph, switches=switches, **texts
    )


def _welford(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    return misconception(id, exercise="Welford", paragraph=paragraph, switches=switches, **texts)


def _merge(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    return misconception(
        id, exercise="merge_stats", paragraph=paragraph, switches=switches, **texts
    )


def _rescale(id, paragraph, switches, **texts):  # noqa: A002 - the field's name
    texts = {**SHARED.get(id, {}), **texts}
    return misconception(id, exercise="rescale_to", paragraph=paragraph, switches=switches, **texts)


# variance_two_pass

ONE_PASS_VARIANCE = _two_pass(
    "one-pass-variance", "the-shortcut-that-loses-its-digits", {"measure": "one pass"}
)
CLAMPED_ONE_PASS = _two_pass(
    "clamped-one-pass",
    "the-shortcut-that-loses-its-digits",
    {"measure": "clamped"},
    belief="If the shortcut can turn negative, the cure is to cut it off at 0.",
    explanation=(
        "This behaves like the shortcut with its negative results set to 0. The sign is hidden, "
        "but the digits were gone before: what is left is 0 or noise."
    ),
    question="Where exactly do the digits get lost: in the sign, or before the subtraction?",
    hint="The variance does not change when a constant is subtracted from all numbers first.",
)
UNBIASED_VARIANCE = _two_pass(
    "unbiased-variance",
    "divide-by-n-or-by-less",
    {"divisor": "n - 1"},
    belief="A variance always divides by n - 1.",
    explanation=(
        "This behaves like dividing by n - 1, whatever ddof is. For four numbers the result is "
        "4/3 = 1.333 times too large, and for a single one it is 0/0."
    ),
    question="What is ddof when the caller says nothing, and what do you divide by then?",
    hint="Count the squared deviations that you add up. Who may ask for a smaller divisor?",
)
DDOF_IGNORED = _two_pass(
    "ddof-ignored",
    "divide-by-n-or-by-less",
    {"divisor": "n"},
    belief="The divisor is n, and ddof is only there for other libraries.",
    explanation=(
        "This behaves like dividing by n, whatever ddof is. With four numbers and ddof=1 the "
        "result is 3/4 of what was asked for."
    ),
    question="What changes in your result when the caller passes ddof=1?",
    hint="Search your code for ddof: does the number reach the division?",
)
KEEPDIMS_MISSING = _two_pass("keepdims-missing", "each-row-its-own-mean", {"keepdims": False})
AXIS_IGNORED = _two_pass(
    "axis-ignored",
    "each-row-its-own-mean",
    {"along": "last"},
    belief="The numbers to average always lie along the last axis.",
    explanation=(
        "This behaves like averaging along the last axis, whatever axis is. With shape (2, 3) and "
        "axis=0 it returns 2 variances where 3 were asked for."
    ),
    question="Which shape must the result have for x of shape (2, 3) and axis=0?",
    hint="Search your code for -1: which of them should be axis?",
)
STANDARD_DEVIATION = _two_pass(
    "standard-deviation",
    "one-number-for-the-spread",
    {"root": True},
    belief="Variance and standard deviation are two words for the same number.",
    explanation=(
        "This behaves like returning the standard deviation, the root of the variance. For "
        "[1, 2, 3, 4] that is 1.118 where 1.25 was asked for."
    ),
    question="If x is in pascal, what is the unit of your result?",
    hint="The variance is the mean of the squares. What would you do to it to get the unit of x?",
)
MEAN_ABSOLUTE_DEVIATION = _two_pass(
    "mean-absolute-deviation",
    "one-number-for-the-spread",
    {"measure": "sizes"},
    belief="The variance is the mean distance from the mean.",
    explanation=(
        "This behaves like averaging the sizes of the deviations. Nothing is squared, so one "
        "far number counts no more than several near ones."
    ),
    question="If every number is multiplied by 10, by how much must the variance grow?",
    hint="Make the deviations positive in the other way.",
)
MUTATES_INPUT = _two_pass("mutates-input", "what-can-go-wrong", {"in_place": True})

# Welford

OLD_MEAN_TWICE = _welford(
    "old-mean-twice",
    "what-one-new-number-changes",
    {"squares": "old twice"},
    belief="A new number adds its squared distance from the mean so far.",
    explanation=(
        "This behaves like squaring the distance from the old mean. The sum gets too large: after "
        "1 and 3 the variance is 2.5 and should be 1."
    ),
    question="The mean moves towards the new number. Which distance is the shorter one?",
    hint="Two factors: one sees the mean before it moves, the other after.",
)
NEW_MEAN_TWICE = _welford(
    "new-mean-twice",
    "what-one-new-number-changes",
    {"squares": "new twice"},
    belief="A new number adds its squared distance from the new mean.",
    explanation=(
        "This behaves like squaring the distance from the new mean. The sum gets too small: after "
        "1 and 3 the variance is 0.5 and should be 1."
    ),
    question="When the mean moves, do the distances of the earlier numbers stay what they were?",
    hint="Two factors: one sees the mean before it moves, the other after.",
)
MEAN_NOT_UPDATED_FIRST = _welford(
    "mean-not-updated-first",
    "what-one-new-number-changes",
    {"count": "without v"},
    belief="The mean is moved by what was counted so far; the count follows.",
    explanation=(
        "This behaves like moving the mean with a count that lacks the new number. The second "
        "number then replaces the first one's mean altogether."
    ),
    question="How many numbers does the mean stand for once v is in it?",
    hint="Follow n by hand for the first two numbers: what is it at the division?",
)
DDOF_1 = _welford(
    "ddof-1",
    "divide-by-n-or-by-less",
    {"divisor": "n - 1"},
    belief="A running variance is a sample variance, so it divides by n - 1.",
    explanation=(
        "This behaves like dividing by n - 1. After two numbers the variance is twice what it "
        "should be, and after three one and a half times that."
    ),
    question="How far are 1 and 3 from their mean, and what is the mean of the two squares?",
    hint="Which divisor does the text of the class ask for?",
)
M2_NOT_DIVIDED = _welford(
    "m2-not-divided",
    "what-one-new-number-changes",
    {"divisor": "nothing"},
    belief="The sum that is carried along is the variance.",
    explanation=(
        "This behaves like returning the sum of the squared deviations. It only ever grows; a "
        "variance stays put when more numbers of the same kind arrive."
    ),
    question="What must happen to the variance when the same ten numbers arrive a second time?",
    hint="A variance is a mean. Of how many?",
)
STREAM_STANDARD_DEVIATION = _welford(
    "standard-deviation",
    "one-number-for-the-spread",
    {"root": True},
    belief="Variance and standard deviation are two words for the same number.",
    explanation=(
        "This behaves like returning the standard deviation, the root of the variance. For "
        "1, 2, 3, 4 that is 1.118 where 1.25 was asked for."
    ),
    question="If v is in pascal, what is the unit of var?",
    hint="Which of the two needs a root?",
)
SUM_OF_SQUARES = _welford(
    "one-pass-variance",
    "the-shortcut-that-loses-its-digits",
    {"squares": "of v"},
    belief="For a stream it is enough to carry the sum of the squares along.",
    explanation=(
        "This behaves like subtracting two nearly equal numbers. With a mean of 10^9 both are "
        "near 10^18, where neighbouring float64 numbers are 128 apart; the variance is lost."
    ),
    question="How large are the squares that you add up, and how large is what you look for?",
    hint="Which distances stay small, however far all the numbers lie from 0?",
)
MEAN_OF_TWO = _welford(
    "mean-of-last-two",
    "what-one-new-number-changes",
    {"mean": "of the last two"},
    belief="The new mean lies halfway between the old mean and the new number.",
    explanation=(
        "This behaves like giving each new number half of the weight. The first numbers are "
        "forgotten: after 1, 2, 3, 4 the mean is 3.125 and should be 2.5."
    ),
    question="How much may the thousandth number move the mean of the 999 before it?",
    hint="Each of the n numbers has the same weight. Which one?",
)

# merge_stats

AVERAGE_OF_MEANS = _merge(
    "average-of-means",
    "two-groups-one-variance",
    {"weights": "equal"},
    belief="The mean of both groups lies halfway between their means.",
    explanation=(
        "This behaves like averaging the two means. One number with mean 0 then weighs as much as "
        "a thousand numbers with mean 10."
    ),
    question="If group A has 1 number and group B has 999, near which mean is the common one?",
    hint="The sum of all numbers is known. What is it, from n and mean of each group?",
)
SWAPPED_WEIGHTS = _merge(
    "swapped-weights",
    "two-groups-one-variance",
    {"weights": "swapped"},
    belief="The step from mean A towards mean B is A's share of the numbers.",
    explanation=(
        "This behaves like weighting each mean with the other group's count. The larger group "
        "has the smaller say; with equal counts nobody notices."
    ),
    question="If group B is empty, how far may the common mean be from the mean of A?",
    hint="Let the count of B grow from 0: where does the common mean start, where does it go?",
)
NO_DELTA_TERM = _merge(
    "no-delta-term",
    "two-groups-one-variance",
    {"between": "nothing"},
    belief="The squared deviations of both groups simply add up.",
    explanation=(
        "This behaves like adding up the spread inside the groups only. Two groups without any "
        "spread, all 0 and all 10, would have none together."
    ),
    question="About which mean were the deviations of group A taken, and which one counts now?",
    hint="Try two groups of one number each. What is their variance?",
)
DELTA_NOT_SQUARED = _merge(
    "delta-not-squared",
    "two-groups-one-variance",
    {"between": "to the first"},
    belief="The distance between the two means adds to the spread.",
    explanation=(
        "This behaves like adding the distance between the means without squaring it. The units "
        "do not fit, and swapping the two groups changes the result."
    ),
    question="If the numbers are in pascal, what is the unit of M2, and what of your correction?",
    hint="Swap the two groups: what happens to the sign of the distance?",
)
BETWEEN_NOT_DIVIDED = _merge(
    "between-not-divided",
    "two-groups-one-variance",
    {"between": "not divided"},
    belief="The distance between the means counts once for every pair of numbers.",
    explanation=(
        "This behaves like counting the distance between the means once per pair of numbers. "
        "For groups of ten that is 20 times too much."
    ),
    question="Merge two groups of one number each, 0 and 2: what must M2 be?",
    hint="Work out n_A times (mean_A - mean) squared, and the same for B, and add them up.",
)
MERGES_VARIANCES = _merge(
    "merges-variances",
    "two-groups-one-variance",
    {"inner": "variances"},
    belief="The third number of each group is its variance.",
    explanation=(
        "This behaves like reading M2 as a variance. It is a sum of squares: its mean is taken "
        "once, at the very end, when all groups are in."
    ),
    question="What is M2 of the group 1, 3, and what is its variance?",
    hint="Sums add up, means do not. Which of the two is M2?",
)
OWN_SPREAD_FORGOTTEN = _merge(
    "own-spread-forgotten",
    "two-groups-one-variance",
    {"own": False},
    belief="What the merge adds is the spread of the whole.",
    explanation=(
        "This behaves like keeping only the spread between the two means. What varied inside the "
        "groups is lost at every merge."
    ),
    question="If both groups have the same mean, what is M2 of the whole?",
    hint="Three parts add up to M2. How many of them are in yours?",
)

# rescale_to

BETA_INSIDE_GAMMA = _rescale(
    "beta-inside-gamma",
    "from-one-scale-to-another",
    {"targets": "shift, then scale"},
    explanation=(
        "This behaves like shifting first and scaling afterwards. With mean 100 and std 15 the "
        "result lies around 1500."
    ),
    question="With std = 2 and mean = 3, what must a normalized 0 become?",
)
GAMMA_BEFORE_NORM = _rescale(
    "gamma-before-norm",
    "from-one-scale-to-another",
    {"targets": "scale before"},
    belief="The numbers are first brought to the wanted scale and then normalized.",
    explanation=(
        "This behaves like multiplying by std before the statistics are taken. Dividing by the "
        "standard deviation then takes the factor out again."
    ),
    question="If std is 2, how much must the result vary?",
)
STD_AS_VARIANCE = _rescale(
    "std-as-variance",
    "from-one-scale-to-another",
    {"spread": "variance"},
    belief="Spread is variance, so the factor is squared.",
    explanation=(
        "This behaves like multiplying by std squared. With std = 3 the result has the standard "
        "deviation 9."
    ),
    question="If all numbers are multiplied by 3, what happens to their standard deviation?",
    hint="The standard deviation of the result must equal std.",
)
TARGETS_SWAPPED = _rescale(
    "targets-swapped",
    "from-one-scale-to-another",
    {"targets": "swapped"},
    belief="The order of mean and std does not matter.",
    explanation=(
        "This behaves like multiplying by the wanted mean and adding the wanted std. With mean 0 "
        "and std 1 every result is then 1."
    ),
    question="Which of the two targets multiplies, and which is added?",
    hint="Compare the order of your parameters, and of the arguments you pass, with the "
    "order of the stub.",
)
MEAN_KEPT = _rescale(
    "mean-kept",
    "from-one-scale-to-another",
    {"mean_kept": True},
    hint="With mean = 0 and std = 1, what is the mean of one row of your result?",
)
RESCALE_KEEPDIMS = _rescale("keepdims-missing", "each-row-its-own-mean", {"keepdims": False})
EPS_OUTSIDE_SQRT = _rescale(
    "eps-outside-sqrt", "from-one-scale-to-another", {"eps_added": "to std"}
)
EPS_OMITTED = _rescale("eps-omitted", "from-one-scale-to-another", {"eps_added": "nowhere"})
EPS_HARD_CODED = _rescale(
    "eps-hard-coded", "from-one-scale-to-another", {"eps_added": "as 1e-5"}, forms=EPS_FORMS
)
RESCALE_UNBIASED = _rescale("unbiased-variance", "divide-by-n-or-by-less", {"ddof": 1})
DIVIDE_BY_VARIANCE = _rescale(
    "divide-by-variance", "one-number-for-the-spread", {"divisor": "variance"}
)
RESCALE_AXIS_IGNORED = _rescale(
    "axis-ignored",
    "each-row-its-own-mean",
    {"along": "last"},
    belief="The numbers to normalize always lie along the last axis.",
    explanation=(
        "This behaves like normalizing along the last axis, whatever axis is. With axis=0 the "
        "columns keep the means and spreads that they had."
    ),
    question="For axis=0, which means must all be equal: those of the rows or of the columns?",
    hint="Search your code for -1: which of them should be axis?",
)
