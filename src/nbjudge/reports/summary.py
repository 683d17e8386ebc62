"""The class on one screen: a row per student, then who needs a person."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from nbjudge.model import CellRun, ExerciseResult, GradingResult, Outcome
from nbjudge.reports.quiz_card import quiz_remarks

NO_MARK = "-"

_MISSING_MODULE = re.compile(r"ModuleNotFoundError: (No module named '[\w.]{1,40}')")
_CLAIM = "This behaves like "
_WENT_WRONG = {
    Outcome.FAILED: "a wrong answer, no known mistake,",
    Outcome.ERRORED: "an error",
    Outcome.TIMED_OUT: "too slow",
    Outcome.OUT_OF_MEMORY: "too much memory",
    Outcome.NOT_RUN: "no verdict",
}

_LEFT_OPEN = {
    "process": "Submissions could take all time and memory, read and write this account's files, "
    "hidden tests included, and use the network: docs/threat-model.md.",
    "limits": "Submissions could read and write this account's files, hidden tests included, "
    "and use the network: docs/threat-model.md.",
    "no-namespaces": "Submissions could find out which files there are, not what is in them: "
    "docs/threat-model.md.",
    "namespaces": "Submissions saw the interpreter and its packages, and nothing else of this "
    "machine: docs/threat-model.md.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One student's line."""

    student: str
    mark: str
    """Percent of the assignment's points, or `NO_MARK`."""
    remark: str
    """What stands out, in a few words; empty for nothing. Plain text, untrusted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How the class went, in numbers of students."""

    students: int
    marked: int
    need_a_person: int
    """Without a mark because of what they handed in."""
    grader_faults: int
    """Without a mark because the grader failed."""

    def __add__(self, other: Counts) -> Counts:
        """Count two groups of students together."""
        return Counts(
            students=self.students + other.students,
            marked=self.marked + other.marked,
            need_a_person=self.need_a_person + other.need_a_person,
            grader_faults=self.grader_faults + other.grader_faults,
        )


def rows(results: Iterable[GradingResult]) -> list[Row]:
    """Return a line per student, sorted by student.

    Args:
        results: One per notebook; several of one student become one line.
    """
    return [
        Row(student=student, mark=_mark(own), remark=_one_line("; ".join(_remarks(own))))
        for student, own in _by_student(results)
    ]


def counts(results: Iterable[GradingResult]) -> Counts:
    """Count students; whoever has both a problem and a fault counts as a fault."""
    students = _by_student(results)
    faults = [own for _, own in students if any(_has_fault(result) for result in own)]
    unmarked = [own for _, own in students if not all(result.has_mark for result in own)]
    return Counts(
        students=len(students),
        marked=len(students) - len(unmarked),
        need_a_person=len(unmarked) - len(faults),
        grader_faults=len(faults),
    )


def _by_student(results: Iterable[GradingResult]) -> list[tuple[str, list[GradingResult]]]:
    students: dict[str, list[GradingResult]] = {}
    for result in sorted(results, key=lambda r: (r.student, r.notebook)):
        students.setdefault(result.student, []).append(result)
    return list(students.items())


def _has_fault(result: GradingResult) -> bool:
    faults = [e.fault for e in result.exercises] + [quiz.fault for quiz in result.quizzes]
    return bool(result.fault or any(faults))


def _mark(results: list[GradingResult]) -> str:
    if not all(result.has_mark for result in results):
        return NO_MARK
    points = math.fsum(result.points for result in results)
    if not points:
        return NO_MARK
    percent = 100 * math.fsum(result.score for result in results) / points
    # 99.6 is not everything and 0.4 is not nothing.
    rounded = round(percent) if percent in (0.0, 100.0) else min(99, max(1, round(percent)))
    return str(rounded)


def _remarks(results: list[GradingResult]) -> list[str]:
    return [remark for result in results for remark in _of_notebook(result)]


def _of_notebook(result: GradingResult) -> list[str]:
    if result.fault:
        return [f"grader fault: {_first_line(result.fault)}"]
    if result.problem:
        return [f"{result.problem} (the submission's)"]
    found = [f"cell {r.position}: {_of_cell(r)}" for r in result.cells if r.error or r.killed]
    if found:
        found = [", ".join(found[:2]) + "; the rest judged"]
    found += result.notes
    found += [text for e in result.exercises if (text := _of_exercise(e))]
    return found + [text for quiz in result.quizzes for text in quiz_remarks(quiz)]


def _of_exercise(exercise: ExerciseResult) -> str:
    name = exercise.exercise
    if exercise.fault:
        return f"{name}: grader fault: {_first_line(exercise.fault)}"
    if exercise.untouched:
        return f"{name}: not started"
    if exercise.problem:
        return f"{name}: {exercise.problem}"
    if exercise.named:
        return f"{name}: {_behaves_like(exercise.named[0].explanation)}"
    return _of_cases(exercise)


def _of_cases(exercise: ExerciseResult) -> str:
    """Word the commonest way in which cases do not pass; "" if they all do."""
    wrong = Counter(case.outcome for case in exercise.cases if case.outcome is not Outcome.PASSED)
    if not wrong:
        return ""
    (outcome, _), share = wrong.most_common(1)[0], f"{wrong.total()} of {len(exercise.cases)}"
    return f"{exercise.exercise}: {_WENT_WRONG[outcome]} in {share} cases"


def _behaves_like(explanation: str) -> str:
    """Shorten "This behaves like dividing by D - 1. At D = 4 ..." to its claims."""
    sentences = [part for line in explanation.splitlines() for part in line.split(". ")]
    claims = [part.rstrip(".") for part in sentences if part.startswith(_CLAIM)] or sentences[:1]
    return " and ".join([claims[0].removeprefix("This ")] + [c[len(_CLAIM) :] for c in claims[1:]])


def _of_cell(run: CellRun) -> str:
    if run.killed:
        return "stopped"
    missing = _MISSING_MODULE.match(run.error)
    # Which one is missing tells whether to mind.
    return missing[1] if missing else re.split(r" \(| after:|:", run.error, maxsplit=1)[0].strip()


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else "no details"


def _one_line(text: str, width: int = 120) -> str:
    plain = "".join(c if c.isprintable() else " " for c in text)
    return plain if len(plain) <= width else plain[: width - 3] + "..."


def class_line(numbers: Counts) -> str:
    """Word the counts: "5 students: 3 marked, 2 need a person, no grader faults."."""
    students = "1 student" if numbers.students == 1 else f"{numbers.students} students"
    need = f"{numbers.need_a_person or 'nobody'} need{'s' * (numbers.need_a_person < 2)} a person"
    faults = (
        "1 grader fault"
        if numbers.grader_faults == 1
        else (f"{numbers.grader_faults or 'no'} grader faults")
    )
    return f"{students}: {numbers.marked} marked, {need}, {faults}."


def left_open(isolation: str) -> str:
    """Say in one sentence what an isolation level does not protect."""
    return _LEFT_OPEN.get(isolation, "docs/threat-model.md says what that leaves open.")
