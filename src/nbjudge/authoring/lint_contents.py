"""What syllabus, glossary and other lessons expect of a lesson, and it lacks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from nbjudge.authoring.lint_model import Finding
from nbjudge.authoring.sections import section_anchors, section_prose
from nbjudge.model import Course
from nbjudge.model.contents import Term, load_glossary, load_syllabus

_SYLLABUS, _GLOSSARY = "course/syllabus.toml", "course/glossary.toml"
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_LINK = re.compile(r"\]\(\.\./([^/()\s]+)/([^/()\s#]+)\.ipynb(?:#([^)\s]+))?\)")
"""A link to another lesson's notebook, as it lies beside this one's in a learner's folder."""


def contents_findings(course: Course, slug: str) -> Iterator[Finding]:
    """Say what is promised of a lesson and not in it, and which of its links lead nowhere."""
    yield from _points(course, slug)
    for term in load_glossary(course.root):
        if term.lesson == slug:
            yield from _term(course, term)
    yield from _links(course, slug)


def _points(course: Course, slug: str) -> Iterator[Finding]:
    """Find points of the syllabus without a section.

    A lesson is held to all of them once it has a quiz: that is written last.
    """
    sections = section_anchors(course.text(slug))
    is_complete = course.quiz_bank(slug).exists()
    for topic in load_syllabus(course.root):
        for point in topic.points if topic.lesson == slug else ():
            place = f"{_SYLLABUS}, {topic.number}"
            for name in point.sections:
                if name not in sections:
                    yield _no_section(place, name, sections)
            if is_complete and not point.sections:
                yield Finding(
                    place=place,
                    message=f"No section is named for the point {point.text!r}.",
                    hint='name those that teach it: sections = ["..."].',
                )


def _term(course: Course, term: Term) -> Iterator[Finding]:
    """Find a term that is not defined where the glossary says, or is defined before."""
    place = f"{_GLOSSARY}, {term.name}"
    sections = section_prose(course.text(term.lesson))
    if term.section not in sections:
        yield _no_section(place, term.section, sections)
        return
    if term.section not in _defining(course, term.lesson, term):
        yield Finding(
            place=place,
            message=f"The section {term.section!r} of {term.lesson} does not define the term.",
            hint=f"write **{term.name}** where it is defined, or name the section that does.",
        )
    slugs = [lesson.slug for lesson in course.lessons]
    for slug in slugs[: slugs.index(term.lesson)]:
        for section in _defining(course, slug, term):
            yield Finding(
                place=place,
                message=f"{slug} defines the term before {term.lesson}, in {section!r}.",
                hint="name the first lesson that does.",
            )


def _defining(course: Course, slug: str, term: Term) -> list[str]:
    """Return the sections of a lesson that have a term in bold; tokens define token."""
    names = {name.lower() for name in (term.name, *term.also)}
    names |= {f"{name}s" for name in names}
    return [
        section
        for section, (_, prose) in section_prose(course.text(slug)).items()
        if names & {" ".join(words.split()).lower() for words in _BOLD.findall(prose)}
    ]


def _links(course: Course, slug: str) -> Iterator[Finding]:
    text = course.text(slug)
    if not text.exists():
        return
    lessons = {lesson.slug: lesson for lesson in course.lessons}
    for number, line in enumerate(text.read_text(encoding="utf-8").split("\n"), start=1):
        for folder, name, anchor in _LINK.findall(line):
            place = f"course/{slug}.md, line {number}"
            lesson = lessons.get(name)
            if lesson is None or lesson.assignment != folder:
                yield Finding(
                    place=place,
                    message=f"There is no lesson at ../{folder}/{name}.ipynb.",
                    hint="a lesson lies at ../<assignment>/<slug>.ipynb.",
                )
            elif anchor:
                anchors = section_anchors(course.text(name)).values()
                if unquote(anchor) not in anchors:
                    yield _no_section(place, anchor, anchors)


def _no_section(place: str, name: str, sections: Iterable[str]) -> Finding:
    return Finding(
        place=place,
        message=f"There is no section {name!r}.",
        hint=f"the sections are: {', '.join(sections)}.",
    )
