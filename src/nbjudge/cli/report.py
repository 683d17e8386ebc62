"""Report on a class: what to teach tomorrow, which tests to doubt, who needs a person.

Reads what `nbjudge grade` kept, judges nothing, and writes a page and a table. For you,
not for students: it names hidden tests. No student is named unless you ask for it.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="nbgrader's assignment")
    parser.add_argument(
        "--to", type=Path, metavar="FOLDER", help="where to write (reports/ASSIGNMENT)"
    )
    parser.add_argument("--names", action="store_true", help="name students on the page")
    parser.add_argument(
        "--similar",
        action="store_true",
        help="look for submissions that are alike; needs pip install 'nbjudge[similar]'",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the report and print what matters most."""
    # Only an instructor's machine has what draws the figures.
    from nbjudge.cli._report_class import report_on  # noqa: PLC0415

    return report_on(
        arguments.assignment,
        folder=arguments.to,
        names=arguments.names,
        similar=arguments.similar,
    )
