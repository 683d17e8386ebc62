"""What `nbjudge prove` does: choose, prove, print, publish."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from nbjudge.authoring.prove import prove_lesson
from nbjudge.authoring.prove_changed import is_current, page_path, proof_digest
from nbjudge.authoring.prove_model import ExerciseProof
from nbjudge.authoring.prove_page import proof_page
from nbjudge.authoring.prove_summary import summary_lines
from nbjudge.cli._counted import counted
from nbjudge.errors import UserError
from nbjudge.model import Course, Lesson


def prove_lessons(
    names: Sequence[str], *, seeds: int, page: Path | None, only_changed: bool
) -> int:
    """Prove suites of the course in the current folder; return the exit code.

    Args:
        names: Slugs or exercises; none for the whole course.
        seeds: Rounds of random inputs for right answers.
        page: Where to write the page of the one lesson, proved or not; None to
            publish the page of every whole lesson that is proved.
        only_changed: Leave out lessons whose published page is current.

    Raises:
        UserError: If a name is unknown, or `page` is for several lessons.
    """
    started = time.monotonic()
    course = Course.load(Path.cwd())
    chosen = _chosen(course, names)
    if only_changed:
        count = len(chosen)
        chosen = [item for item in chosen if not is_current(course, item[0], seeds)]
        if not chosen:
            print(f"The published proofs are current: {counted(count, 'lesson')}.")
            return 0
    if page and len(chosen) > 1:
        raise UserError("--page takes one lesson's proof.", hint="name a lesson.")
    proofs = [
        proof
        for lesson, exercises in chosen
        for proof in _prove(course, lesson, exercises, seeds, page)
    ]
    failed = [proof.exercise for proof in proofs if any(proof.problems())]
    seconds = time.monotonic() - started
    if failed:
        print(f"\nNot proved: {', '.join(failed)} ({seconds:.0f} s).")
        return 1
    print(f"\nProved: {counted(len(proofs), 'exercise')} in {seconds:.0f} s.")
    return 0


def _chosen(course: Course, names: Sequence[str]) -> list[tuple[Lesson, list[str]]]:
    """Return lessons with the exercises asked for; no exercise means all of them.

    Raises:
        UserError: If a name is neither a lesson nor an exercise.
    """
    exercises = {
        lesson: [
            path.stem.removeprefix("test_")
            for path in sorted(course.suite_folder(lesson.slug).glob("test_*.py"))
        ]
        for lesson in course.lessons
    }
    if not names:
        return [(lesson, []) for lesson, found in exercises.items() if found]
    chosen: dict[Lesson, list[str]] = {}
    for name in names:
        matching = [lesson for lesson, found in exercises.items() if name in found]
        if not matching:
            chosen[course.lesson(name)] = []
        for lesson in matching:
            chosen.setdefault(lesson, []).append(name)
    return list(chosen.items())


def _prove(
    course: Course, lesson: Lesson, exercises: list[str], seeds: int, page: Path | None
) -> list[ExerciseProof]:
    with _progress() as progress:
        task = progress.add_task(lesson.slug, total=None)

        def show(exercise: str, done: int, total: int) -> None:
            progress.update(task, description=exercise, completed=done, total=total, refresh=True)

        proofs = prove_lesson(course, lesson, exercises, rounds=seeds, progress=show)
    for proof in proofs:
        print("\n".join(summary_lines(proof)), flush=True)
    _write_page(course, lesson, proofs, page, seeds=seeds, is_whole=not exercises)
    return proofs


def _write_page(
    course: Course,
    lesson: Lesson,
    proofs: list[ExerciseProof],
    page: Path | None,
    *,
    seeds: int,
    is_whole: bool,
) -> None:
    """Write the page asked for, or publish a whole lesson's proof that is new and holds."""
    holds = is_whole and not any(problem for proof in proofs for problem in proof.problems())
    if page is None and (not holds or is_current(course, lesson, seeds)):
        return
    path = page or page_path(course, lesson)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Only a page of what holds, for the whole lesson, may count as its proof.
    text = proof_page(lesson, proofs, proof_digest(course, lesson) if holds else "")
    path.write_text(text, encoding="utf-8", newline="\n")
    shown = path.relative_to(course.root) if path.is_relative_to(course.root) else path
    print(f"  written  {shown}")


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    # No thread that refreshes: forks of a process with threads may hang.
    return Progress(
        *columns,
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
    )
