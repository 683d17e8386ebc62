"""Marks from results into the gradebook: in the place of `SaveAutoGrades`.

Cell outputs play no part. One transaction per notebook: it gets all of its marks
or keeps all that it had.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook, GradeCell, SubmittedNotebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import compute_checksum, is_solution

from nbjudge.grading.records import keep_record, submission_digest
from nbjudge.model import Course, ExerciseResult, GradingResult
from nbjudge.nbgrader_adapter.cells import SaveCellGrades
from nbjudge.nbgrader_adapter.judging import RESULT
from nbjudge.nbgrader_adapter.quiz_marks import quiz_grades, save_quiz_grade
from nbjudge.nbgrader_adapter.settings import NbJudge, Way, way_here
from nbjudge.nbgrader_adapter.submissions import SubmittedFolder
from nbjudge.reports.comments import NO_RESPONSE, fault_comment, problem_comment, why_a_person

_NOTHING_JUDGED = "no step of the autograde list judged this notebook"


class SaveJudgedGrades(NbGraderPreprocessor):
    """Writes what `JudgeSubmission` found."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Save marks, comments and the flag of one submitted notebook."""
        where = resources["nbgrader"]
        way = way_here(self, where)
        if way is Way.NBGRADER or (way is Way.CELLS and RESULT not in resources):
            is_stock = way is Way.NBGRADER or NbJudge(parent=self).stock_scores
            save = (SaveAutoGrades if is_stock else SaveCellGrades)(parent=self.parent)
            saved: tuple[NotebookNode, dict[str, Any]] = save(nb, resources)
            return saved
        name, assignment, student = (where[key] for key in ("notebook", "assignment", "student"))
        result = resources.get(RESULT)
        if result is None:
            result = GradingResult(
                student=student, assignment=assignment, notebook=name, fault=_NOTHING_JUDGED
            )
        with Gradebook(where["db_url"]) as gradebook:
            try:
                submitted = gradebook.find_submission_notebook(name, assignment, student)
                save_result(submitted, nb, result)
                gradebook.db.commit()
            except BaseException:
                gradebook.db.rollback()
                raise
        if way is Way.SUITE:
            coursedir = self.parent.parent.coursedir
            path = coursedir.format_path(coursedir.submitted_directory, student, assignment)
            folder = SubmittedFolder(student=student, assignment=assignment, path=Path(path))
            state = Course.find(Path(coursedir.root)).state_folder
            keep_records(state, folder, [result], self.log)
        return nb, resources


def keep_records(
    state_folder: Path, folder: SubmittedFolder, results: Iterable[GradingResult], log: Any
) -> None:
    """Keep what was said of a submission, once its marks are in the gradebook.

    Args:
        state_folder: `.nbjudge/` of the course.
        folder: What was handed in.
        results: One per notebook.
        log: Told of a disk that refuses: that costs a page some words, and nobody a mark.
    """
    try:
        for result in results:
            keep_record(state_folder, result, submission_digest(folder.read(result.notebook)))
    except OSError as error:
        log.warning("what was said of %s is not kept: %s", folder.student, error)


def save_result(submitted: SubmittedNotebook, nb: NotebookNode, result: GradingResult) -> None:
    """Bring a submitted notebook's grades, comments and flag in line with a result.

    Args:
        submitted: The gradebook's row, in an open session; the caller commits.
        nb: The restored notebook, for cells that a person grades.
        result: What the judge found.
    """
    cells = {
        cell.metadata.nbgrader["grade_id"]: cell for cell in nb.cells if "nbgrader" in cell.metadata
    }
    judged = {f"test_{exercise.exercise}": exercise for exercise in result.exercises}
    was_ours = any(why_a_person(comment.auto_comment) for comment in submitted.comments)
    earlier = {
        grade.name: grade.auto_score is not None or grade.manual_score is not None
        for grade in submitted.grades
    }
    in_quiz = quiz_grades(result)
    for grade in submitted.grades:
        if not isinstance(grade.cell, GradeCell):
            continue
        if grade.name in in_quiz and not result.problem and not result.fault:
            save_quiz_grade(grade, in_quiz[grade.name])
        else:
            _save_grade(grade, cells.get(grade.name), result, judged.get(grade.name))
    for comment in submitted.comments:
        points_cell = f"test_{comment.name}"
        has_earlier_mark = earlier.get(points_cell, any(earlier.values()))
        exercise = judged.get(points_cell)
        _save_comment(comment, cells.get(comment.name), result, exercise, has_earlier_mark)
    if not result.has_mark:
        submitted.flagged = True
    elif was_ours:
        submitted.flagged = False  # what a person flagged for other reasons stays


def _save_grade(
    grade: Grade, cell: NotebookNode | None, result: GradingResult, exercise: ExerciseResult | None
) -> None:
    if result.fault or (exercise is not None and exercise.fault):
        grade.needs_manual_grade = True  # and the earlier mark stays
        return
    if result.problem:
        grade.auto_score = None
    elif exercise is not None:
        grade.auto_score = exercise.fraction * float(grade.cell.max_score)
    else:
        grade.auto_score = _stock_score(cell)
    grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None


def _stock_score(cell: NotebookNode | None) -> float | None:
    """Score a cell that a person grades as nbgrader does: 0 if untouched, else None."""
    return 0.0 if cell is not None and is_solution(cell) and _is_as_released(cell) else None


def _save_comment(
    comment: Comment,
    cell: NotebookNode | None,
    result: GradingResult,
    exercise: ExerciseResult | None,
    has_earlier_mark: bool,
) -> None:
    if result.fault or (exercise is not None and exercise.fault):
        comment.auto_comment = fault_comment(has_earlier_mark=has_earlier_mark)
    elif result.problem:
        comment.auto_comment = problem_comment(result.problem)
    elif cell is not None and is_solution(cell) and _is_as_released(cell):
        comment.auto_comment = NO_RESPONSE
    else:
        comment.auto_comment = None


def _is_as_released(cell: NotebookNode) -> bool:
    released = cell.metadata.nbgrader.get("checksum")
    return bool(released == compute_checksum(cell))
