import re
from html.parser import HTMLParser

import pytest

from nbjudge.naming.card import Comparison, Part, Status, draw
from nbjudge.naming.ladder import Rung

HOSTILE = "<script>alert('x')</script>&\"'"


class _Text(HTMLParser):
    """Collects tags and what a reader sees."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.seen, self.attributes = [], "", []
        self._in_style = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self._in_style = tag == "style"

    def handle_endtag(self, tag):
        self._in_style = False

    def handle_data(self, data):
        if not self._in_style:
            self.seen += data


def _full_part(text):
    return Part(
        title=text,
        text=text,
        code=text,
        hint=text,
        items=(text,),
        mark=Status.RIGHT,
        comparison=Comparison(expected=(text,), got=(text,), differs=(True,)),
        section=text,
        folded=text,
    )


def test_everything_that_is_drawn_is_escaped():
    html = draw(HOSTILE, Status.OPEN, HOSTILE, [_full_part(HOSTILE)], state=HOSTILE).html
    page = _Text(html)
    assert "script" not in page.tags
    assert page.seen.count(HOSTILE) == 12
    assert all(not name.startswith("on") for name, _ in page.attributes)
    assert [v for name, v in page.attributes if name == "href"] == [
        "#%3Cscript%3Ealert%28%27x%27%29%3C/script%3E%26%22%27"
    ]


def test_the_text_says_what_the_picture_says():
    card = draw("layer_norm", Status.PARTLY, "1 of 2", [_full_part("words")])
    assert card.text == (
        "◐ layer_norm: 1 of 2 (partly right)\n\nwords\nwords\n  words\n  words\n"
        "  expected   your code\n  words      words       <- differs\n"
        "  ✓ words\n  Hint: words\n  Read again: words"
    )


@pytest.mark.parametrize("status", Status)
def test_no_status_is_carried_by_colour_alone(status):
    card = draw("f", status, "h", [])
    seen = _Text(card.html).seen
    assert status.value in seen
    assert status.value in card.text
    symbols = {draw("f", other, "h", []).text[0] for other in Status}
    assert len(symbols) == len(Status)


def test_a_status_can_be_put_in_other_words():
    card = draw("f", Status.RIGHT, "h", [], state="good so far")
    assert "(good so far)" in card.text
    assert "good so far" in card.html
    assert "right" not in _Text(card.html).seen


def test_a_longer_side_of_a_comparison_differs_where_the_other_ends():
    comparison = Comparison(expected=("a", "b"), got=("a",), differs=(False,))
    card = draw("f", Status.NOT_YET, "h", [Part(comparison=comparison)])
    assert card.text.splitlines()[-3:] == [
        "  expected   your code",
        "  a          a",
        "  b                      <- differs",
    ]


def test_a_part_without_content_is_left_out_of_the_text():
    assert draw("f", Status.OPEN, "h", [Part()]).text == "? f: h (open)\n"


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(a, b):
    lighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_colour_can_be_read_on_light_and_on_dark_pages():
    html = draw("f", Status.OPEN, "h", []).html
    text = [("#1f2328", "#e6edf3"), *re.findall(r"--nbj:light-dark\((#\w{6}),(#\w{6})\)", html)]
    text += re.findall(r"[; ]color:light-dark\((#\w{6}),(#\w{6})\)", html)
    assert len(text) >= 6
    for light, dark in text:
        assert _contrast(light, "#ffffff") >= 4.5
        assert _contrast(dark, "#161b22") >= 4.5


def test_a_card_asks_nothing_of_the_network():
    assert not re.search(r"url\(|https?:|@import|src=", draw("f", Status.OPEN, "h", []).html)


def test_what_stands_between_backticks_is_code_and_still_escaped():
    html = draw("f", Status.OPEN, "h", [Part(text="write `a < b` in place of a `stray tick")]).html
    assert "write <code>a &lt; b</code> in place of a `stray tick" in html


def test_every_rule_is_stronger_than_those_of_the_page_around():
    """JupyterLab styles `pre` and `code` in outputs by two classes and two elements."""
    style = draw("f", Status.OPEN, "h", []).html.partition("</style>")[0]
    assert ".nbjudge-card" * 3 + " pre{" in style
    assert re.findall(r"(?<!card)\.nbjudge-card [^{]*\{", style) == []


RUNGS = tuple(
    Rung(
        number=number,
        label=f"label {number}",
        invitation=f"click {number}",
        promise="helps",
        text=f"text {number}\n\n    code < {number}",
        section="Some-section" if number == 3 else "",
    )
    for number in (2, 3)
)


def test_a_ladder_is_closed_until_it_is_climbed():
    card = draw("f", Status.OPEN, "h", [Part(ladder=RUNGS, plain="  go on")])
    assert card.text == "? f: h (open)\n\n  go on"
    assert "go on" not in card.html
    assert " open" not in card.html.partition("</style>")[2].partition("</div>")[2]


def test_climbed_rungs_are_open_and_the_next_is_inside_the_last():
    card = draw("f", Status.OPEN, "h", [Part(ladder=RUNGS, climbed=1)])
    assert card.text == "? f: h (open)\n\nlabel 2\n  text 2\n\n      code < 2\n"
    ladder = card.html.partition("</style>")[2]
    assert ladder.index(" open>") < ladder.index("text 2") < ladder.index("click 3")
    assert "<pre>code &lt; 3</pre>" in ladder
    assert 'Read again: <a href="#Some-section">Some section</a>' in ladder
    assert ladder.count(" open>") == 1
    assert ladder.endswith("</details></details></div></div>")


@pytest.mark.parametrize(("side", "is_reached"), [("1 2 3 4", False), ("1234.5678 " * 4, True)])
def test_a_comparison_that_must_be_scrolled_is_reached_by_keyboard(side, is_reached):
    comparison = Comparison(expected=(side,), got=(side,), differs=(True,))
    html = draw("f", Status.OPEN, "h", [Part(comparison=comparison)]).html
    assert ('tabindex="0"' in html) is is_reached
