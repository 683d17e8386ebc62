"""How long a class's feedback pages take: `nbgrader generate_feedback`, start to end.

    python bench/feedback.py [LESSON] [--students 100] [--out docs/benchmarks]

Hands in right answers and known mistakes, in turn, in a copy of the course; judges them;
then makes every page twice, with nbjudge's exporter and design and with nbgrader's own.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from pathlib import Path

from bench.grade_class import hand_in, run
from nbjudge.cli.demo import copy_course
from nbjudge.model import Course

_STOCK = """
c.GenerateFeedback.exporter_class = "nbconvert.exporters.HTMLExporter"
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades", "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor"
]
c.HTMLExporter.extra_template_basedirs = c.HTMLExporter.extra_template_basedirs[1:]
c.HTMLExporter.filters = {}
"""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("lesson", nargs="?", default="m1_l05_layer_norm_formula")
    parser.add_argument("--students", type=int, default=100)
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"))
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "course"
        copy_course(Course.load(Path.cwd()), root)
        hand_in(root, arguments.lesson, arguments.students)
        run(root, "nbgrader", "generate_assignment", arguments.lesson, "--force")
        run(root, "nbjudge.cli.main", "grade", arguments.lesson)
        ours_s, ours_kib = _pages(root, arguments.lesson)
        with (root / "nbgrader_config.py").open("a", encoding="utf-8") as configuration:
            configuration.write(_STOCK)
        stock_s, stock_kib = _pages(root, arguments.lesson)
    rows = (
        ("start to end", f"{ours_s:.1f} s", f"{stock_s:.1f} s"),
        ("each page", *(f"{1000 * s / arguments.students:.0f} ms" for s in (ours_s, stock_s))),
        ("size of a page", f"{ours_kib:.0f} KiB", f"{stock_kib:.0f} KiB"),
    )
    body = "\n".join(f"| {what} | {ours} | {stock} |" for what, ours, stock in rows)
    machine = f"{len(os.sched_getaffinity(0))} cores (one is used), {platform.machine()}, Python "
    table = (
        f"# {arguments.students} feedback pages: {arguments.lesson}\n\n"
        "| `nbgrader generate_feedback` | nbjudge's page | nbgrader's own |\n|---|---|---|\n"
        f"{body}\n\nMachine: {machine}{platform.python_version()}; load average at the start "
        f"{load:.1f}. Made by `python -m bench.feedback`.\n"
    )
    (arguments.out / "feedback.md").write_text(table)
    print(table)


def _pages(root: Path, lesson: str) -> tuple[float, float]:
    """Make every page; return seconds, and the mean size in KiB."""
    began = time.monotonic()
    run(root, "nbgrader", "generate_feedback", lesson, "--force")
    took_s = time.monotonic() - began
    sizes = [path.stat().st_size for path in (root / "feedback").glob("*/*/*.html")]
    return took_s, sum(sizes) / len(sizes) / 1024


if __name__ == "__main__":
    main()
