"""What learners get when nobody can hand in any more, and what they never get."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import nbformat
import pytest

from nbjudge.authoring.audit import audit
from nbjudge.authoring.solutions_download import is_download, solutions_download
from nbjudge.errors import LessonError, UserError
from nbjudge.model import Course
from nbjudge.notebook.lesson import grade_id
from tests.unit.authoring.conftest import write

ROOT = Path(__file__).resolve().parents[3]
REAL = "m1_l05_layer_norm_formula"
OTHER = '''\
"""Other answers."""

import numpy as np

from nbjudge.naming.bank import alternative


def halved(x):
    return x[::2], x[1::2]


@alternative("mean_of")
def pairwise(x, *, start=0.0):
    """Sum every second one first."""
    even, odd = halved(x)
    return float((np.sum(even) + np.sum(odd) + start) / len(x))
'''
SOLVED = '''def mean_of(x, *, start=0.0):
    """Return the mean."""
    ### BEGIN SOLUTION
    total = np.sum(x) + start
    return float(total / len(x))
    ### END SOLUTION
'''


def cell(source: str, **about: object) -> dict[str, object]:
    whole = {"cell_type": "code", "id": "a", "metadata": about, "source": source}
    return whole | {"outputs": [], "execution_count": None}


@pytest.fixture
def built(course: Course) -> Course:
    """The course with its notebook built, and an alternative."""
    return build(course)


def build(course: Course) -> Course:
    """Write what `nbjudge build` would, in short, and an alternative."""
    slug = course.lessons[0].slug
    cells = [cell(SOLVED, nbgrader={"grade_id": "mean_of"})]
    notebook = {"cells": cells, "metadata": {"nbjudge": {"lesson": slug, "built": ["a 0"]}}}
    notebook |= {"nbformat": 4, "nbformat_minor": 5}
    write(course.source_notebook(slug, slug), json.dumps(notebook))
    write(course.probes(slug, slug), '{"format": 1}')
    write(course.suite_folder(slug) / "alternatives.py", OTHER)
    return course


def members(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()}


def test_the_notebook_is_solved_and_nothing_in_it_is_for_nbgrader(built: Course, slug: str):
    notebook = json.loads(members(solutions_download(built, slug))[f"{slug}.ipynb"])
    (solved,) = notebook["cells"]
    assert "total = np.sum(x) + start" in solved["source"]
    assert "SOLUTION" not in solved["source"]
    assert grade_id(solved) == ""
    assert notebook["metadata"]["nbjudge"] == {"lesson": slug}


def test_other_right_answers_stand_alone_below_what_they_do(built: Course, slug: str):
    text = members(solutions_download(built, slug))[f"{slug}_other_answers.ipynb"]
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert [c.source for c in notebook.cells[:3]] == [
        "# Other right answers: Counting",
        "## `mean_of`",
        "### Sum every second one first.",
    ]
    names: dict[str, object] = {}
    exec(notebook.cells[3].source, names)  # noqa: S102 - our own answer
    assert names["pairwise"]([1.0, 2.0, 6.0]) == 3.0  # type: ignore[operator]


def test_probes_lie_beside_it_so_that_check_works(built: Course, slug: str):
    assert f"{slug}.nbjudge.json" in members(solutions_download(built, slug))


def test_the_same_lesson_makes_the_same_bytes(built: Course, slug: str):
    assert solutions_download(built, slug) == solutions_download(built, slug)


def test_a_hidden_line_in_it_is_refused(built: Course, slug: str):
    hidden = "    expected_of_the_hidden_case = np.arange(7) * 3\n"
    suite = built.suite_folder(slug) / "test_mean_of.py"
    suite.write_text(suite.read_text() + f"\n\ndef test_more(student):\n{hidden}")
    path = built.source_notebook(slug, slug)
    notebook = json.loads(path.read_text())
    notebook["cells"].append(cell(hidden.strip()))
    path.write_text(json.dumps(notebook))
    with pytest.raises(LessonError) as error:
        solutions_download(built, slug)
    number = len(suite.read_text().splitlines())
    assert str(error.value) == (
        "The download would hold a line that stays hidden.\n"
        f"  where: {slug}.ipynb holds grader_tests/{slug}/test_mean_of.py:{number}\n"
        "  to cure it: if it is what any code may say, mark it there with `# public: <why>`."
    )


def test_an_assignment_without_lessons_says_which_there_are(built: Course, slug: str):
    with pytest.raises(UserError) as error:
        solutions_download(built, "nope")
    assert str(error.value) == (
        "No lesson of the course is in an assignment 'nope'.\n"
        f"  where: {built.root}/course/course.toml\n"
        f"  to cure it: the assignments are: {slug}."
    )


def test_a_lesson_that_is_not_built_says_so(course: Course, slug: str):
    with pytest.raises(UserError, match=f"{slug} is not built"):
        solutions_download(course, slug)


def test_the_audit_lets_answers_be_where_somebody_names_the_download(built: Course, slug: str):
    path = built.root / "downloads" / "a.zip"
    path.parent.mkdir()
    path.write_bytes(solutions_download(built, slug))
    assert is_download(path.read_bytes())
    assert audit(built, [path]).leaks == ()
    assert audit(built, [path.parent]).leaks == ()


@pytest.mark.parametrize("place", ["release/a.zip", "docs/a.zip", "src/nbjudge/a.zip"])
def test_the_audit_finds_a_download_among_what_is_public(built: Course, slug: str, place: str):
    path = built.root / place
    path.parent.mkdir(parents=True)
    path.write_bytes(solutions_download(built, slug))
    assert audit(built).leaks != ()


def test_the_audit_still_finds_a_hidden_line_in_a_download(built: Course, slug: str):
    suite = built.suite_folder(slug) / "test_mean_of.py"
    suite.write_text(
        suite.read_text() + "\n\ndef test_b(student):\n    hidden_value_of = 42 * 43\n"
    )
    path = built.root / "a.zip"
    path.write_bytes(solutions_download(built, slug))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("more.py", "hidden_value_of = 42 * 43\n")
    (leak,) = audit(built, [path]).leaks
    assert leak.secret.startswith(f"grader_tests/{slug}/test_mean_of.py:")


def test_every_answer_of_a_lesson_of_the_course_runs():
    text = members(solutions_download(Course.load(ROOT), REAL))[f"{REAL}_other_answers.ipynb"]
    code = [c["source"] for c in json.loads(text)["cells"] if c["cell_type"] == "code"]
    assert len(code) > 10
    for source in code:
        exec(source, {})  # noqa: S102 - our own answers
