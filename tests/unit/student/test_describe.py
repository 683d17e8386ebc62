import numpy as np
import pytest

from nbjudge.naming.probes import Step
from nbjudge.naming.values import Ref
from nbjudge.student.describe import form_text, script_text, value_text


@pytest.mark.parametrize(
    "value",
    [
        np.array([1.0, -2.5, 1e-300]),
        np.array([[1.0, 2.0], [3.0, 4.0]], np.float32),
        np.array([0.1], np.float16),
        np.array([np.nan, np.inf, -np.inf]),
        np.array([1, 2]),
        np.array([1, 2], np.int8),
        np.array([True, False]),
        np.zeros((0, 3), np.float32),
        np.array(3.5),
        float("nan"),
        float("-inf"),
        [1, 2.5, "a", None, True],
        (1,),
        (np.array([1.0]), {"key": [2]}),
    ],
)
def test_a_value_is_written_as_code_that_makes_it(value):
    made = eval(value_text(value), {"np": np})  # noqa: S307 - our own text
    assert type(made) is type(value)
    np.testing.assert_equal(made, value)
    if isinstance(value, np.ndarray):
        assert (made.dtype, made.shape) == (value.dtype, value.shape)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.zeros((2, 3), np.float16), "an array of dtype float16 and shape (2, 3)"),
        (None, "None"),
        (np.True_, "a bool"),
        (np.float32(2), "a number"),
        ([1, 2], "a list of 2"),
        ("abc", "a str"),
        ({}, "a dict of 0"),
    ],
)
def test_a_kind_of_value_is_put_into_words(value, words):
    assert form_text(value) == words


def test_a_short_call_stays_on_one_line():
    step = Step(target="f", args=(np.array([1.0, 2.0]), 3), kwargs={"eps": 1e-5})
    assert script_text([step], {}) == "f(np.array([1.0, 2.0]), 3, eps=1e-05)"


def test_long_arguments_get_the_learners_parameter_names():
    step = Step(target="f", args=(np.arange(9.0).reshape(3, 3), np.arange(9.0), 2))

    def f(rows, weights, n):
        return rows, weights, n

    assert script_text([step], {"f": f}) == (
        "rows = np.array([[0.0, 1.0, 2.0],\n"
        "                 [3.0, 4.0, 5.0],\n"
        "                 [6.0, 7.0, 8.0]])\n"
        "weights = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])\n"
        "f(rows, weights, 2)"
    )
    assert "argument_1 = np.array" in script_text([step], {"f": "no function"})


def test_objects_get_names_where_they_are_needed():
    steps = [
        Step(target="Make"),
        Step(target="Make", kwargs={"n": 2}),
        Step(target="$1.join", args=(Ref(0),)),
        Step(target="$0"),
        Step(target="$0.total", is_call=False),
    ]
    assert script_text(steps, {}) == (
        "obj = Make()\nobj1 = Make(n=2)\nobj1.join(obj)\nobj()\nobj.total"
    )
