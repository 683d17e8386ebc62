from __future__ import annotations

from nbjudge.cli.main import main
from tests.unit.authoring import conftest as authoring

# Authors' verbs are tried on the tiny course of the authoring tests.
course, slug = authoring.course, authoring.slug


def test_a_clean_course_gets_one_line_with_the_counts(course, monkeypatch, capsys):
    monkeypatch.chdir(course.root)

    assert main(["audit"]) == 0
    assert capsys.readouterr().out == (
        "No secret line is public: 7 secret lines, 2 public files.\n"
    )


def test_a_leak_is_named_without_being_repeated(course, slug, monkeypatch, capsys):
    monkeypatch.chdir(course.root)
    (course.root / "README.md").write_text("so total = np.sum(x) + start\n")

    assert main(["audit"]) == 1
    assert capsys.readouterr().out == (
        f"  README.md, line 1  has the secret line solutions/{slug}.py:13\n"
        "1 secret line in public (7 secret lines, 3 public files).\n"
        "Take them out of what is public; if a line is what any code may say, mark it\n"
        "where it belongs with a comment `# public: <why>`.\n"
    )


def test_a_path_of_one_s_own_is_searched_too(course, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(course.root)

    assert main(["audit", "solutions"]) == 1
    assert "5 secret lines in public" in capsys.readouterr().out
