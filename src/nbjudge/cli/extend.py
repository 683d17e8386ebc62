"""Give one student a later deadline.

nbgrader counts lateness from it. A late penalty that is in the gradebook already
goes with the next grading. The due date itself takes an extension back.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("student", metavar="STUDENT", help="nbgrader's id of the student")
    parser.add_argument("assignment", metavar="ASSIGNMENT", help="nbgrader's assignment")
    parser.add_argument(
        "date",
        metavar="DATE",
        help="2030-02-28 (to the end of that day) or 2030-02-28T17:00+01:00; UTC without a zone",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the extension and say what it means."""
    # nbgrader takes two seconds to import, and every `nbjudge --help` imports every verb.
    from nbjudge.nbgrader_adapter.course import NbgraderCourse  # noqa: PLC0415
    from nbjudge.nbgrader_adapter.extension import extend_deadline, parse_deadline  # noqa: PLC0415

    deadline = parse_deadline(arguments.date)
    course = NbgraderCourse()
    with course.open_gradebook(Path.cwd()) as gradebook:
        done = extend_deadline(gradebook, arguments.assignment, arguments.student, deadline)
    who = f"{arguments.student}, {arguments.assignment}"
    if not done.longer:
        print(f"{who}: no extension any more; due with the class, {deadline:%Y-%m-%d %H:%M} UTC.")
    else:
        hours = done.longer.total_seconds() / 3600
        longer = f"{hours / 24:g} days" if hours % 24 == 0 else f"{hours:.4g} hours"
        print(f"{who}: due {done.deadline:%Y-%m-%d %H:%M} UTC, {longer} after the class.")
    if done.is_late_still:
        print("What is handed in is late all the same.")
    if done.was_penalized:
        again = f"nbjudge grade {arguments.assignment} --student {arguments.student}"
        print(f"A late penalty is in the gradebook. To reckon it anew: {again}")
    return 0
