"""Judging one submission."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType

import nbjudge
from nbjudge.errors import GraderFault, UserError
from nbjudge.grading import store
from nbjudge.grading.keeping import kept_key
from nbjudge.grading.quizzes import judge_quizzes, quiz_key
from nbjudge.grading.seeds import round_key
from nbjudge.grading.store import ResultStore
from nbjudge.model import Course, GradingResult, Limits, Submission
from nbjudge.notebook.lesson import LessonNotebook, read_lesson
from nbjudge.notebook.plan import plan_cells
from nbjudge.notebook.read import UnreadableNotebook, read_notebook
from nbjudge.sandbox.registry import DEFAULT_WEAKEST, choose_sandbox, parse_isolation
from nbjudge.suite.client import SuiteHost
from nbjudge.suite.job import Job


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgeSettings:
    """What an instructor decides about judging."""

    root: Path
    weakest_isolation: str = DEFAULT_WEAKEST.value
    """Weaker isolation than this is refused."""
    limits: Limits = field(default_factory=Limits)
    release_quiz_answers: bool = False
    """Whether feedback tells the right answers of graded questions."""


class Judge:
    """Judges submissions of one course; a context manager that ends its processes.

    Judging processes start with the first submission of a lesson and are kept.

    Args:
        settings: The course and how to judge.

    Raises:
        UserError: If there is no course, or no isolation level of that name.
        SandboxUnavailable: If this host cannot isolate as strongly as asked.
    """

    def __init__(self, settings: JudgeSettings) -> None:
        self._settings = settings
        self.course = Course.find(settings.root)
        self.isolation = choose_sandbox(
            settings.root, parse_isolation(settings.weakest_isolation)
        ).isolation
        self._store = ResultStore(self.course)
        self._hosts: dict[str, tuple[str, SuiteHost]] = {}

    def judge(self, submission: Submission) -> GradingResult:
        """Judge one notebook.

        Never raises for what a student handed in or for a failure of the
        grader: the former is the result's `problem`, the latter its `fault`.
        """
        empty = GradingResult(
            student=submission.student,
            assignment=submission.assignment,
            notebook=submission.notebook,
            engine_version=nbjudge.__version__,
            isolation=self.isolation,
        )
        try:
            return self._judge(submission)
        except UnreadableNotebook as problem:
            return replace(empty, problem=str(problem))
        except (GraderFault, UserError) as fault:
            return replace(empty, fault=str(fault))
        except Exception as error:  # noqa: BLE001, RUF100 - one submission never ends a batch
            return replace(empty, fault=f"{type(error).__name__}: {error}")

    def close(self) -> None:
        """End all judging processes."""
        for slug in list(self._hosts):
            self._end_host(slug)

    def __enter__(self) -> Judge:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _judge(self, submission: Submission) -> GradingResult:
        slug = submission.notebook
        if not self.course.suite_folder(slug).is_dir():
            raise GraderFault(f"there is no suite grader_tests/{slug}/")
        lesson, released = self._lesson(submission)
        seed = round_key(self.course.state_folder, submission.assignment)
        digest = store.suite_digest(self.course, slug)
        key = self._key(submission, released, seed, digest)
        kept = self._store.get(key)
        if kept is not None:
            return kept
        # A notebook that cannot be read is found out before anything is started.
        notebook = read_notebook(submission.content)
        plan = plan_cells(lesson, notebook)
        job = Job(
            student=submission.student,
            assignment=submission.assignment,
            notebook=slug,
            steps=plan.steps,
            view=lesson.view,
            limits=self._settings.limits,
            seed=seed,
            probes=str(self.course.probes(submission.assignment, slug)),
        )
        result = replace(
            self._judged(job, digest),
            quizzes=judge_quizzes(
                self.course,
                submission,
                notebook,
                show_right=self._settings.release_quiz_answers,
            ),
            notes=plan.notes,
            engine_version=nbjudge.__version__,
            suite_digest=digest,
        )
        self._store.put(key, result)
        return result

    def _lesson(self, submission: Submission) -> tuple[LessonNotebook, bytes]:
        path = self.course.source_notebook(submission.assignment, submission.notebook)
        try:
            released = path.read_bytes()
            return read_lesson(released), released
        except FileNotFoundError:
            raise GraderFault(f"there is no source notebook {path}; run nbjudge build") from None
        except UnreadableNotebook as error:
            raise GraderFault(f"the source notebook {path} is unreadable: {error}") from None

    def _key(self, submission: Submission, released: bytes, seed: bytes, digest: str) -> str:
        probes = self.course.probes(submission.assignment, submission.notebook)
        whose = (submission.student, submission.assignment, submission.notebook)
        depends_on = store.result_key(
            [
                *(name.encode() for name in whose),
                submission.content,
                released,
                store.digest_of(probes),
                digest.encode(),
                *quiz_key(self.course, submission, self._settings.release_quiz_answers),
                seed,
                repr(sorted(asdict(self._settings.limits).items())).encode(),
                self.isolation.encode(),
                store.environment(self.course),
            ]
        )
        return kept_key(whose, depends_on)

    def _judged(self, job: Job, digest: str) -> GradingResult:
        try:
            return self._host(job.notebook, digest).judge(job)
        except GraderFault:
            self._end_host(job.notebook)  # the next submission gets a process that works
            raise

    def _host(self, slug: str, digest: str) -> SuiteHost:
        """Return the lesson's judging process; a changed suite needs another one.

        A formgrader's server lives for weeks, and its authors go on editing.
        """
        if slug in self._hosts and self._hosts[slug][0] != digest:
            self._end_host(slug)
        if slug not in self._hosts:
            level = self._settings.weakest_isolation
            host = SuiteHost(self.course.root, slug, weakest_isolation=level)
            self._hosts[slug] = (digest, host)
        return self._hosts[slug][1]

    def _end_host(self, slug: str) -> None:
        if slug in self._hosts:
            self._hosts.pop(slug)[1].close()
