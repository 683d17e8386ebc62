"""Whether a lesson's published proof still speaks of its suite as it is now."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from nbjudge.authoring.prove_survivors import FILE
from nbjudge.model import Course, Lesson

_METHOD = b"1"
"""Raise it when a proof comes to mean something else: every lesson is proved anew then."""
_MARK = re.compile(r'<meta name="nbjudge-proof" content="([0-9a-f]+) (\d+)">')


def page_path(course: Course, lesson: Lesson) -> Path:
    """Return where a lesson's proof is published."""
    return course.root / "docs" / "proof" / f"{lesson.slug}.html"


def proof_digest(course: Course, lesson: Lesson) -> str:
    """Return a digest of what a proof is about: solutions, suites, bank, explained survivors."""
    folder = course.suite_folder(lesson.slug)
    files = [course.solution(lesson.slug), *sorted(folder.rglob("*.py")), folder / FILE]
    parts = [_METHOD]
    for path in files:
        if path.is_file():
            text = path.read_bytes().replace(b"\r\n", b"\n")
            parts += [course.relative(path).encode(), text]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def mark(digest: str, rounds: int) -> str:
    """Return what a page says of itself, for `is_current`."""
    return f'<meta name="nbjudge-proof" content="{digest} {rounds}">'


def is_current(course: Course, lesson: Lesson, rounds: int) -> bool:
    """Say whether the published page proves the lesson as it is, in at least so many rounds."""
    try:
        found = _MARK.search(page_path(course, lesson).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    if found is None:
        return False
    return found[1] == proof_digest(course, lesson) and int(found[2]) >= rounds
