"""What an answer does beside its values, in whatever style: mutation, dtype, aliasing.

A misconception is one of trait if, with that trait put right, it would be right on every
probe. An answer that shows the same trait is named by it even if its values are wrong too,
in a way that the bank knows or does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nbjudge.model import Misconception
from nbjudge.naming.compare import is_as, shared
from nbjudge.naming.probes import Behaviour, ExerciseProbes, Probe
from nbjudge.texts import say

LEAST_EVIDENCE = 2
"""Probes on which a mistake must differ from right before it is named."""

_ANY = ""
"""Stands for no misconception: a trait that no bank need know."""
_Seen = Sequence[tuple[Behaviour, ...]]


def not_deterministic() -> Misconception:
    """Return what is shown for any exercise whose answer changes from call to call."""
    return Misconception(
        id="not-deterministic",
        exercise="every",
        belief=say("The same question may be answered differently each time."),
        explanation=say(
            "This behaves like drawing new random numbers, or remembering earlier calls: the "
            "same arguments give another answer the second time."
        ),
        question=say("Which of the things that your code reads are not among its arguments?"),
        hint=say("Look for random numbers, and for names from outside that your code writes to."),
    )


def mutates_input() -> Misconception:
    """Return what is shown where the bank of an exercise has nothing of its own about it."""
    return Misconception(
        id="mutates-input",
        exercise="every",
        belief=say("An argument is mine once it was passed to me."),
        explanation=say(
            "This behaves like working inside the caller's data. After the call, an argument "
            "holds other numbers than before."
        ),
        question=say("What do your arguments hold after your function returned?"),
        hint=say("Look for -=, /= and out= in your code: whose memory do they write to?"),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A trait that an answer shows."""

    mistake: Misconception
    rest: list[tuple[Behaviour, ...]]
    """What the answer would be without it, for each probe."""
    is_unique: bool
    """Whether no other misconception of the bank shows it, together with wrong values."""


def shown_traits(exercise: ExerciseProbes, seen: _Seen) -> Iterator[Shown]:
    """Give each trait that is shown on enough probes.

    Args:
        exercise: The exercise's probes.
        seen: One behaviour per step, for each probe.
    """
    for trait in (_Mutation(), _Dtype(), _Sharing()):
        own = [m for m in exercise.misconceptions.values() if _is_only(trait, exercise, m.id)]
        shown = [m for m in own if trait.is_shown(exercise, seen, m.id)]
        if not own and trait.is_shown(exercise, seen, _ANY):
            shown = [mutates_input()]
        if len(shown) != 1:
            continue
        (mistake,) = shown
        recorded = {
            name: [probe.behaviour(name) for probe in exercise.probes]
            for name in exercise.misconceptions
            if name != mistake.id
        }
        like = mistake.id if own else _ANY
        yield Shown(
            mistake=mistake,
            rest=[trait.put_right(*pair) for pair in _pairs(exercise, seen)],
            is_unique=not any(trait.is_shown(exercise, b, like) for b in recorded.values()),
        )


def _pairs(exercise: ExerciseProbes, seen: _Seen) -> Iterator[tuple[Probe, tuple[Behaviour, ...]]]:
    return zip(exercise.probes, map(tuple, seen), strict=True)


def _is_only(trait: _Trait, exercise: ExerciseProbes, name: str) -> bool:
    """Say whether a misconception would be right but for the trait."""
    recorded = [(probe, probe.behaviour(name)) for probe in exercise.probes]
    return all(is_as(p, trait.put_right(p, b), p.right) for p, b in recorded)


class _Trait:
    """One kind of trait: how it shows, and what the answer would be without it."""

    def put_right(self, probe: Probe, behaviours: tuple[Behaviour, ...]) -> tuple[Behaviour, ...]:
        """Return the behaviours as they would be without the trait."""
        steps = zip(behaviours, probe.right, strict=True)
        return tuple(self._put_right(own, correct) for own, correct in steps)

    def is_shown(self, exercise: ExerciseProbes, seen: _Seen, name: str) -> bool:
        """Say whether the trait is that of the misconception `name`, everywhere it shows."""
        if name == _ANY:
            return False
        evidence = 0
        for probe, own in _pairs(exercise, seen):
            signs = [self._sign(b) for b in own]
            if signs != [self._sign(b) for b in probe.behaviour(name)]:
                return False
            evidence += signs != [self._sign(b) for b in probe.right]
        return evidence >= LEAST_EVIDENCE

    def _put_right(self, own: Behaviour, correct: Behaviour) -> Behaviour:
        raise NotImplementedError

    def _sign(self, behaviour: Behaviour) -> object:
        raise NotImplementedError


class _Mutation(_Trait):
    """Arguments are changed that the right answer leaves alone."""

    def is_shown(self, exercise: ExerciseProbes, seen: _Seen, name: str) -> bool:
        """Say whether the same arguments are changed; by other numbers, so not always together."""
        spoiled = [_spoiled(*pair) for pair in _pairs(exercise, seen)]
        told = {k for p in exercise.probes for k in _spoiled(p, p.behaviour(name))}
        is_told = name == _ANY or all(own <= told for own in spoiled)
        return is_told and sum(map(bool, spoiled)) >= LEAST_EVIDENCE

    def _put_right(self, own: Behaviour, correct: Behaviour) -> Behaviour:
        kept = {k: v for k, v in own.changed.items() if k in correct.changed}
        return replace(own, changed=kept)


def _spoiled(probe: Probe, behaviours: tuple[Behaviour, ...]) -> set[tuple[int, str]]:
    steps = enumerate(zip(behaviours, probe.right, strict=True))
    return {(i, k) for i, (own, correct) in steps for k in set(own.changed) - set(correct.changed)}


class _Dtype(_Trait):
    """An array of another dtype is returned."""

    def _put_right(self, own: Behaviour, correct: Behaviour) -> Behaviour:
        if not isinstance(own.value, np.ndarray) or not isinstance(correct.value, np.ndarray):
            return own
        with np.errstate(all="ignore"):
            return replace(own, value=own.value.astype(correct.value.dtype))

    def _sign(self, behaviour: Behaviour) -> object:
        if not isinstance(behaviour.value, np.ndarray):
            return behaviour.kind
        return behaviour.value.dtype, behaviour.value.shape


class _Sharing(_Trait):
    """The result shares memory with an argument."""

    def _put_right(self, own: Behaviour, correct: Behaviour) -> Behaviour:
        return replace(own, shares=correct.shares)

    def _sign(self, behaviour: Behaviour) -> object:
        return behaviour.kind, frozenset(shared(behaviour))
