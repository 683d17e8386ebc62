from __future__ import annotations

import json
from pathlib import Path

import pytest

from nbjudge.authoring.build import build
from nbjudge.authoring.release import read_folder
from nbjudge.errors import UserError
from nbjudge.model import Course


@pytest.fixture
def built(course: Course) -> Course:
    build(course, course.lessons)
    return course


def generated(course: Course) -> dict[str, bytes]:
    return {
        f"{folder}/{name}": content
        for folder in ("source", "release")
        for name, content in read_folder(course.root / folder).items()
    }


def edit(path: Path, cell_id: str, **changes: object) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["id"] == cell_id:
            cell.update(changes)
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture
def source(built: Course, slug: str) -> Path:
    return built.source_notebook(slug, slug)


def test_a_build_writes_notebook_and_probes_to_source_and_release(course, slug):
    report = build(course, course.lessons)

    names = [f"{slug}.ipynb", f"{slug}.nbjudge.json"]
    assert report.changed == [f"{f}/{slug}/{name}" for f in ("source", "release") for name in names]
    assert sorted(generated(course)) == sorted(report.changed)


def test_nothing_but_source_and_release_is_touched(course):
    before = {p for p in course.root.rglob("*") if "__pycache__" not in p.parts}

    build(course, course.lessons)

    made = {p for p in course.root.rglob("*") if "__pycache__" not in p.parts} - before
    assert {p.relative_to(course.root).parts[0] for p in made} == {"source", "release"}


def test_a_second_build_writes_nothing(built):
    before = generated(built)

    report = build(built, built.lessons)

    assert (report.changed, report.unchanged) == ([], 4)
    assert generated(built) == before


def test_two_builds_from_nothing_are_equal_byte_for_byte(built):
    first = generated(built)
    for name in first:
        (built.root / name).unlink()

    build(built, built.lessons)

    assert generated(built) == first


def test_the_release_has_stubs_and_no_answer(built, slug):
    text = (built.root / "release" / slug / f"{slug}.ipynb").read_text(encoding="utf-8")

    assert "np.sum(x)" not in text
    assert "BEGIN SOLUTION" not in text
    assert text.count("raise NotImplementedError()") == 3


def test_the_release_follows_the_course_s_nbgrader_config(course, slug):
    config = course.root / "nbgrader_config.py"
    config.write_text(
        'c = get_config()\nc.ClearSolutions.code_stub = {"python": "# yours"}\n'
        "import nbjudge.nbgrader_adapter\nnbjudge.nbgrader_adapter.install(c)\n",
        encoding="utf-8",
    )

    build(course, course.lessons)

    notebook = json.loads((course.root / "release" / slug / f"{slug}.ipynb").read_text("utf-8"))
    assert any("    # yours" in "".join(cell["source"]) for cell in notebook["cells"])
    assert "built" not in notebook["metadata"]["nbjudge"]


def test_what_nbgrader_refuses_is_told_with_its_words(course, slug):
    (course.root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.ClearSolutions.code_stub = {}\n", encoding="utf-8"
    )

    with pytest.raises(UserError) as caught:
        build(course, course.lessons)

    assert caught.value.message == f"nbgrader could not make the release of {slug}."
    assert caught.value.context == (
        "ValueError: language 'python' has not been specified in ClearSolutions.code_stub"
    )
    assert caught.value.hint == (
        f"`nbgrader generate_assignment {slug} --no-db --force` says more."
    )


def test_check_writes_nothing_and_names_what_drifted(built, slug, edit_text):
    assert build(built, built.lessons, check=True).changed == []
    edit_text("Add and divide.", "Divide and add.")
    before = generated(built)

    report = build(built, built.lessons, check=True)

    assert report.changed == [f"{f}/{slug}/{slug}.ipynb" for f in ("source", "release")]
    assert generated(built) == before


def test_check_names_a_missing_and_a_foreign_file(built, slug):
    (built.root / "release" / slug / f"{slug}.ipynb").unlink()
    (built.root / "release" / slug / "old.txt").write_text("x")

    report = build(built, built.lessons, check=True)

    assert report.changed == [f"release/{slug}/{slug}.ipynb", f"release/{slug}/old.txt"]


def test_a_build_takes_out_of_the_release_what_no_source_has(built, slug):
    foreign = built.root / "release" / slug / "old.txt"
    foreign.write_text("x")

    build(built, built.lessons)

    assert not foreign.exists()


def test_a_data_file_in_source_is_released(built, slug):
    (built.root / "source" / slug / "data.csv").write_text("1,2\n")

    build(built, built.lessons)

    assert (built.root / "release" / slug / "data.csv").read_text() == "1,2\n"


def test_a_notebook_that_no_lesson_builds_any_more_has_drifted(built, slug, source):
    old = built.root / "source" / "old" / "m1_l09_old.ipynb"
    old.parent.mkdir()
    old.write_bytes(source.read_bytes())

    assert build(built, built.lessons, check=True).changed == [
        "source/old/m1_l09_old.ipynb (no lesson of course.toml builds it)"
    ]


def test_a_hand_edited_notebook_is_not_overwritten(built, slug, source):
    edit(source, "the-mean-1", source="## The mean\n\nEdited.")
    before = generated(built)

    report = build(built, built.lessons)

    assert generated(built) == before
    assert [str(error) for error in report.hand_edited] == [
        "The source notebook was edited by hand, so it was not overwritten.\n"
        f"  where: source/{slug}/{slug}.ipynb\n"
        '    changed: the-mean-1 ("The mean")\n'
        f"  to cure it: `nbjudge absorb source/{slug}/{slug}.ipynb` takes the edits into course/ "
        "and solutions/; deleting the notebook drops them."
    ]


def test_a_notebook_that_was_only_run_is_built_again(built, source):
    before = source.read_bytes()
    edit(source, "the-mean-3", outputs=[], execution_count=3)

    assert build(built, built.lessons).hand_edited == []
    assert source.read_bytes() == before


def test_an_edit_that_the_course_has_too_is_no_edit(built, source, edit_text):
    edit(source, "the-mean-1", source="## The mean\n\nEdited.")
    edit_text("Add and divide.", "Edited.")

    assert build(built, built.lessons).hand_edited == []


def test_a_hand_made_notebook_is_left_alone(course, slug):
    path = course.source_notebook(slug, slug)
    path.parent.mkdir(parents=True)
    path.write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}')
    course.text(slug).unlink()

    report = build(course, course.lessons)

    assert (report.hand_made, report.changed) == ([slug], [])
    assert list(generated(course)) == [f"source/{slug}/{slug}.ipynb"]


def test_an_unreadable_source_notebook_is_named(built, slug, source):
    source.write_text("{")

    with pytest.raises(UserError) as caught:
        build(built, built.lessons)

    assert str(caught.value) == (
        "The source notebook cannot be read: unreadable JSON, line 1.\n"
        f"  where: source/{slug}/{slug}.ipynb\n"
        "  to cure it: delete it to have it built anew, or restore it."
    )


def test_a_notebook_of_a_newer_nbjudge_is_refused(built, slug, source):
    source.write_text(source.read_text().replace('"format": 1', '"format": 2'))

    with pytest.raises(UserError) as caught:
        build(built, built.lessons)

    assert str(caught.value) == (
        "The source notebook has format 2 of metadata.nbjudge; known is 1.\n"
        f"  where: source/{slug}/{slug}.ipynb\n"
        "  to cure it: use the nbjudge that built it."
    )
