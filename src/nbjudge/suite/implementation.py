"""What a suite is run against: the `student` of its cases.

In the judge it is a proxy for a locked-down process. For an author it is their
own code in the same process: the solution, an alternative, a misconception or
a file (`pytest grader_tests/<slug> --impl ...`).
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace

from nbjudge.errors import LessonError, UserError
from nbjudge.model import Course
from nbjudge.naming.bank import PAIR, Bank
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


def bank_of(course: Course, slug: str) -> Bank:
    """Return a lesson's bank; an empty one if it has none yet.

    Raises:
        LessonError: If the bank contradicts itself.
    """
    if not (course.suite_folder(slug) / "misconceptions.py").exists():
        return Bank(entries={}, variants={}, alternatives={})
    return load_bank(slug)


def local_implementation(slug: str, spec: str) -> MakeStudent:
    """Return what `--impl SPEC` means.

    Args:
        slug: The lesson.
        spec: `solution`, `alternative:NAME`, `misconception:ID`,
            `misconception:ID + ID`, `misconception:ID: FORM`, or the path of a .py file,
            which runs as if behind the lesson's setup cell. An exercise that has
            nothing of that name gets its solution.

    Raises:
        UserError: If there is no such implementation.
    """
    kind, _, name = spec.partition(":")
    if spec == SOLUTION:
        solution = _solution(slug)
        return lambda case: solution
    if kind in ("alternative", "misconception"):
        codes = _codes(load_bank(slug), kind, name)
        return lambda case: (
            _replaced(slug, case.exercise, codes[case.exercise])
            if case.exercise in codes
            else _solution(slug)
        )
    module = _module_of(Path(spec), setup_of(slug))
    return lambda case: module


def _solution(slug: str) -> ModuleType:
    return importlib.import_module(f"solutions.{slug}")


def _replaced(slug: str, exercise: str, code: Callable[..., object]) -> SimpleNamespace:
    """Return the solution with one definition replaced."""
    names = {k: v for k, v in vars(_solution(slug)).items() if not k.startswith("_")}
    return SimpleNamespace(**{**names, exercise: code})


def _codes(bank: Bank, kind: str, name: str) -> dict[str, Callable[..., object]]:
    """Return what is called `name`, by exercise; several may share an idea, so a name."""
    if kind == "alternative":
        names = {exercise: set(codes) for exercise, codes in bank.alternatives.items()}
        codes = {e: bank.alternatives[e][name] for e, known in names.items() if name in known}
    else:
        names = {e: {*entries, *bank.forms(e)} for e, entries in bank.entries.items()}
        parts = set(name.split(PAIR))
        codes = {e: bank.wrong_code(e, name) for e, known in names.items() if parts <= known}
    if not codes:
        known_names = "; ".join(f"{e}: {', '.join(sorted(known))}" for e, known in names.items())
        raise LessonError(f"No exercise has the {kind} {name!r}.", hint=f"there are {known_names}.")
    return codes


def setup_of(slug: str) -> dict[str, object]:
    """Return what a lesson's setup cell defines: what its solutions have and no suite judges."""
    solution = _solution(slug)
    suites = Path(str(solution.__file__)).parents[1] / "grader_tests" / slug
    return {
        name: value
        for name, value in vars(solution).items()
        if getattr(value, "__module__", None) == solution.__name__
        and not name.startswith("_")
        and not (suites / f"test_{name}.py").exists()
    }


def _module_of(path: Path, setup: Mapping[str, object]) -> ModuleType:
    spec = importlib.util.spec_from_file_location("implementation", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise UserError(
            f"There is no implementation {str(path)!r}.",
            hint="give solution, alternative:NAME, misconception:ID or a .py file.",
        )
    module = importlib.util.module_from_spec(spec)
    vars(module).update(setup)
    spec.loader.exec_module(module)
    return module
