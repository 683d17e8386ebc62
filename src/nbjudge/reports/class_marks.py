"""What the gradebook adds to a class report: marks by hand, penalties, bare notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nbjudge.reports.class_report import ClassReport, Waiting

_BY_HAND = "an answer to mark by hand"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptMark:
    """One student's mark on an assignment, as the gradebook has it."""

    student: str
    share: float
    """Of the points, with what a person gave and penalties; above 1 with extra credit."""
    is_complete: bool
    """Whether no person has to mark anything any more."""
    has_person: bool
    """Whether a person gave some of it."""


def with_gradebook(
    report: ClassReport, kept: Sequence[KeptMark], *, without_suite: Sequence[str]
) -> ClassReport:
    """Return the report with the marks that students get.

    Cases, questions and beliefs stay as they were judged: the gradebook knows nothing of them.

    Args:
        report: From what was judged.
        kept: A mark per student who handed in; empty if nothing was graded.
        without_suite: Notebooks that nbgrader's own cells decide on.
    """
    if not kept:
        return replace(report, without_suite=tuple(without_suite))
    known = {name for one in report.waiting for name in one.students}
    open_ones = tuple(m.student for m in kept if not m.is_complete and m.student not in known)
    waiting = [*report.waiting, *([Waiting(why=_BY_HAND, students=open_ones)] if open_ones else [])]
    complete = [mark for mark in kept if mark.is_complete and mark.student not in known]
    return replace(
        report,
        students=max(report.students, len(kept)),
        marks=np.array([min(mark.share, 1.0) for mark in complete], dtype=np.float64),
        by_hand=sum(mark.has_person for mark in complete),
        waiting=tuple(sorted(waiting, key=lambda one: (-len(one.students), one.why))),
        without_suite=tuple(without_suite),
    )
