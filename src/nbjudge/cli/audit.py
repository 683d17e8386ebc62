"""Prove that no line of an answer or a hidden test is in what is public."""

from __future__ import annotations

import argparse
from pathlib import Path

from nbjudge.cli._counted import counted
from nbjudge.model import Course


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument(
        "path",
        nargs="*",
        metavar="PATH",
        type=Path,
        help="a file, folder or archive to search besides course/, release/, src/ and docs/",
    )


def run(arguments: argparse.Namespace) -> int:
    """Search, and name every leak."""
    # jupytext belongs to an author's machine, and `nbjudge --help` works on a student's too.
    from nbjudge.authoring.audit import audit  # noqa: PLC0415

    result = audit(Course.load(Path.cwd()), arguments.path)
    width = max((len(leak.place) for leak in result.leaks), default=0)
    for leak in result.leaks:
        print(f"  {leak.place:{width}}  has the secret line {leak.secret}")
    compared = f"{result.secrets} secret lines, {result.files} public files"
    if result.leaks:
        print(f"{counted(len(result.leaks), 'secret line')} in public ({compared}).")
        print("Take them out of what is public; if a line is what any code may say, mark it")
        print("where it belongs with a comment `# public: <why>`.")
        return 1
    print(f"No secret line is public: {compared}.")
    return 0
