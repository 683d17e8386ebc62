from __future__ import annotations

import pytest

from nbjudge.authoring.lint_contents import contents_findings
from nbjudge.model import Course

SECTIONS = "the sections are: counting, the-mean, a-counter."


@pytest.fixture
def findings(course, slug):
    def look():
        return [(f.place, f.message, f.hint) for f in contents_findings(course, slug)]

    return look


@pytest.fixture
def write(course, slug):
    def write(name, text):
        path = course.root / "course" / name
        path.write_text(text.replace("SLUG", slug), encoding="utf-8")

    return write


def syllabus(point):
    return f'[[topics]]\nnumber = "1.0"\ntitle = "Counting"\nlesson = "SLUG"\npoints = [{point}]\n'


def term(name, section, also="[]"):
    return (
        f'[[terms]]\nname = "{name}"\ntext = "..."\nlesson = "SLUG"\n'
        f'section = "{section}"\nalso = {also}\n'
    )


def test_nothing_is_promised_where_nothing_is_said(findings):
    assert findings() == []


def test_a_section_that_the_lesson_has_not_is_named(findings, write):
    write("syllabus.toml", syllabus('{ text = "Means", sections = ["the-mean", "medians"] }'))

    assert findings() == [("course/syllabus.toml, 1.0", "There is no section 'medians'.", SECTIONS)]


def test_a_point_without_section_is_lacking_once_the_lesson_has_its_quiz(
    findings, write, course, slug
):
    write("syllabus.toml", syllabus('{ text = "Means" }'))
    assert findings() == []

    course.quiz_bank(slug).parent.mkdir(parents=True, exist_ok=True)
    course.quiz_bank(slug).write_text("format: 1\nquestions: []\n", encoding="utf-8")

    assert findings() == [
        (
            "course/syllabus.toml, 1.0",
            "No section is named for the point 'Means'.",
            'name those that teach it: sections = ["..."].',
        )
    ]


@pytest.mark.parametrize(
    "entry",
    [
        term("mean", "the-mean"),
        term("Mean", "the-mean"),
        term("average", "the-mean", '["arithmetic mean", "mean"]'),
    ],
)
def test_a_term_is_defined_where_it_stands_in_bold(findings, write, course, slug, entry):
    text = course.text(slug).read_text(encoding="utf-8")
    write(f"{slug}.md", text.replace("Add and divide.", "To find\n**means**, add and divide."))
    write("glossary.toml", entry)

    assert findings() == []


def test_a_term_that_its_section_does_not_define_is_lacking(findings, write, slug):
    write("glossary.toml", term("tally", "the-mean") + term("sum", "sums"))

    assert findings() == [
        (
            "course/glossary.toml, tally",
            f"The section 'the-mean' of {slug} does not define the term.",
            "write **tally** where it is defined, or name the section that does.",
        ),
        ("course/glossary.toml, sum", "There is no section 'sums'.", SECTIONS),
    ]


def test_a_term_that_an_earlier_lesson_defines_is_lacking(findings, write, course, slug):
    toml = (course.root / "course" / "course.toml").read_text(encoding="utf-8")
    earlier = "m1_l00_before"
    assert earlier < slug
    write(f"{earlier}.md", "# Before\n\nA **mean** is a middle.\n")
    text = course.text(slug).read_text(encoding="utf-8")
    write(f"{slug}.md", text.replace("Add and divide.", "The **mean**: add and divide."))
    write("glossary.toml", term("mean", "the-mean"))
    assert findings() == []

    first = f'[[lessons]]\nslug = "{earlier}"\ntitle = "Before"\n'
    write("course.toml", toml.replace("[[lessons]]\n", first + "[[lessons]]\n", 1))
    both = Course.load(course.root)

    assert [(f.message, f.hint) for f in contents_findings(both, slug)] == [
        (
            f"{earlier} defines the term before {slug}, in 'before'.",
            "name the first lesson that does.",
        )
    ]


@pytest.fixture
def linking(course, slug, write):
    """Put a link into the lesson's text."""

    def put(link):
        text = course.text(slug).read_text(encoding="utf-8")
        write(f"{slug}.md", text.replace("Add and divide.", f"Add and [divide]({link})."))
        return f"course/{slug}.md, line {1 + text.split('Add and divide.')[0].count(chr(10))}"

    return put


def test_links_to_lessons_and_other_places_are_followed_or_left_alone(findings, linking, slug):
    for link in [
        f"../{slug}/{slug}.ipynb",
        f"../{slug}/{slug}.ipynb#The-mean",
        f"../{slug}/{slug}.ipynb#The%2Dmean",
        "https://example.org/a.ipynb#b",
        "figure.png",
    ]:
        linking(link)
        assert findings() == []


def test_a_link_to_no_lesson_leads_nowhere(findings, linking):
    place = linking("../m9_l99_none/m9_l99_none.ipynb")

    assert findings() == [
        (
            place,
            "There is no lesson at ../m9_l99_none/m9_l99_none.ipynb.",
            "a lesson lies at ../<assignment>/<slug>.ipynb.",
        )
    ]


def test_a_link_to_no_section_leads_nowhere(findings, linking, slug):
    place = linking(f"../{slug}/{slug}.ipynb#the-mean")

    assert findings() == [
        (
            place,
            "There is no section 'the-mean'.",
            "the sections are: Counting, The-mean, A-counter.",
        )
    ]


def test_a_lesson_without_text_has_no_links(course, slug, findings):
    course.text(slug).unlink()

    assert findings() == []
