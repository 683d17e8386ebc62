"""Say how well this machine isolates students' code, and how to reach the next level.

Starts every back-end for real. Exit code 0 means that grading works without
naming a weaker level in the configuration; 1, that it does not.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments: there are none."""


def run(arguments: argparse.Namespace) -> int:
    """Examine, try, print; return 1 below the level that grading asks for."""
    # The back-ends import IPython, and every `nbjudge --help` imports every verb.
    from nbjudge.cli._doctor import diagnose  # noqa: PLC0415

    return diagnose(Path.cwd())
