"""Try the learner's code on one exercise's public examples, where it can do no harm."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nbjudge.naming.match import name_mistakes, right
from nbjudge.naming.observe import NotAnswered, Observation, observe
from nbjudge.naming.probes import ExerciseProbes
from nbjudge.student.cards import Checked, Tried, finished_trial
from nbjudge.student.child import TIMEOUT_S, Ended, can_fork, run_in_child
from nbjudge.student.in_place import run_in_place
from nbjudge.student.stopped import ended_trial

_PRINTED_CHARACTERS = 4000


def try_exercise(exercise: ExerciseProbes, names: Mapping[str, object], rung: int) -> Tried:
    """Try every public example; in a child process where the platform has one.

    Args:
        exercise: Its probes are run.
        names: The learner's names.
        rung: How far the learner climbs the ladder of help.
    """

    def work(report: Callable[[int], None]) -> dict[str, Any]:
        return finished_trial(_checked(exercise, names, report), names, rung).as_json()

    run = run_in_child if can_fork() else run_in_place
    done = run(work, timeout_s=TIMEOUT_S)
    if isinstance(done, Ended):
        return ended_trial(exercise, names, done)
    return Tried.from_json(done)


def _checked(
    exercise: ExerciseProbes, names: Mapping[str, object], report: Callable[[int], None]
) -> Checked:
    observed: list[Observation] = []
    printed: list[str] = []
    for number, probe in enumerate(exercise.probes):
        report(number)
        with _caught_output() as output:
            observed.append(observe(names, probe))
        printed.append(output.getvalue()[:_PRINTED_CHARACTERS])
    again: list[Observation] = []
    if _is_puzzling(exercise, observed):
        for number, probe in enumerate(exercise.probes):
            report(number)
            with _caught_output():
                again.append(observe(names, probe))
    return Checked(
        exercise=exercise, observed=tuple(observed), printed=tuple(printed), again=tuple(again)
    )


def _is_puzzling(exercise: ExerciseProbes, observed: list[Observation]) -> bool:
    """Say whether something is wrong and no known mistake explains it."""
    if any(isinstance(seen, NotAnswered) for seen in observed):
        return False
    return not all(right(exercise, observed)) and not name_mistakes(exercise, observed)


@contextlib.contextmanager
def _caught_output() -> Iterator[io.StringIO]:
    """Keep what the learner's code prints off the card's page, and its warnings silent."""
    output = io.StringIO()
    with (
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield output
