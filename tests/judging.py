"""What a lesson's hidden suite and its public probes say of code, in this process."""

from __future__ import annotations

import importlib
import itertools
import warnings
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nbjudge.authoring.probes import record_probes
from nbjudge.model import CaseResult, Course, ExerciseResult, Outcome
from nbjudge.naming.match import name_mistakes
from nbjudge.naming.observe import observe
from nbjudge.naming.probes import ExerciseProbes, parse_probes
from nbjudge.suite.implementation import load_bank, setup_of
from nbjudge.suite.session import SuiteSession, with_suite

Code = Callable[..., Any]

ROOT = Path(__file__).resolve().parents[1]
SEEDS = (b"one", b"two")


@cache
def probes(slug: str) -> Mapping[str, ExerciseProbes]:
    """Return a lesson's probes by exercise, recorded anew once per process."""
    course = Course.load(ROOT)
    with warnings.catch_warnings():
        # NaN, infinity and 0/0 are what some wrong answers are about.
        warnings.simplefilter("ignore")
        recorded = record_probes(course, course.lesson(slug))
    return parse_probes(recorded, context=slug).exercises


def right_codes(slug: str, exercise: str) -> dict[str, Code]:
    """Return all of an exercise that is right: solution, variant without switches, alternatives."""
    bank = load_bank(slug)
    return {
        "the solution": getattr(_solution(slug), exercise),
        "the variant": bank.variants[exercise],
        **bank.alternatives[exercise],
    }


def wrong_codes(slug: str, exercise: str) -> dict[str, Code]:
    """Return every mistake of an exercise by its id."""
    bank = load_bank(slug)
    return {m.id: bank.wrong_code(exercise, m.id) for m in bank.misconceptions(exercise)}


def outcomes(
    slug: str,
    exercise: str,
    implementations: Mapping[Hashable, Code],
    seeds: Iterable[bytes] = SEEDS,
) -> dict[tuple[Hashable, bytes], ExerciseResult]:
    """Run an exercise's suite on each implementation.

    Args:
        slug: The lesson.
        exercise: What its implementations are called in the student's notebook. That holds
            the lesson's setup besides, and no other answer: a suite may not lean on one.
        implementations: Code by any name.
        seeds: Keys of the random inputs, one round each.

    Returns:
        A result per name and seed, of an exercise that is worth one point.
    """
    results: dict[tuple[Hashable, bytes], ExerciseResult] = {}

    def use(suite: SuiteSession) -> None:
        cases = [case for case in suite.cases if case.exercise == exercise]
        assert cases, f"no case of {slug} is of {exercise}"
        for (name, code), seed in itertools.product(implementations.items(), seeds):
            student = SimpleNamespace(**setup_of(slug), **{exercise: code})
            run = suite.run(cases, lambda _, s=student: s, seed=seed)  # type: ignore[misc]
            results[name, seed] = ExerciseResult(exercise=exercise, points=1, cases=run)

    with_suite(ROOT, slug, use)
    return results


def failed(result: ExerciseResult) -> list[CaseResult]:
    """Return the cases that were not passed."""
    return [case for case in result.cases if case.outcome is not Outcome.PASSED]


def refusals(
    slug: str,
    exercise: str,
    implementations: Mapping[Hashable, Code],
    seeds: Iterable[bytes] = SEEDS,
) -> list[tuple[Hashable, str, str]]:
    """Run as `outcomes` does; return name, case and message of every failure."""
    return [
        (name, case.id, case.message)
        for (name, _), result in outcomes(slug, exercise, implementations, seeds).items()
        for case in failed(result)
    ]


def paid(
    slug: str, exercise: str, implementations: Mapping[Hashable, Code]
) -> list[tuple[Hashable, list[str]]]:
    """Run as `outcomes` does; return who got any mark, and for which cases."""
    return [
        (name, [case.id for case in result.cases if case.outcome is Outcome.PASSED])
        for (name, _), result in outcomes(slug, exercise, implementations).items()
        if result.score != 0.0
    ]


def named(slug: str, exercise: str, code: Code) -> list[set[str]]:
    """Return the ids of each mistake that the probes name when they meet `code`."""
    names = {**setup_of(slug), exercise: code}
    own = probes(slug)[exercise]
    observed = [observe(names, probe) for probe in own.probes]
    return [set(mistake.ids) for mistake in name_mistakes(own, observed)]


def _solution(slug: str) -> Any:
    return importlib.import_module(f"solutions.{slug}")
