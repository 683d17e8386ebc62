"""A student's process for tests of the proxy: on every back-end, with torch."""

from textwrap import dedent

import pytest

from nbjudge.errors import SandboxUnavailable
from nbjudge.model import Limits
from nbjudge.notebook.plan import RunCell
from nbjudge.sandbox.base import View
from nbjudge.sandbox.registry import BACKENDS
from nbjudge.suite.proxy import StudentProxy
from nbjudge.suite.worker_session import WorkerSession


def sandbox_called(name, course):
    """Return a back-end ready for torch; skip where this host has none."""
    try:
        sandbox = BACKENDS[name](course)
        sandbox.prepare(View.TORCH)
    except SandboxUnavailable as reason:
        pytest.skip(f"no {name} here: {reason.message.partition(':')[0]}")
    return sandbox


class Submission:
    """A notebook that grows, and the student that a suite sees."""

    def __init__(self, sandbox, view=View.TORCH, **limits):
        self.session = WorkerSession(sandbox=sandbox, view=view, limits=Limits(**limits), seed=1)
        self.student = StudentProxy(self.session)
        self._cells = 0

    def run(self, source):
        """Run a cell, which must succeed."""
        self._cells += 1
        self.session.run_cell(RunCell(position=self._cells, source=dedent(source)))
        assert self.session.cells[-1].error == ""
        return self.student
