from __future__ import annotations

import json

import nbformat
import pytest

from nbjudge.authoring.source_notebook import built_notebook, digest, notebook_bytes
from nbjudge.errors import LessonError
from nbjudge.notebook import read_lesson


@pytest.fixture
def notebook(course, slug):
    return built_notebook(course, slug)


def test_it_is_valid_and_saving_it_in_jupyter_changes_no_byte(notebook):
    content = notebook_bytes(notebook).decode()

    parsed = nbformat.reads(content, as_version=4)
    nbformat.validate(parsed)
    assert nbformat.writes(parsed) + "\n" == content


def test_two_builds_are_equal_byte_for_byte(course, slug, notebook):
    assert notebook_bytes(built_notebook(course, slug)) == notebook_bytes(notebook)


def test_line_ends_of_the_sources_make_no_difference(course, slug, notebook):
    for path in (course.text(slug), course.solution(slug)):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert notebook_bytes(built_notebook(course, slug)) == notebook_bytes(notebook)


def test_nbgrader_metadata_is_complete(notebook):
    by_id = {cell["id"]: cell["metadata"].get("nbgrader") for cell in notebook["cells"]}

    common = {"schema_version": 3, "task": False}
    assert by_id["mean-of"] == {
        **common,
        "grade": False,
        "grade_id": "mean_of",
        "locked": False,
        "solution": True,
    }
    assert by_id["test-mean-of"] == {
        **common,
        "grade": True,
        "grade_id": "test_mean_of",
        "locked": True,
        "points": 2,
        "solution": False,
    }
    assert by_id["counting-2"] is None


def test_the_judge_reads_it_as_the_lesson_it_is(slug, notebook):
    lesson = read_lesson(notebook_bytes(notebook))

    assert lesson.slug == slug
    assert lesson.view == "numpy"
    assert [(e.id, e.points) for e in lesson.exercises] == [("mean_of", 2.0), ("Counter", 3.0)]
    assert [cell.source for cell in lesson.setup] == [
        "import numpy as np\nfrom nbjudge import check"
    ]
    assert lesson.demonstrations == {"np.arange(3).sum()"}


def test_built_lists_every_cell_in_order(notebook):
    built = notebook["metadata"]["nbjudge"]["built"]

    assert built == [f"{cell['id']} {digest(cell)}" for cell in notebook["cells"]]


def test_what_editors_write_unasked_is_no_edit(notebook):
    cell = notebook["cells"][1]
    noisy = {**cell, "metadata": {**cell["metadata"], "scrolled": True, "editable": True}}

    assert digest(noisy) == digest(cell)
    assert digest({**cell, "source": cell["source"] + "\n\n"}) == digest(cell)
    assert digest({**cell, "source": cell["source"] + "#"}) != digest(cell)
    assert digest({**cell, "metadata": {}}) != digest(cell)
    assert digest({**cell, "cell_type": "raw"}) != digest(cell)


def test_code_that_the_text_folds_away_is_folded_in_the_notebook(edit_text, course, slug):
    demonstration = "```{code-cell} ipython3\nnp.arange(3)"
    folded = demonstration.replace("\n", "\n:jupyter: {source_hidden: true}\n\n", 1)
    edit_text(demonstration, folded)

    cells = built_notebook(course, slug)["cells"]

    (cell,) = [c for c in cells if c["source"].startswith("np.arange(3)")]
    assert cell["metadata"] == {"jupyter": {"source_hidden": True}}


def test_the_view_of_the_front_matter_is_kept(edit_text, course, slug):
    edit_text("nbjudge: {view: numpy}", "nbjudge: {view: torch}")

    assert built_notebook(course, slug)["metadata"]["nbjudge"]["view"] == "torch"


def test_no_path_and_no_version_of_this_machine_is_in_it(course, notebook):
    text = json.dumps(notebook)

    assert str(course.root) not in text
    assert "jupytext" not in text


def test_an_unknown_view_is_refused(edit_text, course, slug):
    edit_text("{view: numpy}", "{view: jax}")

    with pytest.raises(LessonError) as caught:
        built_notebook(course, slug)

    assert str(caught.value) == (
        "The view 'jax' is not known.\n"
        f"  where: course/{slug}.md, front matter\n"
        "  to cure it: it is one of: numpy, torch."
    )
