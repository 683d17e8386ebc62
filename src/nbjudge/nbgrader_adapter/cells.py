"""Notebooks without a suite in nbgrader's autograde: its own cells decide, in the sandbox.

Executing and scoring follow nbgrader's steps, as restoring does in `restore`; what
differs on purpose is in docs/how-to/bring-your-nbgrader-course.md.
`leave_to_nbgrader` runs nbgrader's own steps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import (
    Execute,
    IgnorePattern,
    LimitOutput,
    SaveAutoGrades,
)

from nbjudge.cells import CellsJob, ExecutedCells
from nbjudge.nbgrader_adapter.cell_display import harmless_outputs
from nbjudge.nbgrader_adapter.cell_jobs import cells_to_run
from nbjudge.nbgrader_adapter.cell_scores import score_outputs
from nbjudge.reports.comments import why_a_person

_at_hand: dict[str, ExecutedCells] = {}


@contextmanager
def executions_at_hand(done: Iterable[tuple[CellsJob, ExecutedCells]]) -> Iterator[None]:
    """Have these results taken instead of running the cells again."""
    _at_hand.update({_digest(job): executed for job, executed in done})
    try:
        yield
    finally:
        _at_hand.clear()


def execution_at_hand(job: CellsJob) -> ExecutedCells | None:
    """Return what is at hand for a job."""
    return _at_hand.get(_digest(job))


def show_executed(
    nb: NotebookNode, executed: ExecutedCells, resources: dict[str, Any], parent: Any
) -> None:
    """Put outputs into a notebook, then take nbgrader's steps that trim them.

    Args:
        nb: The restored notebook; changed in place.
        executed: What its cells put out.
        resources: Of the conversion.
        parent: Whose configuration the steps follow.
    """
    timed_out = Execute(parent=parent).error_on_timeout
    for count, (cell, ran) in enumerate(zip(cells_to_run(nb), executed.cells, strict=True), 1):
        cell.execution_count = count
        cell.outputs = harmless_outputs(ran.outputs)
        if ran.timed_out and timed_out:
            cell.outputs.append(NotebookNode(output_type="error", **timed_out))
    for step in (IgnorePattern, LimitOutput):
        step(parent=parent)(nb, resources)


def execute_as_nbgrader(
    nb: NotebookNode, resources: dict[str, Any], parent: Any
) -> tuple[NotebookNode, dict[str, Any]]:
    """Execute in an ordinary kernel: nbgrader's own steps."""
    for step in (Execute, IgnorePattern, LimitOutput):
        nb, resources = step(parent=parent)(nb, resources)
    return nb, resources


class SaveCellGrades(SaveAutoGrades):
    """nbgrader's SaveAutoGrades, with a rule for scores that has no traps."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Save scores and comments, and take back a flag of ours that is over."""
        self._why: dict[str, str] = {}
        nb, resources = super().preprocess(nb, resources)
        where = resources["nbgrader"]
        with Gradebook(where["db_url"]) as gradebook:
            row = gradebook.find_submission_notebook(
                where["notebook"], where["assignment"], where["student"]
            )
            if self._why:
                row.flagged = True
            elif resources.get(WAS_OURS):
                row.flagged = False
            gradebook.db.commit()
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        if utils.is_solution(cell) or cell.cell_type != "code":
            super()._add_score(cell, resources)
            return
        name = cell.metadata.nbgrader["grade_id"]
        score = score_outputs(cell.outputs, float(cell.metadata.nbgrader["points"]))
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = score.points
        grade.needs_manual_grade = grade.manual_score is not None or score.points is None
        if score.why:
            self._why[name] = score.why
            note = f"nbjudge: {score.why}; a person decides about the points."
            cell.outputs.append(new_output("display_data", data={"text/plain": note}))
            self.log.warning("%s, %s: %s; a person decides", self.student_id, name, score.why)
        self.gradebook.db.commit()


WAS_OURS = "nbjudge-flagged"
"""Key in the resources: the notebook was flagged by an earlier grading of ours."""


def was_flagged_by_us(where: Mapping[str, Any]) -> bool:
    """Say whether an earlier grading left a comment of ours that asks for a person."""
    with Gradebook(where["db_url"]) as gradebook:
        row = gradebook.find_submission_notebook(
            where["notebook"], where["assignment"], where["student"]
        )
        return any(why_a_person(comment.auto_comment) for comment in row.comments)


def _digest(job: CellsJob) -> str:
    return hashlib.sha256(repr(job).encode("utf-8", "surrogatepass")).hexdigest()
