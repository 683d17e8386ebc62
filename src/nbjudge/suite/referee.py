"""Whose fault a failed case is: the same case against the solution, at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nbjudge.errors import GraderFault
from nbjudge.model import CaseResult, Outcome
from nbjudge.suite.case import CaseInfo
from nbjudge.suite.fork import run_forked
from nbjudge.suite.implementation import SOLUTION, local_implementation
from nbjudge.suite.session import SuiteSession

_TIMEOUT_S = 120.0


def fault_of_suite(
    suite: SuiteSession, slug: str, cases: Sequence[CaseInfo], *, seed: bytes
) -> str:
    """Return why the suite is at fault for `cases`, or an empty text.

    A suite that refuses its own solution, with the same seed and in the same
    moment, is broken (or its machine is): no mark may come from it.
    """
    if not cases:
        return ""

    def against_solution() -> Any:
        results = suite.run(cases, local_implementation(slug, SOLUTION), seed=seed)
        return [_complaint(result) for result in results if result.outcome is not Outcome.PASSED]

    try:
        complaints = run_forked(against_solution, timeout_s=_TIMEOUT_S)
    except GraderFault as fault:
        return f"the suite could not be run against its solution: {fault}"
    return f"the suite refuses its own solution: {'; '.join(complaints)}" if complaints else ""


def _complaint(result: CaseResult) -> str:
    return f"{result.id}: {result.message}"
