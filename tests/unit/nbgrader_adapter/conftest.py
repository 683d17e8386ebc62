from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.nbgrader_adapter.tiny_course import LESSON, TinyCourse, copy_of


@pytest.fixture(scope="session")
def released_course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinyCourse]:
    """A course that `nbgrader generate_assignment` has released; not to be changed."""
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader calls `alembic` by name when it makes a gradebook.
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        course = TinyCourse(tmp_path_factory.mktemp("tiny"))
        patch.chdir(course.root)
        answer = course.api().generate_assignment(LESSON)
        assert answer["success"], answer
        yield course


@pytest.fixture
def course(
    released_course: TinyCourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> TinyCourse:
    """A released course of the test's own; the test stands in its folder."""
    monkeypatch.chdir(tmp_path)
    return copy_of(released_course, tmp_path)
