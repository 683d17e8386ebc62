"""The trusted judging process: collects a lesson's suite once, forks per job.

Always a process of its own, started by `nbjudge.suite.client`: a suite never
runs in the process that writes marks, and a submission never runs in this one.
"""

from __future__ import annotations

import contextlib
import gc
import json
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from nbjudge.errors import GraderFault, UserError
from nbjudge.model.codec import result_to_json
from nbjudge.sandbox.base import Isolation, Sandbox, View
from nbjudge.sandbox.registry import choose_sandbox, parse_isolation
from nbjudge.suite.fork import run_forked
from nbjudge.suite.implementation import local_implementation
from nbjudge.suite.job import Job
from nbjudge.suite.judging import judge_job, released_probes
from nbjudge.suite.session import SuiteSession, with_suite

_GRACE_S = 60.0
"""What the judging process may take beyond the submission's own limit."""


def main() -> None:
    """Serve jobs on the descriptor given as the last argument, until it closes."""
    root, slug, weakest, descriptor = Path(sys.argv[1]), *sys.argv[2:4], int(sys.argv[4])
    connection = Connection(descriptor)
    sandboxes = _Sandboxes(root, parse_isolation(weakest))
    try:
        with_suite(root, slug, lambda suite: _serve(suite, slug, sandboxes, connection))
    except (GraderFault, UserError) as fault:
        _send(connection, {"fault": str(fault)})
    finally:
        sandboxes.close()


class _Sandboxes:
    """The sandbox of this process, made when the first submission needs it.

    An author who tries their own code needs none.
    """

    def __init__(self, course: Path, weakest: Isolation) -> None:
        self._course = course
        self._weakest = weakest
        self._sandbox: Sandbox | None = None

    def ready(self, view: View) -> Sandbox:
        """Return the sandbox, prepared for a view: forks share what that started."""
        if self._sandbox is None:
            self._sandbox = choose_sandbox(self._course, self._weakest)
        self._sandbox.prepare(view)
        return self._sandbox

    def close(self) -> None:
        """End what was started."""
        if self._sandbox is not None:
            self._sandbox.close()


def _serve(suite: SuiteSession, slug: str, sandboxes: _Sandboxes, connection: Connection) -> None:
    _send(connection, {"result": [case.id for case in suite.cases]})
    gc.collect()
    gc.freeze()  # collections in forks would look through, and copy, all of this
    while True:
        try:
            request = json.loads(connection.recv_bytes())
        except EOFError:
            return
        try:
            _send(connection, {"result": _perform(suite, slug, sandboxes, request)})
        except (GraderFault, UserError) as fault:
            _send(connection, {"fault": str(fault)})


def _perform(suite: SuiteSession, slug: str, sandboxes: _Sandboxes, request: dict[str, Any]) -> Any:
    if request["do"] == "judge":
        job = Job.from_json(request["job"].encode())
        sandbox = sandboxes.ready(View(job.view))
        with contextlib.suppress(UserError):  # said where they are needed
            released_probes(Path(job.probes))
        known = suite.plain

        def judge() -> dict[str, Any]:
            result = result_to_json(judge_job(suite, slug, job, sandbox)).decode()
            return {"result": result, "plain": sorted(suite.plain - known)}

        answer = run_forked(judge, timeout_s=job.limits.total_wall_s + _GRACE_S)
        suite.learn_plain(answer["plain"])  # the fork is gone, with all that it learned
        return answer["result"]
    return run_forked(
        lambda: _try_local(suite, slug, request["implementation"], bytes.fromhex(request["seed"])),
        timeout_s=request["timeout_s"],
    )


def _try_local(suite: SuiteSession, slug: str, spec: str, seed: bytes) -> Any:
    """Run every case against an author's own code; {case: [outcome, message, weight, ...]}."""
    results = suite.run(suite.cases, local_implementation(slug, spec), seed=seed)
    return [
        {
            "exercise": case.exercise,
            "case": r.id,
            "outcome": r.outcome,
            "kind": r.kind,
            "message": r.message,
            "weight": r.weight,
            "is_property": r.is_property,
            "is_public": r.is_public,
        }
        for case, r in zip(suite.cases, results, strict=True)
    ]


def _send(connection: Connection, document: object) -> None:
    connection.send_bytes(json.dumps(document).encode())


if __name__ == "__main__":
    main()
