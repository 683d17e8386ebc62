from __future__ import annotations

import pytest

from nbjudge.cli.main import main
from tests.unit.authoring.halving import halving_course, weaken


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return halving_course(tmp_path)


def test_what_is_proved_is_published_and_then_current(course, capsys):
    slug = course.lessons[0].slug

    assert main(["prove", "--seeds", "2"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("halve: 4 cases, ")
    assert f"\n  written  docs/proof/{slug}.html\n\nProved: 1 exercise in " in out

    assert main(["prove", "--changed", "--seeds", "2"]) == 0
    assert capsys.readouterr().out == "The published proofs are current: 1 lesson.\n"

    assert main(["prove", slug, "--changed", "--seeds", "3"]) == 0
    assert f"  written  docs/proof/{slug}.html" in capsys.readouterr().out


def test_what_is_not_proved_is_said_and_not_published(course, capsys):
    weaken(course)

    assert main(["prove", "halve", "--seeds", "1", "--page", "page.html"]) == 1
    out = capsys.readouterr().out
    assert " survives (line 6, dropped operand): add a case" in out
    assert "      - return _divided(x + offset)\n      + return _divided(x)\n" in out
    assert "  written  page.html\n\nNot proved: halve (" in out
    assert not (course.root / "docs").exists()


def test_a_name_that_is_neither_lesson_nor_exercise_is_refused(course, capsys):
    assert main(["prove", "thirds"]) == 2
    assert "There is no lesson 'thirds'." in capsys.readouterr().err


def test_no_seeds_are_refused(course, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["prove", "--seeds", "0"])
    assert "argument --seeds: it must be 1 or more" in capsys.readouterr().err
