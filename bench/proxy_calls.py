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
from nbjudge.sandbox.base import View
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


def report(what: str, function: Callable[[], object], count: int) -> None:
    """Time a call and print the row."""
    function()
    times = []
    for _ in range(count):
        start = time.perf_counter()
        function()
        times.append(1e3 * (time.perf_counter() - start))
    print(f"{what:40} {min(times):9.3f} {statistics.median(times):9.3f}")


def main() -> None:
    """Measure on one back-end."""
    torch.set_num_threads(1)
    name = sys.argv[1] if len(sys.argv) > 1 else "linux"
    with tempfile.TemporaryDirectory() as course:
        sandbox = BACKENDS[name](Path(course))
        sandbox.prepare(View.TORCH)
        session = WorkerSession(sandbox=sandbox, view=View.TORCH, limits=Limits(), seed=1)
        session.run_cell(RunCell(position=1, source=NOTEBOOK))
        measure(StudentProxy(session))
        session.close()
        sandbox.close()


def measure(student: StudentProxy) -> None:
    """Print every row."""
    array = np.random.default_rng(1).random((32, 50, 128), dtype=np.float32)
    tensor = torch.from_numpy(array.copy())
    leaf = torch.from_numpy(array.copy()).requires_grad_()
    large = np.ones(1 << 23)
    hidden = Hidden(twice)
    print(f"{'call':40} {'min / ms':>9} {'median':>9}")
    report("scalar", lambda: student.same(1.0), 500)
    report("list and dict of 100", lambda: student.same([list(range(100)), {}]), 200)
    report("callback to the suite", lambda: student.apply(abs, 1.0), 200)
    report("callback to hidden code", lambda: student.apply(hidden, 1.0), 200)
    report("(32, 50, 128) float32, array", lambda: student.double(array), 100)
    report("(32, 50, 128) float32, tensor", lambda: student.double(tensor), 100)
    report("the same, forward and backward", lambda: student.double(leaf).sum().backward(), 50)
    report("64 MB in", lambda: student.size(large), 7)
    report("64 MB in and out", lambda: student.double(large), 7)


if __name__ == "__main__":
    main()
