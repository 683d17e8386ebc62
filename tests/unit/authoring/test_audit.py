from __future__ import annotations

import html
import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from nbjudge.authoring.audit import Leak, audit
from nbjudge.errors import UserError

ANSWER_LINE = "    total = np.sum(x) + start"


@pytest.fixture
def secret(slug: str) -> str:
    """Where the planted line belongs."""
    return f"solutions/{slug}.py:13"


def places(course, *paths: Path) -> list[str]:
    return [leak.place for leak in audit(course, paths).leaks]


def test_a_clean_course_is_clean(course):
    result = audit(course)

    assert result.leaks == ()
    assert result.secrets == 7
    assert result.files == 2


@pytest.mark.parametrize(
    "folder", ["course", "release/a", "src/nbjudge/x", "docs/how-to"], ids=lambda f: f.split("/")[0]
)
def test_a_planted_line_is_found_wherever_it_is_public(course, secret, folder):
    path = course.root / folder / "planted.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"harmless\n\n{ANSWER_LINE}\n")

    assert audit(course).leaks == (Leak(place=f"{folder}/planted.txt, line 3", secret=secret),)


@pytest.mark.parametrize(
    "text",
    [
        "total=np.sum(x)+start",
        "y = 1; total =\tnp.sum( x )  + start # why",
        "total = np.sum(\nx) + start",
    ],
)
def test_another_layout_hides_nothing(course, text):
    (course.root / "README.md").write_text(text)

    assert places(course) == ["README.md, line 1"]


def test_instructor_folders_are_not_public(course):
    (course.root / "source").mkdir()
    (course.root / "source" / "x.txt").write_text(ANSWER_LINE)

    assert places(course) == []


def test_json_escapes_hide_nothing(course, tmp_path):
    escaped = "".join(f"\\u{ord(c):04x}" for c in ANSWER_LINE)
    notebook = tmp_path / "out" / "x.ipynb"
    notebook.parent.mkdir()
    notebook.write_text(
        '{"cells": [{"cell_type": "markdown", "source": ["fine"]},'
        '{"cell_type": "code", "source": ["a", "' + escaped + '"], "outputs": []}]}'
    )
    (tmp_path / "out" / "x.json").write_text('{"a": ["' + escaped + '"]}')

    assert places(course, tmp_path / "out") == ["out/x.ipynb, cell 2", "out/x.json"]


def test_outputs_and_metadata_of_a_notebook_are_read(course, tmp_path):
    shown = "".join(f"<span>{html.escape(word)}</span> " for word in ANSWER_LINE.split())
    cell = {"source": "", "outputs": [{"data": {"text/html": [shown]}}]}
    document = {"cells": [cell], "metadata": {"x": ANSWER_LINE}}
    (tmp_path / "x.ipynb").write_text(json.dumps(document))

    assert places(course, tmp_path / "x.ipynb") == ["x.ipynb, cell 1", "x.ipynb"]


def test_markup_hides_nothing(course, tmp_path):
    (tmp_path / "a.html").write_text("<p>\n<b>total</b> = np.<i>sum</i>(x) &#43; start")

    assert places(course, tmp_path / "a.html") == ["a.html"]


def test_archives_are_opened(course, tmp_path):
    with zipfile.ZipFile(tmp_path / "x.whl", "w") as wheel:
        wheel.writestr("fine.py", "x = 1")
        wheel.writestr("pkg/a.py", f"# a\n{ANSWER_LINE}")
    planted = tmp_path / "planted.py"
    planted.write_text(ANSWER_LINE)
    with tarfile.open(tmp_path / "x.tar.gz", "w:gz") as archive:
        archive.add(planted, "pkg/planted.py")

    assert places(course, tmp_path / "x.whl") == ["x.whl, pkg/a.py, line 2"]
    assert places(course, tmp_path / "x.tar.gz") == ["x.tar.gz, pkg/planted.py, line 1"]


def test_lines_of_hidden_tests_are_secret(course, slug):
    (course.root / "README.md").write_text(
        'expect_close(student.Counter(3).value, 4, kind="a start")'
    )

    assert [leak.secret for leak in audit(course).leaks] == [
        f"grader_tests/{slug}/test_Counter.py:8"
    ]


def test_docstrings_comments_short_lines_and_module_level_are_public(course, slug):
    path = course.suite_folder(slug) / "misconceptions.py"
    path.write_text(
        'BELIEF = "The variance of a row is the sample variance."\n'
        "def f(x):\n"
        '    """A docstring that is long enough to be found."""\n'
        "    # A comment that is long enough to be found.\n"
        "    y = x + 1  # the mistake, in so many words\n"
    )
    (course.root / "README.md").write_text(path.read_text())

    assert places(course) == []


def test_what_the_stub_says_is_public(course, edit_solution):
    edit_solution(
        "self.count = start", "def value(self):\n            return 1\n        self.f = value"
    )

    assert places(course) == []


def test_a_line_marked_public_is_public_wherever_it_stands(course, edit_solution):
    edit_solution("total = np.sum(x) + start", "total = np.sum(x) + start  # public: anybody's")
    (course.root / "README.md").write_text(ANSWER_LINE)

    assert places(course) == []


def test_an_audit_without_secrets_is_refused(course, slug):
    course.solution(slug).write_text("")
    for path in course.suite_folder(slug).glob("*.py"):
        path.write_text("")

    with pytest.raises(UserError) as caught:
        audit(course)

    assert str(caught.value) == (
        "There is no secret line to look for.\n"
        f"  where: {course.root}\n"
        "  to cure it: run this where solutions/ and grader_tests/ are."
    )


def test_a_missing_path_is_refused(course, tmp_path):
    with pytest.raises(UserError) as caught:
        audit(course, [tmp_path / "none"])

    assert str(caught.value) == f"There is nothing to audit here.\n  where: {tmp_path / 'none'}"
