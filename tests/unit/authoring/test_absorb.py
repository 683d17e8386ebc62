from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nbjudge.authoring.absorb import absorb
from nbjudge.authoring.hand_edits import read_source
from nbjudge.authoring.source_notebook import built_notebook, notebook_bytes
from nbjudge.errors import UserError

Cells = list[dict[str, Any]]


@pytest.fixture
def source(course, slug) -> Path:
    path = course.source_notebook(slug, slug)
    path.parent.mkdir(parents=True)
    path.write_bytes(notebook_bytes(built_notebook(course, slug)))
    return path


@pytest.fixture
def edit(source) -> Callable[[Callable[[Cells], object]], None]:
    """Change the source notebook's cells as an editor would save them."""

    def change_cells(change: Callable[[Cells], object]) -> None:
        notebook = json.loads(source.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
        change(notebook["cells"])
        source.write_text(json.dumps(notebook), encoding="utf-8")

    return change_cells


@pytest.fixture
def absorbed(course, slug, source) -> Callable[[], tuple[list[str], list[str]]]:
    """Absorb, check that a build gives the notebook back, return the lines that changed."""

    def run() -> tuple[list[str], list[str]]:
        files = (course.text(slug), course.solution(slug))
        before = [path.read_text(encoding="utf-8").split("\n") for path in files]
        absorb(course, source)
        assert read_source(source, "").says_the_same(built_notebook(course, slug)["cells"])
        after = [path.read_text(encoding="utf-8").split("\n") for path in files]
        text, solution = (
            [line for line in new if line not in old]
            for old, new in zip(before, after, strict=True)
        )
        return text, solution

    return run


def cell(cells: Cells, name: str) -> dict[str, Any]:
    return next(c for c in cells if c["id"] == name)


def replace(name: str, old: str, new: str) -> Callable[[Cells], None]:
    def change(cells: Cells) -> None:
        assert old in cell(cells, name)["source"]
        cell(cells, name)["source"] = cell(cells, name)["source"].replace(old, new)

    return change


def new_cell(source: str, kind: str = "code", **metadata: object) -> dict[str, Any]:
    return {"cell_type": kind, "id": "8f3a", "metadata": metadata, "source": source}


def refused(course, source) -> str:
    with pytest.raises(UserError) as caught:
        absorb(course, source)
    return str(caught.value)


def bytes_of(course) -> dict[Path, bytes]:
    folders = (course.root / "course", course.root / "solutions")
    return {p: p.read_bytes() for folder in folders for p in folder.iterdir() if p.is_file()}


def test_an_unedited_notebook_changes_no_byte(course, source):
    before = bytes_of(course)

    assert absorb(course, source) == []
    assert bytes_of(course) == before


def test_text(edit, absorbed):
    edit(replace("the-mean-1", "Add and divide.", "Divide and add.\n\nTwice."))

    assert absorbed() == (["Divide and add.", "Twice."], [])


def test_a_demonstration(edit, absorbed):
    edit(replace("the-mean-3", "np.arange(3).sum()", "np.arange(4).sum()"))

    assert absorbed() == (["np.arange(4).sum()"], [])


def test_a_stub_s_docstring(edit, absorbed):
    edit(replace("mean-of", "Return the mean.", "Return the arithmetic mean."))

    assert absorbed() == (['    """Return the arithmetic mean.'], [])


def test_points(edit, absorbed):
    edit(lambda cells: cell(cells, "test-mean-of")["metadata"]["nbgrader"].update(points=5))

    assert absorbed() == ([":nbgrader: {grade_id: test_mean_of, points: 5}"], [])


def test_a_body(edit, absorbed):
    edit(replace("mean-of", "total = np.sum(x) + start", "total = np.sum(x)\n    total += start"))

    assert absorbed() == ([], ["    total = np.sum(x)", "    total += start"])


def test_a_method_s_body_leaves_types_and_neighbours_alone(edit, absorbed, course, slug):
    before = course.solution(slug).read_text(encoding="utf-8")
    edit(replace("Counter", "self.count = start", "self.count = int(start)"))

    absorbed()

    assert course.solution(slug).read_text(encoding="utf-8") == before.replace(
        "self.count = start", "self.count = int(start)"
    )


def test_added_cells_of_text_and_code(edit, absorbed):
    edit(lambda cells: cells.insert(3, new_cell("Between *texts*.", "markdown")))
    edit(lambda cells: cells.insert(0, new_cell("First.", "markdown")))
    edit(lambda cells: cells.append(new_cell("print(':)')", tags=["hide-input", "yes"])))

    assert absorbed()[0] == [
        "First.",
        "Between *texts*.",
        ':tags: [hide-input, "yes"]',
        "print(':)')",
    ]


def test_an_added_cell_with_a_fence_or_a_colon(edit, absorbed):
    edit(lambda cells: cells.append(new_cell('text = """\n```\n"""')))
    edit(lambda cells: cells.insert(1, new_cell(": no option", "raw")))

    assert absorbed()[0] == [
        "```{raw-cell}",
        ": no option",
        "````{code-cell} ipython3",
        'text = """',
        '"""',
        "````",
    ]


def test_deleted_cells(edit, absorbed, course, slug):
    edit(lambda cells: cells.pop(4))
    edit(lambda cells: cells.pop(0))

    absorbed()

    text = course.text(slug).read_text(encoding="utf-8")
    assert "np.arange(3)" not in text
    assert "Why count" not in text


def test_moved_cells(edit, absorbed, course, slug):
    edit(lambda cells: cells.insert(2, cells.pop(4)))

    assert absorbed() == ([], [])
    text = course.text(slug).read_text(encoding="utf-8")
    assert text.index("np.arange(3)") < text.index("## The mean")


def test_a_cell_that_became_text(edit, absorbed):
    def change(cells: Cells) -> None:
        cell(cells, "the-mean-3").update(cell_type="markdown", source="Now text.")

    edit(change)

    assert absorbed()[0] == ["Now text."]


def test_a_whole_new_exercise(edit, absorbed, course, slug):
    (course.suite_folder(slug) / "test_double.py").write_text("")
    graded = {"schema_version": 3, "grade": False, "locked": False, "solution": True, "task": False}
    stub = (
        'def double(x):\n    """Double it.\n\n    Args:\n        x: A number.\n    """\n'
        "    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    )
    points = {**graded, "grade": True, "locked": True, "solution": False, "points": 1}

    def change(cells: Cells) -> None:
        cells.append(new_cell(stub, nbgrader={**graded, "grade_id": "double"}))
        cells.append(new_cell('check("double")', nbgrader={**points, "grade_id": "test_double"}))

    edit(change)

    _, solution = absorbed()
    assert solution == ["def double(x):", '    """Double it."""', "    return 2 * x"]


def test_a_change_in_the_course_to_another_cell_is_kept(edit, absorbed, edit_text, course, slug):
    edit_text("Why count at all?", "Why not?")
    edit(replace("the-mean-1", "Add and divide.", "Divide and add."))

    absorb(course, course.source_notebook(slug, slug))

    text = course.text(slug).read_text(encoding="utf-8")
    assert "Why not?" in text
    assert "Divide and add." in text


def test_a_change_on_both_sides_is_a_conflict(edit, edit_text, course, slug, source):
    edit_text("Add and divide.", "Divide.")
    edit(replace("the-mean-1", "Add and divide.", "Add."))
    before = bytes_of(course)

    assert refused(course, source) == (
        "Cell the-mean-1 was changed in two places since the build.\n"
        f"  where: source/{slug}/{slug}.ipynb, cell the-mean-1\n"
        f"    course/{slug}.md, line 24\n"
        "  to cure it: take one of the two back, then absorb again."
    )
    assert bytes_of(course) == before


def test_a_body_changed_on_both_sides_names_the_solutions(
    edit, edit_solution, course, slug, source
):
    edit_solution("np.sum(x)", "x.sum()")
    edit(replace("mean-of", "np.sum(x)", "sum(x)"))

    assert f"course/{slug}.md, line 39 (or solutions/{slug}.py)" in refused(course, source)


def test_cells_gained_by_the_course_are_refused(edit, edit_text, course, slug, source):
    edit_text("Done.", "Done.\n\n+++\n\nReally.")
    edit(replace("the-mean-1", "Add and divide.", "Add."))

    assert refused(course, source) == (
        f"course/{slug}.md has gained, lost or moved cells since the notebook was built.\n"
        f"  where: source/{slug}/{slug}.ipynb\n"
        f"  to cure it: take that back in course/{slug}.md, absorb, and then do it again."
    )


def test_edits_that_break_a_rule_are_refused(edit, course, slug, source):
    edit(replace("the-mean-3", "np.arange(3).sum()", "mean_of([1])"))
    before = bytes_of(course)

    message = refused(course, source)

    assert message.startswith(
        "The edits were not absorbed, because then: "
        "The demonstration uses mean_of, which is an answer.\n"
        f"  where: source/{slug}/{slug}.ipynb\n    course/{slug}.md, line 33\n"
    )
    assert bytes_of(course) == before


def test_a_changed_signature_is_for_a_person(edit, course, source):
    edit(replace("mean-of", "start=0.0", "start=1.0"))

    assert "then: The stub mean_of and its answer disagree" in refused(course, source)


def test_an_answer_without_marks_is_refused(edit, course, slug, source):
    edit(replace("mean-of", "    ### BEGIN SOLUTION\n", ""))

    assert refused(course, source) == (
        "The answer mean_of does not say where it begins and ends.\n"
        f"  where: source/{slug}/{slug}.ipynb, cell mean-of\n"
        "  to cure it: put it between `### BEGIN SOLUTION` and `### END SOLUTION`, "
        "right after the docstring."
    )


def test_a_renamed_answer_is_refused(edit, course, slug, source):
    edit(replace("mean-of", "def mean_of", "def mean"))

    assert refused(course, source) == (
        "The solution cell mean_of must define mean_of once.\n"
        f"  where: source/{slug}/{slug}.ipynb, cell mean-of\n"
        "  to cure it: its grade_id is the name that the student implements."
    )


@pytest.mark.parametrize("text", ["a\n+++\nb", "a\n\n```{code-cell}\nx\n```"])
def test_text_that_myst_reads_differently_is_refused(edit, course, slug, source, text):
    edit(lambda cells: cell(cells, "a-counter-2").update(source=text))
    before = bytes_of(course)

    assert refused(course, source).startswith("The edits were not absorbed")
    assert bytes_of(course) == before


def test_a_pasted_image_is_refused(edit, course, slug, source):
    edit(lambda cells: cells[0].update(attachments={"a.png": {"image/png": "AA=="}}))
    edit(replace("counting-1", "Why", "![](attachment:a.png) Why"))

    assert refused(course, source) == (
        "A pasted image cannot be absorbed: the lesson's text holds no files.\n"
        f"  where: source/{slug}/{slug}.ipynb, cell counting-1\n"
        "  to cure it: save it as a file and link it."
    )


def test_a_hand_made_notebook_has_nothing_to_absorb_it_into(course, slug, source):
    source.write_text('{"nbformat": 4, "metadata": {}, "cells": []}')

    assert refused(course, source) == (
        "No build made this notebook, so there is nothing to absorb it into.\n"
        f"  where: source/{slug}/{slug}.ipynb\n"
        "  to cure it: nbgrader uses a hand-made notebook in source/ as it is."
    )


def test_a_missing_notebook_is_named(course, tmp_path):
    assert refused(course, tmp_path / "no.ipynb") == (
        f"There is no such notebook.\n  where: {tmp_path / 'no.ipynb'}"
    )
