from __future__ import annotations

from tests.unit.nbgrader_adapter.tiny_course import LESSON, TinyCourse


def test_the_release_forgets_the_build_and_keeps_what_the_lesson_is(course: TinyCourse):
    assert course.released["metadata"]["nbjudge"] == {
        "format": 1,
        "lesson": LESSON,
        "view": "numpy",
    }


def test_the_release_holds_no_answer(course: TinyCourse):
    assert "return 2 * x" not in str(course.released)
