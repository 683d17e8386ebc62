"""How long a class takes: `nbjudge grade` on 300 submissions, beside stock nbgrader.

    python bench/grade_class.py [LESSON] [--students 300] [--stock 4] [--out docs/benchmarks]

Hands in right answers and known mistakes, in turn, in a copy of the course; judges them
all; runs stock `nbgrader autograde` (which executes the same notebooks in a kernel, and
tests nothing) on a few. Writes a table and a plot of progress and memory over time.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl
import psutil
from matplotlib import pyplot as plt

from nbjudge.authoring.sample_answers import with_quiz_answers
from nbjudge.authoring.sample_class import SampleStudent, sample_class
from nbjudge.cli.demo import copy_course
from nbjudge.model import Course

_EVERY_S = 3.0
"""Summing memory up takes a tenth of a second of a core: seldom, or it is measured itself."""
_MIB = 2**20
_BLUE, _ORANGE = "#0072B2", "#D55E00"  # Okabe and Ito's, told apart by everybody


@dataclass
class _Trace:
    """One `nbjudge grade`, watched from outside."""

    seconds: list[float] = field(default_factory=list)
    written: list[int] = field(default_factory=list)
    memory_mib: list[float] = field(default_factory=list)
    took_s: float = 0.0


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("lesson", nargs="?", default="m1_l05_layer_norm_formula")
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--stock", type=int, default=4, help="how many stock nbgrader gets")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"))
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "course"
        copy_course(Course.load(Path.cwd()), root)
        lesson, students = arguments.lesson, arguments.students
        hand_in(root, lesson, students)
        run(root, "nbgrader", "generate_assignment", lesson, "--force")
        trace = _watched(root, lesson)
        stock_s = _stock(root, lesson, arguments.stock) if arguments.stock else float("nan")
    arguments.out.mkdir(parents=True, exist_ok=True)
    name = f"grade_class_{lesson.split('_', 2)[1]}"
    (arguments.out / f"{name}.md").write_text(_table(trace, lesson, students, stock_s, load))
    _plot(trace, arguments.out / f"{name}.svg", lesson)
    print((arguments.out / f"{name}.md").read_text())


def hand_in(root: Path, lesson: str, count: int) -> None:
    """Hand in ordinary notebooks of the made-up class, in turn, each with its own quiz paper."""
    course = Course.load(root)
    made_up = [s for s in sample_class(course, lesson) if _is_ordinary(s, lesson)]
    for number, student in zip(range(count), itertools.cycle(made_up), strict=False):
        name, right = f"s{number:04d}", student.deserves == "full marks"
        place = root / "submitted" / name / lesson
        place.mkdir(parents=True)
        own = with_quiz_answers(course, lesson, student.content, name, right=right)
        (place / f"{lesson}.ipynb").write_bytes(own)


def _is_ordinary(student: SampleStudent, lesson: str) -> bool:
    """Leave out who is slow on purpose, and whose notebook cannot be read."""
    named = student.file_name == f"{lesson}.ipynb"
    return named and student.deserves != "no mark" and "without end" not in student.handed_in


def run(root: Path, module: str, *arguments: str) -> None:
    """Run a module in the course's folder; exit code 1 says that somebody needs a person."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, env=_environment(), check=False)  # noqa: S603
    assert done.returncode in (0, 1), done.stderr.decode()  # noqa: S101 - no class, no benchmark


def _environment() -> dict[str, str]:
    scripts = Path(sys.executable).parent
    return {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}


def _watched(root: Path, lesson: str) -> _Trace:
    trace = _Trace()
    command = [sys.executable, "-m", "nbjudge.cli.main", "grade", lesson]
    began = time.monotonic()
    with (root / "table.txt").open("wb") as table:
        running = subprocess.Popen(command, cwd=root, stdout=table, env=_environment())  # noqa: S603
        while running.poll() is None:
            trace.seconds.append(time.monotonic() - began)
            trace.written.append(sum(1 for _ in (root / "autograded").glob("*/*/*.ipynb")))
            trace.memory_mib.append(_memory_mib(running.pid))
            time.sleep(_EVERY_S)
    trace.took_s = time.monotonic() - began
    return trace


def _memory_mib(pid: int) -> float:
    """Sum the proportional set sizes: what would be free without these processes."""
    total = 0
    try:
        parent = psutil.Process(pid)
        processes = [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return 0.0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except (psutil.Error, AttributeError):
            continue
    return total / _MIB


def _stock(root: Path, lesson: str, count: int) -> float:
    """Return seconds per submission of nbgrader as it comes, its own start left out."""
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    times = []
    for number in range(count):
        began = time.monotonic()
        run(root, "nbgrader", "autograde", lesson, f"--student=s{number:04d}", "--force")
        times.append(time.monotonic() - began)
    began = time.monotonic()
    run(root, "nbgrader", "--version")
    return sum(times) / count - (time.monotonic() - began)


def _table(trace: _Trace, lesson: str, students: int, stock_s: float, load: float) -> str:
    each = trace.took_s / students
    half = len(trace.memory_mib) // 2
    rows = (
        ("submissions", f"{students}"),
        ("`nbjudge grade`, start to end", f"{trace.took_s:.1f} s"),
        ("each", f"{1000 * each:.0f} ms"),
        ("stock `nbgrader autograde`, each, without its start", f"{stock_s:.1f} s"),
        ("ratio, on these cores", f"{stock_s / each:.0f}"),
        ("memory of all processes (PSS), most in the first half", _most(trace.memory_mib[:half])),
        ("memory of all processes (PSS), most in the second half", _most(trace.memory_mib[half:])),
    )
    body = "\n".join(f"| {what} | {value} |" for what, value in rows)
    cores = len(os.sched_getaffinity(0))
    machine = f"{cores} cores, {platform.machine()}, Python {platform.python_version()}"
    return (
        f"# A class of {students}: {lesson}\n\n| | |\n|---|---|\n{body}\n\n"
        f"Machine: {machine}; load average at the start {load:.1f}. "
        f"Made by `python bench/grade_class.py {lesson}`.\n"
    )


def _most(values: list[float]) -> str:
    return f"{max(values, default=float('nan')):.0f} MiB"


def _plot(trace: _Trace, path: Path, lesson: str) -> None:
    mpl.rcParams["svg.hashsalt"] = "nbjudge"
    figure, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(7, 5), layout="constrained")
    above.plot(trace.seconds, trace.written, color=_BLUE)
    above.set(ylabel="submissions written", title=f"nbjudge grade {lesson}", ylim=(0, None))
    below.plot(trace.seconds, trace.memory_mib, color=_ORANGE)
    below.set(xlabel="time since the start (s)", ylabel="memory, PSS (MiB)", ylim=(0, None))
    for axes in (above, below):
        axes.grid(alpha=0.3)
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
