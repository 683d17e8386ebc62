"""The ladder of help about one named mistake: a question, the idea, a worked example.

The first rung is what any card says: what is right, and what differs. The learner climbs
the others, in order and as far as they want; the course may end the ladder earlier.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from nbjudge.model import Misconception, NamedMistake
from nbjudge.texts import later, said, say

LOWEST, HIGHEST = 1, 4
"""The rungs: what differs; a question; the idea; a worked example."""
_TEXTS = {
    2: ("question",),
    3: ("belief", "explanation", "hint", "paragraph"),
    4: ("example",),
}
"""What stands on each rung above the first."""
_QUESTION = (later("A question"), later("Ask me a question"), later("asks you a question"))
_IDEA = (later("The idea"), later("Tell me the idea"), later("tells you the idea"))
_EXAMPLE = (
    later("A worked example"),
    later("Show me a worked example"),
    later("works an example"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """One rung above the first."""

    number: int
    label: str
    """What stands on it."""
    invitation: str
    """What the learner clicks to climb it."""
    promise: str
    """What climbing it does, after "check(...)"."""
    text: str
    """Plain text; lines indented by 4 are code."""
    section: str = ""
    """Anchor of the section of the notebook to read again."""


def up_to_rung(misconception: Misconception, highest: int) -> Misconception:
    """Return it without the texts that stand above a rung: nobody finds them in a file.

    Args:
        misconception: With all its texts.
        highest: The rung on which the course ends the ladder.
    """
    above = [text for number, texts in _TEXTS.items() if number > highest for text in texts]
    empty: dict[str, Any] = dict.fromkeys(above, "")
    return replace(misconception, **empty)


def ladder(mistake: NamedMistake) -> tuple[Rung, ...]:
    """Return the rungs above the first that the course gives, from low to high."""
    belief = say("A thought that leads there: {belief}", belief=said(mistake.belief))
    belief = belief if mistake.belief else ""
    idea = "\n".join(
        text for text in (said(mistake.explanation), belief, said(mistake.hint)) if text
    )
    contents = ((_QUESTION, said(mistake.question)), (_IDEA, idea), (_EXAMPLE, mistake.example))
    return tuple(
        Rung(
            number=number,
            label=say(label),
            invitation=say(invitation),
            promise=say(promise),
            text=text,
            section=mistake.paragraph if text is idea else "",
        )
        for number, ((label, invitation, promise), text) in enumerate(contents, LOWEST + 1)
        if text
    )
