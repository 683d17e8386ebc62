"""Formulas become MathML, and nothing else comes through."""

import pytest

from nbjudge.nbgrader_adapter.mathml import to_mathml


@pytest.mark.parametrize(
    ("tex", "piece"),
    [
        (r"x < y", "&lt;"),
        (r"\hat{x}_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \varepsilon}}", "<msqrt>"),
        (r"\mathbf{1}", 'mathvariant="bold"'),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "<mtable>"),
        (r"\underbrace{a + b}_{c}", "<munder>"),
    ],
)
def test_a_formula_becomes_mathml(tex, piece):
    mathml = to_mathml(tex, "inline")
    assert mathml.startswith("<math ")
    assert piece in mathml


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<svg/onload=alert(1)>}",
        r"\text{<script>alert(1)</script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{nbjudge-card}{x}",
        r"\cssId{test_double}{x}",
        r"\color{red\" onclick=\"alert(1)}{x}",
        r"\nosuchcommand{x}",
        "x" * 5000,
        "{" * 400,
    ],
)
def test_anything_else_is_shown_as_it_was_written(tex):
    shown = to_mathml(tex, "block")
    assert shown.startswith("<code>")
    assert shown.endswith("</code>")
    assert "<" not in shown.removeprefix("<code>").removesuffix("</code>")
