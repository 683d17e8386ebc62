from __future__ import annotations

import pytest

from nbjudge.authoring.names import bound_names, called_names, needed_names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import numpy as np\nfrom a import b as c, d", {"np", "c", "d"}),
        ("def f(): x = 1\nclass G: y = 2", {"f", "G"}),
        ("x, (y, *z) = 1, (2, 3)\nfor i in []: pass\nwith a as w: pass", {"x", "y", "z", "i", "w"}),
        ("%matplotlib inline\n!ls\nx = 1", {"x"}),
    ],
)
def test_what_a_cell_defines(source, names):
    assert bound_names(source) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x):\n    return g(x) + np.sum(x)", {"g", "np"}),
        ("def f(x):\n    import math\n    return math.pi + len(x)", set()),
        ("def f(x):\n    def g(y): return f(y) + h(x)\n    return g", {"h"}),
        ("def f(x):\n    return [k * q for k in x]", {"q"}),
        ("class F(Base):\n    a = 1\n    def g(self, b=D): return self.a + E", {"Base", "D", "E"}),
        ("@wrap\ndef f(x: T) -> U: ...", {"wrap", "T", "U"}),
        ("def f():\n    global total\n    return total", {"total"}),
        ("x = 1\nprint(x, y)", {"y"}),
    ],
)
def test_what_a_cell_needs_from_cells_above(source, names):
    assert needed_names(source) == names


def test_every_name_that_is_read_counts_as_called():
    assert called_names("%time f(1)\ng = h\nk.m()") >= {"h", "k"}
    assert "g" not in called_names("g = h")


def test_no_python_is_no_python():
    with pytest.raises(SyntaxError):
        needed_names("x = = 1")
