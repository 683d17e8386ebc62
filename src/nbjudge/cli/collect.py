"""Put a learning platform's download of submissions where nbgrader looks for them.

Says first what it would do: who matched, which notebooks were renamed, what is
unknown. With --write it does it. Renamed notebooks are recognised by their cells;
submissions that are there already are kept unless --replace is given.
"""

from __future__ import annotations

import argparse
from pathlib import Path

KINDS = ("moodle", "canvas", "csv")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("archive", metavar="ZIP", type=Path, help="the download")
    parser.add_argument("--from", dest="kind", choices=KINDS, required=True, help="who made it")
    parser.add_argument(
        "--assignment", metavar="NAME", default="", help="look for this assignment's notebooks only"
    )
    parser.add_argument(
        "--table",
        metavar="CSV",
        type=Path,
        help="for --from csv: columns file and student (and timestamp, if you know it)",
    )
    parser.add_argument(
        "--roster",
        metavar="CSV",
        type=Path,
        help="columns student (nbgrader's id) and name, for whom the gradebook does not know",
    )
    parser.add_argument("--write", action="store_true", help="do it")
    parser.add_argument("--replace", action="store_true", help="also where a submission exists")


def run(arguments: argparse.Namespace) -> int:
    """Plan, print, and perhaps write; 1 if something stays unknown."""
    # nbgrader takes two seconds to import, and every `nbjudge --help` imports every verb.
    from nbjudge.cli._collect import collect  # noqa: PLC0415

    return collect(
        arguments.archive,
        arguments.kind,
        assignment=arguments.assignment,
        table=arguments.table,
        roster=arguments.roster,
        write=arguments.write,
        replace=arguments.replace,
    )
