from __future__ import annotations

from nbjudge.cli.main import main
from tests.unit.authoring import conftest as authoring
from tests.unit.authoring.halving import halving_course

course, slug = authoring.course, authoring.slug


def test_findings_are_printed_with_their_cure(course, slug, monkeypatch, capsys):
    monkeypatch.chdir(course.root)

    assert main(["lint", slug]) == 1
    out = capsys.readouterr().out
    lines = course.text(slug).read_text(encoding="utf-8").split("\n")
    line = 1 + lines.index("def mean_of(x, *, start=0.0):")
    assert (
        f"course/{slug}.md, line {line}: The docstring of mean_of has no Source.\n"
        "    to cure it: name the paper and equation that the formula is from.\n"
    ) in out
    assert out.endswith(" findings in 1 lesson.\n")


def test_a_lesson_without_text_is_one_finding(tmp_path, monkeypatch, capsys):
    halving = halving_course(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert main(["lint"]) == 1
    assert capsys.readouterr().out == (
        f"{halving.text(halving.lessons[0].slug)}: The lesson has no text.\n"
        "    to cure it: write it, or take the lesson out.\n"
        "1 finding in 1 lesson.\n"
    )


def test_a_complete_course_gets_one_line(monkeypatch, capsys, tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "course.toml").write_text(
        'id = "i"\ntitle = "t"\nlessons = []\nmodules = []\n'
    )
    monkeypatch.chdir(tmp_path)

    assert main(["lint"]) == 0
    assert capsys.readouterr().out == "Nothing is lacking: 0 lessons.\n"


def test_an_unknown_lesson_is_refused(course, monkeypatch, capsys):
    monkeypatch.chdir(course.root)

    assert main(["lint", "m9_l99_none"]) == 2
    assert "There is no lesson 'm9_l99_none'." in capsys.readouterr().err
