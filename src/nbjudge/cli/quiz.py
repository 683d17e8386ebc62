"""Carry question banks to other systems, and from them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nbjudge.cli._counted import counted
from nbjudge.errors import UserError
from nbjudge.model import Course

_FORMATS = ("gift", "jupyterquiz", "moodle", "qti")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    verbs = parser.add_subparsers(dest="direction", required=True)
    export = verbs.add_parser(
        "export", help="write a lesson's bank in another format, keys and all"
    )
    export.add_argument("lesson", metavar="LESSON", help="a slug")
    take = verbs.add_parser("import", help="turn another format into a quiz.yaml to work on")
    take.add_argument("file", metavar="FILE", type=Path)
    for one in (export, take):
        one.add_argument("--format", choices=_FORMATS, required=True)
        one.add_argument("--to", type=Path, metavar="FILE", help="default: beside, by its format")


def run(arguments: argparse.Namespace) -> int:
    """Convert, and name everything that did not fit."""
    if arguments.direction == "export":
        return _export(arguments)
    return _import(arguments)


def _export(arguments: argparse.Namespace) -> int:
    # Only an author's machine can read banks, and `nbjudge --help` works on a student's too.
    from nbjudge.exporters.quiz_exchange import Report, plain_questions  # noqa: PLC0415
    from nbjudge.exporters.quiz_formats import FORMATS  # noqa: PLC0415
    from nbjudge.questions.bank_file import read_bank  # noqa: PLC0415

    course = Course.load(Path.cwd())
    slug = course.lesson(arguments.lesson).slug
    path, name = course.quiz_bank(slug), f"grader_tests/{slug}/quiz.yaml"
    if not path.exists():
        raise UserError("The lesson has no quiz.", context=name)
    report, form = Report(), FORMATS[arguments.format]
    content = form.write(plain_questions(read_bank(path, name), report), report)
    target = arguments.to or Path(f"{slug}{form.suffix}")
    target.write_bytes(content)
    return _said(report.losses, f"{target} holds the keys: it is the instructor's only.")


def _import(arguments: argparse.Namespace) -> int:
    import yaml  # noqa: PLC0415 - as above

    from nbjudge.exporters.quiz_exchange import Report, bank_document  # noqa: PLC0415
    from nbjudge.exporters.quiz_formats import FORMATS  # noqa: PLC0415
    from nbjudge.questions.bank_file import parse_bank  # noqa: PLC0415

    if not arguments.file.is_file():
        raise UserError("There is no such file.", context=str(arguments.file))
    report = Report()
    questions = FORMATS[arguments.format].read(arguments.file.read_bytes(), report)
    text = yaml.safe_dump(bank_document(questions), sort_keys=False, allow_unicode=True, width=100)
    target = arguments.to or arguments.file.with_suffix(".quiz.yaml")
    if target.exists():
        raise UserError(
            "There is a file already.", context=str(target), hint="name another one with --to."
        )
    target.write_text(text, encoding="utf-8")
    _, errors = parse_bank(text.encode(), target.name)
    for error in errors:
        print(f"still to do: {error}", file=sys.stderr)
    done = f"{counted(len(questions), 'question')} in {target}, for practice as they are."
    return _said(report.losses, done)


def _said(losses: list[str], done: str) -> int:
    for loss in losses:
        print(f"  {loss}")
    if losses:
        print(f"{counted(len(losses), 'thing')} did not fit, see above.")
    print(done)
    return 0
