"""Write the solutions of an assignment as a download, once nobody can hand in any more.

The solved notebook and other right answers, without hidden tests. The deadline is the
latest of course.toml's, the gradebook's and every student's extension.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="nbgrader's assignment")
    parser.add_argument(
        "--to", type=Path, metavar="FILE", help="default: downloads/ASSIGNMENT-solutions.zip"
    )
    parser.add_argument(
        "--no-deadline",
        action="store_true",
        help="for self-study: the assignment has no deadline, and none is meant",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the download, or say when it may be written."""
    # Only an instructor's machine has what builds lessons.
    from nbjudge.cli._solutions import release_solutions  # noqa: PLC0415

    return release_solutions(
        arguments.assignment, target=arguments.to, no_deadline=arguments.no_deadline
    )
