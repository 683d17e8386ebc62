"""The jobs of a proof: which implementation meets which cases, and what they report."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from nbjudge.authoring.mutants import Mutant
from nbjudge.authoring.prove_forks import Emit, Finished, ForkJob
from nbjudge.authoring.prove_model import Group, Right, Wrong
from nbjudge.authoring.prove_twin import TwinStudent
from nbjudge.model import CaseResult, ExerciseResult, Outcome
from nbjudge.suite.case import CaseInfo
from nbjudge.suite.session import SuiteSession

MakeNamespace = Callable[[], object]
"""Gives what a case's `student` is; called in the job's own process."""
_MESSAGE_LENGTH = 300


def round_key(number: int) -> bytes:
    """Return the key of one round's random inputs: always the same ones."""
    return b"proof, round %d" % number


def suite_job(
    suite: SuiteSession,
    cases: Sequence[CaseInfo],
    make: MakeNamespace,
    *,
    name: str,
    rounds: Iterable[int],
    timeout_s: float,
    brief: bool = False,
) -> ForkJob:
    """Run cases against one implementation; emits one document per case and round.

    With `brief`, after the first round only what was refused: a thousand rounds of a right
    answer are a hundred thousand documents that say nothing else.
    """

    def do(emit: Emit) -> None:
        try:
            namespace = make()
        except Exception as error:  # what cannot even be defined is refused by every case
            namespace = _Unusable(error)
        for number in rounds:
            drawn = [case for case in cases if case.is_random or not number]
            is_brief = brief and number > 0
            # One by one: what was said before a case that never ends is known.
            for batch in [drawn] if is_brief else [[case] for case in drawn]:
                results = suite.run(batch, lambda _: namespace, seed=round_key(number))
                for case, result in zip(batch, results, strict=True):
                    if not is_brief or result.outcome is not Outcome.PASSED:
                        emit(_document(case, number, result))

    return ForkJob(name=name, do=do, timeout_s=timeout_s)


def twin_job(
    suite: SuiteSession,
    cases: Sequence[CaseInfo],
    solution: object,
    mutant: Mutant,
    *,
    rounds: Iterable[int],
    timeout_s: float,
) -> ForkJob:
    """Run cases against the solution beside a mutant; emits each difference."""

    def do(emit: Emit) -> None:
        try:
            other = namespace_of(mutant)
        except Exception as error:
            emit(f"it cannot be defined: {error}")
            return
        student = TwinStudent(solution, other, emit)
        for number in rounds:
            suite.run(cases, lambda _: student, seed=round_key(number))

    return ForkJob(name=mutant.id, do=do, timeout_s=timeout_s)


def namespace_of(mutant: Mutant) -> types.ModuleType:
    """Execute a mutant's module; whatever that raises is the mutant's."""
    module = types.ModuleType(f"mutant_{mutant.id}")
    exec(compile(mutant.source, module.__name__, "exec"), vars(module))  # noqa: S102 - the course's own code, one change
    return module


def with_replaced(solution: types.ModuleType, exercise: str, code: object) -> SimpleNamespace:
    """Return the solution's names with one definition replaced."""
    return SimpleNamespace(**{**vars(solution), exercise: code})


def wrong_from(
    finished: Finished, cases: Sequence[CaseInfo], group: Group, *, mutant: Mutant | None = None
) -> Wrong:
    """Judge a wrong answer by what its job reported."""
    rounds = {item["round"] for item in finished.said}
    passed = [_passed(finished, cases, number) for number in rounds]
    return Wrong(
        group=group,
        name=finished.job.name,
        refused_by=frozenset(
            item["case"] for item in finished.said if item["outcome"] != Outcome.PASSED
        ),
        lucky_rounds=sum(len(ids) == len(cases) for ids in passed),
        fraction=max((_fraction(ids, cases) for ids in passed), default=0.0),
        ended=finished.ended,
        mutant=mutant,
    )


def right_from(parts: Sequence[Finished], rounds: int) -> Right:
    """Judge a right answer by the reports of all its jobs."""
    failed = [
        (str(item["case"]), int(item["round"]), str(item["message"]))
        for part in parts
        for item in part.said
        if item["outcome"] != Outcome.PASSED
    ]
    ended = next((part.ended for part in parts if part.ended), "")
    return Right(
        name=parts[0].job.name,
        rounds=rounds,
        refusals=tuple(sorted(failed, key=_when)),
        ended=ended,
    )


def cost_ms(parts: Sequence[Finished]) -> Mapping[str, float]:
    """Return the CPU milliseconds of each case in the first round, whichever job it was in."""
    return {
        item["case"]: 1000 * item["cpu_s"]
        for part in parts
        for item in part.said
        if not item["round"]
    }


def _when(refusal: tuple[str, int, str]) -> tuple[int, str]:
    return refusal[1], refusal[0]


class _Unusable:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        raise self._error


def _document(case: CaseInfo, number: int, result: CaseResult) -> dict[str, Any]:
    return {
        "case": case.id,
        "round": number,
        "outcome": result.outcome,
        "message": result.message[:_MESSAGE_LENGTH],
        "cpu_s": result.cpu_s,
    }


def _passed(finished: Finished, cases: Sequence[CaseInfo], number: int) -> frozenset[str]:
    """Ids of the cases passed in one round: those without random inputs ran in the first only."""
    is_random = {case.id: case.is_random for case in cases}
    return frozenset(
        item["case"]
        for item in finished.said
        if item["outcome"] == Outcome.PASSED
        and item["round"] == (number if is_random[item["case"]] else 0)
    )


def _fraction(passed: frozenset[str], cases: Sequence[CaseInfo]) -> float:
    """The share of the points; a case that did not report is worth none."""
    results = tuple(
        CaseResult(
            id=case.id,
            outcome=Outcome.PASSED if case.id in passed else Outcome.NOT_RUN,
            weight=case.weight,
            is_property=case.is_property,
            is_public=case.is_public,
        )
        for case in cases
    )
    return ExerciseResult(exercise="", points=1.0, cases=results).fraction
