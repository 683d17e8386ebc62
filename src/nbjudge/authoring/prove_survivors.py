"""Mutants that a suite lets live, and why: `grader_tests/<slug>/survivors.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbjudge.errors import LessonError

FILE = "survivors.toml"
EQUIVALENT, ACCEPTED = "equivalent", "accepted"
_VERDICTS = (EQUIVALENT, ACCEPTED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """An author's word on one mutant that no case refuses."""

    exercise: str
    mutant: str
    """Its id, as `nbjudge prove` prints it."""
    verdict: str
    """`equivalent`: right, only written differently; `accepted`: wrong, and no case is worth it."""
    reason: str


def load_explanations(folder: Path) -> Mapping[str, Explanation]:
    """Read a lesson's explanations by mutant; none if there is no file.

    Args:
        folder: `grader_tests/<slug>/`.

    Raises:
        LessonError: If the file breaks its format.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        found = [_explanation(item, path) for item in document.get("survivor", [])]
    except tomllib.TOMLDecodeError as error:
        raise LessonError(f"{FILE} cannot be read: {error}", context=str(path)) from None
    for item in found:
        if sum(item.mutant == other.mutant for other in found) > 1:
            raise LessonError(f"Mutant {item.mutant} is explained twice.", context=str(path))
    return {item.mutant: item for item in found}


def _explanation(item: Mapping[str, object], path: Path) -> Explanation:
    wanted = ("exercise", "mutant", "verdict", "reason")
    if set(item) != set(wanted) or not all(str(item[key]).strip() for key in wanted):
        raise LessonError(
            f"A survivor has the keys {', '.join(wanted)}; got {', '.join(item) or 'none'}.",
            context=str(path),
            hint="none of them may be empty.",
        )
    if item["verdict"] not in _VERDICTS:
        raise LessonError(
            f"The verdict on mutant {item['mutant']} must be equivalent or accepted; "
            f"got {item['verdict']}.",
            context=str(path),
            hint="equivalent: it is right; accepted: it is wrong, and no case is worth it.",
        )
    return Explanation(**{key: str(item[key]) for key in wanted})
