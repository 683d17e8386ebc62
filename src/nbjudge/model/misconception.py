"""A named wrong idea."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Misconception:
    """A wrong belief about one exercise that can be executed.

    Its code is the exercise's variant with `switches` set, or a free function
    for a wrong answer of another shape; neither is part of this record, so the
    record may reach a student. Texts above the course's rung are empty there.
    """

    id: str
    """Kebab-case, unique within the exercise: `unbiased-variance`."""
    exercise: str
    belief: str
    """What whoever holds it thinks, as a sentence they would say."""
    explanation: str
    """What the code then does, worded "This behaves like ..."."""
    question: str
    """A question that points to the idea and not to the answer."""
    hint: str
    paragraph: str = ""
    """Anchor of the lesson's section that explains the idea; may be empty."""
    example: str = ""
    """The idea worked through with other numbers: Markdown, lines indented by 4 are code."""
    switches: Mapping[str, object] = field(default_factory=dict)
    """Keyword arguments of the variant; empty for a free function."""
