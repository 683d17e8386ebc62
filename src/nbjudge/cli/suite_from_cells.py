"""Draft a hidden suite from a notebook's own test cells, to be finished by you.

Writes below drafts/, which nothing reads: a notebook is judged by a suite as soon as
there is a folder grader_tests/<notebook>/, so move the draft there when it is done.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from nbjudge.authoring.suite_draft import DraftedExercise, draft_suite
from nbjudge.cli._counted import counted
from nbjudge.errors import UserError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument(
        "notebook", metavar="NOTEBOOK", type=Path, help="an instructor's notebook in source/"
    )
    parser.add_argument(
        "--out", metavar="FOLDER", type=Path, default=Path("drafts"), help="default: drafts/"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the draft and say what is left to do."""
    path: Path = arguments.notebook
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"The notebook cannot be read: {error.strerror}.", context=str(path)
        ) from None
    draft = draft_suite(content)
    name = path.stem
    suites = arguments.out / "grader_tests" / name
    if suites.exists():
        raise UserError(
            "There is a draft already.", context=str(suites), hint="move it away, or give --out."
        )
    suites.mkdir(parents=True)
    answers = arguments.out / "solutions" / f"{name}.py"
    answers.parent.mkdir(parents=True, exist_ok=True)
    answers.write_text(draft.solutions(), encoding="utf-8")
    print(f"{answers}: the answers")
    for exercise in draft.exercises:
        target = suites / f"test_{exercise.name}.py"
        target.write_text(draft.suite(exercise), encoding="utf-8")
        print(f"{target}: {counted(len(exercise.tests), 'case')}")
    _print_what_is_left(draft.exercises, draft.unassigned, name)
    return 0


def _print_what_is_left(exercises: list[DraftedExercise], unassigned: list[str], name: str) -> None:
    print("\nTo finish:")
    print("1. Work off each TODO; docs/how-to/write-a-suite.md says how cases are written.")
    print("2. In the notebook, replace the test cells by one points cell per exercise:")
    for exercise in exercises:
        old = ", ".join(test.name for test in exercise.tests)
        print(
            f"     grade_id test_{exercise.name}, {exercise.points:g} points, source "
            f'check("{exercise.name}")   in place of {old}'
        )
    print("   and import it above: from nbjudge import check")
    for test in unassigned:
        print(f"   {test} tests no answer; leave it out or write its case yourself")
    print(f"3. Move both files to grader_tests/{name}/ and solutions/, and try them:")
    print(f"     pytest grader_tests/{name} --impl solution")
    print(f"   From then on {name} is judged by its suite.")
