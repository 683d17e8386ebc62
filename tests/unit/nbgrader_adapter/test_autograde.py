"""A class with every kind of broken notebook, through stock nbgrader and the real judge."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.unit.nbgrader_adapter.tiny_course import (
    HALF_RIGHT,
    LESSON,
    RIGHT,
    TinyCourse,
    copy_of,
)

Edit = Callable[[dict[str, Any]], None]
FULL = {"test_double": 4.0, "test_total": 2.0}
SCRIPT = "<script>alert('SCRIPT')</script>"


def named(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
            return dict(cell)
    raise KeyError(name)


def position(notebook: dict[str, Any], name: str) -> int:
    return [c["metadata"].get("nbgrader", {}).get("grade_id") for c in notebook["cells"]].index(
        name
    )


def syntax_error(notebook: dict[str, Any]) -> None:
    notebook["cells"].insert(2, code("def broken(:"))


def code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": f"x{abs(hash(source)) % 10**6}",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def duplicate_points_cell(notebook: dict[str, Any]) -> None:
    notebook["cells"].append(json.loads(json.dumps(named(notebook, "test_double"))))


def delete_points_cell(notebook: dict[str, Any]) -> None:
    del notebook["cells"][position(notebook, "test_double")]


def delete_both_cells(notebook: dict[str, Any]) -> None:
    delete_points_cell(notebook)
    del notebook["cells"][position(notebook, "double")]


def retype_solution(notebook: dict[str, Any]) -> None:
    cell = notebook["cells"][position(notebook, "double")]
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def points_cell_as_solution(notebook: dict[str, Any]) -> None:
    about = notebook["cells"][position(notebook, "test_double")]["metadata"]["nbgrader"]
    about.update(solution=True, grade=False, locked=False)


def forge_points(notebook: dict[str, Any]) -> None:
    about = notebook["cells"][position(notebook, "test_double")]["metadata"]["nbgrader"]
    about.update(points=99, schema_version=99, extra="x", checksum=5)


def strip_metadata(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    notebook["metadata"] = {}


def nonsense_metadata(notebook: dict[str, Any]) -> None:
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] = {"nbgrader": ["a", 7, None, {"grade_id": [1]}][number % 4]}


def forge_outputs(notebook: dict[str, Any]) -> None:
    cell = notebook["cells"][position(notebook, "test_double")]
    cell["outputs"] = [
        {
            "output_type": "execute_result",
            "execution_count": 1,
            "data": {"text/plain": "99", "text/html": SCRIPT},
            "metadata": {},
        }
    ]


def script_everywhere(notebook: dict[str, Any]) -> None:
    forge_outputs(notebook)
    markdown = {"cell_type": "markdown", "id": "md", "metadata": {"tags": ['"><b onclick=x>']}}
    notebook["cells"].append(markdown | {"source": f"# Hi {SCRIPT}\n<img src=x onerror=alert(1)>"})
    raw = {"cell_type": "raw", "id": "raw", "metadata": {"raw_mimetype": "text/html"}}
    notebook["cells"].append(raw | {"source": SCRIPT})
    notebook["metadata"]["title"] = SCRIPT
    state = "application/vnd.jupyter.widget-state+json"
    notebook["metadata"]["widgets"] = {state: {"x": SCRIPT}}


def newest_format(notebook: dict[str, Any]) -> None:
    notebook["nbformat"] = 99


EDITS: dict[str, Edit] = {
    "syntax-error": syntax_error,
    "duplicated": duplicate_points_cell,
    "deleted": delete_points_cell,
    "retyped": retype_solution,
    "points-as-solution": points_cell_as_solution,
    "forged-points": forge_points,
    "forged-outputs": forge_outputs,
    "scripts": script_everywhere,
}
"""Nothing in these changes what the answers are worth."""


@pytest.fixture(scope="module")
def graded(
    released_course: TinyCourse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TinyCourse]:
    """The whole class, graded in one batch."""
    course = copy_of(released_course, tmp_path_factory.mktemp("class"))
    for student, edit in EDITS.items():
        notebook = course.answers(RIGHT)
        edit(notebook)
        course.submit(student, notebook)
    for student, edit in {
        "both-deleted": delete_both_cells,
        "stripped": strip_metadata,
        "nonsense": nonsense_metadata,
        "format-99": newest_format,
    }.items():
        notebook = course.answers(RIGHT)
        edit(notebook)
        course.submit(student, notebook)
    course.submit("ada", course.answers(RIGHT))
    course.submit("zoe", course.answers(HALF_RIGHT))
    course.submit("untouched", course.released)
    course.submit("corrupt", '{"cells": [\n\n oops')
    course.submit("wrong-name", course.answers(RIGHT), name="final version")
    (course.root / "submitted" / "no-notebook" / LESSON).mkdir(parents=True)
    link = course.root / "submitted" / "link" / LESSON / f"{LESSON}.ipynb"
    link.parent.mkdir(parents=True)
    link.symlink_to(course.root / "submitted" / "ada" / LESSON / f"{LESSON}.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(course.root)
        answer = course.autograde()
        assert answer["success"], answer
        yield course


@pytest.mark.parametrize("student", ["ada", *EDITS])
def test_right_answers_in_an_odd_notebook_get_full_marks(graded: TinyCourse, student: str):
    grades = graded.grades(student)
    assert grades["scores"] == FULL
    assert not grades["needs"]
    assert not grades["flagged"]


def test_partial_credit_is_exact_and_nobody_else_moves_it(graded: TinyCourse):
    assert graded.grades("zoe")["scores"] == {"test_double": 3.0, "test_total": 2.0}


def test_an_untouched_release_has_zero_and_no_response(graded: TinyCourse):
    grades = graded.grades("untouched")
    assert grades["scores"] == {"test_double": 0.0, "test_total": 0.0}
    assert grades["comments"] == {"double": "No response.", "total": "No response."}
    assert not grades["flagged"]


def test_an_answer_that_was_deleted_costs_only_its_own_points(graded: TinyCourse):
    assert graded.grades("both-deleted")["scores"] == {"test_double": 0.0, "test_total": 2.0}


@pytest.mark.parametrize(
    ("student", "problem"),
    [
        ("corrupt", "unreadable JSON, line 3"),
        ("format-99", "nbformat 99 is not known"),
        ("wrong-name", f"expected {LESSON}.ipynb, found final version.ipynb"),
        ("no-notebook", f"expected {LESSON}.ipynb, found no notebook"),
        ("link", f"{LESSON}.ipynb is a link, not a file"),
    ],
)
def test_what_cannot_be_read_has_no_mark_a_flag_and_a_reason(
    graded: TinyCourse, student: str, problem: str
):
    grades = graded.grades(student)
    assert grades["scores"] == {"test_double": None, "test_total": None}
    assert grades["needs"] == {"test_double", "test_total"}
    assert grades["flagged"]
    assert grades["comments"]["double"] == (
        f"Not judged: {problem}. This is about the file that was handed in. "
        "There is no mark yet; a person decides."
    )


@pytest.mark.parametrize("student", ["stripped", "nonsense"])
def test_metadata_that_says_nothing_stops_nobody(graded: TinyCourse, student: str):
    """The judge decides what such a notebook is worth; the batch goes on."""
    assert set(graded.grades(student)["scores"]) == set(FULL)
    points = [named(graded.autograded(student), name) for name in FULL]
    assert all(cell["outputs"] for cell in points)


@pytest.mark.parametrize("student", ["ada", "corrupt", "wrong-name", "stripped", *EDITS])
def test_the_formgrader_shows_each_points_cell_once_with_a_card(graded: TinyCourse, student: str):
    cells = graded.autograded(student)["cells"]
    names = [c["metadata"].get("nbgrader", {}).get("grade_id") for c in cells]
    for name, points in FULL.items():
        assert names.count(name) == 1
        cell = cells[names.index(name)]
        (output,) = cell["outputs"]
        assert output["output_type"] == "display_data"
        assert "nbjudge-card" in "".join(output["data"]["text/html"])
        assert cell["metadata"]["nbgrader"]["points"] == points


@pytest.mark.parametrize("student", ["forged-outputs", "scripts"])
def test_no_submitted_output_survives(graded: TinyCourse, student: str):
    text = json.dumps([c.get("outputs") for c in graded.autograded(student)["cells"]])
    assert "SCRIPT" not in text
    assert '"99"' not in text


def test_a_failed_hidden_case_is_named_by_its_kind(graded: TinyCourse):
    (output,) = named(graded.autograded("zoe"), "test_double")["outputs"]
    text = "".join(output["data"]["text/plain"])
    assert "Not yet: another answer was expected\n  ○ negative numbers" in text


@pytest.mark.parametrize("student", ["ada", "zoe", "untouched", "syntax-error"])
def test_no_hidden_value_or_docstring_reaches_a_card(graded: TinyCourse, student: str):
    text = json.dumps(graded.autograded(student))
    for secret in ("-82", "-41", "SECRET-DOCSTRING"):
        assert secret not in text


def test_a_second_run_gives_the_same_marks(graded: TinyCourse):
    before = {student: graded.grades(student) for student in ("ada", "zoe", "corrupt")}
    assert graded.autograde()["success"]
    assert {student: graded.grades(student) for student in before} == before


@pytest.fixture(scope="module")
def page(graded: TinyCourse) -> str:
    """The feedback page of the student who put scripts everywhere."""
    answer = graded.api().generate_feedback(LESSON, "scripts")
    assert answer["success"], answer
    return (graded.root / "feedback" / "scripts" / LESSON / f"{LESSON}.html").read_text()


def test_no_script_of_a_students_is_in_the_feedback_page(page: str):
    assert "<script>alert" not in page
    assert "onerror" not in page
    assert "onclick" not in page


def test_the_students_words_and_the_cards_are_in_the_feedback_page(page: str):
    assert "Hi" in page
    assert page.count('class="nbjudge-card nbjudge-right"') == 2
    assert "4 of 4 points" in page
