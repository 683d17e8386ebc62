"""A proof as lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from nbjudge.authoring.prove_model import ExerciseProof, Group
from nbjudge.naming.separation import RIGHT

_WIDTH = 16
_SHOWN_IDLE = 4


def summary_lines(proof: ExerciseProof) -> Iterator[str]:
    """Yield what an author wants to know about one exercise, problems last."""
    cost = sum(proof.cost_ms.values())
    yield f"{proof.exercise}: {len(proof.cases)} cases, {cost:.0f} ms on the solution"
    for name, text in _facts(proof):
        yield f"  {name:{_WIDTH}}{text}"
    for problem in proof.problems():
        yield f"  ! {problem}"
    yield from _survivors(proof)


def _facts(proof: ExerciseProof) -> Iterator[tuple[str, str]]:
    for group in (Group.MISCONCEPTION, Group.PAIR):
        items = proof.of(group)
        if items:
            yield group, f"{sum(i.is_refused for i in items)} of {len(items)} refused"
    mutants = proof.of(Group.MUTANT)
    refused = sum(item.is_refused for item in mutants)
    explained = sum(item.name in proof.explained for item in proof.survivors)
    told = f", {explained} explained" if explained else ""
    same = proof.unchanged_mutants
    rest = f"; {same} more behave{'s' if same == 1 else ''} like the solution" if same else ""
    yield Group.MUTANT, f"{refused} of {len(mutants)} refused{told}{rest}"
    cheats = proof.of(Group.CHEATER)
    yield Group.CHEATER, f"{sum(not i.fraction for i in cheats)} of {len(cheats)} earn nothing"
    accepted = sum(not right.refusals and not right.ended for right in proof.right)
    yield "right answers", f"{accepted} of {len(proof.right)} accepted in {proof.rounds} rounds"
    yield "public probes", _nearest(proof)
    if proof.idle_cases:
        shown = ", ".join(case.id for case in proof.idle_cases[:_SHOWN_IDLE])
        more = len(proof.idle_cases) - _SHOWN_IDLE
        rest = f" and {more} more" if more > 0 else ""
        yield "idle cases", f"{shown}{rest}: no wrong answer fails them"


def _nearest(proof: ExerciseProof) -> str:
    if not proof.distances:
        return "not built yet, or they know no misconception: nbjudge build"
    least = min(proof.distances, key=lambda item: (item.tolerances, item.probes))
    first = "right" if least.first == RIGHT else least.first
    return f"least distance {least.tolerances:,.0f} tolerances: {first} and {least.second}"


def _survivors(proof: ExerciseProof) -> Iterator[str]:
    """Show the code of mutants that wait for a case or an explanation."""
    for item in proof.survivors:
        if item.mutant is None or item.name in proof.explained:
            continue
        yield f"    mutant {item.name}"
        for sign, text in (("-", item.mutant.before), ("+", item.mutant.after)):
            yield from (f"      {sign} {line}" for line in text.split("\n") if line)
