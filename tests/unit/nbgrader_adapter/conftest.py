from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gradebooks import alembic_on_path
from tests.unit.nbgrader_adapter.tiny_course import LESSON, TinyCourse, copy_of


@pytest.fixture(scope="session")
def released_course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinyCourse]:
    """A course that `nbgrader generate_assignment` has released; not to be changed."""
    with alembic_on_path() as patch:
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
