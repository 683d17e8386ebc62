"""What `nbjudge grade` does: judge a class, have nbgrader write the marks, print the table."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from nbjudge.cli._grade_cells import grade_cells
from nbjudge.cli._grade_progress import ClassProgress
from nbjudge.cli._judging_pool import STOPPED, judging_pool
from nbjudge.errors import UserError
from nbjudge.grading import grade_all, judge_for
from nbjudge.grading.seeds import begin_new_round, prepare_state_folder
from nbjudge.model import Course, GradingResult, Submission
from nbjudge.nbgrader_adapter.course import NbgraderCourse
from nbjudge.nbgrader_adapter.submissions import SubmittedFolder
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
    root = Path.cwd()
    # A course that nbgrader made has no course.toml.
    course = Course.find(root) if (root / "nbgrader_config.py").exists() else Course.load(root)
    grader = NbgraderCourse(weakest_isolation=weakest_isolation)
    notebooks = grader.notebooks(assignment)
    group = grader.cells_class(assignment)
    if group.needs_no_suite:
        if new_round:
            raise UserError(
                f"{assignment} has no suite, so no random inputs to draw anew.",
                hint="leave out --new-round.",
            )
        log = prepare_state_folder(course.state_folder) / "grade.log"
        with grader.log_to(log):
            return grade_cells(
                group,
                grader.submissions(assignment, student),
                grader.judge_settings,
                assignment=assignment,
                jobs=jobs,
                log=log.relative_to(course.root),
            )
    isolation = judge_for(grader.judge_settings).isolation
    if new_round and notebooks:
        number = begin_new_round(course.state_folder, assignment)
        print(f"Round {number}: new random inputs for the whole class.")
    log = prepare_state_folder(course.state_folder) / "grade.log"
    with grader.log_to(log):
        run = _judge_and_write(grader, assignment, student, jobs)
        waiting = grader.waiting(assignment) if student is None else set()
    _print_table(run.rows)
    _print_counts(run.counts, by_hand=len(waiting - run.unmarked))
    print(f"Isolation: {isolation}. {left_open(isolation)}")
    _print_not_written(run.not_written, log.relative_to(course.root))
    if run.stopped:
        print(
            f"Stopped after {run.counts.students} of {run.students} students; what is above is in "
            f"the gradebook.\nTo continue: nbjudge grade {assignment}   "
            "judges only what it has not judged yet"
        )
        return STOPPED
    _print_next(assignment, log.relative_to(course.root))
    return 1 if run.unmarked or waiting or run.not_written else 0


@dataclass(kw_only=True)
class _Run:
    """What is left of a class's results once they are written: a table's worth, not the cases."""

    students: int
    rows: list[Row] = field(default_factory=list)
    counts: Counts = field(default_factory=lambda: counts([]))
    unmarked: set[str] = field(default_factory=set)
    not_written: Mapping[str, str] = field(default_factory=dict)
    stopped: bool = False

    def add(self, results: list[GradingResult]) -> None:
        self.rows += rows(results)
        self.counts = self.counts + counts(results)
        self.unmarked |= {result.student for result in results if not result.has_mark}


def _judge_and_write(
    grader: NbgraderCourse, assignment: str, student: str | None, jobs: int
) -> _Run:
    notebooks = grader.notebooks(assignment)
    folders = {folder.student: folder for folder in grader.submissions(assignment, student)}
    run = _Run(students=len(folders))
    collected: dict[str, list[GradingResult]] = {name: [] for name in folders}
    writer = grader.writer(assignment, student)
    with ClassProgress(len(folders) * len(notebooks)) as progress:
        try:
            judged = _judged(folders.values(), notebooks, grader, jobs, progress)
            with closing(judged):
                for result in judged:
                    progress.judged(result)
                    results = collected[result.student]
                    results.append(result)
                    if len(results) == len(notebooks):
                        writer.add(folders[result.student], results)
                        run.add(collected.pop(result.student))
        except KeyboardInterrupt:
            run.stopped = True
        writer.close()
    run.rows.sort(key=lambda row: row.student)
    run.not_written = writer.not_written
    return run


def _judged(
    folders: Iterable[SubmittedFolder],
    notebooks: Sequence[str],
    grader: NbgraderCourse,
    jobs: int,
    progress: ClassProgress,
) -> Generator[GradingResult]:
    """Read and judge; a notebook that is not there is a result without being judged."""
    not_there: list[GradingResult] = []

    def readable() -> Iterator[Submission]:
        for folder in folders:
            for name in notebooks:
                found = folder.read(name)
                if isinstance(found, Submission):
                    yield found
                else:
                    not_there.append(found)

    with judging_pool(jobs) as executor:
        yield from grade_all(
            readable(),
            executor,
            grader.judge_settings,
            in_flight=4 * jobs,
            on_start=progress.started,
        )
        yield from not_there


def _print_table(table: Iterable[Row]) -> None:
    lines = list(table)
    width = max((cell_len(row.student) for row in lines), default=0)
    console = Console(soft_wrap=True, highlight=False)
    for row in lines:
        name = row.student + " " * (width - cell_len(row.student))
        style = "yellow" if row.mark == NO_MARK else ""
        console.print(Text(f"{name}  {row.mark:>3}  {row.remark}".rstrip(), style=style))


def _print_counts(numbers: Counts, *, by_hand: int) -> None:
    print(f"\n{class_line(numbers)}")
    if by_hand:
        print(f"With cells that a person grades or has graded before: {by_hand}.")


def _print_not_written(not_written: Mapping[str, str], log: Path) -> None:
    if not not_written:
        return
    why: dict[str, list[str]] = {}
    for student, reason in sorted(not_written.items()):
        why.setdefault(reason, []).append(student)
    print(
        f"NOT in the gradebook: the marks of {len(not_written)}; their earlier ones, if any, stay."
    )
    for reason, students in why.items():
        named = ", ".join(students[:5]) + (f" and {len(students) - 5} more" * (len(students) > 5))
        print(f"  {named}: {reason}")
    print(f"  Grade again once that is cured: nothing is judged twice. More is in {log}.")


def _print_next(assignment: str, log: Path) -> None:
    print("Next:")
    print(f"  nbgrader generate_feedback {assignment}   pages for the students, in feedback/")
    print("  nbgrader export   marks as CSV")
    print(f"  nbjudge report {assignment}   what to teach tomorrow, which tests to doubt")
    print(f"  {log}   what nbgrader said")
