"""What is hidden about a lesson and lacks something: its bank and its cases."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbjudge.authoring.answers import parsed
from nbjudge.authoring.lint_model import Finding, finding_of
from nbjudge.authoring.sections import with_anchor
from nbjudge.errors import GraderFault, LessonError
from nbjudge.model import Course
from nbjudge.naming.bank import Bank
from nbjudge.suite.case import CaseInfo
from nbjudge.suite.implementation import load_bank, put_course_on_path
from nbjudge.suite.session import SuiteSession, with_suite

LEAST_MISCONCEPTIONS = 3
_HIDDEN_VALUE = re.compile(r"\d\.\d|\d[eE][-+]?\d|\d{3,}|\[[-\d., ]+\]|\d\*\*\d")
"""Decimals, powers, long numbers and rows: what a hidden case may have drawn or fixed."""


def bank_findings(course: Course, slug: str, exercises: Sequence[str]) -> Iterator[Finding]:
    """Say what the misconceptions and alternatives of a lesson lack."""
    folder = course.suite_folder(slug)
    put_course_on_path(course.root)
    wrong, right = folder / "misconceptions.py", folder / "alternatives.py"
    try:
        bank = load_bank(slug)
    except LessonError as error:
        yield finding_of(error)
        return
    except Exception as error:  # an author's module may raise anything
        yield Finding(
            place=course.relative(folder),
            message=f"The bank cannot be imported: {type(error).__name__}: {error}.",
            hint="a lesson has misconceptions.py and alternatives.py.",
        )
        return
    for exercise in exercises:
        yield from _numbers(exercise, bank, course.relative(wrong), course.relative(right))
        for item in bank.misconceptions(exercise):
            try:
                with_anchor(item, course.text(slug))
            except LessonError as error:
                place = f"{course.relative(wrong)}, line {_line_of(wrong, item.id)}"
                yield Finding(place=place, message=error.message, hint=error.hint)


def _numbers(exercise: str, bank: Bank, wrong: str, right: str) -> Iterator[Finding]:
    count = len(bank.misconceptions(exercise))
    if count < LEAST_MISCONCEPTIONS:
        yield Finding(
            place=wrong,
            message=f"{exercise} has {count} misconceptions.",
            hint=f"declare {LEAST_MISCONCEPTIONS} or more: what would a learner believe?",
        )
    if not bank.alternatives.get(exercise):
        yield Finding(
            place=right,
            message=f"{exercise} has no alternative.",
            hint=f'write a right answer in another way, under @alternative("{exercise}").',
        )


def case_findings(course: Course, slug: str, exercises: Sequence[str]) -> Iterator[Finding]:
    """Say what the cases of a lesson lack."""
    collected: list[CaseInfo] = []

    def use(suite: SuiteSession) -> None:
        collected.extend(suite.cases)

    folder = course.suite_folder(slug)
    try:
        with_suite(course.root, slug, use)
    except GraderFault as fault:
        last = str(fault).strip().splitlines()[-1]
        yield Finding(
            place=course.relative(folder),
            message=f"The suite cannot be collected: {last}",
            hint=f"see all of it with: pytest grader_tests/{slug}",
        )
        return
    for exercise in exercises:
        path = folder / f"test_{exercise}.py"
        cases = [case for case in collected if case.exercise == exercise]
        if cases and not any(case.is_public for case in cases):
            yield Finding(
                place=course.relative(path),
                message=f"{exercise} has no public case.",
                hint="mark small cases with fixed arguments @pytest.mark.public: "
                "check() has nothing to show without them.",
            )
        yield from _titles(cases, path, course.relative(path))


def _titles(cases: Sequence[CaseInfo], path: Path, name: str) -> Iterator[Finding]:
    lines = _definitions(path) if cases else {}
    for case in cases:
        place = f"{name}, line {lines.get(case.id.partition('[')[0], 1)}"
        if case.title == case.id:
            yield Finding(
                place=place,
                message=f"The case {case.id} has no docstring.",
                hint="its first line tells learners what kind of input it is about.",
            )
        elif not case.is_public and _HIDDEN_VALUE.search(case.title):
            yield Finding(
                place=place,
                message=f"Learners see the hidden numbers of {case.title!r}.",
                hint="name the kind of input in the first line, and the numbers below it.",
            )


def _definitions(path: Path) -> dict[str, int]:
    tree = parsed(path.read_text(encoding="utf-8"), path.name)
    return {n.name: n.lineno for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}


def _line_of(path: Path, misconception: str) -> int:
    lines = path.read_text(encoding="utf-8").split("\n")
    return next((i for i, line in enumerate(lines, 1) if f'"{misconception}"' in line), 1)
