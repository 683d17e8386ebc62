"""Syllabus and glossary: what they promise is in the lessons."""

import re
from pathlib import Path

from nbjudge.authoring.lint_contents import contents_findings
from nbjudge.model import Course
from nbjudge.model.contents import load_glossary, load_syllabus

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.load(ROOT)


def test_lessons_keep_what_syllabus_and_glossary_promise():
    found = [f for lesson in COURSE.lessons for f in contents_findings(COURSE, lesson.slug)]

    assert found == []


def test_the_syllabus_has_all_lessons_in_order():
    topics = load_syllabus(ROOT)
    slugs = [topic.lesson for topic in topics]

    assert len(topics) == 21
    assert sum(len(topic.points) for topic in topics) == 114
    for topic in topics:
        module, lesson = map(int, topic.number.split("."))
        assert topic.lesson.startswith(f"m{module}_l{lesson:02d}_")
    assert slugs == sorted(slugs)
    listed = [lesson.slug for lesson in COURSE.lessons if lesson.slug in slugs]
    assert listed == sorted(listed)


def test_terms_are_short_and_their_lessons_exist():
    slugs = {lesson.slug for lesson in COURSE.lessons}
    for term in load_glossary(ROOT):
        assert term.lesson in slugs, term.name
        assert len(term.text) <= 160, term.name
        assert not re.search(r"\n", term.text), term.name
