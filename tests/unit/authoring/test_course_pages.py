from __future__ import annotations

import pytest

from nbjudge.authoring.build import build
from nbjudge.authoring.course_pages import course_pages
from nbjudge.cli.main import main


@pytest.fixture
def syllabus(course, slug):
    text = f"""
[[topics]]
number = "1.0"
title = "Counting"
lesson = "{slug}"
points = [
  {{ text = "What a mean is", sections = ["the-mean"] }},
  {{ text = "Means | medians" }},
  {{ text = "Gone", sections = ["renamed"] }},
]
[[topics]]
number = "2.1"
title = "Later"
lesson = "m2_l01_later"
points = [{{ text = "Anything", sections = ["somewhere"] }}]
"""
    (course.root / "course" / "syllabus.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def glossary(course, slug):
    text = f"""
[[terms]]
name = "tally"
text = "A count."
lesson = "{slug}"
section = "a-counter"
[[terms]]
name = "Mean"
also = ["average"]
text = "A sum, divided."
lesson = "{slug}"
section = "the-mean"
"""
    (course.root / "course" / "glossary.toml").write_text(text, encoding="utf-8")


def test_a_course_without_syllabus_and_glossary_gets_no_pages(course):
    assert course_pages(course) == {}


def test_coverage_says_where_each_point_is_kept_and_what_is_missing(course, slug, syllabus):
    page = course_pages(course)["docs/coverage.md"].decode()

    assert "1 of 2 lessons are there, and 1 of 4 points have a section." in page
    assert "## Module 1: One\n\n### 1.0 Counting\n" in page
    assert f"| What a mean is | [The mean](../course/{slug}.md#the-mean) |" in page
    assert "| Means \\| medians | none yet |" in page
    assert "| Gone | none yet |" in page
    assert "### 2.1 Later\n\nNo lesson yet (`m2_l01_later`).\n" in page
    assert "| Anything |  |" in page


def test_glossary_is_sorted_and_leads_to_the_lessons(course, slug, glossary):
    page = course_pages(course)["docs/glossary.md"].decode()

    assert page.index("## Mean\n\nAlso: average.\n\nA sum, divided.") < page.index("## tally")
    assert f"[Counting: The mean](../course/{slug}.md#the-mean)" in page


@pytest.mark.usefixtures("syllabus", "glossary")
def test_a_build_writes_the_pages_and_a_check_notices_drift(course, slug, monkeypatch, capsys):
    monkeypatch.chdir(course.root)
    report = build(course, course.lessons)
    assert {"docs/coverage.md", "docs/glossary.md"} <= set(report.changed)
    assert main(["build", "--check"]) == 0

    text = course.text(slug)
    text.write_text(text.read_text(encoding="utf-8").replace("## The mean", "## A mean"), "utf-8")
    capsys.readouterr()

    assert main(["build", "--check"]) == 1
    assert "  drifted    docs/coverage.md\n" in capsys.readouterr().out
