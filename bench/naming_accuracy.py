"""How often a mistake is named, and how often wrongly.

    python -m bench.naming_accuracy [LESSON ...] [--check]

Answers of which we know what is wrong with them are tried on the public probes, as `check()` and
the judge do it: every misconception of the banks in every style of `naming_styles.py`, every pair
of them in two of the styles, and right answers in every style. So are automatic mutants of
solutions and alternatives: mistakes that nobody has listed.

A name is wrong if the answer was not made by that mistake. Of a mutant, which nobody has labelled,
a name is wrong if some hidden case, on inputs that naming has never seen, is right of the mutant
and clearly wrong of the named mistake, or the other way round.

Writes `docs/naming-accuracy.md`; with `--check` it writes nothing. Fails where naming is less
accurate than it promises.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import sys
import time
import types
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bench.naming_styles import STYLES, restyled
from nbjudge.authoring.mutants import Mutant, mutants_of
from nbjudge.authoring.recording import CallScript
from nbjudge.errors import LessonError
from nbjudge.expect import default_rtol
from nbjudge.model import Course, Lesson
from nbjudge.naming.bank import PAIR, Bank, misconception_of
from nbjudge.naming.compare import is_as
from nbjudge.naming.match import name_mistakes, right
from nbjudge.naming.observe import NotAnswered, Observation, observe
from nbjudge.naming.probes import Probe, Step, load_probes
from nbjudge.naming.separation import CLEARLY
from nbjudge.naming.values import arrays_in
from nbjudge.suite.implementation import put_course_on_path
from nbjudge.suite.session import SuiteSession, with_suite

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "naming-accuracy.md"
PAIR_STYLES = 2
MUTANTS_OF_ALTERNATIVES = 3
"""Of every so many, one is tried."""
_LEAST = 1e-6
"""Tolerance of the hidden probes, as the build gives it to public ones."""
AS_IN_THE_BANK = "as in the bank"

SINGLE, DOUBLE, RIGHT, UNLISTED = "single", "pair", "right", "unlisted"
Names = Mapping[str, Any]
_Hidden = Mapping[str, list[Probe]]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One answer, and what it was called."""

    exercise: str
    kind: str
    label: str
    """The mistakes that are in it; the mutant's change."""
    style: str
    named: tuple[str, ...]
    is_false: bool = False
    """Whether the name is wrong; a name of one mistake out of two is not."""

    @property
    def is_full(self) -> bool:
        """Whether all mistakes in it were named, and nothing else."""
        return set(self.named) == _parts(self.label) and not self.is_false


def trials(course: Course, slug: str, step: int = 1) -> Iterator[Trial]:
    """Try every `step`-th answer of a lesson."""
    lesson = course.lesson(slug)
    known = _Known(course, lesson)
    hidden = _hidden_probes(known)
    yield from _restyled_trials(known, hidden, step)
    yield from _mutant_trials(known, hidden, step)


class _Known:
    """What is known of a lesson."""

    def __init__(self, course: Course, lesson: Lesson) -> None:
        self.course, self.slug = course, lesson.slug
        self.probes = load_probes(course.probes(lesson.assignment, lesson.slug)).exercises
        self.solution: Names = dict(vars(importlib.import_module(f"solutions.{lesson.slug}")))
        self.folder = course.suite_folder(lesson.slug)

    def seen(self, exercise: str, names: Names) -> list[Observation]:
        return [observe(names, probe) for probe in self.probes[exercise].probes]

    def named(self, exercise: str, seen: list[Observation]) -> tuple[str, ...]:
        mistakes = name_mistakes(self.probes[exercise], seen)
        return tuple(name for mistake in mistakes for name in mistake.ids)


# Answers that are labelled


def _restyled_trials(known: _Known, hidden: _Hidden, step: int) -> Iterator[Trial]:
    plain, _ = _bank(known.folder, AS_IN_THE_BANK)
    for place, style in enumerate(STYLES):
        bank, finished = _bank(known.folder, style)
        for exercise in known.probes:
            answers = [
                answer
                for number, answer in enumerate(_answers(bank, exercise))
                if answer[0] != DOUBLE or (number - place) % len(STYLES) < PAIR_STYLES
            ]
            for kind, label, code in answers[place % step :: step]:
                names = {**known.solution, exercise: finished(code)}
                seen = known.seen(exercise, names)
                named = known.named(exercise, seen)
                is_false = bool(named) and (kind == RIGHT or not set(named) <= _parts(label))
                # Right no more: its style does something else.
                is_spoiled = kind == RIGHT and not all(right(known.probes[exercise], seen))
                if is_spoiled:
                    like = _like(known, plain, exercise, named)
                    is_false = bool(named) and not _agree(names, like, hidden.get(exercise, []))
                yield Trial(
                    exercise=exercise,
                    kind=UNLISTED if is_spoiled else kind,
                    label=label,
                    style=style,
                    named=named,
                    is_false=is_false,
                )


def _parts(label: str) -> set[str]:
    return set(map(misconception_of, label.split(PAIR)))


def _answers(bank: Bank, exercise: str) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    for mistake in bank.misconceptions(exercise):
        yield SINGLE, mistake.id, bank.wrong_code(exercise, mistake.id)
    for form in bank.forms(exercise):
        yield SINGLE, form, bank.wrong_code(exercise, form)
    for pair in bank.pairs(exercise):
        yield DOUBLE, pair, bank.wrong_code(exercise, pair)
    for name, code in bank.alternatives.get(exercise, {}).items():
        yield RIGHT, name, code


def _bank(
    folder: Path, style: str
) -> tuple[Bank, Callable[[Callable[..., Any]], Callable[..., Any]]]:
    """Return a lesson's bank in a style, and what every answer in that style goes through."""
    modules = [_module(folder / f"{name}.py", style) for name in ("misconceptions", "alternatives")]
    return Bank.from_modules(*modules), getattr(modules[0], "finished", lambda code: code)


def _module(path: Path, style: str) -> types.ModuleType:
    module = types.ModuleType(path.stem)
    module.__file__ = str(path)
    source = restyled(path.read_text(encoding="utf-8"), style)
    exec(compile(source, f"<{path.stem}, {style}>", "exec"), vars(module))  # noqa: S102 - ours
    return module


# Mistakes that nobody has listed


def _mutant_trials(known: _Known, hidden: _Hidden, step: int) -> Iterator[Trial]:
    bank, _ = _bank(known.folder, AS_IN_THE_BANK)
    for origin, exercise, mutant in _mutants(known, bank, step):
        names = _run(mutant.source)
        if names is None:
            continue
        names = {**known.solution, **names, exercise: names[origin or exercise]}
        seen = known.seen(exercise, names)
        if all(right(known.probes[exercise], seen)):
            continue
        named = known.named(exercise, seen)
        is_false = bool(named) and not _agree(
            names, _like(known, bank, exercise, named), hidden.get(exercise, [])
        )
        yield Trial(
            exercise=exercise,
            kind=UNLISTED,
            label=f"mutant {mutant.id}, {mutant.kind}",  # its lines would give an answer away
            style=origin or "solution",
            named=named,
            is_false=is_false,
        )


def _like(known: _Known, bank: Bank, exercise: str, named: tuple[str, ...]) -> Names:
    """Return the names of whoever makes the mistakes; nobody's for one that no bank lists."""
    try:
        code = bank.wrong_code(exercise, PAIR.join(named))
    except LessonError:
        return {}
    return {**known.solution, exercise: code}


def _mutants(known: _Known, bank: Bank, step: int) -> Iterator[tuple[str, str, Mutant]]:
    """Give mutants of the solution, then of the alternatives, whose name comes with them."""
    source = known.course.solution(known.slug).read_text(encoding="utf-8")
    for exercise in known.probes:
        for mutant in mutants_of(_alone(source, exercise), exercise, [exercise])[::step]:
            yield "", exercise, mutant
    source = (known.folder / "alternatives.py").read_text(encoding="utf-8")
    for exercise, codes in bank.alternatives.items():
        for name in codes:
            found = mutants_of(_alone(source, name), name, [name])
            for mutant in found[:: MUTANTS_OF_ALTERNATIVES * step]:
                yield name, exercise, mutant


def _alone(source: str, name: str) -> str:
    """Return a module with one definition and what it needs: short ones are mutated fast."""
    module = ast.parse(source)
    known = {n.name: n for n in module.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    needed, waiting = set(), [name]
    while waiting:
        now = waiting.pop()
        needed.add(now)
        used = {n.id for n in ast.walk(known[now]) if isinstance(n, ast.Name)}
        waiting += (used & set(known)) - needed
    definitions = (ast.FunctionDef, ast.ClassDef)
    kept = [n for n in module.body if not isinstance(n, definitions) or n.name in needed]
    return ast.unparse(ast.Module(kept, []))


def _run(source: str) -> dict[str, Any] | None:
    names: dict[str, Any] = {"__name__": "mutant"}
    try:
        exec(compile(source, "<mutant>", "exec"), names)  # noqa: S102 - ours, with one change
    except Exception:  # it does not even begin: nobody hands it in
        return None
    return names


def _hidden_probes(known: _Known) -> _Hidden:
    """Record the hidden cases as probes, on inputs that are drawn anew."""
    found: dict[str, list[Probe]] = {}
    solution = types.SimpleNamespace(**known.solution)

    def use(suite: SuiteSession) -> None:
        for case in suite.cases:
            script = CallScript(solution, case.id)
            if case.is_public or case.exercise not in known.probes:
                continue
            try:
                suite.run([case], lambda _, s=script: s.student, seed=b"naming accuracy")
                probe = _probe(case.id, script.steps(), known.solution)
            except LessonError:  # it passes a function: no script can
                continue
            if probe is not None:
                found.setdefault(case.exercise, []).append(probe)

    with_suite(known.course.root, known.slug, use)
    return found


def _probe(case: str, steps: tuple[Step, ...], solution: Names) -> Probe | None:
    bare = Probe(case=case, title="", rtol=_LEAST, atol=_LEAST, steps=steps, right=())
    seen = observe(solution, bare)
    if isinstance(seen, NotAnswered):
        return None
    dtypes = {array.dtype for behaviour in seen for array in arrays_in(behaviour.value)}
    return replace(bare, right=seen, rtol=max([_LEAST, *map(default_rtol, dtypes)]))


def _agree(one: Names, other: Names, hidden: list[Probe]) -> bool:
    """Say whether no hidden case is clearly wrong of one and right of the other."""
    return not any(
        {_verdict(one, probe), _verdict(other, probe)} == {"right", "clearly wrong"}
        for probe in hidden
    )


def _verdict(names: Names, probe: Probe) -> str:
    seen = observe(names, probe)
    if isinstance(seen, NotAnswered):
        return "clearly wrong"
    if is_as(probe, seen, probe.right):
        return "right"
    return "wrong" if is_as(probe, seen, probe.right, slack=CLEARLY) else "clearly wrong"


# The page


@dataclass
class Counts:
    """What became of some answers."""

    tried: int = 0
    full: int = 0
    """Everything that is wrong was named."""
    part: int = 0
    """One of two was named."""
    false: int = 0

    def add(self, trial: Trial) -> None:
        self.tried += 1
        self.full += trial.is_full
        self.part += bool(trial.named) and not trial.is_full and not trial.is_false
        self.false += trial.is_false

    @property
    def share(self) -> float:
        return self.full / self.tried if self.tried else 1.0


def measure(course: Course, slugs: Sequence[str], step: int = 1) -> list[Trial]:
    """Try the lessons' answers; none of their warnings matters."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return [trial for slug in slugs for trial in trials(course, slug, step)]


def counted(found: Iterable[Trial], kind: str) -> Counts:
    counts = Counts()
    for trial in found:
        if trial.kind == kind:
            counts.add(trial)
    return counts


def precision(found: Sequence[Trial]) -> float:
    """Return the share of the given names that are right."""
    named = [trial for trial in found if trial.named]
    return 1 - sum(trial.is_false for trial in named) / max(len(named), 1)


def page(found: list[Trial], slugs: Sequence[str], duration_s: float) -> str:
    exercises = list(dict.fromkeys(trial.exercise for trial in found))
    rows = [_row(f"`{e}`", [t for t in found if t.exercise == e]) for e in exercises]
    styles = [_style_row(style, [t for t in found if t.style == style]) for style in STYLES]
    errors = [t for t in found if t.is_false]
    missed = [t for t in found if t.kind == SINGLE and not t.is_full and not t.is_false]
    return "\n".join(
        [
            "# How accurate naming is",
            "",
            *_INTRODUCTION,
            "",
            "| exercise | single mistakes named | pairs: both named | pairs: one of the two | "
            "right answers named | unlisted mistakes: named, of which wrongly | precision |",
            "|---|---|---|---|---|---|---|",
            *rows,
            _row("**all**", found),
            "",
            "## By style",
            "",
            "| style | single mistakes named | pairs: both named |",
            "|---|---|---|",
            *styles,
            "",
            f"## Wrong names ({len(errors)})",
            "",
            *[_error(trial) for trial in errors],
            "",
            f"## Single mistakes without a name ({len(missed)})",
            "",
            *[f"- `{t.exercise}`: {t.label}, {t.style}" for t in missed],
            "",
            f"Lessons: {', '.join(slugs)}. Made by `make naming` in {duration_s:.0f} s.",
            "",
        ]
    )


_INTRODUCTION = """\
When a wrong answer behaves like a known misconception, learners read of it. How often is the
mistake named, and how often is the name wrong? Answers whose mistake is known, as it was put there,
are tried on the public probes: each misconception, in each of its forms (a fixed 1e-5, 1e-6, ... in
the place of epsilon is one mistake), in eight styles (other names, other operators,
loops, torch, ...), each pair of them in two, and right answers in eight. Then come automatic
mutants of solutions and alternatives, mistakes that nobody has listed: of these a name is wrong if
a hidden case, on inputs that naming has not seen, tells the mutant from the named mistake by right
and wrong. So it is for a right answer that is wrong in another style: torch copies less. That is
strict: many a name below is that of the change, but for one edge.

Some pairs cannot be told from one of their two mistakes by anybody: where nothing is divided, it
does not matter which epsilon is added. Naming that one is no error.""".splitlines()


def _row(name: str, found: list[Trial]) -> str:
    single, pair, unlisted = (counted(found, kind) for kind in (SINGLE, DOUBLE, UNLISTED))
    ok = counted(found, RIGHT)
    cells = [
        name,
        _share(single),
        _share(pair),
        str(pair.part),
        f"{ok.false} of {ok.tried}",
        f"{unlisted.part + unlisted.full + unlisted.false} of {unlisted.tried}, {unlisted.false}",
        f"{100 * precision(found):.1f} %",
    ]
    return f"| {' | '.join(cells)} |"


def _style_row(name: str, found: list[Trial]) -> str:
    return f"| {name} | {_share(counted(found, SINGLE))} | {_share(counted(found, DOUBLE))} |"


def _share(counts: Counts) -> str:
    return f"{100 * counts.share:.1f} % of {counts.tried}" if counts.tried else "-"


def _error(trial: Trial) -> str:
    what = f"`{trial.label}`" if trial.kind == UNLISTED else trial.label
    return (
        f"- `{trial.exercise}`, {trial.kind}, {trial.style}: {what} was named "
        f"{' and '.join(trial.named)}"
    )


def shortcomings(found: Sequence[Trial]) -> list[str]:
    """Return what falls short of what naming promises."""
    measured = {
        "precision": (precision(found), 0.99),
        "single mistakes named": (counted(found, SINGLE).share, 0.90),
        "pairs named": (counted(found, DOUBLE).share, 0.60),
    }
    lines = [
        f"{k}: {got:.1%}, less than {least:.0%}"
        for k, (got, least) in measured.items()
        if got < least
    ]
    named = counted(found, RIGHT).false
    return lines + ([f"{named} right answers were named"] if named else [])


def main() -> None:
    """Measure, write the page, and fail where naming falls short."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="default: every lesson")
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    torch.set_num_threads(1)
    put_course_on_path(ROOT)
    course = Course.load(ROOT)
    slugs = options.lessons or [lesson.slug for lesson in course.lessons]
    start = time.monotonic()
    found = measure(course, slugs)
    text = page(found, slugs, time.monotonic() - start)
    if options.check:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}")
    for line in shortcomings(found):
        print(f"FALLS SHORT: {line}")
    sys.exit(bool(shortcomings(found)))


if __name__ == "__main__":
    main()
