"""Starts a lesson's judging process and talks to it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any

from nbjudge.errors import GraderFault
from nbjudge.model import CaseResult, ExerciseResult, GradingResult, Outcome
from nbjudge.model.codec import result_from_json
from nbjudge.sandbox.registry import DEFAULT_WEAKEST
from nbjudge.suite.job import Job


class SuiteHost:
    """A lesson's judging process; a context manager that ends it.

    Args:
        root: The course.
        slug: The lesson.
        weakest_isolation: Submissions are judged at this level or a stronger one.

    Raises:
        GraderFault: If the suite cannot be collected.
    """

    def __init__(
        self, root: Path, slug: str, *, weakest_isolation: str = DEFAULT_WEAKEST.value
    ) -> None:
        ours, theirs = socket.socketpair()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [
                    *(sys.executable, "-P", "-m", "nbjudge.suite.host"),
                    *(str(root), slug, weakest_isolation, str(theirs.fileno())),
                ],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                # One thread: a fork of a process whose OpenMP has run several hangs.
                env={**os.environ, **dict.fromkeys(_THREADS, "1")},
            )
        self._connection = Connection(ours.detach())
        try:
            self.cases: list[str] = self._receive()
        except GraderFault:
            self.close()
            raise

    def judge(self, job: Job) -> GradingResult:
        """Judge one submission.

        Raises:
            GraderFault: If the judging process failed.
        """
        request = {"do": "judge", "job": job.to_json().decode()}
        return result_from_json(self._ask(request).encode())

    def try_local(
        self, implementation: str, *, seed: bytes = b"author", timeout_s: float = 120.0
    ) -> Mapping[str, ExerciseResult]:
        """Run the whole suite against an author's own code, by exercise.

        Args:
            implementation: As for `pytest --impl`.
            seed: Key of the random inputs.
            timeout_s: Wall seconds for the whole suite.

        Raises:
            GraderFault: If it could not be run, or ran out of time.
        """
        request = {
            "do": "try",
            "implementation": implementation,
            "seed": seed.hex(),
            "timeout_s": timeout_s,
        }
        cases: dict[str, list[CaseResult]] = {}
        for item in self._ask(request):
            result = CaseResult(
                id=item["case"],
                outcome=Outcome(item["outcome"]),
                kind=item["kind"],
                message=item["message"],
                weight=item["weight"],
                is_property=item["is_property"],
                is_public=item["is_public"],
            )
            cases.setdefault(item["exercise"], []).append(result)
        return {
            name: ExerciseResult(exercise=name, points=1.0, cases=tuple(results))
            for name, results in cases.items()
        }

    def close(self) -> None:
        """End the process."""
        self._connection.close()
        try:
            self._process.wait(timeout=_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def __enter__(self) -> SuiteHost:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(self, request: Mapping[str, object]) -> Any:
        try:
            self._connection.send_bytes(json.dumps(request).encode())
        except OSError:
            raise self._died() from None
        return self._receive()

    def _receive(self) -> Any:
        try:
            answer = json.loads(self._connection.recv_bytes())
        except (EOFError, OSError):
            raise self._died() from None
        if "fault" in answer:
            raise GraderFault(answer["fault"])
        return answer["result"]

    def _died(self) -> GraderFault:
        self._process.wait()
        self._log.seek(0)
        tail = self._log.read().decode("utf-8", "replace")[-2000:].strip()
        return GraderFault(f"the judging process ended (exit {self._process.returncode}): {tail}")


_END_S = 20.0
"""It ends its zygote and removes what that used; a busy machine takes its time."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
