"""What a student's process may see of this installation."""

from pathlib import Path

import pytest

from nbjudge.errors import SandboxUnavailable
from nbjudge.sandbox.base import View
from nbjudge.sandbox.linux.view import refuse_course_paths, view_paths


def names(view):
    return {Path(path).name for path in view_paths(view).shown}


def test_the_numpy_view_has_what_lessons_import_and_no_judge():
    shown = names(View.NUMPY)
    assert {"numpy", "IPython", "matplotlib", "nbjudge"} <= shown
    assert not {"torch", "pytest", "_pytest", "nbgrader", "jupytext", "sqlalchemy"} & shown


def test_no_folder_shows_more_than_it_is_listed_for():
    shown = [Path(path) for path in view_paths(View.NUMPY).shown]
    assert not {Path("/"), Path("/home"), Path("/root"), Path("/etc")} & set(shown)
    assert not [path for path in shown if path.name == "site-packages"]


@pytest.mark.parametrize("inside", ["grader_tests", "solutions", "source", "gradebook.db"])
def test_a_view_that_holds_a_hidden_path_is_refused(tmp_path, inside):
    with pytest.raises(SandboxUnavailable, match="The students' view would show") as refusal:
        refuse_course_paths([str(tmp_path / inside / "deeper")], tmp_path)
    assert refusal.value.hint == "move the course out of the Python installation."


def test_a_view_that_holds_the_whole_course_is_refused(tmp_path):
    with pytest.raises(SandboxUnavailable, match="The students' view would show"):
        refuse_course_paths([str(tmp_path)], tmp_path / "course")


def test_a_public_folder_of_the_course_is_no_secret(tmp_path):
    refuse_course_paths([str(tmp_path / "src" / "nbjudge"), str(tmp_path / "course")], tmp_path)


def test_a_course_may_add_a_package_with_what_it_requires():
    shown = {Path(path).name for path in view_paths(View.NUMPY, ["jsonschema"]).shown}
    assert {"jsonschema", "referencing"} <= shown
    assert not {"jsonschema", "referencing"} & names(View.NUMPY)


def test_an_added_package_that_is_not_installed_is_named():
    with pytest.raises(SandboxUnavailable) as refusal:
        view_paths(View.NUMPY, ["no-such-package"])
    assert (
        refusal.value.message
        == "Students may import 'no-such-package', which is not installed here."
    )
    assert refusal.value.context == "packages in course/course.toml"
    assert refusal.value.hint.startswith("pip install no-such-package, for the Python that grades")
