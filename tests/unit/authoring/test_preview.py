import json
import os

import pytest

from nbjudge.authoring.preview import Audience, Preview
from nbjudge.errors import UserError

# Each build starts nbgrader.
pytestmark = pytest.mark.long


@pytest.fixture
def preview(course, tmp_path_factory):
    def make(audience=Audience.STUDENT):
        scratch = tmp_path_factory.mktemp("scratch")
        return Preview(course, course.lessons[0], audience, scratch=scratch)

    return make


def text_of(preview):
    cells = json.loads(preview.notebook.read_text(encoding="utf-8"))["cells"]
    return "".join(line for cell in cells for line in cell["source"])


@pytest.mark.parametrize("audience", Audience)
def test_each_audience_gets_its_notebook_and_the_course_stays_as_it_is(course, preview, audience):
    shown = preview(audience)
    shown.build()

    assert ("total / len(x)" in text_of(shown)) == (audience is Audience.INSTRUCTOR)
    assert shown.notebook.with_suffix(".nbjudge.json").exists()
    assert not (course.root / "source").exists()
    assert not (course.root / "release").exists()


def test_a_lesson_that_cannot_be_built_says_what_the_build_says(preview, edit_text, slug):
    edit_text("np.arange(3).sum()", "mean_of([1])")

    with pytest.raises(UserError) as caught:
        preview().build()
    assert str(caught.value).startswith(
        f"The demonstration uses mean_of, which is an answer.\n  where: course/{slug}.md, line "
    )


def test_watching_builds_again_and_outlives_a_mistake(preview, edit_text, edit_solution, slug):
    shown = preview()
    shown.build()
    said = []

    def edits():
        edit_text("Done.", "Well done.")
        yield False
        edit_solution("return float(", "return float(((")
        yield False
        yield True

    steps = edits()
    shown.watch(said.append, lambda: next(steps))

    assert said[0] == (
        f"course/{slug}.md changed: built again. In JupyterLab: File > Reload Notebook from Disk."
    )
    assert said[1].startswith(
        f"solutions/{slug}.py changed: not built.\nThis is no Python: '(' was never closed.\n"
    )
    assert "Well done." in text_of(shown)


def test_only_what_an_author_writes_counts_as_a_change(course, preview, slug):
    shown = preview()
    folder = course.suite_folder(slug)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "test_mean_of.pyc").touch()
    (folder / ".test_mean_of.py.swp").touch()
    assert shown.changed() == []

    os.utime(course.text(slug), ns=(1, 1))
    (folder / "quiz.yaml").touch()
    assert shown.changed() == [f"course/{slug}.md", f"grader_tests/{slug}/quiz.yaml"]
    assert shown.changed() == []
