from collections import OrderedDict, defaultdict, namedtuple
from types import SimpleNamespace

import numpy as np
import pytest

from nbjudge.naming.observe import NotAnswered, Silence, nearest_builtin, observe
from nbjudge.naming.probes import Probe, Step
from nbjudge.naming.values import Ref
from tests.unit.naming.sample import Welford, welford_probe


def _probe(*steps):
    return Probe(case="c", title="t", rtol=1e-6, atol=0.0, steps=steps, right=())


def _call(*args, **kwargs):
    return _probe(Step(target="f", args=args, kwargs=kwargs))


def _one(function, *args, **kwargs):
    (behaviour,) = observe({"f": function}, _call(*args, **kwargs))
    return behaviour


def test_a_value_is_recorded_from_a_dict_and_from_an_object_alike():
    def double(x):
        return 2 * x

    for namespace in ({"f": double}, SimpleNamespace(f=double)):
        (behaviour,) = observe(namespace, _call(np.ones(2)))
        assert behaviour.kind == "value"
        np.testing.assert_array_equal(behaviour.value, [2, 2])
        assert not behaviour.changed
        assert not behaviour.shares


def test_changed_arguments_are_recorded_as_they_are_afterwards():
    def spoil(x, y, *, z):
        x += 1
        z[0] = 5
        return 0

    behaviour = _one(spoil, np.zeros(2), np.zeros(2), z=[np.float64(1)])
    assert set(behaviour.changed) == {"0", "z"}
    assert behaviour.changed["0"].tolist() == [1, 1]
    assert behaviour.changed["z"] == [5]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.update(b=1),
        lambda d: d["a"].append(object()),
        lambda d: d["a"].__setitem__(0, -0.0),
        lambda d: d.__setitem__("a", (0.0,)),
    ],
)
def test_every_kind_of_change_inside_plain_data_is_seen(spoil):
    assert set(_one(spoil, {"a": [0.0]}).changed) == {"0"}


def test_nothing_changed_is_nothing_recorded_even_for_nan():
    behaviour = _one(lambda *_: None, np.array([np.nan]), float("nan"), [1, (2, {"a": "b"})])
    assert not behaviour.changed


def test_a_result_that_is_a_view_of_an_argument_is_recorded_as_shared():
    assert _one(lambda x, y: (x[::-1], y + 1), np.zeros(3), np.zeros(3)).shares == ("0",)
    assert _one(lambda *, data: data, data=np.zeros(3)).shares == ("data",)


def test_each_step_gets_fresh_arguments():
    def spoil(x):
        x += 1
        return x.sum()

    array = np.zeros(2)
    probe = _probe(Step(target="f", args=(array,)), Step(target="f", args=(array,)))
    first, second = observe({"f": spoil}, probe)
    assert (first.value, second.value) == (2, 2)
    assert array.tolist() == [0, 0]


def test_a_script_follows_an_object():
    opened, *updates, mean, variance = observe(
        {"Welford": Welford}, welford_probe("w", [1.0, 2.0, 6.0])
    )
    assert (opened.kind, opened.value) == ("object", "Welford")
    assert [u.value for u in updates] == [None, None, None]
    assert (mean.value, variance.value) == (3.0, pytest.approx(14 / 3))


def test_an_object_can_be_an_argument():
    probe = _probe(Step(target="make"), Step(target="f", args=(Ref(0), 2)))
    code = {"make": lambda: SimpleNamespace(n=3), "f": lambda item, k: item.n * k}
    assert observe(code, probe)[1].value == 6


def test_a_value_that_is_written_to_later_is_kept_as_it_was_returned():
    class Accumulator:
        def __init__(self):
            self.total = np.zeros(1)

        def add(self, value):
            self.total += value
            return self.total

    probe = _probe(
        Step(target="f"), Step(target="$0.add", args=(1,)), Step(target="$0.add", args=(2,))
    )
    _, first, second = observe({"f": Accumulator}, probe)
    assert (first.value.tolist(), second.value.tolist()) == ([1], [3])


class _Strange(ZeroDivisionError, KeyError):
    pass


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (ValueError("x"), "ValueError"),
        (np.linalg.LinAlgError("x"), "ValueError"),
        (_Strange("x"), "ZeroDivisionError"),
        (SystemExit(0), "Exception"),
        (type("Odd", (Exception,), {})("x"), "Exception"),
        (type("ValueError", (Exception,), {})("x"), "Exception"),
        (RecursionError("x"), "RecursionError"),
        (StopIteration("x"), "Exception"),
    ],
)
def test_an_exception_is_recorded_by_its_nearest_builtin_class(error, name):
    def refuse():
        raise error

    assert nearest_builtin(error) == name
    behaviour = _one(refuse)
    assert (behaviour.kind, behaviour.value) == ("raised", name)
    assert behaviour.error is error


def test_a_wrong_signature_raises_as_python_says():
    assert _one(lambda x: x).value == "TypeError"


def test_a_step_on_a_failed_step_repeats_its_exception():
    def refuse():
        raise ValueError("no")

    *_, last = observe({"Welford": refuse}, welford_probe("w", [1.0]))
    assert (last.kind, last.value) == ("raised", "ValueError")


def test_plain_data_where_an_object_was_expected_has_no_attributes():
    behaviours = observe({"Welford": lambda: []}, welford_probe("w", [1.0]))
    assert [b.value for b in behaviours] == [[], *["AttributeError"] * 3]
    assert str(behaviours[1].error) == "'list' object has no attribute 'update'"


def test_a_missing_name_is_no_behaviour():
    assert observe({}, _call(1)) == NotAnswered(reason=Silence.MISSING, name="f")
    assert observe(SimpleNamespace(), _call(1)) == NotAnswered(reason=Silence.MISSING, name="f")


def test_a_stub_is_no_behaviour_even_halfway():
    class Half(Welford):
        def variance(self):
            raise NotImplementedError

    observed = observe({"Welford": Half}, welford_probe("w", [1.0]))
    assert observed == NotAnswered(reason=Silence.UNTOUCHED, name="$0.variance")


def test_a_name_that_turns_out_to_be_missing_at_the_call_is_no_behaviour():
    class NoSuchName(NameError):
        pass

    def absent():
        raise NoSuchName

    observed = observe({"f": absent}, _call(), missing=(NoSuchName,))
    assert observed == NotAnswered(reason=Silence.MISSING, name="f")
    assert _one(absent).value == "NameError"


def test_a_dead_process_is_no_behaviour():
    class Died(ValueError):
        pass

    def crash():
        raise Died

    observed = observe({"f": crash}, _call(), died=(Died,))
    assert observed == NotAnswered(reason=Silence.DIED, name="f")


def test_an_interrupt_reaches_the_person_at_the_keyboard():
    def endless():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        observe({"f": endless}, _call())


@pytest.mark.parametrize("result", [object(), [object()], np.array([None]), 1j, lambda: None])
def test_what_is_no_plain_data_is_an_object(result):
    behaviour = _one(lambda: result)
    assert (behaviour.kind, behaviour.value) == ("object", type(result).__name__)


Halves = namedtuple("Halves", "left right")


@pytest.mark.parametrize(
    ("returned", "recorded"),
    [
        (Halves(1.5, [Halves(2.0, 3.0)]), (1.5, [(2.0, 3.0)])),
        (OrderedDict(mean=Halves(1.0, 2.0)), {"mean": (1.0, 2.0)}),
        (defaultdict(list, std=[0.5]), {"std": [0.5]}),
    ],
)
def test_named_tuples_and_other_dicts_are_what_the_judge_takes_them_for(returned, recorded):
    behaviour = _one(lambda: returned)

    assert (behaviour.kind, behaviour.value) == ("value", recorded)
    assert type(behaviour.value) is type(recorded)
