"""Prove one exercise's suite: who meets it, for how long, and what is made of their reports.

The solution, the variant without switches and the alternatives meet it over many
rounds of random inputs; misconceptions, pairs of them, automatic mutants of the
solution and generic cheaters in a few.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import ModuleType

from nbjudge.authoring.mutants import Mutant, mutants_of
from nbjudge.authoring.prove_distances import distances
from nbjudge.authoring.prove_forks import Finished, ForkJob, run_in_forks
from nbjudge.authoring.prove_implementations import right_answers, wrong_answers
from nbjudge.authoring.prove_model import ExerciseProof, Group, Wrong
from nbjudge.authoring.prove_runs import (
    cost_ms,
    namespace_of,
    right_from,
    suite_job,
    twin_job,
    with_replaced,
    wrong_from,
)
from nbjudge.authoring.prove_survivors import load_explanations
from nbjudge.model import Course, Lesson
from nbjudge.suite.implementation import SOLUTION, bank_of, put_course_on_path
from nbjudge.suite.session import SuiteSession

Progress = Callable[[str, int, int], None]
"""Takes the exercise, how many implementations are done and how many there are."""

_BANK_ROUNDS = 3
"""A mistake of the bank, and a cheater, must be refused in each of these rounds."""
_TWIN_ROUNDS = 3
_ROUNDS_PER_JOB = 50
_LEAST_TIMEOUT_S = 5.0
_PATIENCE = 20.0
"""A wrong answer may take this many times as long as the solution."""
_RIGHT_TIMEOUT_S = 120.0
"""A right answer may loop in Python; per round beyond the first, a tenth of it."""


class ExerciseProver:
    """One exercise's proof in the making.

    Args:
        course: The course.
        lesson: Its lesson.
        suite: The lesson's suites, collected.
        exercise: One of the lesson's exercises.
        progress: Called after each implementation.

    Raises:
        LessonError: If the lesson's bank contradicts itself.
    """

    def __init__(
        self,
        course: Course,
        lesson: Lesson,
        suite: SuiteSession,
        exercise: str,
        *,
        progress: Progress,
    ) -> None:
        put_course_on_path(course.root)
        self._course, self._lesson, self._suite = course, lesson, suite
        self._exercise, self._progress = exercise, progress
        self._exercises = {case.exercise for case in suite.cases}
        self._cases = [case for case in suite.cases if case.exercise == exercise]
        self._solution: ModuleType = importlib.import_module(f"solutions.{lesson.slug}")
        self._bank = bank_of(course, lesson.slug)
        self._done = self._total = 0
        self._wrong_timeout_s = _LEAST_TIMEOUT_S

    def prove(self, rounds: int) -> ExerciseProof:
        """Run everything and say what came out.

        Args:
            rounds: Rounds of random inputs for right answers.
        """
        right = self._right_jobs(rounds)
        wrong = wrong_answers(self._exercise, self._solution, self._bank)
        mutants = self._mutants()
        self._total = len(right) + len(wrong) + len(mutants)
        finished = list(self._run(right))
        cost = cost_ms([item for item in finished if item.job.name == SOLUTION])
        self._wrong_timeout_s = max(_LEAST_TIMEOUT_S, _PATIENCE * sum(cost.values()) / 1000)
        names = list(dict.fromkeys(job.name for job in right))  # jobs end in any order
        folder = self._course.suite_folder(self._lesson.slug)
        return ExerciseProof(
            exercise=self._exercise,
            cases=tuple(self._cases),
            cost_ms=cost,
            wrong=(*self._wrong(wrong), *self._tried(mutants)),
            right=tuple(
                right_from([item for item in finished if item.job.name == name], rounds)
                for name in names
            ),
            distances=tuple(distances(self._course, self._lesson, self._exercise)),
            explained={
                name: item
                for name, item in load_explanations(folder).items()
                if item.exercise == self._exercise
            },
            rounds=rounds,
        )

    def _run(self, jobs: Sequence[ForkJob], *, counts: bool = True) -> Iterator[Finished]:
        for finished in run_in_forks(jobs, processes=os.cpu_count() or 1):
            self._done += counts
            self._progress(self._exercise, self._done, self._total)
            yield finished

    def _job(
        self, name: str, code: object, rounds: range, timeout_s: float, *, brief: bool = False
    ) -> ForkJob:
        return suite_job(
            self._suite,
            self._cases,
            lambda: with_replaced(self._solution, self._exercise, code),
            name=name,
            rounds=rounds,
            timeout_s=timeout_s,
            brief=brief,
        )

    def _right_jobs(self, rounds: int) -> list[ForkJob]:
        timeout_s = _RIGHT_TIMEOUT_S + _RIGHT_TIMEOUT_S / 10 * min(rounds, _ROUNDS_PER_JOB)
        answers = right_answers(self._exercise, self._solution, self._bank)
        return [
            self._job(
                name,
                code,
                range(start, min(start + _ROUNDS_PER_JOB, rounds)),
                timeout_s,
                brief=True,
            )
            for name, code in answers.items()
            for start in range(0, rounds, _ROUNDS_PER_JOB)
        ]

    def _wrong(self, implementations: Sequence[tuple[Group, str, object]]) -> list[Wrong]:
        groups = {name: group for group, name, _ in implementations}
        jobs = [
            self._job(
                name, code, range(1 if group is Group.PAIR else _BANK_ROUNDS), self._wrong_timeout_s
            )
            for group, name, code in implementations
        ]
        found = {
            item.job.name: wrong_from(item, self._cases, groups[item.job.name])
            for item in self._run(jobs)
        }
        return [found[name] for name in groups]

    def _mutants(self) -> list[Mutant]:
        source = self._course.solution(self._lesson.slug).read_text(encoding="utf-8")
        return mutants_of(source, self._exercise, self._exercises)

    def _tried(self, mutants: Sequence[Mutant]) -> list[Wrong]:
        """Run the mutants, and those that survive once more beside the solution."""
        by_id = {mutant.id: mutant for mutant in mutants}
        jobs = [self._mutant_job(mutant) for mutant in mutants]
        found = {
            item.job.name: wrong_from(item, self._cases, Group.MUTANT, mutant=by_id[item.job.name])
            for item in self._run(jobs)
        }
        alive = [by_id[name] for name, item in found.items() if not item.is_refused]
        twins = [
            twin_job(
                self._suite,
                self._cases,
                self._solution,
                mutant,
                rounds=range(_TWIN_ROUNDS),
                timeout_s=_TWIN_ROUNDS * 2 * self._wrong_timeout_s,
            )
            for mutant in alive
        ]
        for item in self._run(twins, counts=False):
            differs = bool(item.said or item.ended)
            found[item.job.name] = replace(found[item.job.name], differs=differs)
        return [found[mutant.id] for mutant in mutants]

    def _mutant_job(self, mutant: Mutant) -> ForkJob:
        return suite_job(
            self._suite,
            self._cases,
            lambda: namespace_of(mutant),
            name=mutant.id,
            rounds=range(1),
            timeout_s=self._wrong_timeout_s,
        )
