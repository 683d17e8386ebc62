from __future__ import annotations

import sys

import pytest

from nbjudge.errors import UserError
from nbjudge.reports.similar import similar_pairs

STUB = "def normalize(x, eps):\n    raise NotImplementedError()\n"
ORIGINAL = """def normalize(x, eps):
    total = 0.0
    for value in x:
        total = total + value
    mean = total / len(x)
    squares = [(value - mean) * (value - mean) for value in x]
    variance = sum(squares) / len(squares)
    root = (variance + eps) ** 0.5
    return [(value - mean) / root for value in x]
"""
RENAMED = (
    ORIGINAL.replace("total", "t").replace("value", "v").replace("root", "r")
    + "\n# all of it my own\n"
)
OTHER = """def normalize(x, eps):
    import numpy
    rows = numpy.asarray(x, dtype=float)
    return (rows - rows.mean()) / numpy.sqrt(rows.var(ddof=0) + numpy.float64(eps))
"""


def test_other_names_and_comments_hide_nothing():
    (pair,) = similar_pairs({"ada": ORIGINAL, "ben": RENAMED, "cleo": OTHER}, STUB)
    assert (pair.one, pair.other) == ("ada", "ben")
    assert pair.share > 0.9


def test_what_was_released_is_no_likeness():
    assert similar_pairs({"ada": ORIGINAL, "ben": RENAMED}, ORIGINAL) == []


def test_what_many_write_is_no_likeness():
    class_ = {f"s{number}": ORIGINAL for number in range(12)}
    assert similar_pairs(class_, STUB) == []


def test_the_same_small_mistake_is_no_likeness():
    mistake = ORIGINAL.replace("len(squares)", "(len(squares) - 1)")
    class_ = {f"s{number}": ORIGINAL for number in range(20)}
    assert similar_pairs({**class_, "ada": mistake, "ben": mistake}, STUB) == []


def test_without_copydetect_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "copydetect", None)
    with pytest.raises(UserError) as error:
        similar_pairs({}, "")
    assert str(error.value) == (
        "Similar submissions are found by copydetect, which is not installed.\n"
        "  to cure it: pip install 'nbjudge[similar]'"
    )
