"""A lesson in another language, `course/<slug>.<language>.md`: the same code, other words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from nbjudge.authoring.lesson_text import LessonText, TextCell, read_text
from nbjudge.authoring.sections import section_anchors
from nbjudge.errors import LessonError
from nbjudge.model import Course, Lesson

_SECTION = re.compile(rb'("(?:paragraph|section|where)": )("(?:[^"\\\\]|\\\\.)*")')
"""Where a file beside the notebook names a section of the text."""


def check_translation(course: Course, lesson: Lesson) -> None:
    """Check that a translation has the exercises and the sections of its lesson.

    Args:
        course: The course.
        lesson: A translation; anything else is right as it is.

    Raises:
        LessonError: If it lacks something, has more, or has it elsewhere; says where.
    """
    if not lesson.language:
        return
    own = read_text(course.text(lesson.slug, lesson.language))
    original = read_text(course.text(lesson.slug))
    ours, theirs = (list(filter(_has_role, text.cells)) for text in (own, original))
    for cell, other in zip(ours, theirs, strict=False):
        if _role(cell) != _role(other):
            raise _differs(own, cell, original, f"{_role(other)} stands here, not {_role(cell)}")
    if len(ours) != len(theirs):
        more = (ours if len(ours) > len(theirs) else theirs)[min(len(ours), len(theirs))]
        what = "has no" if len(ours) > len(theirs) else "has"
        raise _differs(own, None, original, f"it {what} {_role(more)}")
    counts = [len(section_anchors(text.path)) for text in (own, original)]
    if counts[0] != counts[1]:
        raise LessonError(
            f"The translation has {counts[0]} sections; the lesson has {counts[1]}.",
            context=own.name,
            hint="give it the same headings in the same order: links lead to them.",
        )


def with_its_sections(
    course: Course, lesson: Lesson, files: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Have the files beside a translated notebook name its own sections.

    Args:
        course: The course.
        lesson: A translation; the files of anything else are returned as they are.
        files: Probes and quiz, by name.
    """
    if not lesson.language:
        return dict(files)
    theirs = section_anchors(course.text(lesson.slug)).values()
    ours = section_anchors(course.text(lesson.slug, lesson.language)).values()
    anchors = {_quoted(old): _quoted(new) for old, new in zip(theirs, ours, strict=True)}
    return {
        name: _SECTION.sub(lambda m: m[1] + anchors.get(m[2], m[2]), content)
        for name, content in files.items()
    }


def _has_role(cell: TextCell) -> bool:
    return bool(cell.nbgrader) or cell.is_setup


def _role(cell: TextCell) -> str:
    if not cell.nbgrader:
        return "a setup cell"
    points = f", {cell.nbgrader['points']} points" if "points" in cell.nbgrader else ""
    return f"the cell {cell.nbgrader.get('grade_id')}{points}"


def _differs(own: LessonText, cell: TextCell | None, original: LessonText, why: str) -> LessonError:
    return LessonError(
        f"The translation is not of this lesson: in {original.name} {why}.",
        context=own.where(cell) if cell else own.name,
        hint="translate the text and the docstrings; leave exercises and points as they are.",
    )


def _quoted(anchor: str) -> bytes:
    return json.dumps(anchor, ensure_ascii=False).encode()
