"""Build a lesson's public probes: record, replay on right and wrong answers, separate, write.

The recorded numbers are those of the machine that built them first: a rebuild
keeps what agrees within a probe's tolerance, so that another machine's last
digits are no change.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nbjudge.authoring.learner_texts import learner_texts
from nbjudge.authoring.recording import CallScript
from nbjudge.errors import GraderFault, LessonError, UserError
from nbjudge.expect import default_rtol
from nbjudge.model import Course, Lesson, Outcome
from nbjudge.naming.bank import Bank
from nbjudge.naming.compare import is_as, shared
from nbjudge.naming.observe import NotAnswered, observe
from nbjudge.naming.probes import (
    Behaviour,
    ExerciseProbes,
    Probe,
    ProbeFile,
    Step,
    dump_probes,
    load_probes,
)
from nbjudge.naming.separation import (
    CLEARLY,
    RIGHT,
    confusable_misconceptions,
    separable_forms,
    separable_pairs,
)
from nbjudge.naming.traits import LEAST_EVIDENCE
from nbjudge.naming.values import arrays_in
from nbjudge.suite.case import CaseInfo
from nbjudge.suite.implementation import bank_of, put_course_on_path
from nbjudge.suite.session import SuiteSession, with_suite

_LEAST_TOLERANCE = 1e-6
"""Wrong numbers are written with 9 digits, and learners add in another order."""
_BY_DTYPE = -1.0
"""A relative tolerance that is still to be chosen from the dtype of the right answer."""
_SHOWN_CONFUSIONS = 5
_FIXED_SEED = b"public probes"


def record_probes(course: Course, lesson: Lesson) -> bytes:
    """Return the content of the lesson's `.nbjudge.json`.

    Raises:
        LessonError: If a public case cannot be recorded, an alternative is not
            right on one, or the cases do not tell the misconceptions apart.
    """
    slug = lesson.slug
    put_course_on_path(course.root)
    solution = vars(importlib.import_module(f"solutions.{slug}"))
    recorded = _record_cases(course, slug, solution)
    bank = bank_of(course, slug)
    texts_of = learner_texts(course, lesson, bank)
    committed = _committed(course, lesson)
    exercises = {}
    for name in sorted({*recorded, *bank.entries}):
        where = str(course.suite_folder(slug) / f"test_{name}.py")
        probes = [_answered(p, solution, where) for p in recorded.get(name, ())]
        _check_alternatives(name, probes, solution, bank, where)
        exercise = _with_wrong_answers(name, probes, solution, bank, where)
        texts = {key: texts_of(m) for key, m in exercise.misconceptions.items()}
        exercise = replace(exercise, misconceptions=texts)
        exercises[name] = _kept_numbers(exercise, committed.get(name))
    return dump_probes(ProbeFile(lesson=slug, exercises=exercises))


def _record_cases(course: Course, slug: str, solution: Mapping[str, Any]) -> dict[str, list[Probe]]:
    """Run every public case once and return its script as a probe, by exercise."""
    cases: list[CaseInfo] = []
    scripts: dict[str, CallScript] = {}
    failed: dict[str, str] = {}

    def make_student(case: CaseInfo) -> object:
        scripts[case.key] = CallScript(_Names(solution), case.id)
        return scripts[case.key].student

    def run(suite: SuiteSession) -> None:
        cases.extend(case for case in suite.cases if case.is_public)
        results = suite.run(cases, make_student, seed=_FIXED_SEED)
        for case, result in zip(cases, results, strict=True):
            if result.outcome is not Outcome.PASSED:
                failed[case.key] = result.message

    try:
        with_suite(course.root, slug, run)
    except GraderFault as fault:
        raise LessonError(
            f"The suite of {slug} cannot be run: {fault}", context=str(course.suite_folder(slug))
        ) from None
    probes: dict[str, list[Probe]] = {}
    for case in cases:
        script = scripts.get(case.key)
        steps = script.steps() if script is not None else ()
        if case.key in failed or not steps:
            complaint = failed.get(case.key, "it never calls the student's code")
            raise LessonError(
                f"The public case {case.id} cannot be recorded: {complaint}.",
                context=str(course.suite_folder(slug) / f"test_{case.exercise}.py"),
                hint="a public case must pass on the solution.",
            )
        probes.setdefault(case.exercise, []).append(_unanswered(case, steps))
    return probes


def _unanswered(case: CaseInfo, steps: tuple[Step, ...]) -> Probe:
    options = case.public_options
    return Probe(
        case=case.id,
        title=case.title,
        kind=str(options.get("kind", "")),
        rtol=float(options.get("rtol", _BY_DTYPE)),
        atol=float(options.get("atol", _LEAST_TOLERANCE)),
        steps=steps,
        right=(),
    )


class _Names:
    """Attributes for a dict of names."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.__dict__.update(names)


def _behaviour(
    namespace: Mapping[str, Any], probe: Probe, who: str, where: str
) -> tuple[Behaviour, ...]:
    """Run a script on the author's own code, silently."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        seen = observe(namespace, probe)
    if isinstance(seen, NotAnswered):
        raise LessonError(
            f"{who} does not answer the public case {probe.case}: {seen.name} is {seen.reason}.",
            context=where,
        )
    return tuple(replace(behaviour, error=None) for behaviour in seen)


def _answered(probe: Probe, solution: Mapping[str, Any], where: str) -> Probe:
    """Fill in what the solution does, and a tolerance for its dtype unless the case says one."""
    right = _behaviour(solution, probe, "The solution", where)
    dtypes = {array.dtype for behaviour in right for array in arrays_in(behaviour.value)}
    rtol = (
        max([_LEAST_TOLERANCE, *map(default_rtol, dtypes)])
        if probe.rtol == _BY_DTYPE
        else probe.rtol
    )
    return replace(probe, right=right, rtol=rtol)


def _check_alternatives(
    exercise: str, probes: Sequence[Probe], solution: Mapping[str, Any], bank: Bank, where: str
) -> None:
    for name, code in bank.alternatives.get(exercise, {}).items():
        for probe in probes:
            seen = _behaviour({**solution, exercise: code}, probe, f"Alternative {name!r}", where)
            if not is_as(probe, seen, probe.right):
                raise LessonError(
                    f"Alternative {name!r} of {exercise} is not right on the public case "
                    f"{probe.case}.",
                    context=where,
                    hint="correct it, or give the case a tolerance that right answers keep: "
                    "@pytest.mark.public(rtol=..., atol=...).",
                )


def _with_wrong_answers(
    name: str, probes: Sequence[Probe], solution: Mapping[str, Any], bank: Bank, where: str
) -> ExerciseProbes:
    """Replay the scripts on all that the bank holds, and keep what can be told apart."""
    texts = {
        m.id: replace(m, switches={})
        for m in sorted(bank.misconceptions(name), key=lambda item: item.id)
    }
    alone = [_replayed(p, name, [*texts], solution, bank) for p in probes]
    told = {wrong for probe in alone for wrong in probe.wrong}
    # What is right in its numbers everywhere can only be wrong in the memory it shares.
    silent = [wrong for wrong in texts if wrong not in told]
    alone = [_replayed(p, name, silent, solution, bank, by_sharing=True) for p in alone]
    told_apart = ExerciseProbes(exercise=name, probes=tuple(alone), misconceptions=texts)
    _require_separable(told_apart, where)
    for more, separable in (
        (bank.forms(name), separable_forms),
        (bank.pairs(name), separable_pairs),
    ):
        probes = tuple(_replayed(p, name, more, solution, bank) for p in told_apart.probes)
        replayed = replace(told_apart, probes=probes)
        left_out = set(more) - set(separable(replayed, more))
        told_apart = replace(replayed, probes=tuple(_without(p, left_out) for p in probes))
    return told_apart


def _without(probe: Probe, names: set[str]) -> Probe:
    return replace(probe, wrong={n: b for n, b in probe.wrong.items() if n not in names})


def _replayed(
    probe: Probe,
    exercise: str,
    names: Sequence[str],
    solution: Mapping[str, Any],
    bank: Bank,
    *,
    by_sharing: bool = False,
) -> Probe:
    """Add those of `names` to the wrong answers of `probe` that differ from right on it."""
    wrong = dict(probe.wrong)
    for name in names:
        namespace = {**solution, exercise: bank.wrong_code(exercise, name)}
        seen = _behaviour(namespace, probe, f"Misconception {name!r}", f"{exercise}_variant")
        shares = by_sharing and list(map(shared, seen)) != list(map(shared, probe.right))
        if shares or not is_as(probe, seen, probe.right):
            wrong[name] = seen
    return replace(probe, wrong=wrong)


def _require_separable(exercise: ExerciseProbes, where: str) -> None:
    confusable = confusable_misconceptions(exercise)
    if not confusable:
        return
    lines = [
        f"{first!r} and {'the right answer' if second == RIGHT else repr(second)} "
        f"differ on {count or 'none'}"
        for first, second, count in confusable[:_SHOWN_CONFUSIONS]
    ]
    if len(confusable) > _SHOWN_CONFUSIONS:
        lines.append(f"and {len(confusable) - _SHOWN_CONFUSIONS} more")
    raise LessonError(
        f"The public cases of {exercise.exercise} do not tell its misconceptions apart: "
        + "; ".join(lines)
        + ".",
        context=where,
        hint=f"add cases marked public: any two must differ on {LEAST_EVIDENCE} of them, by "
        f"{CLEARLY:g} times the tolerance; or make two misconceptions that are one, one.",
    )


def _committed(course: Course, lesson: Lesson) -> Mapping[str, ExerciseProbes]:
    try:
        return load_probes(course.probes(lesson.assignment, lesson.slug)).exercises
    except UserError:  # absent or of another format: nothing to keep
        return {}


def _kept_numbers(new: ExerciseProbes, old: ExerciseProbes | None) -> ExerciseProbes:
    """Return `new` with the numbers of `old` wherever they agree."""
    known = {probe.case: probe for probe in old.probes} if old else {}
    return replace(new, probes=tuple(_kept(p, known.get(p.case)) for p in new.probes))


def _kept(new: Probe, old: Probe | None) -> Probe:
    if old is None or len(old.right) != len(new.right):
        return new

    def chosen(before: tuple[Behaviour, ...], now: tuple[Behaviour, ...]) -> tuple[Behaviour, ...]:
        agree = len(before) == len(now) and is_as(new, before, now)
        return before if agree and _form(before) == _form(now) else now

    wrong = {name: chosen(old.behaviour(name), now) for name, now in new.wrong.items()}
    return replace(new, right=chosen(old.right, new.right), wrong=wrong)


def _form(behaviours: Sequence[Behaviour]) -> list[object]:
    return [(b.kind, sorted(b.changed), b.shares) for b in behaviours]
