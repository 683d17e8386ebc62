from html.parser import HTMLParser

import pytest

from nbjudge.authoring.prove import prove_lesson
from nbjudge.authoring.prove_changed import is_current, page_path, proof_digest
from nbjudge.authoring.prove_page import proof_page
from nbjudge.authoring.prove_summary import summary_lines
from nbjudge.authoring.secret_lines import secret_lines, without_spaces

from .halving import edit, halving_course


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return halving_course(tmp_path_factory.mktemp("halving"))


@pytest.fixture(scope="module")
def proofs(course):
    return prove_lesson(course, course.lessons[0], rounds=2)


@pytest.fixture
def page(course, proofs):
    return proof_page(course.lessons[0], proofs, "0123")


class _Tables(HTMLParser):
    """Checks that tags are closed, and collects rows of cells."""

    def __init__(self):
        super().__init__()
        self.open, self.rows, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in {"src", "href"}]
        if tag != "meta":
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def test_a_page_is_whole_and_needs_nothing_else(page):
    parser = _Tables()
    parser.feed(page)

    assert parser.open == []
    assert parser.links == ["#halve"]
    assert "<h1>Halving &lt;things&gt;: how its tests were tested</h1>" in page


def test_the_matrix_says_in_words_and_symbols_who_refuses_what(page):
    parser = _Tables()
    parser.feed(page)
    rows = {row[0]: row[1:] for row in parser.rows}

    assert rows["case"][:2] == ["third", "plus"]
    assert rows["Random rows (2 of 2)"][:2] == ["✕refused", "✕refused"]
    assert rows["The input stays what it was property"][:2] == ["·passed", "·passed"]
    assert rows["misconceptions"] == ["2 of 2 refused"]
    assert rows["right answers"] == ["3 of 3 accepted in 2 rounds"]


def test_no_secret_line_is_on_a_page(course, page):
    # The lesson has no text, so no stub makes a line public.
    dense = without_spaces(page)
    assert not [line for line in secret_lines(course) if line in dense]


def test_a_page_is_current_until_a_file_changes(course, proofs):
    lesson = course.lessons[0]
    assert not is_current(course, lesson, 1)

    text = proof_page(lesson, proofs, proof_digest(course, lesson))
    page_path(course, lesson).parent.mkdir(parents=True)
    page_path(course, lesson).write_text(text, encoding="utf-8")

    assert is_current(course, lesson, 2)
    assert not is_current(course, lesson, 3)
    edit(course.suite_folder(lesson.slug) / "alternatives.py", "Multiply.", "Times.")
    assert not is_current(course, lesson, 2)


def test_a_page_of_less_than_a_proof_says_nothing_of_itself(course, proofs):
    assert "nbjudge-proof" not in proof_page(course.lessons[0], proofs, "")


def test_the_summary_is_aligned_and_complete(proofs):
    lines = list(summary_lines(proofs[0]))

    assert lines[0].startswith("halve: 4 cases, ")
    assert lines[1:3] == ["  misconceptions  2 of 2 refused", "  pairs           1 of 1 refused"]
    assert lines[4:] == [
        "  cheaters        8 of 8 earn nothing",
        "  right answers   3 of 3 accepted in 2 rounds",
        "  public probes   not built yet, or they know no misconception: nbjudge build",
    ]
