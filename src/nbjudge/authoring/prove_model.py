"""What a proof found out about one exercise, and what of it is not good enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from nbjudge.authoring.mutants import Mutant
from nbjudge.authoring.prove_survivors import EQUIVALENT, FILE, Explanation
from nbjudge.suite.case import CaseInfo

LEAST_MUTANTS = 0.95
"""The share of automatic mutants that a suite must refuse."""
_SHOWN_CASES = 5


class Group(StrEnum):
    """The kinds of wrong answer."""

    MISCONCEPTION = "misconceptions"
    PAIR = "pairs"
    MUTANT = "mutants"
    CHEATER = "cheaters"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrong:
    """One wrong answer against the whole suite, in one or more rounds."""

    group: Group
    name: str
    """Id of the misconception or mutant, or what the cheater does."""
    refused_by: frozenset[str]
    """Ids of the cases that did not pass in at least one round."""
    lucky_rounds: int = 0
    """Rounds in which no case refused it."""
    fraction: float = 0.0
    """The largest share of the points that it earned in a round."""
    ended: str = ""
    """`timed out` or `its process died`; that refuses it too."""
    mutant: Mutant | None = None
    differs: bool = True
    """False for a mutant that did on every call what the solution does."""

    @property
    def is_refused(self) -> bool:
        """Say whether every round refuses it."""
        return bool(self.ended) or not self.lucky_rounds


@dataclass(frozen=True, kw_only=True, slots=True)
class Right:
    """One right answer over all rounds."""

    name: str
    rounds: int
    refusals: tuple[tuple[str, int, str], ...]
    """(case, round, message) for every case that refused it."""
    ended: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Distance:
    """How clearly the public probes tell two misconceptions apart."""

    first: str
    second: str
    probes: int
    """On how many probes they differ clearly."""
    tolerances: float
    """By how many tolerances they differ on at least two probes, to a power of ten."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExerciseProof:
    """Everything that was tried on one exercise's suite."""

    exercise: str
    cases: tuple[CaseInfo, ...]
    cost_ms: Mapping[str, float]
    """CPU milliseconds of each case on the solution."""
    wrong: tuple[Wrong, ...]
    right: tuple[Right, ...]
    distances: tuple[Distance, ...]
    explained: Mapping[str, Explanation]
    """This exercise's, by mutant."""
    rounds: int

    def of(self, group: Group) -> list[Wrong]:
        """Return the wrong answers of one kind; mutants that change nothing left out."""
        return [item for item in self.wrong if item.group is group and item.differs]

    @property
    def unchanged_mutants(self) -> int:
        """How many mutants did what the solution does, whatever was asked."""
        return sum(not item.differs for item in self.wrong)

    @property
    def survivors(self) -> list[Wrong]:
        """Mutants that behave differently somewhere and are not refused."""
        return [item for item in self.of(Group.MUTANT) if not item.is_refused]

    @property
    def mutant_score(self) -> float:
        """The share of mutants refused, of those that are not equivalent; 1 if there is none."""
        counted = [item for item in self.of(Group.MUTANT) if not self._is_equivalent(item)]
        return sum(item.is_refused for item in counted) / len(counted) if counted else 1.0

    @property
    def idle_cases(self) -> list[CaseInfo]:
        """Cases that refuse no wrong answer: they pay for nothing."""
        used = frozenset[str]().union(*(item.refused_by for item in self.wrong))
        return [case for case in self.cases if case.id not in used]

    def problems(self) -> Iterator[str]:
        """Say what is not good enough, one sentence each."""
        yield from self._refused_right()
        for group in (Group.MISCONCEPTION, Group.PAIR):
            for item in self.of(group):
                if not item.is_refused:
                    often = f" in {item.lucky_rounds} rounds" if item.refused_by else ""
                    yield f"{item.name!r} of the bank passes every case{often}"
        yield from self._cheaters()
        yield from self._mutants()

    def _refused_right(self) -> Iterator[str]:
        for right in self.right:
            if right.ended:
                yield f"the right answer {right.name!r} {right.ended}"
            if right.refusals:
                case, number, message = right.refusals[0]
                yield (
                    f"the right answer {right.name!r} is refused {len(right.refusals)} times in "
                    f"{right.rounds} rounds, first by {case} in round {number}: {message}"
                )

    def _cheaters(self) -> Iterator[str]:
        for item in self.of(Group.CHEATER):
            if not item.fraction:
                continue
            paid = [
                case.id
                for case in self.cases
                if not case.is_property and case.id not in item.refused_by
            ]
            more = f" and {len(paid) - _SHOWN_CASES} more" if len(paid) > _SHOWN_CASES else ""
            yield (
                f"the cheater {item.name!r} earns {100 * item.fraction:.0f} % of the points; mark "
                "as property, or sharpen, what it passes: "
                f"{', '.join(paid[:_SHOWN_CASES]) or 'another case in each round'}{more}"
            )

    def _mutants(self) -> Iterator[str]:
        alive = {item.name for item in self.survivors}
        for item in self.survivors:
            if item.name not in self.explained and item.mutant is not None:
                yield (
                    f"mutant {item.name} survives (line {item.mutant.line}, {item.mutant.kind}): "
                    f"add a case that refuses it, or explain it in {FILE}"
                )
        for mutant in self.explained:
            if mutant not in alive:
                yield f"{FILE} explains mutant {mutant}, which is no survivor: take it out"
        if self.mutant_score < LEAST_MUTANTS:
            yield (
                f"{100 * self.mutant_score:.0f} % of the mutants are refused; "
                f"it must be {100 * LEAST_MUTANTS:.0f} %"
            )

    def _is_equivalent(self, item: Wrong) -> bool:
        explanation = self.explained.get(item.name)
        return explanation is not None and explanation.verdict == EQUIVALENT
