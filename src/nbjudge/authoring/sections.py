"""The sections of a lesson, as misconceptions and notebooks name them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from nbjudge.errors import LessonError
from nbjudge.model import Misconception

_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.MULTILINE | re.DOTALL)


def with_anchor(misconception: Misconception, text: Path) -> Misconception:
    """Return it with the anchor that a notebook gives its section's heading.

    An author writes `paragraph="the-formula"`: lower case, words joined by
    hyphens. Jupyter's anchor keeps the heading's letters: `The-formula`.

    Args:
        misconception: Its `paragraph` names a heading or is empty.
        text: The lesson's text; without one nothing is looked up.

    Raises:
        LessonError: If the lesson has no such heading.
    """
    if not misconception.paragraph or not text.exists():
        return misconception
    anchors = section_anchors(text)
    if misconception.paragraph not in anchors:
        raise LessonError(
            f"Misconception {misconception.id!r} points to the paragraph "
            f"{misconception.paragraph!r}, which is no section of the lesson.",
            context=str(text),
            hint=f"the sections are: {', '.join(anchors)}.",
        )
    return replace(misconception, paragraph=anchors[misconception.paragraph])


def section_anchors(text: Path) -> dict[str, str]:
    """Return what an author writes for a section -> its anchor in a notebook."""
    return {name: heading.replace(" ", "-") for name, (heading, _) in section_prose(text).items()}


def section_prose(text: Path) -> dict[str, tuple[str, str]]:
    """Return what an author writes for a section -> its heading and the prose below it.

    The prose ends at the next heading of any level. Code is left out. A lesson
    without text has no sections.
    """
    if not text.exists():
        return {}
    # The pieces: what stands before the first heading, then headings and prose in turn.
    _, *pieces = _HEADING.split(_FENCE.sub("", text.read_text(encoding="utf-8")))
    headings, prose = map(str.strip, pieces[::2]), pieces[1::2]
    return {_slug(name): (name, below) for name, below in zip(headings, prose, strict=True)}


def _slug(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
