"""How a mark came about, for a dispute: every case, and the arithmetic.

For the instructor: it names hidden cases and their inputs.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator

from nbjudge.model import CaseResult, ExerciseResult, GradingResult, Outcome

_WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "FAILED",
    Outcome.ERRORED: "ERROR",
    Outcome.TIMED_OUT: "TOO SLOW",
    Outcome.OUT_OF_MEMORY: "MEMORY",
    Outcome.NOT_RUN: "NOT RUN",
}


def how_it_was_judged(result: GradingResult) -> list[str]:
    """Say by what, at which isolation, and what was odd about the notebook."""
    lines = [
        f"judged by nbjudge {result.engine_version}, suite {result.suite_digest or '-'}, "
        f"isolation {result.isolation or '-'}"
    ]
    if result.fault:
        lines.append(f"grader fault, no mark may be written: {result.fault}")
    if result.problem:
        lines.append(f"the submission's problem, so no mark: {result.problem}")
    lines += [f"note: {note}" for note in result.notes]
    for cell in result.cells:
        if cell.error:
            end = "; it ended its process and was left out" if cell.killed else ""
            lines.append(f"cell {cell.position} raised {cell.error}{end}")
    return [_plain(line) for line in lines]


def how_the_mark_came_about(exercise: ExerciseResult) -> list[str]:
    """Return every case with its message, what it behaves like, and the sum."""
    lines: list[str] = []
    if exercise.untouched:
        lines.append("the answer is as it was released: no case was run")
    for case in exercise.cases:
        lines += _case(case)
    for mistake in exercise.named:
        lines.append(f"behaves like {' and '.join(mistake.ids)}: {_plain(mistake.explanation)}")
    lines += [f"note: {_plain(note)}" for note in exercise.notes]
    if exercise.problem:
        lines.append(f"the submission's problem: {_plain(exercise.problem)}")
    if exercise.fault:
        lines.append(f"grader fault, no mark may be written: {_plain(exercise.fault)}")
    return [*lines, *_arithmetic(exercise)]


def _case(case: CaseResult) -> Iterator[str]:
    kind = "public" if case.is_public else "hidden"
    kind += ", property" if case.is_property else ""
    about = f": {case.kind}" if case.kind else ""
    yield f"{_WORDS[case.outcome]:8} {case.id}  (weight {case.weight:g}, {kind}{about})"
    if case.outcome is not Outcome.PASSED and case.message:
        for line in case.message.splitlines():
            yield from textwrap.wrap(
                _plain(line), 100, initial_indent=" " * 9, subsequent_indent=" " * 11
            )


def _arithmetic(exercise: ExerciseResult) -> list[str]:
    if not exercise.cases:
        return ["no case reported: 0 points"]
    total = math.fsum(case.weight for case in exercise.cases)
    passed = [case for case in exercise.cases if case.outcome is Outcome.PASSED]
    earned = _weight(passed)
    lines = []
    if abs(exercise.fraction * total - earned) > 1e-9:
        properties = [case for case in passed if case.is_property]
        lines.append(
            f"passed property cases of weight {_weight(properties):g} do not pay: "
            "no case passed that tells a right answer from a trivial one"
        )
        earned = exercise.fraction * total
    lines.append(
        f"mark: {earned:g} of {total:g} weight = {exercise.fraction:.4g}; "
        f"x {exercise.points:g} points = {exercise.score:.4g}"
    )
    return lines


def _weight(cases: Iterable[CaseResult]) -> float:
    return math.fsum(case.weight for case in cases)


def _plain(text: str) -> str:
    """Text of a submission on a terminal: nothing that moves its cursor."""
    return "".join(c if c.isprintable() else " " for c in text)
