"""Open a lesson in JupyterLab as a student or an instructor will see it."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from nbjudge.model import Course


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("lesson", metavar="LESSON", help="a slug")
    parser.add_argument(
        "--as",
        dest="audience",
        choices=["student", "instructor"],
        default="student",
        help="student: the release (default); instructor: the source, with the answers",
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="build again whenever course/, solutions/ or grader_tests/ change",
    )
    parser.add_argument("--no-browser", action="store_true", help="only print the address")


def run(arguments: argparse.Namespace) -> int:
    """Build into a scratch folder and show it until JupyterLab ends."""
    # The build's libraries belong to an author's machine, and `nbjudge --help` to everybody's.
    from nbjudge.authoring.preview import Audience, Preview  # noqa: PLC0415

    course = Course.load(Path.cwd())
    lesson = course.lesson(arguments.lesson)
    with tempfile.TemporaryDirectory(prefix="nbjudge-preview-") as scratch:
        preview = Preview(course, lesson, Audience(arguments.audience), scratch=Path(scratch))
        preview.build()
        print(f"{lesson.slug} as {arguments.audience}s see it; what you edit there is not kept.")
        print("Ctrl-C ends it.", flush=True)
        lab = subprocess.Popen(  # noqa: S603 - our own arguments
            lab_command(preview.notebook, with_browser=not arguments.no_browser),
            cwd=preview.folder,
        )
        try:
            if arguments.watch:
                preview.watch(lambda text: print(text, flush=True), lambda: lab.poll() is not None)
            return 1 if lab.wait() else 0
        finally:
            lab.terminate()
            lab.wait()


def lab_command(notebook: Path, *, with_browser: bool) -> list[str]:
    """Return what starts JupyterLab on one notebook, in the notebook's folder."""
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--LabApp.default_url=/lab/tree/{notebook.name}",
    ]
    if not with_browser:
        command.append("--no-browser")
    if os.name == "posix" and os.geteuid() == 0:
        command.append("--allow-root")  # Jupyter refuses to serve as root unless told
    return command
