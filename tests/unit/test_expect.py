"""Every check refuses what it should, in words that say what came back."""

import numpy as np
import pytest

from nbjudge.expect import Mismatch, expect_close, expect_raises, expect_unchanged, show

ROW = np.array([1.0, 2.0])


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (ROW, ROW),
        (ROW * (1 + 1e-12), ROW),
        (np.float32([1.0]), np.float32([1.0 + 1e-6])),
        (np.array([np.nan, np.inf, -np.inf]), np.array([np.nan, np.inf, -np.inf])),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (3, 3.0),
        (3.0, 3),
        (np.float64(3.0), 3.0),
        (np.array(3.0), 3.0),
        (True, True),
        (np.bool_(True), True),
        ("a", "a"),
        (None, None),
        ((1, ROW), (1, ROW)),
        ([1.0], [1.0]),
        ({"mean": ROW}, {"mean": ROW}),
        (np.array([1, 2]), np.array([1, 2])),
    ],
)
def test_a_right_answer_passes(actual, expected):
    expect_close(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "aspect", "message"),
    [
        ([1.0], ROW, "type", "the result is a list; expected a numpy.ndarray of shape (2,)"),
        (None, ROW, "type", "the result is a NoneType; expected a numpy.ndarray of shape (2,)"),
        (np.ones((1, 2)), ROW, "shape", "the result has shape (1, 2); expected (2,)"),
        (np.float32(ROW), ROW, "dtype", "the result has dtype float32; expected float64"),
        (np.array([1, np.nan]), ROW, "finite", "the result is nan at index (1,); expected 2"),
        (np.array([1, np.inf]), ROW, "finite", "the result is inf at index (1,); expected 2"),
        (
            np.array([1.0, 3.0]),
            ROW,
            "value",
            "the result is float64 array of shape (2,): [1, 3]; expected float64 array of shape "
            "(2,): [1, 2] (first differs at index (1,): 3, expected 2)",
        ),
        ("3", 3.0, "type", "the result is a str; expected a number"),
        (True, 3.0, "type", "the result is a bool; expected a number"),
        (4.0, 3.0, "value", "(first differs at index (): 4, expected 3)"),
        (1, True, "value", "the result is 1; expected True"),
        ((1,), (1, 2), "type", "the result is a tuple of 1; expected a tuple of 2"),
        ([1, 2], (1, 2), "type", "the result is a list of 2; expected a tuple of 2"),
        ((1, 3), (1, 2), "value", "the result[1] is"),
        ({"a": 1}, {"b": 1}, "type", "a dict with keys ['a']; expected a dict with keys ['b']"),
        ({"a": 2}, {"a": 1}, "value", "the result['a'] is"),
    ],
)
def test_a_wrong_answer_is_refused_in_words(actual, expected, aspect, message):
    with pytest.raises(Mismatch) as error:
        expect_close(actual, expected, kind="a row")
    assert message in str(error.value)
    assert error.value.aspect == aspect
    assert error.value.kind == "a row"


def test_broadcasting_does_not_hide_a_wrong_shape():
    with pytest.raises(Mismatch):
        expect_close(np.zeros(0), np.ones(1))


def test_numbers_are_written_so_that_they_differ():
    with pytest.raises(Mismatch, match=r"1\.00000001, expected 1\)"):
        expect_close(np.array([1.00000001]), np.array([1.0]))


def test_a_tolerance_can_be_given_per_row():
    actual, expected = np.array([[1.0], [1.5]]), np.array([[1.0], [1.0]])
    expect_close(actual, expected, atol=np.array([[0.0], [0.6]]))
    with pytest.raises(Mismatch):
        expect_close(actual, expected, atol=np.array([[0.6], [0.0]]))


def test_the_relative_tolerance_counts_within_a_row():
    # 1e-6 is much for a row of ones and nothing for a row of millions.
    expected = np.array([[1.0, 1.0], [1e6, 1.0]])
    expect_close(expected + np.array([[0, 0], [0, 1e-6]]), expected)
    with pytest.raises(Mismatch):
        expect_close(expected + np.array([[0, 1e-6], [0, 0]]), expected)


@pytest.mark.parametrize(
    "after", [ROW + 1, ROW.astype(np.float32), ROW[:1], np.array([1.0, -0.0 + 2.0 + 1e-16 + 1])]
)
def test_a_changed_input_is_refused(after):
    with pytest.raises(Mismatch, match="the call changed its input x: it was") as error:
        expect_unchanged(after, ROW, name="x")
    assert error.value.aspect == "mutation"


def test_an_unchanged_input_passes_even_with_nan():
    x = np.array([np.nan, -0.0])
    expect_unchanged(x, x.copy(), name="x")


def refuse(error):
    raise error


def test_the_expected_refusal_passes():
    expect_raises(ValueError, lambda: refuse(ValueError("no")), valid=lambda: 1)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (lambda: 3, "returned 3; expected ValueError"),
        (lambda: refuse(KeyError("k")), "raised KeyError: 'k'; expected ValueError"),
    ],
)
def test_another_reaction_is_refused(bad, message):
    with pytest.raises(Mismatch, match=message):
        expect_raises(ValueError, bad, valid=lambda: 1)


def test_what_refuses_a_valid_call_refuses_everything():
    with pytest.raises(TypeError, match="arity"):
        expect_raises(
            TypeError, lambda: refuse(TypeError("x")), valid=lambda: refuse(TypeError("arity"))
        )


def test_not_implemented_satisfies_no_expectation():
    with pytest.raises(NotImplementedError):
        expect_raises(RuntimeError, lambda: refuse(NotImplementedError()), valid=lambda: 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.arange(20), "int64 array of shape (20,): [0, 1, 2, 3, 4, 5, 6, 7, ...]"),
        (np.array(10.0), "10"),
        (np.zeros((0, 2)), "an empty float64 array of shape (0, 2)"),
        (1 / 3, "0.333333"),
        ("x" * 500, "'" + "x" * 199 + "..."),
    ],
)
def test_values_are_shown_briefly(value, text):
    assert show(value) == text
