"""What `check()` costs a learner beyond their own code, in a real Jupyter kernel.

    python -m bench.check_cost [LESSON ...] [--rounds 20]

Starts a kernel in each lesson's released folder, loads NumPy and torch as a lesson does, defines
the solution, then a wrong answer, and times `check("...")` in it: the first call and the median of
the others. The file of public examples is read by the cell that imports `check`. The learner's own
share, the same calls of their code without nbjudge, is taken off. Without lessons: all that are
released.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path

from jupyter_client.manager import start_new_kernel

from nbjudge.model import Course

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks" / "check.md"
BEFORE = f"""
import sys, time, io, contextlib, warnings
sys.path.insert(0, {str(ROOT)!r})
import numpy as np, torch
import nbjudge.student.check as module
from nbjudge import check
from nbjudge.naming.probes import load_probes
from nbjudge.naming.observe import observe
from nbjudge.suite.implementation import load_bank
warnings.simplefilter("ignore"); np.seterr(all="ignore")
import matplotlib.pyplot
(torch.ones(500, 500) @ torch.ones(500, 500)).sum()
module._show = lambda card: None
"""
MEASURE = """
from solutions.{slug} import *
solution = {{k: v for k, v in globals().items() if k in {exercises!r}}}
bank = load_bank({slug!r})
probes = load_probes(__import__("pathlib").Path("{slug}.nbjudge.json")).exercises

def timed(work):
    start = time.perf_counter(); work(); return 1e3 * (time.perf_counter() - start)

def own(exercise):
    return timed(lambda: [observe(globals(), p) for p in probes[exercise].probes])

for exercise in {exercises!r}:
    for what in ("right", "wrong"):
        wrong = next(iter(probes[exercise].misconceptions))
        code = solution[exercise] if what == "right" else bank.wrong_code(exercise, wrong)
        globals()[exercise] = code
        first = timed(lambda: check(exercise)) - own(exercise)
        rest = sorted(timed(lambda: check(exercise)) - own(exercise) for _ in range({rounds}))
        times = first, rest[len(rest) // 2], rest[-1], own(exercise)
        print(exercise, what, *(f"{{ms:.1f}}" for ms in times))
    globals()[exercise] = solution[exercise]
"""


def measured(course: Course, slug: str, rounds: int) -> list[list[str]]:
    """Return a row per exercise and answer: names, first, median and worst overhead, own time."""
    lesson = course.lesson(slug)
    exercises = sorted(_exercises(course, slug))
    manager, client = start_new_kernel(cwd=str(ROOT / "release" / lesson.assignment))
    said: list[str] = []

    def hear(message: dict) -> None:
        content = message["content"]
        said.append(content.get("text", "") + "\n".join(content.get("traceback", ())))

    try:
        source = MEASURE.format(slug=slug, exercises=exercises, rounds=rounds)
        client.execute_interactive(BEFORE + source, output_hook=hear, timeout=300)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return [line.split() for line in "".join(said).splitlines()]


def _exercises(course: Course, slug: str) -> list[str]:
    return [p.stem.removeprefix("test_") for p in course.suite_folder(slug).glob("test_*.py")]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    course = Course.load(ROOT)
    slugs = options.lessons or [
        lesson.slug for lesson in course.lessons if (ROOT / "release" / lesson.assignment).is_dir()
    ]
    rows = [row for slug in slugs for row in measured(course, slug, options.rounds)]
    PAGE.write_text(page(rows, options.rounds), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


def page(rows: list[list[str]], rounds: int) -> str:
    """Return the table as Markdown."""
    table = [f"| `{name}` | {' | '.join(cells)} |" for name, *cells in rows]
    load = os.getloadavg()[0]
    return "\n".join(
        [
            "# What `check()` costs a learner",
            "",
            "Milliseconds of wall time beyond the learner's own code, in a Jupyter kernel that has "
            "loaded NumPy, torch and matplotlib. `from nbjudge import check` has read the file of "
            "public examples; each call forks the kernel, so that a crash does not end it.",
            "",
            f"| exercise | answer | first | median of {rounds} | worst | their own code |",
            "|---|---|---|---|---|---|",
            *table,
            "",
            f"Machine: {os.cpu_count()} cores, {platform.machine()}, Python "
            f"{platform.python_version()}; load average {load:.1f}. Made by "
            "`python -m bench.check_cost`.",
            "",
        ]
    )


if __name__ == "__main__":
    main()
