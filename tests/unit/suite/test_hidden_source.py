"""Which names a statement at the top of a module defines."""

import ast

import pytest

from nbjudge.suite.hidden_source import names_bound_by


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("def f(x):\n    y = x", {"f"}),
        ("async def f(x): y = x", {"f"}),
        ("class C:\n    size = 1", {"C"}),
        ("import os.path, numpy as np", {"os", "np"}),
        ("from math import pi, tau as whole", {"pi", "whole"}),
        ("a, (b, *c) = d", {"a", "b", "c"}),
        ("size: int = 1", {"size"}),
        ("total += 1", {"total"}),
        ("for i in n:\n    last = i", {"i", "last"}),
        ("if n:\n    import a\nelse:\n    def b(): c = 1", {"a", "b"}),
        ("with f(n) as opened: pass", {"opened"}),
        ("print(seen := 1)", {"seen"}),
    ],
)
def test_a_statement_defines_what_it_binds_in_its_module(statement: str, names: set[str]):
    assert set(names_bound_by(ast.parse(statement).body[0])) == names


@pytest.mark.parametrize("statement", ["table[key] = 1", "thing.name = 1"])
def test_filling_a_thing_does_not_define_it(statement: str):
    assert set(names_bound_by(ast.parse(statement).body[0])) == set()


@pytest.mark.parametrize("loop", ["[i for i in n]", "{i for i in n}", "{i: 1 for i in n}"])
def test_a_loop_inside_an_expression_keeps_its_names(loop: str):
    assert set(names_bound_by(ast.parse(f"a = {loop}").body[0])) == {"a"}
