"""Pages about the whole course, made from its syllabus, its glossary and the lessons' headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from nbjudge.authoring.sections import section_prose
from nbjudge.model import Course
from nbjudge.model.contents import Point, Term, Topic, load_glossary, load_syllabus

COVERAGE = "docs/coverage.md"
GLOSSARY = "docs/glossary.md"


def course_pages(course: Course) -> dict[str, bytes]:
    """Return the pages by their file names; {} if there is neither syllabus nor glossary.

    Raises:
        UserError: If syllabus or glossary breaks a rule.
    """
    pages = {}
    if topics := load_syllabus(course.root):
        pages[COVERAGE] = "\n".join(_coverage(course, topics))
    if terms := load_glossary(course.root):
        pages[GLOSSARY] = "\n".join(_glossary(course, terms))
    return {name: (text + "\n").encode() for name, text in pages.items()}


def _coverage(course: Course, topics: Sequence[Topic]) -> Iterator[str]:
    headings = {topic.lesson: _headings(course, topic.lesson) for topic in topics}
    written = [topic for topic in topics if headings[topic.lesson]]
    points = [point for topic in topics for point in topic.points]
    covered = [p for t in topics for p in t.points if _found(p, headings[t.lesson])]
    yield "# What the syllabus promises, and where it is kept\n"
    yield (
        "Made by `nbjudge build` from `course/syllabus.toml` and the headings of the lessons: "
        "edit those.\n"
    )
    yield (
        f"{len(written)} of {len(topics)} lessons are there, "
        f"and {len(covered)} of {len(points)} points have a section."
    )
    titles = dict(course.modules)
    for number, group in groupby(topics, key=lambda topic: topic.number.split(".")[0]):
        yield f"\n## Module {number}: {titles.get(int(number), '')}"
        for topic in group:
            yield from _topic_table(topic, headings[topic.lesson])


def _topic_table(topic: Topic, headings: Mapping[str, str]) -> Iterator[str]:
    yield f"\n### {topic.number} {topic.title}\n"
    if headings:
        yield f"Lesson: [`{topic.lesson}`](../course/{topic.lesson}.md)\n"
    else:
        yield f"No lesson yet (`{topic.lesson}`).\n"
    yield "| point | sections |\n|---|---|"
    for point in topic.points:
        found = _found(point, headings)
        links = ", ".join(_link(topic.lesson, name, headings[name]) for name in found)
        yield f"| {_cell(point.text)} | {links or ('none yet' if headings else '')} |"


def _found(point: Point, headings: Mapping[str, str]) -> list[str]:
    return [name for name in point.sections if name in headings]


def _glossary(course: Course, terms: Sequence[Term]) -> Iterator[str]:
    lessons = {lesson.slug: lesson.title for lesson in course.lessons}
    yield "# Glossary\n"
    yield (
        "The words of this course, each with the section of the lesson that defines it. "
        "Made by `nbjudge build` from `course/glossary.toml`: edit that."
    )
    for term in sorted(terms, key=lambda term: term.name.lower()):
        heading = _headings(course, term.lesson).get(term.section, term.section)
        title = lessons.get(term.lesson, term.lesson)
        yield f"\n## {term.name}\n"
        if term.also:
            yield f"Also: {', '.join(term.also)}.\n"
        yield term.text.strip()
        yield f"\n{_link(term.lesson, term.section, f'{title}: {heading}')}"


def _headings(course: Course, slug: str) -> dict[str, str]:
    """Return a lesson's sections as authors name them -> the headings; {} if there is no lesson."""
    if slug not in {lesson.slug for lesson in course.lessons}:
        return {}
    return {name: heading for name, (heading, _) in section_prose(course.text(slug)).items()}


def _link(slug: str, section: str, text: str) -> str:
    return f"[{_cell(text)}](../course/{slug}.md#{section})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("[", "\\[").replace("]", "\\]")
