from pathlib import Path

import pytest

from nbjudge.authoring.prove_distances import distances
from nbjudge.model import Course
from nbjudge.naming.probes import load_probes
from nbjudge.naming.separation import CLEARLY, RIGHT, separating_probes
from nbjudge.naming.traits import LEAST_EVIDENCE

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def course():
    return Course.load(ROOT)


def test_every_two_answers_of_a_built_lesson_are_clearly_apart(course):
    lesson = course.lesson("m1_l05_layer_norm_formula")
    found = list(distances(course, lesson, "layer_norm"))
    probes = load_probes(course.probes(lesson.assignment, lesson.slug)).exercises["layer_norm"]

    answers = 1 + len(probes.misconceptions)
    assert len(found) == answers * (answers - 1) // 2
    assert {item.first for item in found} >= {RIGHT, "unbiased-variance"}
    assert min(item.tolerances for item in found) >= CLEARLY
    for item in found:
        assert item.probes >= separating_probes(probes, item.first, item.second) >= LEAST_EVIDENCE


def test_what_was_never_built_has_no_distances(course):
    lesson = course.lesson("m1_l05_layer_norm_formula")

    assert list(distances(course, lesson, "no_such_exercise")) == []
