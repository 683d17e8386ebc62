"""Explain a mark: the code as judged, every case, the input that failed, the sum.

For you, not for students: it shows hidden tests.
"""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="nbgrader's assignment")
    parser.add_argument("student", metavar="STUDENT", help="nbgrader's id of the student")
    parser.add_argument(
        "exercise",
        metavar="EXERCISE",
        nargs="?",
        default="",
        help="only this one; default: all",
    )
    parser.add_argument(
        "--weakest-isolation",
        metavar="LEVEL",
        help="overrides c.NbJudge.weakest_isolation, should it have to be judged again",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print how every mark came about."""
    # nbgrader takes two seconds to import, and every `nbjudge --help` imports every verb.
    from nbjudge.cli._explain import explain  # noqa: PLC0415

    return explain(
        arguments.assignment,
        arguments.student,
        arguments.exercise,
        weakest_isolation=arguments.weakest_isolation,
    )
