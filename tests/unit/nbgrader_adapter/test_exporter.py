from __future__ import annotations

import json
import shutil

import pytest

from nbjudge.sandbox.plain import PlainSandbox
from tests.unit.nbgrader_adapter.tiny_course import LESSON, RIGHT, TinyCourse

UNREADABLE = "**The submitted notebook could not be read: the file is empty.**"


def first_source(course: TinyCourse, student: str) -> str:
    return "".join(course.autograded(student)["cells"][0]["source"])


def test_what_could_not_be_read_is_shown_as_the_release_and_says_so(course: TinyCourse):
    course.submit("ada", "")
    assert course.autograde()["success"]
    assert first_source(course, "ada").startswith(UNREADABLE)
    assert "# Tiny" in json.dumps(course.autograded("ada"))


def test_without_a_release_the_points_cells_come_from_the_gradebook(course: TinyCourse):
    shutil.rmtree(course.root / "release")
    course.submit("ada", "")
    assert course.autograde()["success"]
    names = [c["metadata"]["nbgrader"]["grade_id"] for c in course.autograded("ada")["cells"][1:]]
    assert names == ["test_double", "test_total"]


def test_an_unknown_isolation_level_stops_the_run_before_anything_is_touched(course: TinyCourse):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace('"limits"', '"strong"'))
    course.submit("ada", course.released)
    answer = course.autograde()
    assert not answer["success"]
    assert "There is no isolation level 'strong'." in answer["log"]
    assert "the levels, weakest first, are: process, limits," in answer["log"]
    assert not (course.root / "autograded").exists()


def test_a_host_that_isolates_less_than_asked_stops_the_run(
    course: TinyCourse, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("nbjudge.sandbox.registry.BACKENDS", {"plain": PlainSandbox})
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace('"limits"', '"namespaces"'))
    course.submit("ada", course.released)
    answer = course.autograde()
    assert not answer["success"]
    assert "cannot isolate students' code at level 'namespaces'" in answer["log"]


def test_only_the_matching_notebook_is_expected_when_one_is_asked_for(course: TinyCourse):
    course.submit("ada", course.answers(RIGHT))
    api = course.api()
    api.coursedir.notebook_id = "other*"
    answer = api.autograde(LESSON, "ada")
    assert not answer["success"]
    assert "No notebooks were matched" in answer["log"]
