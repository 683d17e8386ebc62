"""The step of nbgrader's autograde that judges: in the place of `Execute`.

One judge serves the whole process, however many submissions nbgrader passes
through it; results that are already there (from `nbjudge grade`) are taken as
they are, so that both routes write the same marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from nbjudge.errors import UserError
from nbjudge.grading import judge_for
from nbjudge.grading.cells import cell_runner_for
from nbjudge.model import Course, GradingResult, Submission
from nbjudge.nbgrader_adapter.cell_jobs import cells_job
from nbjudge.nbgrader_adapter.cells import (
    WAS_OURS,
    execute_as_nbgrader,
    execution_at_hand,
    show_executed,
    was_flagged_by_us,
)
from nbjudge.nbgrader_adapter.files import remove_linked_copies
from nbjudge.nbgrader_adapter.settings import NbJudge, Way, way_here
from nbjudge.nbgrader_adapter.submissions import SubmittedFolder
from nbjudge.notebook import UnreadableNotebook, read_notebook
from nbjudge.reports.card import feedback_card
from nbjudge.texts import in_language

RESULT = "nbjudge"
"""Key of the `GradingResult` in the resources that preprocessors hand on."""

_at_hand: dict[tuple[str, str, str], GradingResult] = {}


class JudgeSubmission(NbGraderPreprocessor):
    """Judges the submitted bytes, wipes every output and draws the cards.

    The notebook that passes through is for display: what is judged is the file in
    `submitted/`. Never raises for a submission, since nbgrader would delete it.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Put the result into `resources` and a card into each points cell."""
        way = way_here(self, resources["nbgrader"])
        if way is Way.NBGRADER:
            as_is: tuple[NotebookNode, dict[str, Any]] = execute_as_nbgrader(
                nb, resources, self.parent
            )
            return as_is
        where = resources["nbgrader"]
        remove_linked_copies(self.parent.parent, where["student"], where["assignment"])
        if way is Way.CELLS:
            resources[WAS_OURS] = was_flagged_by_us(resources["nbgrader"])
            result = self._run_cells(nb, resources)
            if result is None:
                return nb, resources
        else:
            result = self._result(resources["nbgrader"])
        log_faults(self.log, result)
        course = Course.find(Path(self.parent.parent.coursedir.root))
        assignment = resources["nbgrader"]["assignment"]
        with in_language(NbJudge(parent=self).language_of(course, assignment)):
            show_result(nb, result)
        resources[RESULT] = result
        return nb, resources

    def _run_cells(self, nb: NotebookNode, resources: dict[str, Any]) -> GradingResult | None:
        """Execute a notebook without a suite; return why not, or None."""
        where = resources["nbgrader"]
        about = {key: where[key] for key in ("student", "assignment", "notebook")}
        try:
            found = self._submitted(where)
            if isinstance(found, GradingResult):
                return found
            coursedir = self.parent.parent.coursedir
            settings = NbJudge(parent=self)
            job = cells_job(
                nb,
                where=about,
                coursedir=coursedir,
                settings=settings,
                excluded=self.parent.parent.exclude_overwriting.get(about["assignment"], []),
            )
            executed = execution_at_hand(job)
            if executed is None:
                judge_settings = settings.judge_settings(Path(coursedir.root))
                executed = cell_runner_for(judge_settings).run(job)
            if executed.fault:
                return GradingResult(**about, fault=executed.fault, isolation=executed.isolation)
            show_executed(nb, executed, resources, self.parent)
        except Exception as error:
            self.log.exception("the cells of %s could not be run", about["student"])
            return GradingResult(
                **about, fault=str(error) if isinstance(error, UserError) else repr(error)
            )
        return None

    def _submitted(self, where: dict[str, Any]) -> Submission | GradingResult:
        """Return the notebook as handed in, or a result that says why there is none."""
        student, assignment = where["student"], where["assignment"]
        coursedir = self.parent.parent.coursedir
        path = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
        folder = SubmittedFolder(student=student, assignment=assignment, path=path)
        found = folder.read(where["notebook"])
        if isinstance(found, Submission):
            try:
                read_notebook(found.content)
            except UnreadableNotebook as error:
                return GradingResult(
                    student=student,
                    assignment=assignment,
                    notebook=where["notebook"],
                    problem=str(error),
                )
        return found

    def _result(self, where: dict[str, Any]) -> GradingResult:
        student, assignment, notebook = (
            where[key] for key in ("student", "assignment", "notebook")
        )
        try:
            ready = _at_hand.get((student, assignment, notebook))
            if ready is not None:
                return ready
            found = self._submitted(where)
            if isinstance(found, GradingResult):
                return found
            settings = NbJudge(parent=self).judge_settings(Path(self.parent.parent.coursedir.root))
            return judge_for(settings).judge(found)
        except Exception as error:
            self.log.exception("the judge failed at %s", student)
            return GradingResult(
                student=student,
                assignment=assignment,
                notebook=notebook,
                fault=str(error) if isinstance(error, UserError) else repr(error),
            )


@contextmanager
def results_at_hand(results: Iterable[GradingResult]) -> Iterator[None]:
    """Have `JudgeSubmission` take these results instead of judging again."""
    _at_hand.update({(r.student, r.assignment, r.notebook): r for r in results})
    try:
        yield
    finally:
        _at_hand.clear()


def show_result(nb: NotebookNode, result: GradingResult) -> None:
    """Wipe every output of a notebook and draw a card into each points cell."""
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = _outputs(cell, result)


def log_faults(log: Any, result: GradingResult) -> None:
    """Tell nbgrader's log what went wrong with the grader."""
    if result.fault:
        log.error("grader fault at %s: %s", result.student, result.fault)
    for quiz in result.quizzes:
        if quiz.fault:
            log.error("grader fault at %s, quiz: %s", result.student, quiz.fault)
    for exercise in result.exercises:
        if exercise.fault:
            log.error(
                "grader fault at %s, %s: %s", result.student, exercise.exercise, exercise.fault
            )


def _outputs(cell: NotebookNode, result: GradingResult) -> list[NotebookNode]:
    if not is_grade(cell) or is_solution(cell):
        return []
    card = feedback_card(result, cell.metadata.nbgrader["grade_id"])
    # Never an execute_result: nbgrader would read a number in it as the score.
    data = {"text/html": card.html, "text/plain": card.text}
    return [new_output("display_data", data=data)]
