"""The process in which a submission's hidden functions run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from nbjudge.errors import GraderFault
from nbjudge.model import CellRun
from nbjudge.notebook.plan import RunCell
from nbjudge.sandbox.base import WorkerLost
from nbjudge.suite.hidden import Hidden


class HiddenLost(RuntimeError):
    """A hidden function did not come back; the student's arguments may be why."""


class HiddenSession(Protocol):
    """A worker session that is of no submission."""

    @property
    def cells(self) -> tuple[CellRun, ...]:
        """How the cells run so far ended."""
        ...

    def begin_exercise(self) -> None:
        """Allow restarts again."""
        ...

    def start(self) -> None:
        """Have a process, or raise `WorkerLost`."""
        ...

    def run_cell(self, step: RunCell) -> None:
        """Run a cell."""
        ...

    def call(self, target: list[Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call a name."""
        ...

    def close(self) -> None:
        """End the process."""
        ...


class HiddenWorker:
    """Starts the process when the first hidden function is lent.

    Args:
        start: Makes its session.
    """

    def __init__(self, start: Callable[[], HiddenSession]) -> None:
        self._start = start
        self._session: HiddenSession | None = None
        self._names: dict[int, tuple[Hidden, str]] = {}

    def prepare(self, code: Hidden) -> str:
        """Define a hidden function there, before a student's time runs; return its name.

        Raises:
            GraderFault: If its source does not run.
            WorkerLost: If the submission has no time left.
        """
        if id(code) in self._names:
            return self._names[id(code)][1]
        if self._session is None:
            self._session = self._start()
        # What a student's arguments did to the last process is no fault of this function.
        self._session.begin_exercise()
        self._session.start()
        position = len(self._names) + 1
        name = f"_hidden_{position}"
        cell = RunCell(position=position, source=f"{code.source}\n{name} = _entry")
        self._session.run_cell(cell)
        if self._session.cells[-1].error:
            raise GraderFault(f"a hidden function does not run: {self._session.cells[-1].error}")
        self._names[id(code)] = (code, name)
        return name

    def call(self, code: Hidden, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call hidden code with a student's arguments.

        Raises:
            HiddenLost: If the process ended or ran out of time.
            StudentError: What the hidden code raised.
        """
        name = self.prepare(code)
        assert self._session is not None  # noqa: S101 - prepare has started it
        self._session.begin_exercise()
        try:
            return self._session.call([name], (*code.args, *args), {**code.kwargs, **kwargs})
        except WorkerLost as lost:
            raise HiddenLost(f"the function did not answer: {lost}") from None

    def close(self) -> None:
        """End the process."""
        if self._session is not None:
            self._session.close()
        self._session = None
        self._names.clear()
