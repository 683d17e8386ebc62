"""Judge an assignment's submissions and write the marks into nbgrader's gradebook.

Judges on all cores, then lets nbgrader write the same marks that `nbgrader
autograde` gives. Exit code 1 means: done, and somebody needs a person.
"""

from __future__ import annotations

import argparse
import os

from nbjudge.errors import UserError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can follow `nbjudge grade`."""
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="a folder of source/")
    parser.add_argument("--student", metavar="ID", help="judge only this student")
    parser.add_argument(
        "--jobs", metavar="N", type=int, default=_cores(), help="how many at once (all cores)"
    )
    parser.add_argument(
        "--new-round",
        action="store_true",
        help="draw new random inputs for the whole class, now and in every regrade",
    )
    parser.add_argument(
        "--weakest-isolation",
        metavar="LEVEL",
        help="overrides c.NbJudge.weakest_isolation for this run",
    )


def run(arguments: argparse.Namespace) -> int:
    """Judge, write, report; return 1 if somebody needs a person."""
    if arguments.jobs < 1:
        raise UserError(f"--jobs must be at least 1; got {arguments.jobs}.")
    if arguments.new_round and arguments.student:
        raise UserError(
            "A new round is for the whole class: equal work gets equal marks.",
            hint="leave out --student.",
        )
    # nbgrader takes two seconds to import, and every `nbjudge --help` imports every verb.
    from nbjudge.cli._grade_class import grade_class  # noqa: PLC0415

    return grade_class(
        arguments.assignment,
        student=arguments.student,
        jobs=arguments.jobs,
        new_round=arguments.new_round,
        weakest_isolation=arguments.weakest_isolation,
    )


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
