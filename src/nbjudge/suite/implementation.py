"""What a suite is run against: the `student` of its cases.

In the judge it is a proxy for a locked-down process. For an author it is their
own code in the same process: the solution, an alternative, a misconception or
a file (`pytest grader_tests/<slug> --impl ...`).
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

from nbjudge.errors import LessonError, UserError
from nbjudge.naming.bank import Bank
from nbjudge.suite.case import CaseInfo

MakeStudent = Callable[[CaseInfo], object]
"""Gives the `student` of one case."""

SOLUTION = "solution"


def put_course_on_path(root: Path) -> None:
    """Make `solutions.<slug>` and `grader_tests.<slug>` importable."""
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))


def load_bank(slug: str) -> Bank:
    """Import a lesson's misconceptions and alternatives.

    Raises:
        LessonError: If the bank contradicts itself.
    """
    return Bank.from_modules(
        importlib.import_module(f"grader_tests.{slug}.misconceptions"),
        importlib.import_module(f"grader_tests.{slug}.alternatives"),
    )


def local_implementation(slug: str, spec: str) -> MakeStudent:
    """Return what `--impl SPEC` means.

    Args:
        slug: The lesson.
        spec: `solution`, `alternative:NAME`, `misconception:ID`,
            `misconception:ID + ID`, or the path of a .py file.

    Raises:
        UserError: If there is no such implementation.
    """
    kind, _, name = spec.partition(":")
    if spec == SOLUTION:
        solution = _solution(slug)
        return lambda case: solution
    if kind == "alternative":
        return lambda case: _replaced(slug, case.exercise, _alternative(slug, case.exercise, name))
    if kind == "misconception":
        return lambda case: _replaced(
            slug, case.exercise, load_bank(slug).wrong_code(case.exercise, name)
        )
    module = _module_of(Path(spec))
    return lambda case: module


def _solution(slug: str) -> ModuleType:
    return importlib.import_module(f"solutions.{slug}")


def _replaced(slug: str, exercise: str, code: Callable[..., object]) -> SimpleNamespace:
    """Return the solution with one definition replaced."""
    names = {k: v for k, v in vars(_solution(slug)).items() if not k.startswith("_")}
    return SimpleNamespace(**{**names, exercise: code})


def _alternative(slug: str, exercise: str, name: str) -> Callable[..., object]:
    known = load_bank(slug).alternatives.get(exercise, {})
    if name not in known:
        raise LessonError(
            f"{exercise} has no alternative {name!r}.", hint=f"it has: {', '.join(known)}."
        )
    return known[name]


def _module_of(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("implementation", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise UserError(
            f"There is no implementation {str(path)!r}.",
            hint="give solution, alternative:NAME, misconception:ID or a .py file.",
        )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
