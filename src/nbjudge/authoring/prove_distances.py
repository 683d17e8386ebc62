"""How clearly the public probes tell the misconceptions of an exercise apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from nbjudge.authoring.prove_model import Distance
from nbjudge.errors import UserError
from nbjudge.model import Course, Lesson
from nbjudge.naming.compare import is_as
from nbjudge.naming.probes import ExerciseProbes, Probe, load_probes
from nbjudge.naming.separation import CLEARLY, RIGHT
from nbjudge.naming.traits import LEAST_EVIDENCE

_FARTHEST = 1e6
"""Beyond this many tolerances nobody asks how many: another dtype, an exception, a NaN."""


def distances(course: Course, lesson: Lesson, exercise: str) -> Iterator[Distance]:
    """Compare the misconceptions with the right answer and with each other.

    Reads the probes that the last build recorded; nothing is yielded before it.
    """
    try:
        found = load_probes(course.probes(lesson.assignment, lesson.slug)).exercises
    except UserError:
        return
    probes = found.get(exercise)
    if probes is None:
        return
    for first, second in itertools.combinations([RIGHT, *probes.misconceptions], 2):
        yield _distance(probes, first, second)


def _distance(exercise: ExerciseProbes, first: str, second: str) -> Distance:
    apart = sorted((_tolerances(p, first, second) for p in exercise.probes), reverse=True)
    return Distance(
        first=first,
        second=second,
        probes=sum(tolerances >= CLEARLY for tolerances in apart),
        tolerances=apart[LEAST_EVIDENCE - 1] if len(apart) >= LEAST_EVIDENCE else 0.0,
    )


def _tolerances(probe: Probe, first: str, second: str) -> float:
    """The largest of 1, 20 and the powers of ten by which two behaviours differ; 0 if by none."""
    a, b = probe.behaviour(first), probe.behaviour(second)
    largest = 0.0
    for slack in (1.0, CLEARLY, 1e2, 1e3, 1e4, 1e5, _FARTHEST):
        if is_as(probe, a, b, slack=slack):
            break
        largest = slack
    return largest
