"""How far a class is judged, on the screen: count, rate, time left, who is slow, who failed."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from nbjudge.model import GradingResult, Submission

_SLOW_S = 5.0
_MOST_NAMES = 3
_EVERY_S = 30.0
"""Without a bar: how often a line says how far it is."""


class ClassProgress:
    """A bar while a class is judged; a line now and then where none can be drawn.

    Args:
        total: How many notebooks there are.
        console: Where to; standard error by default.
    """

    def __init__(self, total: int, console: Console | None = None) -> None:
        self._total = total
        self._done = 0
        self._console = console or Console(stderr=True)
        # A dumb terminal (an editor's shell) cannot draw a line again, and rich then draws none.
        self._draws = self._console.is_terminal and not self._console.is_dumb_terminal
        self._in_flight: dict[str, float] = {}
        self._failed: list[str] = []
        self._began = self._said = time.monotonic()
        self._bar = Progress(
            TextColumn("judging"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(elapsed_when_finished=True),
            _Notes(self),
            console=self._console,
            transient=True,
            disable=not self._draws,
        )
        self._task = self._bar.add_task("judging", total=total)

    def __enter__(self) -> ClassProgress:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def started(self, submission: Submission) -> None:
        """Remember since when a submission is being judged."""
        self._in_flight[submission.student] = time.monotonic()

    def judged(self, result: GradingResult) -> None:
        """Count a result."""
        self._in_flight.pop(result.student, None)
        if not result.has_mark:
            self._failed.append(result.student)
        self._done += 1
        self._bar.advance(self._task)
        now = time.monotonic()
        if not self._draws and now - self._said > _EVERY_S:
            self._said = now
            print(self._line(now), file=sys.stderr, flush=True)

    def notes(self) -> str:
        """Say who is slow and who has no mark; empty if nobody."""
        now = time.monotonic()
        slow = [
            f"{name} {now - since:.0f} s"
            for name, since in list(self._in_flight.items())
            if now - since > _SLOW_S
        ]
        parts = []
        if slow:
            parts.append(f"slow: {_few(slow)}")
        if self._failed:
            parts.append(f"no mark: {_few(self._failed)}")
        return "; ".join(parts)

    def _line(self, now: float) -> str:
        rate = self._done / (now - self._began)
        left = (self._total - self._done) / rate
        line = f"{self._done} of {self._total} judged, {rate:.1f} per second, {left:.0f} s left"
        return "; ".join(part for part in (line, self.notes()) if part)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f}/s", style="progress.data.speed")


class _Notes(ProgressColumn):
    def __init__(self, progress: ClassProgress) -> None:
        super().__init__()
        self._progress = progress

    def render(self, task: Task) -> Text:
        return Text(self._progress.notes(), style="yellow", overflow="ellipsis", no_wrap=True)


def _few(names: list[str]) -> str:
    shown = names[-_MOST_NAMES:]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
