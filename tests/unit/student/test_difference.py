import numpy as np
import pytest

from nbjudge.naming.observe import observe
from nbjudge.naming.probes import Probe, Step
from nbjudge.student.difference import difference_parts, input_size
from tests.unit.naming.sample import completed


def _parts(right, got, args=(1.0,), wrong=None):
    probe = Probe(
        case="c",
        title="A case.",
        rtol=1e-6,
        atol=0.0,
        steps=(Step(target="f", args=args),),
        right=(),
    )
    probe = completed(probe, {"f": right}, wrong or {})
    names = {"f": got}
    return difference_parts(probe, observe(names, probe), names)


def _comparison(right, got):
    (comparison,) = [p.comparison for p in _parts(lambda x: right, lambda x: got) if p.comparison]
    return comparison


def test_only_the_rows_that_differ_are_marked():
    comparison = _comparison(np.array([[1.0, 2], [3, 4]]), np.array([[1.0, 2], [3, 5]]))
    assert comparison.expected == ("[1 2]", "[3 4]")
    assert comparison.got == ("[1 2]", "[3 5]")
    assert comparison.differs == (False, True)


def test_as_many_digits_are_shown_as_make_the_difference_visible():
    comparison = _comparison(np.array([1.0]), np.array([1.00002]))
    assert (comparison.expected, comparison.got) == (("[1]",), ("[1.00002]",))
    comparison = _comparison(1.0, 1.0000011)
    assert (comparison.expected, comparison.got) == (("1",), ("1.0000011",))


@pytest.mark.parametrize(
    ("right", "got", "expected", "actual"),
    [
        (2, 3, ("2",), ("3",)),
        (True, False, ("True",), ("False",)),
        ("yes", "no", ("'yes'",), ("'no'",)),
        ((1, 2), (1, 3), ("(1, 2)",), ("(1, 3)",)),
        (np.array(2.0), np.array(3.0), ("2",), ("3",)),
        (np.array([True]), np.array([False]), ("[True]",), ("[False]",)),
        (np.zeros((2, 2)), np.zeros((0, 2)), ("[0 0]", "[0 0]"), ("empty, shape (0, 2)",)),
    ],
)
def test_every_kind_of_plain_data_is_compared(right, got, expected, actual):
    comparison = _comparison(right, got)
    assert (comparison.expected, comparison.got) == (expected, actual)
    assert all(comparison.differs)


def test_a_wrong_dtype_is_put_into_words_and_the_equal_numbers_are_not_marked():
    right, got = np.array([1.0, 2.0], np.float32), np.array([1.0, 2.0])
    example, words, numbers = _parts(lambda x: right, lambda x: got)
    assert (example.title, example.code) == ("A case.", "f(1.0)")
    assert words.text == (
        "Expected an array of dtype float32 and shape (2,). "
        "Your code returned an array of dtype float64 and shape (2,)."
    )
    assert numbers.comparison.differs == (False,)


def test_right_numbers_of_a_wrong_dtype_are_not_spelled_out():
    comparison = _comparison(np.array([1 / 3], np.float32), np.array([1 / 3]))
    assert comparison.expected == comparison.got == ("[0.33333]",)


def _writes(number):
    def write(x):
        x[:] = number

    return write


def test_an_argument_that_should_change_and_does_not_is_told():
    _, words = _parts(_writes(1), lambda values: None, args=(np.zeros(2),))
    assert words.text == "The call should change values and did not."


def test_an_argument_that_changes_to_something_else_is_compared():
    _, words = _parts(_writes(1), _writes(2), args=(np.zeros(2),))
    assert words.text == "What x holds after the call:"
    assert (words.comparison.expected, words.comparison.got) == (("[1 1]",), ("[2 2]",))


def test_sharing_memory_is_told_where_it_counts():
    view = {"returns-a-view": {"f": lambda x: x[:]}}
    _, words = _parts(lambda x: x.copy(), lambda x: x[:], args=(np.zeros(2),), wrong=view)
    assert words.text == "The result shares memory with: x. Expected: nothing."


def test_an_example_is_small_by_its_numbers_and_steps():
    few = Step(target="f", args=(np.zeros(3), 2), kwargs={"y": np.zeros(2)})
    probe = Probe(case="", title="", rtol=0, atol=0, steps=(few, few), right=())
    assert input_size(probe) == 12


def _told(right, got):
    return [(p.text, p.comparison) for p in _parts(lambda x: right, lambda x: got)[1:]]


def test_of_several_entries_the_first_wrong_one_is_shown_and_the_others_are_named():
    right = {"a": np.array([1.0]), "b": np.array([[2.0, 3.0]]), "c": (np.array([4.0]), 5.0)}
    got = {"c": (np.array([4.0]), 6.0), "b": np.array([[2.0, 7.0]]), "a": np.array([1.0])}
    (first, comparison), good, others = _told(right, got)
    assert first == '`result["b"]` is not right yet:'
    assert (comparison.expected, comparison.got) == (("[2 3]",), ("[2 7]",))
    assert good == ('Right already: `result["a"]`, `result["c"][0]`.', None)
    assert others == ('Not right yet either: `result["c"][1]`.', None)


def test_a_tuple_or_dict_of_numbers_is_compared_by_entry_and_a_shape_as_a_whole():
    (first, comparison), good = _told((5.0, 9.0, 3.0), (5.0, 4.0, 3.0))
    assert first == "`result[1]` is not right yet:"
    assert (comparison.expected, comparison.got) == (("9",), ("4",))
    assert good == ("Right already: `result[0]`, `result[2]`.", None)
    (first, comparison), good = _told({"mean": 5.0, "skew": 8 / 9}, {"mean": 5.0, "skew": 0.5})
    assert first == '`result["skew"]` is not right yet:'
    assert (comparison.expected, comparison.got) == (("0.88889",), ("0.5",))
    assert good == ('Right already: `result["mean"]`.', None)
    ((_, comparison),) = _told((2, 3), (3, 2))
    assert (comparison.expected, comparison.got) == (("(2, 3)",), ("(3, 2)",))


def test_an_entry_of_another_form_is_told_by_its_form():
    right = (np.zeros(2), np.zeros((2, 1)))
    (first, comparison), good = _told(right, (np.zeros(2), np.zeros(2)))
    assert first == (
        "Expected an array of dtype float64 and shape (2, 1) as `result[1]`. "
        "It is an array of dtype float64 and shape (2,)."
    )
    assert comparison.got == ("[0 0]",)
    assert good[0] == "Right already: `result[0]`."


def test_keys_that_are_missing_or_too_many_are_named():
    right = {"a": np.zeros(1), 2: np.zeros(1)}
    (first, _), good, extra = _told(right, {"a": np.zeros(1), "b": 1.0})
    assert first == (
        "Expected an array of dtype float64 and shape (1,) as `result[2]`. There is no such entry."
    )
    assert good[0] == 'Right already: `result["a"]`.'
    assert extra[0] == 'The dict has keys that are not asked for: "b".'


def test_of_a_tuple_of_another_length_only_that_is_told():
    told = _told((np.zeros(1), 1.0), (np.zeros(1),))
    assert told == [("Expected a tuple of 2. Your code returned a tuple of 1.", None)]
