"""What `nbjudge grade` does: judge a class, have nbgrader write the marks, print the table."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from nbjudge.grading import grade_all, judge_for
from nbjudge.grading.seeds import begin_new_round, prepare_state_folder
from nbjudge.model import Course, GradingResult, Submission
from nbjudge.nbgrader_adapter.course import NbgraderCourse
from nbjudge.reports.summary import NO_MARK, Counts, Row, class_line, counts, left_open, rows


def grade_class(
    assignment: str,
    *,
    student: str | None,
    jobs: int,
    weakest_isolation: str | None,
    new_round: bool = False,
) -> int:
    """Grade the course in the current folder; return the exit code.

    Args:
        assignment: nbgrader's.
        student: Only this one; None for all.
        jobs: How many submissions at once.
        weakest_isolation: Overrides the configuration's; None to follow it.
        new_round: Draw new random inputs first.

    Raises:
        UserError: If there is nothing to grade, or this host must not.
    """
    course = Course.load(Path.cwd())
    grader = NbgraderCourse(weakest_isolation=weakest_isolation)
    isolation = judge_for(grader.judge_settings).isolation
    if new_round and grader.notebooks(assignment):
        number = begin_new_round(course.state_folder, assignment)
        print(f"Round {number}: new random inputs for the whole class.")
    log = prepare_state_folder(course.state_folder) / "grade.log"
    with grader.log_to(log):
        results, trouble = _judge_and_write(grader, assignment, student, jobs)
        waiting = grader.waiting(assignment) if student is None else set()
    unmarked = {result.student for result in results if not result.has_mark}
    _print_table(rows(results))
    _print_counts(counts(results), by_hand=len(waiting - unmarked))
    print(f"Isolation: {isolation}. {left_open(isolation)}")
    if trouble:
        print(f"nbgrader could not write every mark: {trouble}")
    _print_next(assignment, log.relative_to(course.root))
    return 1 if unmarked or waiting or trouble else 0


def _judge_and_write(
    grader: NbgraderCourse, assignment: str, student: str | None, jobs: int
) -> tuple[list[GradingResult], str]:
    notebooks = grader.notebooks(assignment)
    folders = grader.submissions(assignment, student)
    found = [folder.read(notebook) for folder in folders for notebook in notebooks]
    submissions = [item for item in found if isinstance(item, Submission)]
    results = [item for item in found if isinstance(item, GradingResult)]
    with _progress() as progress:
        judging = progress.add_task("judging", total=len(submissions))
        for result in _judged(submissions, grader, jobs):
            results.append(result)
            progress.advance(judging)
        writing = progress.add_task("writing marks", total=len(folders))
        trouble = grader.write_marks(
            results,
            assignment,
            student=student,
            on_written=lambda: progress.advance(writing),
        )
    return results, trouble


def _judged(
    submissions: list[Submission], grader: NbgraderCourse, jobs: int
) -> Iterator[GradingResult]:
    if not submissions:
        return
    # Spawn: a forked child of a process with threads (the progress bar) may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(submissions)), mp_context=context) as executor:
        yield from grade_all(submissions, executor, grader.judge_settings)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description:<13}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _print_table(table: Iterable[Row]) -> None:
    lines = list(table)
    width = max(cell_len(row.student) for row in lines)
    console = Console(soft_wrap=True, highlight=False)
    for row in lines:
        name = row.student + " " * (width - cell_len(row.student))
        style = "yellow" if row.mark == NO_MARK else ""
        console.print(Text(f"{name}  {row.mark:>3}  {row.remark}".rstrip(), style=style))


def _print_counts(numbers: Counts, *, by_hand: int) -> None:
    print(f"\n{class_line(numbers)}")
    if by_hand:
        print(f"With cells that a person grades or has graded before: {by_hand}.")


def _print_next(assignment: str, log: Path) -> None:
    print("Next:")
    print(f"  nbgrader generate_feedback {assignment}   pages for the students, in feedback/")
    print("  nbgrader export   marks as CSV")
    print(f"  {log}   what nbgrader said")
