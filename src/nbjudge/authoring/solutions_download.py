"""A lesson's answers as a download of its own: outside the release and the package.

It holds the solved notebook and every right answer of the bank, as code that runs by
itself. Hidden tests, misconceptions and keys of graded questions stay where they are.
"""

from __future__ import annotations

import inspect
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from nbjudge.authoring.secret_lines import secret_lines, without_spaces
from nbjudge.authoring.standalone import standalone_source
from nbjudge.authoring.stubs import BEGIN, END
from nbjudge.errors import LessonError, UserError
from nbjudge.model import Course
from nbjudge.naming.bank import Bank
from nbjudge.suite.implementation import load_bank, put_course_on_path
from nbjudge.texts import say

MARK = "nbjudge-solutions.json"
"""A member that tells this download from anything else; the audit looks for it."""
FORMAT = 1
_MADE = (1980, 1, 1, 0, 0, 0)
"""Nothing of the clock: the same lessons make the same bytes."""


def solutions_download(course: Course, assignment: str) -> bytes:
    """Return the download of an assignment, a zip archive.

    Args:
        course: Built: its `source/` has the assignment.
        assignment: nbgrader's.

    Raises:
        UserError: If no lesson of the course is in it, or one is not built.
        LessonError: If a line that must stay hidden would be in it.
    """
    slugs = [lesson.slug for lesson in course.lessons if lesson.assignment == assignment]
    if not slugs:
        there = ", ".join(dict.fromkeys(lesson.assignment for lesson in course.lessons))
        raise UserError(
            f"No lesson of the course is in an assignment {assignment!r}.",
            context=str(course.root / "course" / "course.toml"),
            hint=f"the assignments are: {there or 'none'}.",
        )
    put_course_on_path(course.root)
    files = {"README.md": _readme(course, slugs), MARK: _mark(assignment)}
    for slug in slugs:
        files |= _files_of(course, assignment, slug)
    _prove_nothing_else_is_in(course, files)
    return _archive(f"{assignment}-solutions", files)


def is_download(content: bytes) -> bool:
    """Say whether bytes are a download of ours."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(name.rpartition("/")[2] == MARK for name in archive.namelist())


def is_in_downloads(where: str) -> bool:
    """Say whether a download may hold a secret line.

    Args:
        where: The line's home, as `secret_lines` gives it.
    """
    path = where.partition(":")[0]
    return path.startswith("solutions/") or path.endswith("/alternatives.py")


def _files_of(course: Course, assignment: str, slug: str) -> dict[str, str]:
    path = course.source_notebook(assignment, slug)
    if not path.exists():
        raise UserError(
            f"{slug} is not built.", context=str(path), hint=f"run nbjudge build {slug}"
        )
    files = {f"{slug}.ipynb": _text(_solved(json.loads(path.read_bytes())))}
    for beside in (course.probes(assignment, slug), course.quiz(assignment, slug)):
        if beside.exists():
            files[beside.name] = beside.read_text(encoding="utf-8")
    others = _alternatives(course, slug)
    if others is not None:
        files[f"{slug}_other_answers.ipynb"] = _text(others)
    return files


def _solved(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return the source notebook as a learner reads it: nothing in it is for nbgrader."""
    for cell in notebook["cells"]:
        cell["metadata"].pop("nbgrader", None)
        lines = "".join(cell["source"]).split("\n")
        cell["source"] = "\n".join(line for line in lines if line.strip() not in (BEGIN, END))
    notebook["metadata"].get("nbjudge", {}).pop("built", None)
    return notebook


def _alternatives(course: Course, slug: str) -> dict[str, Any] | None:
    bank = load_bank(slug)
    if not any(bank.alternatives.values()):
        return None
    title = say("# Other right answers: {title}", title=course.lesson(slug).title)
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return {
        "cells": [_cell("markdown", "title", title), *_answers(course, slug, bank)],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _answers(course: Course, slug: str, bank: Bank) -> Iterator[dict[str, Any]]:
    path = course.suite_folder(slug) / "alternatives.py"
    source = path.read_text(encoding="utf-8")
    for exercise, codes in bank.alternatives.items():
        cell_id = exercise.replace("_", "-")
        yield _cell("markdown", cell_id, f"## `{exercise}`")
        for number, (name, code) in enumerate(codes.items(), start=1):
            said = (inspect.getdoc(code) or name).split("\n")[0]
            yield _cell("markdown", f"{cell_id}-{number}-text", f"### {said}")
            # Under its own name: answers that all bind the exercise's would hide each other.
            answer = standalone_source(source, code.__name__, context=str(path))
            yield _cell("code", f"{cell_id}-{number}", answer.rstrip("\n"))


def _cell(kind: str, cell_id: str, source: str) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": cell_id, "metadata": {}, "source": source}
    return cell | {"outputs": [], "execution_count": None} if kind == "code" else cell


def _text(notebook: dict[str, Any]) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _readme(course: Course, slugs: list[str]) -> str:
    titles = "\n".join(f"- {course.lesson(slug).title}: `{slug}.ipynb`" for slug in slugs)
    said = say(
        "Each notebook has the answers filled in. `..._other_answers.ipynb` has other right ones: "
        "an answer of yours that is in neither may be just as right. `check` works here, too."
    )
    return f"# {say('Solutions')}\n\n{titles}\n\n{said}\n"


def _mark(assignment: str) -> str:
    return json.dumps({"format": FORMAT, "assignment": assignment}) + "\n"


def _prove_nothing_else_is_in(course: Course, files: Mapping[str, str]) -> None:
    dense = {name: without_spaces(_readable(name, text)) for name, text in files.items()}
    for line, where in secret_lines(course).items():
        held = [name for name, text in dense.items() if line in text]
        if held and not is_in_downloads(where):
            raise LessonError(
                "The download would hold a line that stays hidden.",
                context=f"{held[0]} holds {where}",
                hint="if it is what any code may say, mark it there with `# public: <why>`.",
            )


def _readable(name: str, text: str) -> str:
    if not name.endswith(".ipynb"):
        return text
    cells: list[dict[str, Any]] = json.loads(text)["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells)


def _archive(folder: str, files: Mapping[str, str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            member = zipfile.ZipInfo(f"{folder}/{name}", date_time=_MADE)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, text.encode())
    return written.getvalue()
