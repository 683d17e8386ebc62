"""How long a report takes: `nbjudge report` on a made-up class of 10,000.

    python bench/report.py [--students 10000] [--out docs/benchmarks]

Every student has an ability; every case and question a difficulty of its own, and some
of them are broken on purpose, so that the page has something to say. What is measured is
the whole command, from its start to its end, in a process of its own.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from nbjudge.grading.records import keep_record
from nbjudge.model import (
    CaseResult,
    ExerciseResult,
    GradingResult,
    NamedMistake,
    Outcome,
    QuestionResult,
    QuizResult,
)

ASSIGNMENT = "m9_l01_made_up"
_EXERCISES = {"first": 80, "second": 70, "third": 65, "fourth": 40}
"""Cases of each, as many as the course's lessons have."""
_BELIEFS = (
    ("divides-by-d-minus-1", "The variance of a row is the sample variance.", 0.31),
    ("eps-outside", "Epsilon protects the division.", 0.14),
    ("wrong-axis", "A row is a column.", 0.06),
    ("no-shift", "The normalized row is the result.", 0.02),
)
_OPTIONS = ("It keeps the divisor above 0.", "It makes rows alike.", "It is a weight decay.")


def made_up_class(students: int, seed: int = 20) -> Iterator[GradingResult]:
    """Return a class; the fourth question and a case of the second exercise are broken."""
    chance = random.Random(seed)  # noqa: S311 - a made-up class
    hard = {
        name: [chance.gauss(-1.0, 1.0) for _ in range(count)] for name, count in _EXERCISES.items()
    }
    for number in range(students):
        ability = chance.gauss(0.0, 1.0)
        yield GradingResult(
            student=f"s{number:05d}",
            assignment=ASSIGNMENT,
            notebook=ASSIGNMENT,
            exercises=tuple(_exercise(name, hard[name], ability, chance) for name in _EXERCISES),
            quizzes=(_quiz(ability, chance),),
            suite_digest="0" * 16,
        )


def _exercise(
    name: str, hard: list[float], ability: float, chance: random.Random
) -> ExerciseResult:
    named = tuple(
        _mistake(key, belief)
        for key, belief, share in _BELIEFS
        if chance.random() < share / 4 * math.exp(-ability / 2)
    )
    cases = []
    for position, difficulty in enumerate(hard):
        is_broken = name == "second" and position == 7
        level = -ability if is_broken else ability - 0.8 * bool(named)
        passes = chance.random() < 1 / (1 + math.exp(2 * (difficulty - level)))
        cases.append(
            CaseResult(
                id=f"test_{position // 3}[{position % 3}]",
                outcome=Outcome.PASSED if passes else Outcome.FAILED,
                kind=f"inputs of kind {position // 3}",
                is_public=position < 12,
                cpu_s=0.001,
            )
        )
    # Now and then a right answer that one case refuses.
    if name == "third" and chance.random() < 0.08:
        cases = [
            CaseResult(
                id=case.id,
                outcome=Outcome.FAILED if case.id == "test_5[0]" else Outcome.PASSED,
                kind=case.kind,
                is_public=case.is_public,
            )
            for case in cases
        ]
        named = ()
    return ExerciseResult(exercise=name, points=6.0, cases=tuple(cases), named=named)


def _mistake(key: str, belief: str) -> NamedMistake:
    return NamedMistake(
        ids=(key,),
        belief=belief,
        explanation=f"This behaves like {key}.",
        question="By which number do you divide?",
        hint="Look at ddof.",
        paragraph="The-formula",
    )


def _quiz(ability: float, chance: random.Random) -> QuizResult:
    questions = []
    for number in range(6):
        right = chance.random() < 1 / (1 + math.exp(-(-ability if number == 3 else ability)))
        given = _OPTIONS[0] if right else chance.choice(_OPTIONS[1:])
        questions.append(
            QuestionResult(
                question=f"question-{number + 1}",
                kind="single",
                points=1.0,
                earned=float(right),
                prompt="What is $\\varepsilon$ for?",
                given=given,
                explanations=((given, "Because of what it does."),),
            )
        )
    return QuizResult(lesson=ASSIGNMENT, questions=tuple(questions))


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--students", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"))
    parser.add_argument("--keep", type=Path, help="write the report there, to look at")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for result in made_up_class(arguments.students):
            keep_record(root / ".nbjudge", result, result.student)
        stored = sum(path.stat().st_size for path in root.rglob("*.json"))
        command = [sys.executable, "-m", "nbjudge.cli.main", "report", ASSIGNMENT]
        if arguments.keep:
            command += ["--to", str(arguments.keep.resolve())]
        began = time.monotonic()
        subprocess.run(command, cwd=root, check=True)  # noqa: S603 - our own command
        took_s = time.monotonic() - began
    memory_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    table = _table(arguments.students, took_s, stored, memory_mib, load)
    (arguments.out / "report.md").write_text(table)
    print(table)


def _table(students: int, took_s: float, stored: int, memory_mib: float, load: float) -> str:
    cases = sum(_EXERCISES.values())
    rows = (
        ("submissions", f"{students:,}"),
        ("cases and questions of each", f"{cases} and 6"),
        ("`nbjudge report`, start to end", f"{took_s:.1f} s"),
        ("each submission", f"{1000 * took_s / students:.2f} ms"),
        ("most memory", f"{memory_mib:.0f} MiB"),
        ("records on disk", f"{stored / 2**20:.0f} MiB"),
    )
    body = "\n".join(f"| {what} | {value} |" for what, value in rows)
    cores = len(os.sched_getaffinity(0))
    machine = f"{cores} cores (one is used), {platform.machine()}, Python "
    machine += platform.python_version()
    return (
        f"# A report on {students:,} submissions\n\n| | |\n|---|---|\n{body}\n\n"
        f"Machine: {machine}; load average at the start {load:.1f}. "
        "Made by `python bench/report.py`.\n"
    )


if __name__ == "__main__":
    main()
