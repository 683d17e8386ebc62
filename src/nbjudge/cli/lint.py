"""Say what a lesson still lacks, with file and line."""

from __future__ import annotations

import argparse
from pathlib import Path

from nbjudge.cli._counted import counted
from nbjudge.model import Course


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("lesson", nargs="*", metavar="LESSON", help="a slug; default: every lesson")


def run(arguments: argparse.Namespace) -> int:
    """Look, and name everything that is lacking; 1 if anything is."""
    # jupytext belongs to an author's machine, and `nbjudge --help` works on a student's too.
    from nbjudge.authoring.lint import lint_lesson  # noqa: PLC0415

    course = Course.load(Path.cwd())
    lessons = [course.lesson(slug) for slug in arguments.lesson] or list(course.lessons)
    found = [finding for lesson in lessons for finding in lint_lesson(course, lesson)]
    for finding in found:
        print(f"{finding.place}: {finding.message}")
        if finding.hint:
            print(f"    to cure it: {finding.hint}")
    if not found:
        print(f"Nothing is lacking: {counted(len(lessons), 'lesson')}.")
        return 0
    print(f"{counted(len(found), 'finding')} in {counted(len(lessons), 'lesson')}.")
    return 1
