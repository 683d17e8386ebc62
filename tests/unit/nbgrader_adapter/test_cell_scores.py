from __future__ import annotations

from typing import Any

import pytest

from nbjudge.nbgrader_adapter.cell_scores import CellScore, score_outputs


def value(text: str) -> dict[str, Any]:
    return {"output_type": "execute_result", "data": {"text/plain": text}}


def stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


ERROR = {"output_type": "error", "ename": "AssertionError"}
WARNING = "/lib/x.py:3: DeprecationWarning: old\n  f()\n"


@pytest.mark.parametrize(
    ("outputs", "points"),
    [
        ([], 4),
        ([stream("stdout", "ok")], 4),
        ([value("1.5")], 1.5),
        ([value("0")], 0),
        ([value("4")], 4),
        ([ERROR], 0),
        ([stream("stderr", "wrong!")], 0),
        ([value("'all is well'")], 4),
        ([value("True")], 4),
    ],
)
def test_what_nbgrader_means_is_what_it_is_worth(
    outputs: list[dict[str, Any]], points: float
) -> None:
    assert score_outputs(outputs, 4) == CellScore(points=points)


@pytest.mark.parametrize(
    ("outputs", "points"),
    [
        ([value("4"), ERROR], 0),
        ([value("4"), value("1")], 1),
        ([stream("stderr", WARNING)], 4),
        ([stream("stderr", WARNING), value("2")], 2),
        ([stream("stderr", WARNING + "wrong!\n")], 0),
        ([value("np.float64(1.5)")], 1.5),
        ([value("tensor(1.5000, dtype=torch.float64)")], 1.5),
        ([value("array(1.5)")], 1.5),
        ([value("False")], 0),
        ([value("np.False_")], 0),
    ],
)
def test_nbgraders_traps_are_none_here(outputs: list[dict[str, Any]], points: float) -> None:
    assert score_outputs(outputs, 4) == CellScore(points=points)


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "4.5", "np.float64(nan)"])
def test_a_number_that_is_no_mark_waits_for_a_person(text: str) -> None:
    score = score_outputs([value(text)], 4)

    assert score.points is None
    assert score.why == f"the test cell's value {text} is not between 0 and 4"


@pytest.mark.parametrize("text", ["[]", "<Odd at 0x1>", "array([1.5, 2. ])", ""])
def test_a_value_that_is_no_number_waits_for_a_person(text: str) -> None:
    score = score_outputs([value(text)], 4)

    assert score.points is None
    assert score.why == f"the test cell's value is no number: {text}"
