"""What one call from a suite into a student's process costs.

    python bench/proxy_calls.py [linux | linux-no-namespaces | plain]

Prints the fastest and the median of many calls, in milliseconds of wall time.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from nbjudge.model import Limits
from nbjudge.notebook.plan import RunCell
from nbjudge.sandbox.base import Sandbox, View
from nbjudge.sandbox.registry import BACKENDS
from nbjudge.suite.hidden import Hidden
from nbjudge.suite.proxy import StudentProxy
from nbjudge.suite.worker_session import WorkerSession

NOTEBOOK = """
import numpy as np, torch
def same(x): return x
def size(x): return x.size
def double(x): return x * 2
def apply(f, x): return f(x)
"""


def twice(x: float) -> float:
    """Stand for hidden code."""
    return 2 * x


def timed(function: Callable[[], object], count: int) -> tuple[float, float]:
    """Return the fastest and the median call, in milliseconds."""
    function()
    times = []
    for _ in range(count):
        start = time.perf_counter()
        function()
        times.append(1e3 * (time.perf_counter() - start))
    return min(times), statistics.median(times)


def main() -> None:
    """Measure on one back-end."""
    torch.set_num_threads(1)
    name = sys.argv[1] if len(sys.argv) > 1 else "linux"
    with tempfile.TemporaryDirectory() as course:
        sandbox = BACKENDS[name](Path(course))
        for what, value in measured_calls(sandbox):
            print(f"{what:70} {value}")
        sandbox.close()


def measured_calls(sandbox: Sandbox) -> list[tuple[str, str]]:
    """Return what is called, and how long that takes."""
    sandbox.prepare(View.TORCH)
    session = WorkerSession(sandbox=sandbox, view=View.TORCH, limits=Limits(), seed=1)
    session.run_cell(RunCell(position=1, source=NOTEBOOK))
    rows = []
    for what, function, count in calls(StudentProxy(session)):
        fastest, median = timed(function, count)
        rows.append((f"call, fastest; median: {what}", f"{fastest:.3f} ms; {median:.3f} ms"))
    session.close()
    return rows


def calls(student: StudentProxy) -> list[tuple[str, Callable[[], object], int]]:
    """Return what to call and how often."""
    array = np.random.default_rng(1).random((32, 50, 128), dtype=np.float32)
    tensor = torch.from_numpy(array.copy())
    leaf = torch.from_numpy(array.copy()).requires_grad_()
    large = np.ones(1 << 23)
    hidden = Hidden(twice)
    return [
        ("a number there and back", lambda: student.same(1.0), 500),
        ("a list and dict of 100", lambda: student.same([list(range(100)), {}]), 200),
        ("a callback to the suite", lambda: student.apply(abs, 1.0), 200),
        ("a callback to hidden code", lambda: student.apply(hidden, 1.0), 200),
        ("(32, 50, 128) float32, an array, doubled", lambda: student.double(array), 100),
        ("(32, 50, 128) float32, a tensor, doubled", lambda: student.double(tensor), 100),
        ("the same, forward and backward", lambda: student.double(leaf).sum().backward(), 50),
        ("64 MB in", lambda: student.size(large), 7),
        ("64 MB in and out", lambda: student.double(large), 7),
    ]


if __name__ == "__main__":
    main()
