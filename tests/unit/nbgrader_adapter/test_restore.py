from __future__ import annotations

import copy
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.notebooknode import NotebookNode
from nbgrader.nbgraderformat import MetadataValidator

from nbjudge.nbgrader_adapter.restore import ReleasedCell, released_cells, restored, unique_id
from tests.unit.nbgrader_adapter.tiny_course import LESSON, TinyCourse

RELEASED = [
    ReleasedCell(
        name="double",
        cell_type="code",
        source="stub",
        checksum="1" * 32,
        locked=False,
        is_solution=True,
        is_task=False,
        points=None,
    ),
    ReleasedCell(
        name="test_double",
        cell_type="code",
        source="check",
        checksum="2" * 32,
        locked=True,
        is_solution=False,
        is_task=False,
        points=4.0,
    ),
    ReleasedCell(
        name="essay",
        cell_type="markdown",
        source="Write.",
        checksum="3" * 32,
        locked=False,
        is_solution=True,
        is_task=False,
        points=2.0,
    ),
]


def cell(name: str, source: str = "mine", kind: str = "code", **about: Any) -> NotebookNode:
    metadata = {"nbgrader": {"grade_id": name, **about}} if name else {}
    return nbformat.from_dict(
        {"cell_type": kind, "id": "a", "metadata": metadata, "source": source, "outputs": [1]}
    )


def names(cells: list[NotebookNode]) -> list[str]:
    return [c.metadata.get("nbgrader", {}).get("grade_id", "") for c in cells]


def test_a_locked_cell_gets_its_source_back_and_an_answer_keeps_the_students():
    answer, points, _ = restored(
        [cell("double"), cell("test_double"), cell("essay", kind="markdown")], RELEASED
    )
    assert (answer.source, points.source) == ("mine", "check")


def test_type_points_and_flags_come_from_the_gradebook():
    forged = [
        cell("double", kind="markdown", solution=False, locked=True),
        cell("test_double", kind="raw", points=99, grade=False, solution=True, schema_version=0),
        cell("essay"),
    ]
    answer, points, essay = restored(forged, RELEASED)
    assert [answer.cell_type, points.cell_type, essay.cell_type] == ["code", "code", "markdown"]
    about = points.metadata.nbgrader
    assert (about.points, about.grade, about.solution, about.locked) == (4.0, True, False, True)
    assert essay.metadata.nbgrader.grade
    assert essay.metadata.nbgrader.solution


def test_the_last_of_several_copies_counts_and_the_others_become_ordinary_cells():
    cells = restored([cell("double", "first"), cell("double", "last")], RELEASED)
    assert names(cells)[:2] == ["", "double"]
    assert "nbgrader" not in cells[0].metadata
    assert cells[0].source == "first"


def test_missing_cells_with_points_come_back_behind_what_they_followed():
    cells = restored([cell(""), cell("double"), cell("", "later")], RELEASED)
    assert names(cells) == ["", "double", "test_double", "essay", ""]
    assert cells[2].source.startswith("# This cell was missing from the submission;")


def test_missing_cells_come_back_at_the_end_when_nothing_before_them_is_left():
    assert names(restored([cell(""), cell("")], RELEASED)) == ["", "", "test_double", "essay"]
    assert names(restored([], RELEASED)) == ["test_double", "essay"]


def test_attachments_are_kept_only_as_pictures():
    markdown = cell("", kind="markdown")
    markdown["attachments"] = {
        "a.png": {"image/png": "abc", "text/html": "<script>"},
        "b": {"image/svg+xml": "<svg>"},
        "c": "nonsense",
    }
    (kept, *_) = restored([markdown], RELEASED)
    assert kept.attachments == {"a.png": {"image/png": "abc"}}


def test_ids_are_valid_and_unique():
    taken: set[str] = set()
    wanted = ["a", "a", "", "<b>", "x" * 65, "a"]
    made = [unique_id(name, taken) for name in wanted]
    assert len(set(made)) == len(wanted)
    assert made[0] == "a"


def test_the_gradebook_knows_every_released_cell(course: TinyCourse):
    with course.gradebook() as gradebook:
        cells = released_cells(gradebook, LESSON, LESSON)
    assert [(c.name, c.points, c.locked) for c in cells] == [
        ("double", None, False),
        ("test_double", 4.0, True),
        ("total", None, False),
        ("test_total", 2.0, True),
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
about = st.fixed_dictionaries(
    {},
    optional={
        "grade_id": st.sampled_from(["double", "test_double", "essay", "other"]) | json_values,
        "points": json_values,
        "grade": json_values,
        "solution": json_values,
        "schema_version": json_values,
    },
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["code", "markdown", "raw"]), about | json_values, json_values),
        max_size=6,
    )
)
def test_whatever_the_metadata_says_nbgraders_checks_pass(cells: list[tuple[str, Any, Any]]):
    """They abort the whole batch when they fail."""
    submitted = [
        nbformat.from_dict(
            {"cell_type": kind, "id": "", "metadata": {"nbgrader": value, "x": x}, "source": "s"}
        )
        for kind, value, x in cells
    ]
    notebook = nbformat.v4.new_notebook(cells=restored(copy.deepcopy(submitted), RELEASED))
    MetadataValidator().validate_nb(notebook)
    nbformat.validate(notebook)
    found = names(notebook.cells)
    assert found.count("test_double") == found.count("essay") == 1


@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
def test_no_output_is_kept(kind: str):
    (clean, *_) = restored([cell("", kind=kind)], RELEASED)
    assert not clean.get("outputs")
