from dataclasses import replace

import numpy as np
import pytest

from nbjudge.naming.compare import is_as
from nbjudge.naming.observe import observe
from tests.unit.naming.sample import completed, rows_probe


def _behaves_right(code, right_code, wrong=None, **tolerance):
    probe = rows_probe("one", [[1.0]], [1.0], **tolerance)
    probe = replace(probe, steps=(replace(probe.steps[0], args=(np.array([1.0, 2.0]),)),))
    probe = completed(probe, {"scale_rows": right_code}, wrong or {})
    return is_as(probe, observe({"scale_rows": code}, probe), probe.right)


@pytest.mark.parametrize(
    ("got", "expected", "same"),
    [
        (3, 3.0, True),
        (np.float32(3), 3, True),
        (np.array(3.0), 3.0, True),
        (True, 1, False),
        (1, True, False),
        (np.bool_(True), True, True),
        ("a", "a", True),
        (None, 0, False),
        (10**400, 3.0, False),
        ([1.0], (1.0,), False),
        ((1.0, 2.0), (1.0, 2.0), True),
        ({"a": 1.0}, {"a": 1.0}, True),
        ({"a": 1.0}, {"b": 1.0}, False),
        (np.zeros(2), np.zeros((1, 2)), False),
        (np.zeros(2, np.float32), np.zeros(2), False),
        (np.array([np.nan, np.inf]), np.array([np.nan, np.inf]), True),
        (np.array([np.nan, np.inf]), np.array([np.nan, -np.inf]), False),
        (np.array([1.0, np.inf]), np.array([1.0, 2.0]), False),
        (np.zeros((0, 3)), np.zeros((0, 3)), True),
        (np.array([1e6, 0.5]), np.array([1e6, 0.0]), True),
        (np.array([[1e6], [0.5]]), np.array([[1e6], [0.0]]), False),
        (np.array([1, 2]), np.array([1, 3]), False),
        (object(), 1.0, False),
    ],
)
def test_values_are_compared_as_a_suite_compares_them(got, expected, same):
    assert _behaves_right(lambda x: got, lambda x: expected) is same


def test_values_that_a_right_answer_writes_into_its_argument_count():
    def write(value):
        def code(x):
            x[:] = value

        return code

    assert _behaves_right(write(1.0), write(1.0 + 1e-9))
    assert not _behaves_right(write(2.0), write(1.0))


def test_a_view_is_as_right_as_a_copy_unless_a_misconception_says_otherwise():
    view, copy = (lambda x: x[:]), (lambda x: x.copy())
    assert _behaves_right(view, copy)
    assert _behaves_right(copy, view)
    assert not _behaves_right(view, copy, wrong={"returns-a-view": {"scale_rows": view}})


def test_the_probes_tolerance_decides():
    def near(x):
        return x + 1e-3

    def same(x):
        return x + 0.0

    assert not _behaves_right(near, same)
    assert _behaves_right(near, same, atol=2e-3)


def _raises(error):
    def code(*arguments):
        raise error

    return code


def _behaves_like(code, wrong, right_code=lambda x: x.copy()):
    """Compare what `code` does with what a recorded wrong answer does."""
    probe = rows_probe("one", [[1.0]], [1.0])
    probe = replace(probe, steps=(replace(probe.steps[0], args=(np.array([1.0, 2.0]),)),))
    probe = completed(probe, {"scale_rows": right_code}, {"wrong": {"scale_rows": wrong}})
    return is_as(probe, observe({"scale_rows": code}, probe), probe.behaviour("wrong"))


NAN = np.array([1.0, np.nan])


@pytest.mark.parametrize(
    ("code", "wrong", "same"),
    [
        (_raises(RuntimeError("torch")), _raises(ValueError("numpy")), True),
        (_raises(IndexError("a list")), _raises(ValueError("numpy")), True),
        (_raises(ZeroDivisionError()), lambda x: NAN, True),
        (_raises(NameError("a slip")), _raises(ValueError("numpy")), False),
        (_raises(TypeError("a slip")), _raises(ValueError("numpy")), False),
        (_raises(ValueError("shapes")), lambda x: NAN, False),
        (_raises(ZeroDivisionError()), lambda x: x * 2, False),
        (lambda x: x, lambda x: NAN, False),
    ],
)
def test_a_failure_is_the_same_in_every_library(code, wrong, same):
    assert _behaves_like(code, wrong) is same


def test_an_exception_that_is_asked_for_is_exact():
    asked = _raises(ValueError("asked for"))

    assert not _behaves_like(_raises(IndexError()), _raises(RuntimeError()), right_code=asked)
    assert not _behaves_right(_raises(IndexError()), asked)
    assert _behaves_right(_raises(ValueError("in other words")), asked)


def test_nan_that_is_asked_for_is_no_failure():
    assert not _behaves_right(_raises(ZeroDivisionError()), lambda x: NAN)


@pytest.mark.parametrize(
    "junk",
    [
        10**400,
        -(10**400),
        [10**400],
        3j,
        np.array(3j),
        np.array(["a"]),
        np.array(["2026-11-21"], dtype="datetime64[D]"),
        "\ud800",
        b"\xff",
        {},
        {1: {2: 3}},
        float("nan"),
        np.zeros((0, 3)),
    ],
    ids=lambda junk: repr(junk)[:30].encode("ascii", "replace").decode(),
)
@pytest.mark.parametrize("right", [3.0, np.ones(2), [1.0], np.nan, np.bool_(True)], ids=repr)
def test_whatever_comes_is_compared_without_a_fault(junk, right):
    _behaves_right(lambda x: junk, lambda x: right, {"one": lambda x: np.zeros(2)})
