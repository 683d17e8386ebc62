"""The promises that every lesson makes: its text, its figures, its release."""

import re
from typing import NamedTuple

import jupytext
import pytest

from grader_tests.shared_misconceptions import SHARED
from nbjudge.model import Course
from tests.lessons import ROOT, lesson_cells, lesson_text, mistakes, outputs_of_release

SLUGS = [lesson.slug for lesson in Course.load(ROOT).lessons]


class Counts(NamedTuple):
    figures: int
    """Those that stand still."""
    predicted: int
    """How many of them the reader is asked to predict in the usual words, just before."""
    exercises: int
    moving: int = 0
    """Figures that are drawn again as their controls are moved."""


COUNTS = {
    "m1_l00_fundamental_concepts": Counts(figures=5, predicted=4, exercises=3),
    "m1_l01_mathematical_foundations": Counts(figures=4, predicted=4, exercises=4),
    "m1_l02_zero_mean": Counts(figures=4, predicted=4, exercises=4, moving=1),
    "m1_l03_distributions": Counts(figures=4, predicted=4, exercises=3, moving=1),
    "m1_l04_variance_and_std": Counts(figures=3, predicted=3, exercises=4),
    "m1_l05_layer_norm_formula": Counts(figures=4, predicted=3, exercises=4),
    "m1_l06_layer_norm_formula_detailed": Counts(figures=5, predicted=4, exercises=6),
}

each_lesson = pytest.mark.parametrize("slug", SLUGS)
each_lesson_counted = pytest.mark.parametrize(("slug", "counts"), COUNTS.items(), ids=COUNTS)


@each_lesson
def test_lesson_is_as_jupytext_writes_it(slug):
    text = lesson_text(slug)

    assert jupytext.writes(jupytext.reads(text, "md:myst"), "md:myst") == text


@each_lesson
def test_lesson_explains_every_mistake(slug):
    headings = re.findall(r"^#+ (.*)$", lesson_text(slug), flags=re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}

    for mistake in mistakes(slug):
        assert mistake.paragraph in anchors, mistake.id


def assert_fits_into_a_table(explanation, name):
    first = re.split(r"(?<=\.) ", explanation)[0]
    assert first.startswith("This behaves like "), name
    assert len(first) <= 90, name


@each_lesson
def test_first_sentence_of_an_explanation_fits_into_a_table(slug):
    assert mistakes(slug)
    for mistake in mistakes(slug):
        assert_fits_into_a_table(mistake.explanation, mistake.id)


def test_first_sentence_of_a_shared_explanation_fits_into_a_table():
    for name, texts in SHARED.items():
        assert_fits_into_a_table(texts["explanation"], name)


@each_lesson_counted
def test_every_figure_is_described_and_readable_on_a_dark_page(slug, counts):
    cells = lesson_cells(slug)
    drawing = [k for k, cell in enumerate(cells) if "plt.show()" in cell.source]
    static = [k for k in drawing if "interact" not in cells[k].source]

    assert (len(static), len(drawing) - len(static)) == (counts.figures, counts.moving)
    for k in drawing:
        assert 'facecolor="white"' in cells[k].source
        assert "label" in cells[k].source
    for k in static:
        # After it: words that stand before it would answer the prediction.
        after = cells[k + 1].source
        assert re.match(r"<details>\s*<summary>The figure in words</summary>", after), k
    predicted = ["Predict before you run" in cells[k - 1].source for k in static]
    assert sum(predicted) == counts.predicted


@pytest.mark.long
@each_lesson_counted
def test_untouched_release_runs_to_its_end(slug, counts):
    outputs = outputs_of_release(slug)

    assert [o for o in outputs if o.output_type == "error"] == []
    assert [o for o in outputs if o.output_type == "stream" and "Error" in str(o)] == []
    assert sum("image/png" in o.get("data", {}) for o in outputs) == counts.figures
    assert (
        sum("still waiting for you" in str(o.get("data", {})) for o in outputs) == counts.exercises
    )
