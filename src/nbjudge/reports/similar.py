"""Submissions whose code is alike, by copydetect: an extra that nobody needs.

Fingerprints of tokens, so that other names and comments make no difference. What was
released is no likeness.

Source:
    Schleimer, Wilkerson and Aiken (2003), Winnowing: local algorithms for document
    fingerprinting; https://github.com/blingenf/copydetect.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from nbjudge.errors import UserError

_NOISE = 25
"""Characters of tokenized code; shorter likenesses are noise."""
_WINDOW = 10
_LEAST = 100
"""Characters of tokenized code that an answer must have beside the usual: two who make the
same small mistake are alike in it, and prove nothing."""
_ALIKE = 0.8
"""The share of the code from which a pair is listed."""
_COMMON = 0.1
"""A fingerprint that more than this share of the class has is the usual way to write it."""
_FEW = 5
"""A class with fewer students has no usual way."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SimilarPair:
    """Two students whose answers are alike."""

    one: str
    other: str
    of_one: float
    """The share of the first one's code that the other has too, from 0 to 1."""
    of_other: float

    @property
    def share(self) -> float:
        """The smaller of the two."""
        return min(self.of_one, self.of_other)


def similar_pairs(code: Mapping[str, str], released: str) -> list[SimilarPair]:
    """Return pairs of students whose code is alike, the most alike first.

    What most of the class writes is left out: it says nothing about anybody.

    Args:
        code: Student -> all code of theirs.
        released: What everybody began with.

    Raises:
        UserError: If copydetect is not installed.
    """
    try:
        from copydetect import CodeFingerprint, compare_files  # noqa: PLC0415 - an extra
    except ImportError:
        raise UserError(
            "Similar submissions are found by copydetect, which is not installed.",
            hint="pip install 'nbjudge[similar]'",
        ) from None

    def fingerprint(source: str, usual: list[int]) -> Any:
        stream = io.StringIO(source)
        return CodeFingerprint("answer.py", _NOISE, _WINDOW, boilerplate=usual, fp=stream)

    begun = list(fingerprint(released, []).hashes)
    first = {student: fingerprint(source, begun) for student, source in code.items()}
    usual = [*begun, *_usual([set(own.hashes) for own in first.values()])]
    own = {student: fingerprint(source, usual) for student, source in code.items()}
    found = []
    enough = sorted(student for student in own if own[student].token_coverage >= _LEAST)
    for one, other in combinations(enough, 2):
        # Comparing two in full takes a hundred times as long as seeing that they share little.
        shared = len(set(own[one].hashes) & set(own[other].hashes))
        if not shared or 2 * shared < min(len(own[one].hashes), len(own[other].hashes)):
            continue
        _, (of_one, of_other), _ = compare_files(own[one], own[other])
        pair = SimilarPair(
            one=one, other=other, of_one=min(1.0, float(of_one)), of_other=min(1.0, float(of_other))
        )
        if pair.share >= _ALIKE:
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.share, pair.one, pair.other))


def _usual(hashes: list[set[int]]) -> list[int]:
    counts = Counter(number for own in hashes for number in own)
    least = max(_FEW, _COMMON * len(hashes))
    return [number for number, count in counts.items() if count > least]
