"""Prove that hidden suites accept what is right and refuse what is wrong."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

DEFAULT_SEEDS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument(
        "what", nargs="*", metavar="LESSON|EXERCISE", help="slugs or exercises; default: all"
    )
    parser.add_argument(
        "--seeds",
        type=_positive,
        default=DEFAULT_SEEDS,
        metavar="N",
        help=f"rounds of random inputs for right answers ({DEFAULT_SEEDS})",
    )
    parser.add_argument(
        "--page", type=Path, metavar="PATH", help="write the page here, proved or not"
    )
    parser.add_argument(
        "--changed",
        action="store_true",
        help="only lessons whose page in docs/proof/ is missing, speaks of other files or of "
        "fewer seeds",
    )


def run(arguments: argparse.Namespace) -> int:
    """Prove, print and write the pages."""
    # A fork of a process whose OpenMP has run several threads hangs; every core is busy anyway.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # Authors' libraries belong to an author's machine, and `nbjudge --help` to everybody's.
    from nbjudge.cli._prove_lessons import prove_lessons  # noqa: PLC0415

    return prove_lessons(
        arguments.what,
        seeds=arguments.seeds,
        page=arguments.page,
        only_changed=arguments.changed,
    )


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("it must be 1 or more")
    return value
