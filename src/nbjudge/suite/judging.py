"""One submission against the collected suite: cells, cases, names."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from nbjudge.model import (
    CaseResult,
    Exercise,
    ExerciseResult,
    GradingResult,
    NamedMistake,
    Outcome,
)
from nbjudge.naming.match import name_mistakes
from nbjudge.naming.observe import Observation, observe
from nbjudge.naming.probes import ExerciseProbes, ProbeFile, load_probes
from nbjudge.notebook.builds_on import builds_on
from nbjudge.notebook.plan import JudgeExercise, RunCell
from nbjudge.sandbox.base import Sandbox, View, WorkerLost
from nbjudge.suite.case import CaseInfo
from nbjudge.suite.errors import NoAnswer
from nbjudge.suite.job import Job
from nbjudge.suite.proxy import Held, StudentProxy
from nbjudge.suite.referee import fault_of_suite
from nbjudge.suite.seed import case_seed
from nbjudge.suite.session import SuiteSession
from nbjudge.suite.worker_session import WorkerSession
from nbjudge.texts import say


def judge_job(suite: SuiteSession, slug: str, job: Job, sandbox: Sandbox) -> GradingResult:
    """Judge one submission; call it in a fork.

    Args:
        suite: The lesson's collected suite.
        slug: The lesson.
        job: The submission's cells and exercises in order.
        sandbox: Where the student's code runs.
    """
    start = time.monotonic()
    session = WorkerSession(
        sandbox=sandbox,
        view=View(job.view),
        limits=job.limits,
        seed=case_seed(job.seed, "worker"),
    )
    exercises: list[ExerciseResult] = []
    sources: list[str] = []
    try:
        for step in job.steps:
            if isinstance(step, RunCell):
                session.run_cell(step)
                sources.append(step.source)
            else:
                result = _Exercise(suite, slug, job, session, step).judge()
                exercises.append(replace(result, notes=_notes(result, exercises, sources)))
    finally:
        session.close()
    return GradingResult(
        student=job.student,
        assignment=job.assignment,
        notebook=job.notebook,
        exercises=tuple(exercises),
        cells=session.cells,
        isolation=sandbox.isolation,
        duration_s=time.monotonic() - start,
    )


def released_probes(path: Path) -> ProbeFile | None:
    """Return a lesson's public probes, read once as long as the file stays the same.

    A process that judges many submissions calls this before it forks: reading the file
    takes longer than calling a student's function a hundred times.

    Raises:
        UserError: If the file is there and is no such file.
    """
    if not path.is_file():
        return None
    state = path.stat()
    return _probes(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _probes(path: Path, _changed_ns: int, _size: int) -> ProbeFile:
    return load_probes(path)


def _notes(
    result: ExerciseResult, earlier: Sequence[ExerciseResult], sources: Sequence[str]
) -> tuple[str, ...]:
    """Say which wrong answers an answer that is not right builds on."""
    if result.untouched or result.fault or result.fraction == 1.0:
        return ()
    wrong = [e.exercise for e in earlier if not e.fault and e.fraction < 1.0]
    used = builds_on(result.exercise, wrong, sources)
    if not used:
        return ()
    names, *others = used
    for name in others:
        names = say("{one} and {other}", one=names, other=name)
    return (say("It builds on {names}, which is not right yet: start there.", names=names),)


class _Exercise:
    """One exercise of one submission, in the state reached at its points cell."""

    def __init__(
        self,
        suite: SuiteSession,
        slug: str,
        job: Job,
        session: WorkerSession,
        step: JudgeExercise,
    ) -> None:
        self._suite = suite
        self._slug = slug
        self._job = job
        self._session = session
        self._exercise: Exercise = step.exercise
        self._untouched = step.untouched
        self._known: dict[str, Held] = {}

    def judge(self) -> ExerciseResult:
        """Run the exercise's cases and name what the answer behaves like."""
        cases = [case for case in self._suite.cases if case.exercise == self._exercise.id]
        if not cases:
            return self._result(fault=f"test_{self._exercise.id}.py holds no case")
        if self._untouched:
            return self._result(cases=tuple(_not_attempted(case) for case in cases))
        self._session.begin_exercise()
        results = self._suite.run(cases, self._student, seed=self._job.seed)
        failed = {r.id for r in results if r.outcome is not Outcome.PASSED}
        fault = fault_of_suite(
            self._suite, self._slug, [c for c in cases if c.id in failed], seed=self._job.seed
        )
        if fault:
            return self._result(cases=results, fault=fault)
        return self._result(cases=results, named=self._named(results) if failed else ())

    def _student(self, case: CaseInfo) -> StudentProxy:
        self._session.begin_case(case.apply(self._job.limits))
        return StudentProxy(self._session, self._known)

    def _named(self, results: Sequence[CaseResult]) -> tuple[NamedMistake, ...]:
        if any(r.outcome is Outcome.TIMED_OUT for r in results):
            return ()
        probes = released_probes(Path(self._job.probes))
        exercise = probes and probes.exercises.get(self._exercise.id)
        if not exercise:
            return ()
        seen = self._seen(exercise)
        # Where nothing known fits, it may answer otherwise each time.
        return name_mistakes(exercise, seen) or name_mistakes(exercise, seen, self._seen(exercise))

    def _seen(self, exercise: ExerciseProbes) -> list[Observation]:
        proxy = StudentProxy(self._session, self._known)
        return [
            observe(proxy, probe, missing=(NoAnswer,), died=(WorkerLost,))
            for probe in exercise.probes
        ]

    def _result(
        self,
        *,
        cases: tuple[CaseResult, ...] = (),
        named: tuple[NamedMistake, ...] = (),
        fault: str = "",
    ) -> ExerciseResult:
        return ExerciseResult(
            exercise=self._exercise.id,
            points=self._exercise.points,
            cases=cases,
            named=named,
            untouched=self._untouched,
            fault=fault,
        )


def _not_attempted(case: CaseInfo) -> CaseResult:
    return CaseResult(
        id=case.id,
        outcome=Outcome.NOT_RUN,
        weight=case.weight,
        is_public=case.is_public,
        is_property=case.is_property,
        kind=case.kind,
        message=say("not attempted yet"),
    )
