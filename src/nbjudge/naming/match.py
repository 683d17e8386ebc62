"""Say which probes are right, and which misconception explains the wrong ones.

A name is worth more than no name only if it is the right name: a mistake is
named when it fits every probe, at least `LEAST_EVIDENCE` of which tell it from
right, and when no other entry of the bank fits as well. What an answer does
beside its values (`naming.traits`) is named on its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nbjudge.model import Misconception, NamedMistake
from nbjudge.naming.bank import FORM, PAIR, misconception_of
from nbjudge.naming.compare import is_as
from nbjudge.naming.observe import NotAnswered, Observation
from nbjudge.naming.probes import Behaviour, ExerciseProbes
from nbjudge.naming.traits import LEAST_EVIDENCE, not_deterministic, shown_traits
from nbjudge.texts import say

_Seen = Sequence[tuple[Behaviour, ...]]


def right(exercise: ExerciseProbes, observed: Sequence[Observation]) -> tuple[bool, ...]:
    """Say for each probe whether what was observed is right.

    Args:
        exercise: The exercise's probes.
        observed: One observation per probe, in the same order.
    """
    return tuple(
        not isinstance(seen, NotAnswered) and is_as(probe, seen, probe.right)
        for probe, seen in zip(exercise.probes, observed, strict=True)
    )


def name_mistakes(
    exercise: ExerciseProbes,
    observed: Sequence[Observation],
    again: Sequence[Observation] = (),
) -> tuple[NamedMistake, ...]:
    """Name what the observed behaviour is like: one mistake, or nothing.

    A single misconception is preferred to a pair. Nothing is named when all is
    right, when some probe has no answer, when nothing fits, or when two
    entries fit equally.

    Args:
        exercise: The exercise's probes.
        observed: One observation per probe, in the same order.
        again: The same once more, to tell answers that change from call to call.
    """
    seen = [item for item in observed if not isinstance(item, NotAnswered)]
    if len(seen) < len(observed):
        return ()
    passed = right(exercise, seen)
    if all(passed):
        return ()
    if again and _differs(exercise, seen, again):
        return (_named([not_deterministic()]),)
    for names in ([*exercise.misconceptions, *form_names(exercise)], pair_names(exercise)):
        # Which form it is does not matter: several may fit.
        fitting = {misconception_of(n) for n in _fitting(exercise, seen, passed, names)}
        if len(fitting) == 1:
            parts = fitting.pop().split(PAIR)
            return (_named([exercise.misconceptions[part] for part in parts]),)
        if fitting:
            return ()
    # An edge may be met in another way: an answer where others have none, or the reverse.
    nearly = _fitting(exercise, seen, passed, exercise.misconceptions, exceptions=1)
    if len(nearly) == 1:
        return (_named([exercise.misconceptions[nearly[0]]]),)
    return _named_by_trait(exercise, seen)


def pair_names(exercise: ExerciseProbes) -> list[str]:
    """Return the recorded pairs, sorted."""
    return sorted({name for probe in exercise.probes for name in probe.wrong if PAIR in name})


def form_names(exercise: ExerciseProbes) -> list[str]:
    """Return the recorded forms of misconceptions, sorted."""
    return sorted({name for probe in exercise.probes for name in probe.wrong if FORM in name})


def _fitting(
    exercise: ExerciseProbes,
    seen: _Seen,
    passed: Sequence[bool],
    names: Iterable[str],
    exceptions: int = 0,
) -> list[str]:
    """Return the entries that fit on every probe but so many, which must be made up for."""
    least = LEAST_EVIDENCE + exceptions
    return [n for n in names if _evidence(exercise, seen, passed, n, exceptions) >= least]


def _evidence(
    exercise: ExerciseProbes, seen: _Seen, passed: Sequence[bool], name: str, exceptions: int
) -> int:
    """Count the probes that tell the entry from right; 0 if it does not fit."""
    evidence = 0
    for probe, own, is_right in zip(exercise.probes, seen, passed, strict=True):
        recorded = probe.behaviour(name)
        if is_as(probe, own, recorded):
            evidence += not is_right and not is_as(probe, recorded, probe.right)
            continue
        exceptions -= 1
        # Right where the mistake is wrong: then it is another mistake, or none.
        if is_right or exceptions < 0:
            return 0
    return evidence


def _named_by_trait(exercise: ExerciseProbes, seen: _Seen) -> tuple[NamedMistake, ...]:
    """Name what is done beside the values, and the mistake in the values if it is known."""
    for shown in shown_traits(exercise, seen):
        passed = right(exercise, shown.rest)
        if all(passed):
            return (_named([shown.mistake]),)
        if not shown.is_unique:
            return ()
        names = [name for name in exercise.misconceptions if name != shown.mistake.id]
        others = _fitting(exercise, shown.rest, passed, names)
        parts = [exercise.misconceptions[others[0]]] if len(others) == 1 else []
        return (_named([*parts, shown.mistake]),)
    return ()


def _differs(exercise: ExerciseProbes, seen: _Seen, again: Sequence[Observation]) -> bool:
    """Say whether a second run gave other answers, clearly more than once."""
    pairs = zip(exercise.probes, seen, again, strict=True)
    changed = sum(
        not isinstance(second, NotAnswered) and not is_as(probe, first, second)
        for probe, first, second in pairs
    )
    return changed >= LEAST_EVIDENCE


def _named(parts: Sequence[Misconception]) -> NamedMistake:
    def joined(texts: Iterable[str]) -> str:
        kept = [text for text in texts if text]
        return kept[0] if len(kept) == 1 else "\n".join(kept)

    explanation = joined(part.explanation for part in parts)
    if explanation and len(parts) > 1:
        explanation = say(
            "Two things seem to act together.\n{explanation}", explanation=explanation
        )
    return NamedMistake(
        ids=tuple(part.id for part in parts),
        belief=joined(part.belief for part in parts),
        explanation=explanation,
        question=joined(part.question for part in parts),
        hint=joined(part.hint for part in parts),
        paragraph=next((part.paragraph for part in parts if part.paragraph), ""),
        # Two mistakes may be of one idea: its example is not told twice.
        example="\n\n".join(dict.fromkeys(part.example for part in parts if part.example)),
    )
