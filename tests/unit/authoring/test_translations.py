"""A lesson in another language is an assignment of its own with the same code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nbjudge.authoring.absorb import absorb
from nbjudge.authoring.build import build
from nbjudge.errors import LessonError, UserError
from nbjudge.model import Course
from tests.unit.authoring.conftest import MEAN_SUITE, TEXT, write

GERMAN = (
    TEXT.replace("# Counting", "# Zählen")
    .replace("Why count at all?", "Warum zählen?")
    .replace("## The mean", "## Der Mittelwert")
    .replace("Return the mean.", "Gib den Mittelwert zurück.")
    .replace("## A counter", "## Ein Zähler")
)
BANK = """\
from nbjudge.naming.bank import misconception


def mean_of_variant(x, *, start=0.0, less=0):
    return float((x.sum() + start) / (len(x) - less))


ONE_LESS = misconception(
    "one-less", exercise="mean_of", switches={"less": 1}, belief="b", explanation="e",
    question="q", hint="h", paragraph="the-mean",
)
"""


@pytest.fixture
def translated(course: Course, slug: str) -> Course:
    """The course, with the lesson in German and a misconception that names a section."""
    write(course.text(slug, "de"), GERMAN)
    write(course.suite_folder(slug) / "misconceptions.py", BANK)
    suite = MEAN_SUITE + MEAN_SUITE.split("\n\n\n")[1].replace("worked", "second").replace(
        "[1.0, 2.0, 3.0]", "[1.0, 3.0, 5.0]"
    ).replace("2.0, kind", "3.0, kind")
    write(course.suite_folder(slug) / "test_mean_of.py", suite)
    return Course.load(course.root)


def sources(course: Course, assignment: str, slug: str) -> str:
    notebook = json.loads(course.source_notebook(assignment, slug).read_bytes())
    return "\n".join("".join(cell["source"]) for cell in notebook["cells"])


def test_a_translation_is_found_by_its_file(translated: Course, slug: str):
    (lesson,) = translated.translations
    assert (lesson.slug, lesson.assignment, lesson.language) == (slug, f"{slug}.de", "de")
    assert translated.language(f"{slug}.de") == "de"
    assert translated.language(slug) == ""


def test_it_is_built_and_released_as_an_assignment_of_its_own(translated: Course, slug: str):
    report = build(translated, translated.lessons)
    assignment = f"{slug}.de"
    text = sources(translated, assignment, slug)
    assert "Gib den Mittelwert zurück." in text
    assert "total = np.sum(x) + start" in text
    assert (translated.root / "release" / assignment / f"{slug}.ipynb").exists()
    assert f"source/{assignment}/{slug}.ipynb" in report.changed
    assert "Return the mean." in sources(translated, slug, slug)
    assert build(translated, translated.lessons, check=True).changed == []


def test_links_lead_to_its_own_sections(translated: Course, slug: str):
    build(translated, translated.lessons)
    paragraphs = {
        assignment: json.loads(translated.probes(assignment, slug).read_bytes())["exercises"][
            "mean_of"
        ]["misconceptions"]["one-less"]["paragraph"]
        for assignment in (slug, f"{slug}.de")
    }
    assert paragraphs == {slug: "The-mean", f"{slug}.de": "Der-Mittelwert"}


def refusal(course: Course, slug: str, text: str) -> str:
    write(course.text(slug, "de"), text)
    with pytest.raises(LessonError) as error:
        build(course, course.lessons)
    return str(error.value)


def test_other_points_than_the_lessons_are_refused(translated: Course, slug: str):
    said = refusal(translated, slug, GERMAN.replace("points: 2", "points: 3"))
    line = GERMAN.split("\n").index('check("mean_of")') + 1
    assert said == (
        f"The translation is not of this lesson: in course/{slug}.md the cell test_mean_of, 2 "
        f"points stands here, not the cell test_mean_of, 3 points.\n"
        f"  where: course/{slug}.de.md, line {line}\n"
        "  to cure it: translate the text and the docstrings; leave exercises and points as they "
        "are."
    )


def test_a_missing_exercise_is_refused(translated: Course, slug: str):
    cut = GERMAN[: GERMAN.index("```{code-cell} ipython3\n:nbgrader: {grade_id: test_Counter")]
    said = refusal(translated, slug, cut)
    assert f"in course/{slug}.md it has the cell test_Counter, 3 points." in said


def test_a_missing_section_is_refused(translated: Course, slug: str):
    said = refusal(translated, slug, GERMAN.replace("## Ein Zähler\n\n", ""))
    assert said == (
        "The translation has 2 sections; the lesson has 3.\n"
        f"  where: course/{slug}.de.md\n"
        "  to cure it: give it the same headings in the same order: links lead to them."
    )


def test_a_translated_notebook_is_not_absorbed(translated: Course, slug: str):
    build(translated, translated.lessons)
    path: Path = translated.source_notebook(f"{slug}.de", slug)
    path.write_text(path.read_text().replace("Warum", "Weshalb"))
    with pytest.raises(UserError) as error:
        absorb(translated, path)
    assert str(error.value) == (
        "A translated notebook is not absorbed.\n"
        f"  where: source/{slug}.de/{slug}.ipynb\n"
        f"  to cure it: edit course/{slug}.de.md, delete the notebook, and run nbjudge build."
    )
