"""From what happened in a case to its verdict."""

from __future__ import annotations

from nbjudge.expect import Mismatch
from nbjudge.model import CaseResult, Outcome
from nbjudge.sandbox.base import WorkerLost
from nbjudge.suite.case import CaseInfo
from nbjudge.suite.errors import NoAnswer, StudentError
from nbjudge.texts import say

_MESSAGE_LENGTH = 2000


def verdict(case: CaseInfo, error: BaseException | None, cpu_s: float) -> CaseResult:
    """Return the result of a case.

    Whatever went wrong counts against the submission here: its bytes may have
    led a suite astray. Whether it is the grader's fault is decided by running
    the same case against the solution (`nbjudge.suite.referee`).

    Args:
        case: The case that ran.
        error: What it raised, or None.
        cpu_s: CPU seconds it took in the judge.
    """
    outcome, kind, message = _judge(error)
    return CaseResult(
        id=case.id,
        outcome=outcome,
        weight=case.weight,
        is_public=case.is_public,
        is_property=case.is_property,
        kind=kind or case.kind,
        message=message if len(message) <= _MESSAGE_LENGTH else message[:_MESSAGE_LENGTH],
        cpu_s=cpu_s,
    )


def _judge(error: BaseException | None) -> tuple[Outcome, str, str]:
    match error:
        case None:
            return Outcome.PASSED, "", ""
        case BaseExceptionGroup():  # Hypothesis found several failures; the first will do
            return _judge(error.exceptions[0])
        case Mismatch():
            return Outcome.FAILED, error.kind, str(error)
        case MemoryError() if isinstance(error, StudentError):
            return Outcome.OUT_OF_MEMORY, "", _raised(error)
        case NoAnswer():
            return Outcome.ERRORED, "", str(error)
        case StudentError():
            return Outcome.ERRORED, "", _raised(error)
        case WorkerLost():
            return error.outcome, "", str(error)
        case AssertionError():
            return Outcome.FAILED, "", str(error) or say("a check of the suite did not hold")
        case _:
            return Outcome.ERRORED, "", f"{type(error).__name__}: {error}"


def _raised(error: StudentError) -> str:
    return say("raised {error}", error=error.describe())
