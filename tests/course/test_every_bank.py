"""The promises that every bank keeps: right answers pass, wrong ones fail, and probes tell."""

import itertools

import pytest

from nbjudge.model import Course
from nbjudge.naming.match import pair_names
from nbjudge.naming.separation import RIGHT, separating_probes
from nbjudge.naming.traits import LEAST_EVIDENCE
from nbjudge.suite.implementation import load_bank
from tests.judging import ROOT, failed, outcomes, probes, refusals, right_codes, wrong_codes

EXERCISES = [
    (lesson.slug, exercise)
    for lesson in Course.load(ROOT).lessons
    for exercise in load_bank(lesson.slug).entries
]
LEAST = {
    "m1_l00_fundamental_concepts": dict.fromkeys(
        ["count_stats", "standardize_tokens", "signal_std"], (3, 5)
    ),
    "m1_l01_mathematical_foundations": dict.fromkeys(
        ["mean_var_std", "centering_matrix", "numerical_grad", "grad_mean_var"], (3, 5)
    ),
    "m1_l02_zero_mean": dict.fromkeys(
        ["center", "center_backward", "masked_center", "fold_centering"], (3, 5)
    ),
    "m1_l03_distributions": dict.fromkeys(["moments", "activation_trace", "drift_score"], (3, 4)),
    "m1_l04_variance_and_std": dict.fromkeys(
        ["variance_two_pass", "Welford", "merge_stats", "rescale_to"], (3, 3)
    ),
    "m1_l05_layer_norm_formula": {
        "layer_norm": (20, 8),
        **dict.fromkeys(["layer_norm_nd", "layer_norm_axis", "ln_rnn_step"], (4, 3)),
    },
    "m1_l06_layer_norm_formula_detailed": {
        **dict.fromkeys(["output_std", "ln_forward", "backward_steps"], (3, 3)),
        **dict.fromkeys(["ln_backward", "ln_jacobian", "ln_backward_from_output"], (3, 3)),
    },
}
"""By lesson and exercise: the fewest mistakes, and the fewest alternatives, of its bank."""
MANY_ROUNDS = [
    "m1_l04_variance_and_std",
    "m1_l05_layer_norm_formula",
    "m1_l06_layer_norm_formula_detailed",
]
"""The lessons of the formula itself; the others leave it to their proof in 1,000 rounds."""

# NaN, infinity and 0/0 are what some of these wrong answers are about.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

each_exercise = pytest.mark.parametrize(("slug", "exercise"), EXERCISES)


@pytest.mark.parametrize(("slug", "least"), LEAST.items(), ids=LEAST)
def test_bank_is_large_enough(slug, least):
    bank = load_bank(slug)
    for exercise, (mistakes, alternatives) in least.items():
        assert len(bank.misconceptions(exercise)) >= mistakes, exercise
        assert len(bank.alternatives[exercise]) >= alternatives, exercise


@each_exercise
def test_public_probes_tell_any_two_answers_apart(slug, exercise):
    own = probes(slug)[exercise]
    confused = [
        (first, second)
        for first, second in itertools.combinations([RIGHT, *wrong_codes(slug, exercise)], 2)
        if separating_probes(own, first, second) < LEAST_EVIDENCE
    ]

    assert confused == []
    assert pair_names(own)


@each_exercise
def test_suite_accepts_every_right_answer(slug, exercise):
    right = right_codes(slug, exercise)

    assert refusals(slug, exercise, right, [b"one", b"two", b"three"]) == []


@pytest.mark.long
@pytest.mark.parametrize(("slug", "exercise"), [own for own in EXERCISES if own[0] in MANY_ROUNDS])
def test_suite_accepts_every_right_answer_over_many_rounds(slug, exercise):
    rounds = [b"round %d" % i for i in range(100)]

    assert refusals(slug, exercise, right_codes(slug, exercise), rounds) == []


@each_exercise
def test_hidden_cases_refuse_every_mistake_twice(slug, exercise):
    for key, result in outcomes(slug, exercise, wrong_codes(slug, exercise)).items():
        assert len([case.id for case in failed(result) if not case.is_public]) >= 2, key
