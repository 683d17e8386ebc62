"""Build the instructor's notebooks and the release from course/ and solutions/."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nbjudge.cli._counted import counted
from nbjudge.model import Course

if TYPE_CHECKING:
    from nbjudge.authoring.build import BuildReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("lesson", nargs="*", metavar="LESSON", help="a slug; default: every lesson")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if anything built drifted"
    )


def run(arguments: argparse.Namespace) -> int:
    """Build or compare, and say what changed."""
    # nbgrader takes two seconds to import, and every `nbjudge --help` imports every verb.
    from nbjudge.authoring.build import build  # noqa: PLC0415

    course = Course.load(Path.cwd())
    lessons = [course.lesson(slug) for slug in arguments.lesson] or list(course.lessons)
    report = build(course, lessons, check=arguments.check)
    for slug in report.hand_made:
        print(f"  hand-made  {slug}: its source notebook is left alone")
    for name in report.changed:
        print(f"  {'drifted' if arguments.check else 'written':9}  {name}")
    print(_summary(report, check=arguments.check))
    for error in report.hand_edited:
        print(f"nbjudge build: {error}", file=sys.stderr)
    if report.hand_edited:
        return 2
    return 1 if arguments.check and report.changed else 0


def _summary(report: BuildReport, *, check: bool) -> str:
    changed, same = len(report.changed), report.unchanged
    if not check:
        return f"{counted(changed, 'file')} written, {same} already as built."
    if changed:
        return f"{counted(changed, 'file')} drifted, {same} as built. To cure it: nbjudge build."
    return f"Everything is as built: {counted(same, 'file')}."
