from __future__ import annotations

import pytest

from nbjudge.cli.main import main
from tests.unit.authoring import conftest as authoring

# Authors' verbs are tried on the tiny course of the authoring tests.
course, slug, edit_text = authoring.course, authoring.slug, authoring.edit_text


@pytest.fixture
def here(course, monkeypatch):
    monkeypatch.chdir(course.root)
    return course


def test_build_then_check_then_drift(here, slug, edit_text, capsys):
    assert main(["build"]) == 0
    assert capsys.readouterr().out == (
        f"  written    source/{slug}/{slug}.ipynb\n"
        f"  written    source/{slug}/{slug}.nbjudge.json\n"
        f"  written    release/{slug}/{slug}.ipynb\n"
        f"  written    release/{slug}/{slug}.nbjudge.json\n"
        "4 files written, 0 already as built.\n"
    )

    assert main(["build", slug, "--check"]) == 0
    assert capsys.readouterr().out == "Everything is as built: 4 files.\n"

    edit_text("Done.", "Done!")
    assert main(["build", "--check"]) == 1
    assert capsys.readouterr().out == (
        f"  drifted    source/{slug}/{slug}.ipynb\n"
        f"  drifted    release/{slug}/{slug}.ipynb\n"
        "2 files drifted, 2 as built. To cure it: nbjudge build.\n"
    )


def test_a_hand_edited_notebook_ends_with_code_2(here, slug, capsys):
    main(["build"])
    path = here.source_notebook(slug, slug)
    path.write_text(path.read_text("utf-8").replace("Done.", "Done!"), "utf-8")
    capsys.readouterr()

    assert main(["build"]) == 2
    assert capsys.readouterr().err.startswith(
        "nbjudge build: The source notebook was edited by hand, so it was not overwritten.\n"
    )

    assert main(["absorb", str(path)]) == 0
    assert capsys.readouterr().out == f"  course/{slug}.md was changed\nNow: nbjudge build.\n"
    assert main(["build"]) == 0
    assert main(["absorb", str(path)]) == 0
    assert capsys.readouterr().out.endswith("Nothing to absorb: the notebook is as built.\n")


def test_a_hand_made_notebook_is_mentioned_once(here, slug, capsys):
    path = here.source_notebook(slug, slug)
    path.parent.mkdir(parents=True)
    path.write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}')

    assert main(["build"]) == 0
    assert capsys.readouterr().out == (
        f"  hand-made  {slug}: its source notebook is left alone\n"
        "0 files written, 0 already as built.\n"
    )


def test_a_broken_lesson_ends_with_code_2_and_writes_nothing(here, edit_text, capsys):
    edit_text("np.arange(3).sum()", "mean_of([1])")

    assert main(["build"]) == 2
    assert "The demonstration uses mean_of" in capsys.readouterr().err
    assert not (here.root / "source").exists()


def test_an_unknown_lesson_is_named_with_those_that_exist(here, slug, capsys):
    assert main(["build", "m9_l99_none"]) == 2
    assert f"the lessons are: {slug}." in capsys.readouterr().err
