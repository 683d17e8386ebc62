"""What of a page is not the catalogue's, in the pseudo-language of `nbjudge.texts`."""

from __future__ import annotations

import re
from collections.abc import Iterable


def bare_words(text: str, theirs: Iterable[str] = ()) -> list[str]:
    """Return the words that stand outside ⟦ and ⟧.

    Args:
        text: What a learner reads.
        theirs: Words that are the course's or the learner's own: those may be bare.
    """
    outside, depth = [], 0
    for character in text:
        depth += character == "⟦"
        if not depth:
            outside.append(character)
        depth -= character == "⟧"
    left = "".join(outside)
    for words in sorted(theirs, key=len, reverse=True):
        left = left.replace(words, " ")
    return re.findall(r"[A-Za-z]{2,}", left)
