"""Take the edits of a source notebook back into course/ and solutions/."""

from __future__ import annotations

import argparse
from pathlib import Path

from nbjudge.model import Course


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("notebook", metavar="NOTEBOOK", type=Path, help="a notebook in source/")


def run(arguments: argparse.Namespace) -> int:
    """Absorb and say what changed."""
    # jupytext belongs to an author's machine, and `nbjudge --help` works on a student's too.
    from nbjudge.authoring.absorb import absorb  # noqa: PLC0415

    done = absorb(Course.load(Path.cwd()), arguments.notebook)
    for line in done:
        print(f"  {line}")
    print("Now: nbjudge build." if done else "Nothing to absorb: the notebook is as built.")
    return 0
