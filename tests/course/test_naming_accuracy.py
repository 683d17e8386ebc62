"""Wrong answers are named rightly or not at all, in whatever style they are written."""

from pathlib import Path

import pytest

from bench.naming_accuracy import RIGHT, SINGLE, UNLISTED, measure, shortcomings
from bench.naming_styles import STYLES, restyled
from nbjudge.model import Course
from nbjudge.suite.implementation import put_course_on_path

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.load(ROOT)
SLUGS = [lesson.slug for lesson in COURSE.lessons]


@pytest.fixture(autouse=True)
def _course():
    put_course_on_path(ROOT)


def test_a_sample_of_answers_is_named_rightly_or_not_at_all():
    found = measure(COURSE, ["m1_l05_layer_norm_formula"], step=24)

    assert {trial.kind for trial in found} >= {SINGLE, RIGHT, UNLISTED}
    wrongly = [t for t in found if t.is_false and t.kind != UNLISTED]
    assert wrongly == []
    assert [t for t in found if t.kind == SINGLE and not t.named] == []


@pytest.mark.long
def test_naming_is_as_accurate_as_it_promises():
    """Every third answer; `make naming` tries all."""
    assert shortcomings(measure(COURSE, SLUGS, step=3)) == []


SOURCE = """
import numpy as np


def f(x, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    spread = np.sqrt(np.square(x - mean).mean(axis=-1) + eps)
    return (x - mean) / spread
"""


@pytest.mark.parametrize("style", STYLES)
def test_a_style_changes_the_writing(style):
    changed = restyled(SOURCE, style)

    assert (changed == SOURCE) is (style == "as in the bank")
    compile(changed, style, "exec")
