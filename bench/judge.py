"""What it costs to judge one submission, and where that goes.

    python bench/judge.py [linux | linux-no-namespaces | plain] [--rounds 30]

Judges the 20 cells of `twenty_cells.py`, as the judging process does, and runs the same notebook
with 40 bare asserts in a Jupyter kernel, as stock nbgrader does. Writes a table and a plot.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import nbformat
import psutil
import torch
from matplotlib import pyplot as plt
from nbclient import NotebookClient
from proxy_calls import measured_calls
from twenty_cells import ASSERTS, CELLS, SLUG, SUITE

from nbjudge.model import Limits
from nbjudge.notebook.plan import RunCell
from nbjudge.sandbox.base import Isolation, Sandbox, View
from nbjudge.sandbox.registry import BACKENDS
from nbjudge.suite.fork import run_forked
from nbjudge.suite.proxy import StudentProxy
from nbjudge.suite.session import SuiteSession, with_suite
from nbjudge.suite.worker_session import WorkerSession

_MIB = 2**20
PHASES = ("fork", "spawn", "cells", "calls", "tests", "end")
_WHAT = {
    "fork": "fork the judging process, and end the fork",
    "spawn": "start the student's process",
    "cells": "20 cells: training, a plot, top-level await",
    "calls": "calls from the suite to the student and back",
    "tests": "13 cases without their calls: pytest, Hypothesis, comparing",
    "end": "end the student's process",
}
_REST = """Where the rest goes. A fork of a process with torch takes 10 ms, and there are three. A
fifth of the cells' time is the plot, a fifth is `%matplotlib inline`. Of a call with a number about
70 µs are Python's on each side (encoding, checking, the random state, the clocks), and the rest is
waking the other process. 64 MB are copied by the kernel twice each way, and once more to tell
whether the call changed them."""
_COLORS = ("#999999", "#0072B2", "#56B4E9", "#009E73", "#E69F00", "#D55E00")  # Okabe and Ito's


class Stopwatch:
    """Adds up milliseconds by name, for one submission after the other."""

    def __init__(self) -> None:
        self.rounds: list[dict[str, float]] = []

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        """Add the time of a block."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.rounds[-1][name] += 1e3 * (time.perf_counter() - start)

    def median(self, name: str) -> float:
        """Return the median over submissions."""
        return statistics.median(each[name] for each in self.rounds)


class TimedCaller:
    """A worker session whose calls are timed."""

    def __init__(self, session: WorkerSession, watch: Stopwatch) -> None:
        self._session = session
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._session, name)

        def timed(*args: Any, **kwargs: Any) -> Any:
            with self._watch.time("calls"):
                self._watch.rounds[-1]["count"] += 1
                return method(*args, **kwargs)

        return timed if name in ("call", "get", "set") else method


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("backend", nargs="?", default="linux", choices=BACKENDS)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        root = write_course(Path(folder))
        sandbox = BACKENDS[arguments.backend](root)
        rows, watch = measure(root, sandbox, arguments.rounds)
        rows += measured_calls(sandbox)
        sandbox.close()
    rows += kernel_rows(watch)
    arguments.out.mkdir(parents=True, exist_ok=True)
    page = arguments.out / "judge.md"
    page.write_text(table(rows, sandbox.isolation, load))
    plot(watch, arguments.out / "judge.svg")
    print(page.read_text())


def write_course(root: Path) -> Path:
    """Write a course whose only lesson is the benchmark's."""
    folder = root / "grader_tests" / SLUG
    folder.mkdir(parents=True)
    (folder / "test_all.py").write_text(SUITE)
    return root


def measure(root: Path, sandbox: Sandbox, rounds: int) -> tuple[list[tuple[str, str]], Stopwatch]:
    """Return rows on the zygote, its memory and one submission."""
    start = time.perf_counter()
    sandbox.prepare(View.TORCH)
    rows = [("start a zygote, once per worker", f"{time.perf_counter() - start:.1f} s")]
    watch = Stopwatch()
    memory: list[tuple[str, str]] = []

    def use(suite: SuiteSession) -> None:
        for number in range(rounds + 2):
            watch.rounds.append(defaultdict(float))
            judge_once(suite, sandbox, watch, memory if number == 0 else None)

    with_suite(root, SLUG, use)
    del watch.rounds[:2]
    whole = statistics.median(sum(r[p] for p in PHASES) for r in watch.rounds)
    rows.append((f"**one submission, median of {rounds}**", f"**{whole:.0f} ms**"))
    rows += [(f"… {_WHAT[phase]}", f"{watch.median(phase):.1f} ms") for phase in PHASES]
    rows.append(("calls of the suite, accesses to names included", f"{watch.median('count'):.0f}"))
    return rows + memory, watch


def judge_once(
    suite: SuiteSession,
    sandbox: Sandbox,
    watch: Stopwatch,
    memory: list[tuple[str, str]] | None,
) -> None:
    """Judge the notebook once, as `nbjudge.suite.judging` does."""
    with watch.time("fork"):
        run_forked(lambda: None, timeout_s=60)
    session = WorkerSession(sandbox=sandbox, view=View.TORCH, limits=Limits(), seed=1)
    with watch.time("spawn"):
        session.start()
    with watch.time("cells"):
        for position, source in enumerate(CELLS, start=1):
            session.run_cell(RunCell(position=position, source=source))
    if any(cell.error for cell in session.cells):
        raise SystemExit(f"a cell failed: {session.cells}")
    student = StudentProxy(TimedCaller(session, watch))
    with watch.time("tests"):
        results = suite.run(suite.cases, lambda case: student, seed=b"bench")
    watch.rounds[-1]["tests"] -= watch.rounds[-1]["calls"]
    failed = [result for result in results if result.outcome.value != "passed"]
    if [result.id for result in failed] != ["test_fails"]:
        raise SystemExit(f"other cases failed than the one that must: {failed}")
    if memory is not None:
        memory += memory_rows()
    with watch.time("end"):
        session.close()


def memory_rows() -> list[tuple[str, str]]:
    """Return a row for each process below this one: the zygote, an init, the student's."""
    rows = []
    names = ("zygote", "init of a submission", "student's process")
    for name, process in zip(names, psutil.Process().children(recursive=True), strict=False):
        found = process.memory_full_info()
        size = f"{found.pss / _MIB:.0f} MiB; {found.uss / _MIB:.0f} MiB"
        rows.append((f"memory of the {name} after the cases: PSS; USS", size))
    return rows


def kernel_rows(watch: Stopwatch) -> list[tuple[str, str]]:
    """Run the same cells and 40 bare asserts in a kernel, in the same minute."""
    cells = [nbformat.v4.new_code_cell(source) for source in (*CELLS, *ASSERTS)]
    times = []
    for _ in range(3):
        start = time.perf_counter()
        NotebookClient(nbformat.v4.new_notebook(cells=cells), kernel_name="python3").execute()
        times.append(time.perf_counter() - start)
    kernel_s = statistics.median(times)
    each_ms = sum(watch.median(phase) for phase in PHASES)
    return [
        ("the same cells and 40 bare asserts in a Jupyter kernel", f"{kernel_s:.1f} s"),
        ("ratio, in this run", f"{1e3 * kernel_s / each_ms:.0f}"),
    ]


def table(rows: list[tuple[str, str]], level: Isolation, load: float) -> str:
    """Return the page."""
    body = "\n".join(f"| {what} | {value} |" for what, value in rows)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return (
        "# What judging one submission costs\n\n"
        "A notebook of 20 cells and a hidden suite of 13 cases (`bench/twenty_cells.py`).\n\n"
        "![Where the time of one submission goes](judge.svg)\n\n"
        f"| | |\n|---|---|\n{body}\n\n"
        f"{_REST}\n\n"
        f"Isolation `{level}`, torch {torch.__version__}. Machine: {machine}; load average at the "
        f"start {load:.1f}. Made by `python bench/judge.py`.\n"
    )


def plot(watch: Stopwatch, path: Path) -> None:
    """Draw where the time of one submission goes."""
    mpl.rcParams["svg.hashsalt"] = "nbjudge"
    figure, axes = plt.subplots(figsize=(7, 1.8), layout="constrained")
    left = 0.0
    for phase, color in zip(PHASES, _COLORS, strict=True):
        width = watch.median(phase)
        axes.barh([""], [width], left=left, color=color, label=f"{phase} {width:.0f}")
        left += width
    axes.set(xlabel=f"milliseconds, {left:.0f} in all")
    figure.legend(loc="outside upper center", ncols=6, frameon=False)
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
