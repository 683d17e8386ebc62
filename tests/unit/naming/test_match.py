from dataclasses import replace

import numpy as np
import pytest

from nbjudge.naming.match import name_mistakes, right
from nbjudge.naming.observe import NotAnswered, Silence
from nbjudge.naming.probes import ExerciseProbes, ProbeFile, dump_probes, parse_probes
from tests.unit.naming.sample import (
    PAIRS,
    SWITCHES,
    Welford,
    completed,
    observe_all,
    probe_file,
    rows_exercise,
    rows_probe,
    scale_rows,
    switched,
    texts,
    welford_exercise,
    wrong_rows,
)


@pytest.fixture(scope="module")
def rows():
    """The exercise as it is read back from its file."""
    data = dump_probes(probe_file())
    return parse_probes(data, context="test").exercises["scale_rows"]


def _named(exercise, namespace):
    return [mistake.ids for mistake in name_mistakes(exercise, observe_all(exercise, namespace))]


def _restyled(x, gamma, *, total=False, add=0.0):
    """`scale_rows` by loops in float64, rounded once: other last digits."""
    rows = []
    for row in x.astype(np.float64):
        divisor = sum(row) / (1 if total else len(row))
        rows.append([v / divisor * g + add for v, g in zip(row, gamma.tolist(), strict=True)])
    return np.array(rows).astype(x.dtype)


def test_right_answers_pass_every_probe_and_are_not_named(rows):
    for code in (scale_rows, _restyled):
        observed = observe_all(rows, {"scale_rows": code})
        assert right(rows, observed) == (True, True, True)
        assert name_mistakes(rows, observed) == ()


@pytest.mark.parametrize("name", SWITCHES)
def test_each_single_is_named_as_itself(rows, name):
    assert right(rows, observe_all(rows, wrong_rows(name))) == (False, False, False)
    assert _named(rows, wrong_rows(name)) == [(name,)]


@pytest.mark.parametrize("name", PAIRS)
def test_each_pair_is_named_as_itself(rows, name):
    assert _named(rows, wrong_rows(name)) == [tuple(name.split(" + "))]


def test_a_mistake_in_another_style_is_named(rows):
    by_sum = {"scale_rows": lambda x, gamma: _restyled(x, gamma, total=True)}
    assert _named(rows, by_sum) == [("by-sum",)]


def test_a_mutation_in_another_style_is_named(rows):
    def spoil(x, gamma):
        y = scale_rows(x, gamma)
        x[:] = 0
        return y

    assert _named(rows, {"scale_rows": spoil}) == [("mutates-input",)]


def test_an_unlisted_mistake_is_not_named(rows):
    for code in (
        lambda x, gamma: scale_rows(x, gamma) * 1.01,
        lambda x, gamma: scale_rows(x, gamma)[0],
        lambda x, gamma: x,
        lambda x, gamma: None,
        lambda x: x,
        lambda x, gamma: scale_rows(x, gamma, add=1.0 if x.shape[0] == 1 else 0.0),
        lambda x, gamma: scale_rows(x, gamma, by="sum" if len(gamma) == 2 else None),
    ):
        observed = observe_all(rows, {"scale_rows": code})
        assert not all(right(rows, observed))
        assert name_mistakes(rows, observed) == ()


@pytest.fixture
def four_rows(rows):
    """Four examples: one may be met in another way, and three are left as evidence."""
    probe = rows_probe("four", np.array([[7.0, 9.0]], "f4"), np.array([0.5, 0.25], "f4"))
    wrong = {name: wrong_rows(name) for name in (*SWITCHES, *PAIRS)}
    return replace(rows, probes=(*rows.probes, completed(probe, switched(), wrong)))


def _by_sum_but(instead):
    def code(x, gamma):
        return instead(x, gamma) if x.max() == 9.0 else scale_rows(x, gamma, by="sum")

    return {"scale_rows": code}


def test_a_mistake_is_named_although_one_example_is_wrong_in_another_way(four_rows):
    raises = _by_sum_but(lambda x, gamma: 1 / 0)
    assert _named(four_rows, raises) == [("by-sum",)]
    assert _named(four_rows, _by_sum_but(_doubled)) == [("by-sum",)]


def test_a_mistake_that_is_not_made_on_one_example_is_not_named(four_rows):
    assert _named(four_rows, _by_sum_but(scale_rows)) == []


def test_two_examples_that_are_wrong_in_another_way_are_too_many(four_rows):
    def code(x, gamma):
        by = "sum" if x.shape[0] == 2 else None
        return scale_rows(x, gamma, by=by, add=0.0 if by else 1.5)

    assert _named(four_rows, {"scale_rows": code}) == []


def test_one_probe_is_too_little_evidence(rows):
    few = ExerciseProbes(
        exercise=rows.exercise, probes=rows.probes[:1], misconceptions=rows.misconceptions
    )
    assert _named(few, wrong_rows("by-sum")) == []


def test_a_probe_on_which_the_mistake_is_right_is_no_evidence():
    ones = np.ones((1, 1))
    probes = [
        rows_probe("one", np.array([[1.0, 3.0]]), np.ones(2)),
        rows_probe("same", ones, np.ones(1)),
        rows_probe("same again", ones * 2, np.ones(1)),
    ]
    exercise = ExerciseProbes(
        exercise="scale_rows",
        probes=tuple(completed(p, switched(), {"by-sum": wrong_rows("by-sum")}) for p in probes),
        misconceptions={"by-sum": texts("by-sum", "scale_rows")},
    )
    assert _named(exercise, wrong_rows("by-sum")) == []


def test_two_beliefs_that_both_fit_are_both_left_unnamed(rows):
    twin = {**rows.misconceptions, "twin": texts("twin", "scale_rows")}
    probes = tuple(replace(p, wrong={**p.wrong, "twin": p.wrong["by-sum"]}) for p in rows.probes)
    exercise = ExerciseProbes(exercise="scale_rows", probes=probes, misconceptions=twin)
    assert _named(exercise, wrong_rows("by-sum")) == []
    assert _named(exercise, wrong_rows("adds-one")) == [("adds-one",)]


def test_a_single_is_preferred_to_a_pair(rows):
    pair = "adds-one + upcast-leak"
    probes = tuple(replace(p, wrong={**p.wrong, pair: p.wrong["by-sum"]}) for p in rows.probes)
    exercise = replace(rows, probes=probes)
    assert _named(exercise, wrong_rows("by-sum")) == [("by-sum",)]


@pytest.mark.parametrize("reason", Silence)
def test_without_an_answer_to_every_probe_nothing_is_named_and_nothing_is_right(rows, reason):
    observed = observe_all(rows, wrong_rows("by-sum"))
    observed[1] = NotAnswered(reason=reason)
    assert name_mistakes(rows, observed) == ()
    assert right(rows, observed)[1] is False


def _changed_by(mutation, code=scale_rows):
    def spoil(x, gamma):
        y = code(x.copy(), gamma)
        mutation(x)
        return y

    return {"scale_rows": spoil}


def _doubled(x, gamma):
    return scale_rows(x, gamma) * np.asarray(2, x.dtype)


def _by_sum(x, gamma):
    return scale_rows(x, gamma, by="sum")


@pytest.mark.parametrize(
    ("namespace", "ids"),
    [
        (_changed_by(lambda x: x.fill(0), _doubled), ("mutates-input",)),
        (_changed_by(lambda x: x.fill(0), _by_sum), ("by-sum", "mutates-input")),
        ({"scale_rows": lambda x, gamma: _doubled(x, gamma).astype(float)}, ("upcast-leak",)),
        (
            {"scale_rows": lambda x, gamma: _by_sum(x, gamma).astype(float)},
            ("by-sum", "upcast-leak"),
        ),
    ],
)
def test_a_trait_is_named_whatever_the_values_are(rows, namespace, ids):
    """No pair of these is recorded, and twice the right answer is listed nowhere."""
    single = {name: b for name, b in rows.probes[0].wrong.items() if " + " not in name}
    alone = replace(
        rows, probes=tuple(replace(p, wrong={k: p.wrong[k] for k in single}) for p in rows.probes)
    )

    assert _named(alone, namespace) == [ids]


def test_a_trait_that_two_known_mistakes_show_is_not_named_beside_unknown_values(rows):
    """What changes the argument may be the other one, in a variation that is not listed."""
    doubled = _changed_by(lambda x: x.fill(0), _doubled)
    both = {**rows.misconceptions, "in-place-sum": texts("in-place-sum", "scale_rows")}
    probes = tuple(
        replace(p, wrong={**p.wrong, "in-place-sum": p.wrong["by-sum + mutates-input"]})
        for p in rows.probes
    )
    assert _named(rows, doubled) == [("mutates-input",)]
    assert _named(replace(rows, misconceptions=both, probes=probes), doubled) == []


def test_a_trait_that_shows_once_is_not_named(rows):
    once = _changed_by(lambda x: x.fill(0) if len(x) == 2 and x.size > 4 else None, _doubled)

    assert _named(rows, once) == []


def test_another_dtype_than_that_of_a_known_mistake_is_not_named(rows):
    assert _named(rows, {"scale_rows": lambda x, gamma: _doubled(x, gamma).astype("f2")}) == []


def test_a_mutation_is_named_even_if_no_misconception_is_about_it(rows):
    without = {k: v for k, v in rows.misconceptions.items() if k != "mutates-input"}
    probes = tuple(
        replace(p, wrong={k: v for k, v in p.wrong.items() if "mutates-input" not in k})
        for p in rows.probes
    )
    exercise = replace(rows, misconceptions=without, probes=probes)
    observed = observe_all(exercise, wrong_rows("mutates-input"))

    (mistake,) = name_mistakes(exercise, observed)

    assert mistake.ids == ("mutates-input",)
    assert mistake.explanation == (
        "This behaves like working inside the caller's data. After the call, an argument "
        "holds other numbers than before."
    )


def test_an_answer_that_changes_from_call_to_call_is_named(rows):
    rng = np.random.default_rng(3)
    noisy = {"scale_rows": lambda x, g: scale_rows(x, g) + rng.normal(size=x.shape).astype("f4")}
    observed, again = observe_all(rows, noisy), observe_all(rows, noisy)

    (mistake,) = name_mistakes(rows, observed, again)

    assert mistake.ids == ("not-deterministic",)
    assert mistake.explanation == (
        "This behaves like drawing new random numbers, or remembering earlier calls: the same "
        "arguments give another answer the second time."
    )


@pytest.mark.parametrize("name", SWITCHES)
def test_a_second_run_that_is_the_same_changes_no_name(rows, name):
    observed, again = (observe_all(rows, wrong_rows(name)) for _ in range(2))

    assert [m.ids for m in name_mistakes(rows, observed, again)] == [(name,)]


def test_a_pair_shows_the_texts_of_both(rows):
    (mistake,) = name_mistakes(rows, observe_all(rows, wrong_rows(PAIRS[0])))
    assert mistake.explanation == (
        "Two things seem to act together.\nThis behaves like by-sum.\nThis behaves like adds-one."
    )
    assert mistake.question == "Why by-sum?\nWhy adds-one?"
    assert mistake.paragraph == "The-formula"


@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, []), ({"ddof": 1}, [("sample-variance",)]), ({"start": 1}, [("counts-one-more",)])],
)
def test_a_class_is_named_through_its_call_script(options, expected):
    assert _named(welford_exercise(), {"Welford": lambda: Welford(**options)}) == expected


def test_large_numbers_survive_being_written_with_few_digits():
    x = np.array([[123456789.123, 1.0]])
    wrong = {"by-sum": wrong_rows("by-sum")}
    probes = [
        completed(rows_probe(case, x * k, x[0] * k, rtol=0.0), switched(), wrong)
        for case, k in [("one", 1.0), ("two", 3.0)]
    ]
    exercise = ExerciseProbes(
        exercise="scale_rows",
        probes=tuple(probes),
        misconceptions={"by-sum": texts("by-sum", "scale_rows")},
    )
    data = dump_probes(ProbeFile(lesson="m1_l01_rows", exercises={"scale_rows": exercise}))
    read = parse_probes(data, context="test").exercises["scale_rows"]
    assert _named(read, wrong_rows("by-sum")) == [("by-sum",)]


def test_recorded_probes_are_right_for_the_solution_itself():
    assert all(right(rows_exercise(), observe_all(rows_exercise(), switched())))
