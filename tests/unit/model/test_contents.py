"""What syllabus.toml and glossary.toml may say, and what is refused."""

import pytest

from nbjudge.errors import UserError
from nbjudge.model.contents import Point, Term, Topic, load_glossary, load_syllabus

SYLLABUS = """
[[topics]]
number = "1.0"
title = "Counting"
lesson = "m1_l00_counting"
points = [{ text = "One", sections = ["one"] }, { text = "Two" }]
"""
GLOSSARY = """
[[terms]]
name = "mean"
text = "A sum, divided."
lesson = "m1_l00_counting"
section = "one"
"""


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        (tmp_path / "course").mkdir(exist_ok=True)
        (tmp_path / "course" / name).write_text(text)
        return tmp_path

    return write


def test_a_course_may_have_neither(tmp_path):
    assert load_syllabus(tmp_path) == load_glossary(tmp_path) == ()


def test_a_topic_lists_points_with_or_without_sections(write):
    assert load_syllabus(write("syllabus.toml", SYLLABUS)) == (
        Topic(
            number="1.0",
            title="Counting",
            lesson="m1_l00_counting",
            points=(Point(text="One", sections=("one",)), Point(text="Two")),
        ),
    )


def test_a_term_has_other_names_if_it_says_so(write):
    root = write("glossary.toml", GLOSSARY + 'also = ["average"]\n')

    assert load_glossary(root) == (
        Term(
            name="mean",
            text="A sum, divided.",
            lesson="m1_l00_counting",
            section="one",
            also=("average",),
        ),
    )


@pytest.mark.parametrize(
    ("name", "text", "load", "message"),
    [
        (
            "glossary.toml",
            GLOSSARY.replace('text = "A sum, divided."\n', ""),
            load_glossary,
            "An entry of glossary.toml lacks 'text'.",
        ),
        ("glossary.toml", GLOSSARY * 2, load_glossary, "glossary.toml lists 'mean' twice."),
        (
            "glossary.toml",
            GLOSSARY + GLOSSARY.replace("mean", "Mean"),
            load_glossary,
            "glossary.toml lists 'mean' twice.",
        ),
        (
            "syllabus.toml",
            SYLLABUS * 2,
            load_syllabus,
            "syllabus.toml lists 'm1_l00_counting' twice.",
        ),
        (
            "syllabus.toml",
            "topics = [1]",
            load_syllabus,
            "syllabus.toml cannot be read: topics must be a list of tables; got [1]",
        ),
        (
            "syllabus.toml",
            SYLLABUS.replace('["one"]', '"one"'),
            load_syllabus,
            "syllabus.toml cannot be read: sections must be a list of strings; got 'one'",
        ),
        (
            "glossary.toml",
            GLOSSARY + "also = [1]\n",
            load_glossary,
            "glossary.toml cannot be read: also must be a list of strings; got [1]",
        ),
    ],
)
def test_what_breaks_a_rule_is_named(write, name, text, load, message):
    root = write(name, text)
    with pytest.raises(UserError) as refusal:
        load(root)
    assert refusal.value.message == message
    assert refusal.value.context == str(root / "course" / name)


def test_what_is_no_toml_is_named(write):
    with pytest.raises(UserError, match=r"^syllabus\.toml cannot be read: "):
        load_syllabus(write("syllabus.toml", "topics = ["))
