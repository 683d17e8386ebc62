from __future__ import annotations

from pathlib import Path

import jupytext
import pytest

from nbjudge.authoring.lesson_text import parse_text, read_text
from nbjudge.errors import LessonError

PATH = Path("course/m1_l01_topic.md")


def cells(text: str):
    return parse_text(text, PATH).cells


def test_cells_are_those_that_jupytext_reads(course, slug):
    text = course.text(slug).read_text(encoding="utf-8")

    wanted = jupytext.reads(text, fmt="md:myst").cells

    got = [
        (cell.kind, cell.source, dict(cell.metadata)) for cell in read_text(course.text(slug)).cells
    ]
    assert got == [(cell.cell_type, cell.source, cell.metadata) for cell in wanted]


def test_every_cell_knows_its_lines(course, slug):
    lesson = read_text(course.text(slug))

    for cell in lesson.cells:
        source = cell.source.split("\n")
        assert list(lesson.lines[cell.body : cell.body + len(source)]) == source
        assert lesson.lines[cell.start].startswith("```") == (cell.kind == "code")
        assert lesson.lines[cell.end - 1].strip()


def test_ids_come_from_grade_ids_and_headings(course, slug):
    assert [cell.id for cell in read_text(course.text(slug)).cells] == [
        "counting-1",
        "counting-2",
        "the-mean-1",
        "the-mean-2",
        "the-mean-3",
        "mean-of",
        "test-mean-of",
        "a-counter-1",
        "Counter",
        "test-Counter",
        "a-counter-2",
    ]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("No heading.", ["start-1"]),
        ("# Über $\\mu$ & co!\n\n+++\n\nx", ["uber-mu-co-1", "uber-mu-co-2"]),
        ("# A\n\n## B\n\n+++\n\nx", ["a-1", "b-1"]),
        ("# A\n\n+++\n\n# A", ["a-1", "a-2"]),
        ("# 平均", ["start-1"]),
        ("x\n\n```\n# no heading\n```\n\n+++\n\ny", ["start-1", "start-2"]),
        ("# " + "long " * 40, ["long-long-long-long-long-long-long-long-long-lon-1"]),
        (
            "# F\n\n```{code-cell}\n:nbgrader: {grade_id: f_1, solution: true}\nx\n```",
            ["f-2", "f-1"],
        ),
    ],
)
def test_derived_ids_are_unique_and_valid(text, ids):
    assert [cell.id for cell in cells(text)] == ids


def test_windows_line_ends_make_no_difference():
    text = "# A\n\nb\n\n```{code-cell}\nx\n```\n"

    assert cells(text.replace("\n", "\r\n")) == cells(text)


def test_a_fence_within_markdown_is_no_cell():
    assert [cell.kind for cell in cells("Say\n\n```python\nx\n```\n")] == ["markdown"]


def test_a_line_of_three_pluses_in_a_block_is_text():
    assert len(cells("Say\n\n```\n+++\n```\n\nend")) == 1


def message(text: str) -> str:
    with pytest.raises(LessonError) as caught:
        parse_text(text, PATH)
    return str(caught.value)


@pytest.mark.parametrize(
    "text", ["one\n+++\n\ntwo", "one\n\n+++ two\n\nthree", "one\n\n+++\ntwo", "one\n\n++++\n\ntwo"]
)
def test_a_cell_break_that_may_be_meant_as_text_is_refused(text):
    number = text.split("\n").index(next(line for line in text.split("\n") if "+++" in line)) + 1

    assert message(text) == (
        "A line that starts with +++ ends a cell in MyST.\n"
        f"  where: course/m1_l01_topic.md, line {number}\n"
        "  to cure it: to break the cell, give it a line of its own between blank lines; "
        "to show it, write &#43;++ or put it into a fenced block."
    )


@pytest.mark.parametrize(
    "text",
    [
        "- item\n\n  ```{code-cell}\n  x = 1\n  ```",
        "> ```{code-cell}\n> x = 1\n> ```",
        "````\n```{code-cell}\nx = 1\n```\n````",
    ],
)
def test_a_code_cell_that_would_be_text_is_refused(text):
    number = next(i for i, line in enumerate(text.split("\n"), start=1) if "code-cell" in line)

    assert message(text) == (
        "A {code-cell} fence inside text or another block is no cell.\n"
        f"  where: course/m1_l01_topic.md, line {number}\n"
        "  to cure it: start it at the line's beginning, outside of lists, quotes and fences; "
        "to show one as text, write the directive in words."
    )


def test_options_that_are_no_yaml_are_refused():
    assert message("```{code-cell}\n:tags: [a\n\nx\n```").startswith(
        "The lesson's text cannot be read: Code cell 0 at line 1 could not be read: Invalid YAML"
    )


@pytest.mark.parametrize("front", ["- a", "a: [", "a: *b"])
def test_a_front_matter_that_is_none_is_refused(front):
    assert message(f"---\n{front}\n---\n\n# A").startswith("The lesson's text cannot be read: ")


def test_a_missing_text_is_named(tmp_path):
    with pytest.raises(LessonError) as caught:
        read_text(tmp_path / "m1_l01_none.md")

    assert str(caught.value) == (
        "The lesson has no text.\n"
        f"  where: {tmp_path / 'm1_l01_none.md'}\n"
        "  to cure it: write it, or take the lesson out."
    )
