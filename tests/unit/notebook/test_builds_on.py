"""Which earlier answers an answer uses."""

import pytest

from nbjudge.notebook.builds_on import builds_on

OTHERS = ("mean", "center")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("def variance(x): return mean((x - mean(x)) ** 2)", ("mean",)),
        ("def variance(x): return (center(x) ** 2).mean()", ("center",)),
        ("def variance(x): return x.mean()", ()),
        ("variance = lambda x: mean(center(x) ** 2)", ("mean", "center")),
        ("class variance:\n    def __call__(self, x): return mean(x)", ("mean",)),
        ("%matplotlib inline\ndef variance(x): return mean(x)", ("mean",)),
        ("def variance(x) return mean(x)", ()),
        ("def variance(x): return helper(x)\ndef helper(x): return variance(mean(x))", ("mean",)),
    ],
)
def test_what_an_answer_uses(cell, expected):
    assert builds_on("variance", OTHERS, ["import numpy", cell]) == expected


def test_the_last_definition_counts():
    cells = ["def variance(x): return mean(x)", "def variance(x): return center(x)"]
    assert builds_on("variance", OTHERS, cells) == ("center",)
