"""Markdown of questions as HTML that needs no script."""

from __future__ import annotations

import pytest

from nbjudge.errors import UserError
from nbjudge.questions.expression import fill
from nbjudge.questions.markup import to_html

PIXEL = b"\x89PNG\r\n\x1a\n"


def test_formulas_become_mathml_and_markup_in_a_text_stays_text():
    html = to_html("**Is** $x^2$ < <script>alert(1)</script>?")

    assert html.startswith("<strong>Is</strong> <math")
    assert "<msup>" in html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_numbers_are_filled_into_formulas_and_code():
    html = to_html("$x^@{n}$ and `f(@{n})`, @{n + 1}")

    filled = fill(html, {"n": 12})
    assert "<mn>12</mn>" in filled
    assert "<code>f(12)</code>, 13" in filled


def test_several_paragraphs_stay_apart():
    assert to_html("one\n\ntwo") == "<p>one</p>\n<p>two</p>"
    assert to_html("one") == "one"


def test_a_figure_is_carried_in_the_text_with_its_words(tmp_path):
    (tmp_path / "steps.png").write_bytes(PIXEL)

    html = to_html("![three steps](steps.png)", tmp_path)

    assert 'src="data:image/png;base64,iVBORw0KGgo="' in html
    assert 'alt="three steps"' in html


@pytest.mark.parametrize(
    "figure", ["![](steps.png)", "![x](gone.png)", "![x](../steps.png)", "![x](notes.txt)"]
)
def test_a_figure_that_cannot_be_carried_is_refused(tmp_path, figure):
    (tmp_path / "steps.png").write_bytes(PIXEL)
    (tmp_path / "notes.txt").write_text("x")

    with pytest.raises(UserError, match="cannot be shown") as caught:
        to_html(figure, tmp_path)
    assert "beside quiz.yaml" in caught.value.hint


def test_without_a_folder_a_figure_leaves_its_words():
    assert to_html("![three steps](steps.png)") == "<em>three steps</em>"
