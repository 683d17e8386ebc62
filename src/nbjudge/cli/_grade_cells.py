"""What `nbjudge grade` does with notebooks that have no suite: run cells, have nbgrader score."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from nbjudge.cells import CellsJob, ExecutedCells
from nbjudge.cli._counted import counted
from nbjudge.cli._grade_progress import ClassProgress
from nbjudge.cli._judging_pool import STOPPED, judging_pool
from nbjudge.grading import JudgeSettings
from nbjudge.grading.cells import cell_runner_for, run_all_cells
from nbjudge.model import GradingResult, Submission
from nbjudge.nbgrader_adapter.cell_class import CellsClass, Standing
from nbjudge.nbgrader_adapter.settings import Way
from nbjudge.nbgrader_adapter.submissions import SubmittedFolder
from nbjudge.reports.cells import beside_the_tests

_FAULT = "grader fault: {}; once that is cured (nbjudge doctor), grade again"
_UNISOLATED = (
    "Left to nbgrader: {names}. They ran in an ordinary kernel WITHOUT isolation, as "
    "c.NbJudge.leave_to_nbgrader in nbgrader_config.py says."
)


@dataclass(kw_only=True)
class _Run:
    done: list[tuple[CellsJob, ExecutedCells]] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    stopped: bool = False


def grade_cells(
    group: CellsClass,
    folders: Sequence[SubmittedFolder],
    settings: JudgeSettings,
    *,
    assignment: str,
    jobs: int,
    log: Path,
) -> int:
    """Run, write, report; return the exit code.

    Args:
        group: The assignment.
        folders: Who handed in.
        settings: The course and its isolation.
        assignment: Its name.
        jobs: How many submissions at once.
        log: Where nbgrader's messages go.

    Raises:
        SandboxUnavailable: If this host cannot isolate as strongly as asked.
    """
    isolation = cell_runner_for(settings).isolation if group.runs_cells else ""
    run = _run(group, folders, settings, assignment, jobs)
    ready = _complete(group, folders, run)
    not_written = group.write(ready, run.done) if ready else {}
    written = [folder.student for folder in ready if folder.student not in not_written]
    standings = group.standings(written)
    _print_table(standings, run.faults)
    if any("the grader failed" in s.remark for s in standings):
        print(f"Where the grader failed, {log} says why. Once that is cured, grade again.")
    _print_what_it_is(group, isolation)
    _print_not_written(not_written, log)
    if run.stopped:
        print(f"Stopped after {len(written)} of {len(folders)} students, who are in the gradebook.")
        print(f"To continue: nbjudge grade {assignment}   runs only what has not run yet")
        return STOPPED
    print(f"Next: nbgrader generate_feedback {assignment}; nbgrader export; {log} says more")
    return 1 if not_written or run.faults or any(s.waiting for s in standings) else 0


def _run(
    group: CellsClass,
    folders: Sequence[SubmittedFolder],
    settings: JudgeSettings,
    assignment: str,
    jobs: int,
) -> _Run:
    run = _Run()
    notebooks = sum(way is Way.CELLS for way in group.ways.values())
    try:
        with (
            judging_pool(jobs) as executor,
            ClassProgress(len(folders) * notebooks) as progress,
        ):
            results = run_all_cells(
                group.jobs(folders),
                executor,
                settings,
                in_flight=2 * jobs,
                on_start=lambda job: progress.started(_as_submission(job, assignment)),
            )
            with closing(results):
                for job, executed in results:
                    run.done.append((job, executed))
                    if executed.fault:
                        run.faults[job.student] = executed.fault
                    progress.judged(
                        GradingResult(
                            student=job.student,
                            assignment=assignment,
                            notebook=job.notebook,
                            fault=executed.fault,
                        )
                    )
    except KeyboardInterrupt:
        run.stopped = True
    return run


def _complete(
    group: CellsClass, folders: Sequence[SubmittedFolder], run: _Run
) -> list[SubmittedFolder]:
    """Return whose cells all ran; after an interruption, the others keep what they had."""
    if not run.stopped:
        return list(folders)
    ran = {(job.student, job.notebook) for job, _ in run.done}
    return [f for f in folders if all((j.student, j.notebook) in ran for j in group.jobs([f]))]


def _print_table(standings: Sequence[Standing], faults: dict[str, str]) -> None:
    width = max((len(s.student) for s in standings), default=0)
    for s in standings:
        no_mark = s.student in faults or s.remark
        mark = "-" if no_mark else f"{s.score:g} of {s.points:g}"
        notes = [_FAULT.format(faults[s.student])] if s.student in faults else []
        if s.remark and not notes:
            notes.append(s.remark)
        if s.waiting:
            notes.append(f"{counted(s.waiting, 'cell')} for a person")
        line = f"{s.student:{width}}  {mark:>12}  {'; '.join(notes)}".rstrip()
        print("".join(c if c.isprintable() else " " for c in line)[:200])
    waiting = sum(1 for s in standings if s.waiting)
    print(f"\n{len(standings)} graded; {waiting} with cells for a person, in the formgrader.")


def _print_what_it_is(group: CellsClass, isolation: str) -> None:
    if group.runs_cells:
        own = [name for name, way in group.ways.items() if way is Way.CELLS]
        print(beside_the_tests(isolation, own))
    left = sorted(name for name, way in group.ways.items() if way is Way.NBGRADER)
    if left:
        print(_UNISOLATED.format(names=", ".join(left)))


def _print_not_written(not_written: dict[str, str], log: Path) -> None:
    why: dict[str, list[str]] = {}
    for student, reason in sorted(not_written.items()):
        why.setdefault(reason, []).append(student)
    for reason, students in why.items():
        print(f"NOT in the gradebook: {', '.join(students)}: {reason}.")
    if why:
        print(
            "  The earlier marks, if any, stay. Grade again once that is cured: nothing runs twice."
        )
        print(f"  More is in {log}.")


def _as_submission(job: CellsJob, assignment: str) -> Submission:
    return Submission(
        student=job.student, assignment=assignment, notebook=job.notebook, content=b""
    )
