from __future__ import annotations

import nbformat
import pytest
from jinja2 import Environment

from nbjudge.nbgrader_adapter.feedback import HideTests, safe_markdown2html


def rendered(source: str, **cell: object) -> str:
    environment = Environment(autoescape=False)  # noqa: S701 - as nbconvert makes its own
    environment.filters["safe"] = safe_markdown2html
    template = environment.from_string("{{ source | safe }}")
    return template.render(source=source, cell=cell)


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        "[x](javascript:alert(1))",
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        "<svg><script>alert(1)</script></svg>",
        "<iframe src='/lab'></iframe>",
        "<style>body{display:none}</style>",
        '<p style="position:fixed">x</p>',
        "<form action=/x><input name=a></form>",
        r"$\href{javascript:alert(1)}{x}$",
        r"$\require{x}$",
        '<img src="https://example.org/seen.png">',
        '<img src="/formgrader/x.png">',
        '<img src="../../x.png">',
        '<p class="nbjudge-card">100 of 100</p>',
        '<p id="test_double">x</p>',
    ],
)
def test_nothing_in_markdown_acts_on_whoever_opens_the_page(source: str):
    html = rendered(source)
    active = ("<script", "<img src=x", "<iframe", "<style", "<form", "<input", "<svg", "position")
    assert not [word for word in active if word in html]
    loaded = ('href="javascript', 'href="data', 'src="http', 'src="/', 'src="..', "onerror=alert")
    assert not [word for word in loaded if word in html.replace("&lt;img src=x onerror", "")]
    # MathJax, if the page loads it, leaves code alone.
    assert "\\href" not in html.replace("<code>\\href", "")
    assert "\\require" not in html.replace("<code>\\require", "")
    assert 'class="nbjudge-card"' not in html
    assert 'id="test_double"' not in html


def test_plain_markup_math_code_and_links_stay():
    html = rendered(
        "## A part\n\n*a* **b** `c` [d](https://example.org) $x < y$\n\n| e |\n|---|\n| f |\n\n"
        "```python\nimport math\n```\n"
    )
    for piece in (
        '<h2 id="A-part">A part',
        "<em>a</em>",
        "<strong>b</strong>",
        "<code>c</code>",
        '<a href="https://example.org">d</a>',
        "&lt;",
        "</math>",
        "<td>f</td>",
        '<span class="kn">import</span>',
    ):
        assert piece in html


def test_an_attached_picture_stays():
    html = rendered("![p](attachment:p.png)", attachments={"p.png": {"image/png": "abcd"}})
    assert 'src="data:image/png;base64,abcd"' in html


def test_a_picture_of_the_lesson_stays():
    assert 'src="figures/row.svg"' in rendered("![row](figures/row.svg)")


def hidden(source: str, *, locked: bool = True) -> str:
    about = {"grade": locked, "locked": locked, "solution": not locked, "grade_id": "t"}
    cell = nbformat.v4.new_code_cell(source, metadata={"nbgrader": about})
    HideTests().preprocess_cell(cell, {}, 0)
    return str(cell.source)


def test_hidden_tests_are_left_out_of_the_page():
    source = "visible\n### BEGIN HIDDEN TESTS\nsecret\n### END HIDDEN TESTS\nvisible too"
    assert hidden(source) == "visible\nvisible too"


def test_a_traceback_does_not_print_what_was_left_out():
    about = {"grade": True, "locked": True, "solution": False, "grade_id": "t"}
    lines = ["----> 2 secret == 3", "AssertionError: no"]
    error = nbformat.v4.new_output("error", ename="AssertionError", evalue="no", traceback=lines)
    region = "### BEGIN HIDDEN TESTS\nsecret == 3\n### END HIDDEN TESTS"
    for source, shown in ((region, ["AssertionError: no"]), ("visible == 3", lines)):
        cell = nbformat.v4.new_code_cell(
            source, metadata={"nbgrader": about}, outputs=[nbformat.from_dict(error)]
        )
        HideTests().preprocess_cell(cell, {}, 0)
        assert cell.outputs[0].traceback == shown


def test_a_malformed_region_hides_the_whole_cell():
    assert hidden("visible\n### BEGIN HIDDEN TESTS\nsecret") == ""


def test_a_students_own_cell_is_never_cut():
    source = "mine\n### BEGIN HIDDEN TESTS\nmine too"
    assert hidden(source, locked=False) == source


def test_a_heading_keeps_its_anchor_and_opens_no_link():
    html = rendered("## The formula\n\nText.")
    assert 'id="The-formula"' in html
    assert "<a" not in html
