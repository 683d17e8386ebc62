"""The page that a learner gets, made by nbgrader's own generate_feedback."""

from __future__ import annotations

import base64
import json
import shutil
from typing import Any

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_output

from nbjudge.cli.main import main
from nbjudge.nbgrader_adapter.feedback_page import fit_into_page
from nbjudge.texts import PSEUDO, VARIABLE
from tests.unit.nbgrader_adapter.tiny_course import HALF_RIGHT, LESSON, RIGHT, TinyCourse

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n and the rest of it").decode()
_WRITE_TO = 'c.NbJudge.review_request = "Write to *Grace* within a week."\n'


def page(course: TinyCourse, student: str = "ada") -> BeautifulSoup:
    assert course.api().generate_feedback(LESSON, student, force=True)["success"]
    path = course.root / "feedback" / student / LESSON / f"{LESSON}.html"
    return BeautifulSoup(path.read_text(encoding="utf-8"), features="html.parser")


def graded(course: TinyCourse, answers: Any = HALF_RIGHT) -> BeautifulSoup:
    notebook = answers if "cells" in answers else course.answers(answers)
    course.submit("ada", notebook)
    assert course.autograde("ada")["success"]
    return page(course)


def words(soup: BeautifulSoup, selector: str) -> str:
    return " ".join(soup.select_one(selector).get_text(" ").split())


def test_what_was_earned_and_what_to_do_next_come_first(course: TinyCourse):
    soup = graded(course)
    assert words(soup, ".earned") == "You earned 5 of 6 points."
    assert "double : the examples pass. Try inputs like these: negative numbers." in words(
        soup, ".steps"
    )
    headings = [h.get_text(" ", strip=True) for h in soup.select("h1, h2")]
    assert headings[:2] == ["Tiny", "What to do next"]
    assert headings[3].startswith("double")


def test_a_table_says_where_each_part_stands_and_leads_there(course: TinyCourse):
    soup = graded(course)
    rows = [[c.get_text(strip=True) for c in r("th") + r("td")] for r in soup.select("tbody tr")]
    assert rows == [
        ["double", "partly right", "3 of 4 points"],
        ["total", "right", "2 of 2 points"],
    ]
    anchors = [a["href"][1:] for a in soup.select("table.overview a")]
    assert all(soup.find(id=anchor) is not None for anchor in anchors)


def test_nothing_lies_beside_the_page_that_the_page_does_not_need(course: TinyCourse):
    (course.root / "source" / LESSON / f"{LESSON}.nbjudge.json").write_text("{}")
    course.submit("ada", course.answers(RIGHT))
    submitted = course.root / "submitted" / "ada" / LESSON
    for name in (f"{LESSON}.quiz.json", f"{LESSON}.answers.json", "my_figure.png"):
        (submitted / name).write_text("{}")
    assert course.autograde("ada")["success"]
    assert (course.root / "autograded" / "ada" / LESSON / f"{LESSON}.nbjudge.json").exists()
    page(course)
    beside = sorted(path.name for path in (course.root / "feedback" / "ada" / LESSON).iterdir())
    assert beside == [f"{LESSON}.html", "my_figure.png"]


def test_everything_right_leaves_nothing_to_do(course: TinyCourse):
    assert words(graded(course, RIGHT), ".steps p") == (
        "Nothing: everything that has a mark is right."
    )


def test_no_score_stands_beside_no_mark_yet(course: TinyCourse):
    course.submit("ada", '{"cells": [')
    assert course.autograde("ada")["success"]
    soup = page(course)
    text = soup.get_text(" ")
    assert words(soup, ".earned") == "No mark yet."
    assert words(soup, ".about") == "A person looks at it."
    assert "no mark yet, of 4 points" in text
    assert "0 of 4" not in text
    assert "Your notebook could not be judged: " in text
    assert "Score" not in text


def test_a_mark_and_a_comment_by_a_person_are_told_apart_from_the_judges(course: TinyCourse):
    graded(course)
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade("test_double", LESSON, LESSON, "ada")
        grade.manual_score = 4.0
        comment = gradebook.find_comment("double", LESSON, LESSON, "ada")
        comment.manual_comment = "Nearly *there*."
        gradebook.db.commit()
    soup = page(course)
    assert "A person gave this mark; the tests had given 3 points." in soup.get_text(" ")
    assert words(soup, ".comment") == "What a person says Nearly there ."
    assert words(soup, ".earned") == "You earned 6 of 6 points."
    assert words(soup, ".steps p") == "Nothing: everything that has a mark is right."


def test_a_second_hand_in_is_compared_with_the_first(course: TinyCourse):
    first = graded(course)
    assert "Since your last hand-in" not in first.get_text()
    soup = graded(course, RIGHT)
    items = [item.get_text() for item in soup.select("[aria-labelledby=page_changes] li")]
    assert items == ["double: 4 points, before 3.", "double now passes: Negative numbers."]


def test_a_figure_of_the_learners_own_stands_at_its_exercise(course: TinyCourse):
    notebook = course.answers(HALF_RIGHT)
    drawn = new_output("display_data", data={"image/png": PIXEL})
    forged = new_output("display_data", data={"image/png": "PHN2Zz4=", "image/svg+xml": "<svg>"})
    at = [cell["id"] for cell in notebook["cells"]].index("double") + 1
    mine = new_code_cell("draw()", id="mine", outputs=[drawn, forged])
    notebook["cells"].insert(at, json.loads(json.dumps(mine)))
    soup = graded(course, notebook)
    images = soup.select("img")
    assert [image["src"] for image in images] == [f"data:image/png;base64,{PIXEL}"]
    assert images[0]["alt"]
    assert images[0].find_parent("section")["aria-labelledby"] == "test_double"


@pytest.mark.parametrize("outputs", [None, 3, [3], [{"data": 3}], [{"data": {"image/png": 3}}]])
def test_outputs_that_are_none_draw_nothing(course: TinyCourse, outputs: object):
    notebook = course.answers(RIGHT)
    notebook["cells"][2]["outputs"] = outputs
    assert graded(course, notebook).select("img") == []


def test_the_instructor_says_how_to_ask_for_a_review(course: TinyCourse):
    assert "Write to whoever teaches the course" in graded(course).get_text()
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(_WRITE_TO)
    assert words(page(course), "[aria-labelledby=page_review] .text") == (
        "Write to Grace within a week."
    )


def test_nothing_hidden_is_on_the_page(course: TinyCourse):
    text = str(graded(course))
    for secret in ("-82", "-41", "SECRET-DOCSTRING", "expect_close"):
        assert secret not in text


def test_the_page_asks_for_nothing_from_elsewhere_and_runs_nothing(course: TinyCourse):
    soup = graded(course)
    assert soup.select("script, link, iframe, object, [src^=http], [onload], [onclick]") == []
    assert "url(" not in str(soup)


def test_every_id_is_there_once(course: TinyCourse):
    ids = [tag["id"] for tag in graded(course).select("[id]")]
    assert sorted(ids) == sorted(set(ids))


def test_every_word_of_the_page_can_be_translated(
    course: TinyCourse, monkeypatch: pytest.MonkeyPatch
):
    """Words that are the course's, the learner's or the card's are no part of this."""
    graded(course)
    monkeypatch.setenv(VARIABLE, PSEUDO)
    soup = page(course)
    theirs = "style, script, code, pre, .text, .nbjudge-card, .course, h1, .comment, title"
    for tag in soup.select(theirs):
        tag.decompose()
    bare = [
        text.strip()
        for text in soup.body.find_all(string=True)
        if text.strip(" \n:.") and not ("⟦" in text or "⟧" in text)
    ]
    assert set(bare) <= {"5"}
    assert soup.html["lang"] == PSEUDO


def test_what_is_wide_scrolls_and_headings_stay_in_order():
    html = '<h1 id="A">A</h1><table><tr><th></th></tr></table>'
    assert fit_into_page(html) == (
        '<h3 id="A">A</h3><div class="wide" role="group" aria-label="Table" tabindex="0">'
        "<table><tr><td></td></tr></table></div>"
    )


@pytest.mark.parametrize(("letters", "scrolls"), [(8, False), (60, True)])
def test_only_a_long_formula_is_a_stop_of_the_keyboard(letters: int, scrolls: bool):
    formula = f'<math display="block"><mi>{"x" * letters}</mi></math>'
    assert ("tabindex" in fit_into_page(formula)) is scrolls


def test_the_instructor_chooses_the_language_of_cards_and_pages(course: TinyCourse):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f'c.NbJudge.language = "{PSEUDO}"\n')
    soup = graded(course)
    assert words(soup, ".earned") == "⟦You earned 5 of 6 points.⟧"
    assert "⟦3 of 4 points⟧" in words(soup, ".nbjudge-card")


def test_a_translated_assignment_is_judged_by_the_lessons_suite_in_its_own_language(
    course: TinyCourse,
):
    assignment = f"{LESSON}.{PSEUDO}"
    (course.root / "course" / f"{assignment}.md").write_text("# Tiny\n")
    shutil.copytree(course.root / "source" / LESSON, course.root / "source" / assignment)
    assert course.api().generate_assignment(assignment)["success"]
    folder = course.root / "submitted" / "ada" / assignment
    folder.mkdir(parents=True)
    (folder / f"{LESSON}.ipynb").write_text(json.dumps(course.answers(HALF_RIGHT)))
    assert main(["grade", assignment]) == 0
    assert course.api().generate_feedback(assignment, "ada")["success"]
    path = course.root / "feedback" / "ada" / assignment / f"{LESSON}.html"
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), features="html.parser")
    assert soup.html["lang"] == PSEUDO
    assert words(soup, ".earned") == "⟦You earned 5 of 6 points.⟧"
    assert "⟦3 of 4 points⟧" in words(soup, ".nbjudge-card")


def test_a_picture_that_lies_beside_the_notebook_is_put_into_the_page(course: TinyCourse):
    notebook = course.answers(RIGHT)
    notebook["cells"][0]["source"] = "![a row](figures/row.svg) ![none](gone.png) ![](away.png)"
    folder = course.submit("ada", notebook).parent
    (folder / "figures").mkdir()
    (folder / "figures" / "row.svg").write_text("<svg/>")
    (course.root / "secret.png").write_bytes(b"secret")
    (folder / "away.png").symlink_to(course.root / "secret.png")
    assert course.autograde("ada")["success"]
    sources = {image["alt"]: image["src"] for image in page(course).select("img")}
    assert sources["a row"] == f"data:image/svg+xml;base64,{base64.b64encode(b'<svg/>').decode()}"
    assert sources["none"] == "gone.png"
    assert base64.b64encode(b"secret").decode() not in str(sources)
