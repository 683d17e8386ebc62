"""What an instructor may set for the judge in `nbgrader_config.py`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from traitlets import Bool, Float, List, Unicode
from traitlets.config import Configurable

from nbjudge.grading import JudgeSettings
from nbjudge.model import Course, Limits
from nbjudge.sandbox.base import Isolation
from nbjudge.sandbox.registry import DEFAULT_WEAKEST


class Way(StrEnum):
    """How the marks of a notebook come about."""

    SUITE = "suite"
    """A hidden pytest suite judges it, in a process of its own."""
    CELLS = "cells"
    """Its own test cells run in the sandbox, beside the student's code, as in nbgrader."""
    NBGRADER = "nbgrader"
    """nbgrader itself, in a Jupyter kernel, without isolation."""


class NbJudge(Configurable):
    """`c.NbJudge.<name> = <value>`."""

    weakest_isolation = Unicode(
        DEFAULT_WEAKEST.value,
        help=(
            "The weakest isolation under which submissions may run, one of "
            f"{', '.join(Isolation)}. Where the machine offers less, nothing is judged."
        ),
    ).tag(config=True)

    release_quiz_answers = Bool(
        False,
        help=(
            "Whether feedback tells the right answers of graded quiz questions. Set it when "
            "nobody can hand in any more, and grade again."
        ),
    ).tag(config=True)

    language = Unicode(
        "",
        help=(
            "The language of cards and feedback pages, `de`; English where a sentence is not "
            "translated. A translated assignment, `<assignment>.de`, has its own."
        ),
    ).tag(config=True)

    review_request = Unicode(
        "",
        help=(
            "Markdown at the end of every feedback page: how to ask for a review, by when, "
            "of whom. By default it says to write to whoever teaches the course."
        ),
    ).tag(config=True)

    leave_to_nbgrader = List(
        Unicode(),
        help=(
            "Assignments, or assignment/notebook, whose notebooks without a suite nbgrader itself "
            "executes and scores, in an ordinary kernel WITHOUT isolation; 'ps*' is allowed too."
        ),
    ).tag(config=True)
    stock_scores = Bool(
        False,
        help=(
            "Score test cells exactly as nbgrader does, where nbjudge would not: "
            "see docs/how-to/bring-your-nbgrader-course.md."
        ),
    ).tag(config=True)
    cell_memory_gib = Float(
        4.0, help="What a notebook without a suite may take, in GiB of address space."
    ).tag(config=True)
    cell_files_mib = Float(
        256.0, help="What its cells may write, in MiB, beside the files handed in."
    ).tag(config=True)
    cells_wall_s = Float(
        1800.0, help="Wall seconds for all cells of such a notebook together."
    ).tag(config=True)

    def language_of(self, course: Course, assignment: str) -> str:
        """Return the language in which an assignment's learners read; "" for the usual one."""
        return course.language(assignment) or str(self.language)

    def way(self, course: Course, assignment: str, notebook: str) -> Way:
        """Say how a notebook gets its marks."""
        if course.has_suite(notebook):
            return Way.SUITE
        names = (assignment, f"{assignment}/{notebook}")
        if any(fnmatchcase(name, left) for name in names for left in self.leave_to_nbgrader):
            return Way.NBGRADER
        return Way.CELLS

    def cell_limits(self, file_bytes: int) -> Limits:
        """Return the limits of a notebook without a suite.

        Args:
            file_bytes: What the files beside it take.
        """
        return Limits(
            total_wall_s=self.cells_wall_s,
            memory_bytes=int(self.cell_memory_gib * (1 << 30)),
            file_bytes=file_bytes + int(self.cell_files_mib * (1 << 20)),
            open_files=512,
        )

    def judge_settings(self, root: Path) -> JudgeSettings:
        """Return what a judge for the course below `root` needs; the judge checks it."""
        return JudgeSettings(
            root=root,
            weakest_isolation=self.weakest_isolation,
            release_quiz_answers=self.release_quiz_answers,
        )


def way_here(step: Any, where: Mapping[str, Any]) -> Way:
    """Say how the notebook that a step of nbgrader's converts gets its marks.

    Args:
        step: A preprocessor, with nbgrader's converter above it.
        where: nbgrader's `assignment` and `notebook`.
    """
    root = Path(step.parent.parent.coursedir.root)
    settings = NbJudge(parent=step)
    return settings.way(Course.find(root), where["assignment"], where["notebook"])
