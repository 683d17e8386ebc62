from __future__ import annotations

import pytest

from nbjudge.cli.main import main
from tests.unit.nbgrader_adapter.tiny_course import HALF_RIGHT, LESSON, TinyCourse

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def graded(course: TinyCourse, capsys: Capture) -> TinyCourse:
    course.submit("ben", course.answers(HALF_RIGHT))
    main(["grade", LESSON, "--jobs", "1"])
    capsys.readouterr()
    return course


def test_a_mark_is_told_from_the_code_to_the_sum(graded: TinyCourse, capsys: Capture) -> None:
    assert main(["explain", LESSON, "ben", "double"]) == 0
    out = capsys.readouterr().out

    assert out.startswith(f"ben, {LESSON}/{LESSON}\n  judged by nbjudge ")
    assert "as handed in:\n" in out
    assert (
        "      def double(x):\n          return x * x if x == 2 else 2 * x if x > 0 else 0\n" in out
    )
    assert "  FAILED   test_" in out
    assert "  mark: 3 of 4 weight = 0.75; x " in out
    assert "  gradebook: automatic " in out
    assert "\ntotal\n" not in out
    assert f"\n{LESSON} in the gradebook: " in out


def test_without_an_exercise_all_are_told(graded: TinyCourse, capsys: Capture) -> None:
    main(["explain", LESSON, "ben"])
    out = capsys.readouterr().out

    assert "\ndouble\n" in out
    assert "\ntotal\n" in out


def test_a_gradebook_that_says_something_else_is_pointed_out(
    graded: TinyCourse, capsys: Capture
) -> None:
    graded.submit("ben", graded.answers({**HALF_RIGHT, "total": "total = None"}))
    main(["explain", LESSON, "ben"])

    assert (
        "The gradebook says something else about total: what was handed in or the suite has "
        f"changed since.\nTo write these marks: nbjudge grade {LESSON} --student ben\n"
    ) in capsys.readouterr().out


def test_an_unknown_exercise_is_answered_with_those_there_are(
    graded: TinyCourse, capsys: Capture
) -> None:
    assert main(["explain", LESSON, "ben", "tripel"]) == 2
    assert capsys.readouterr().err == (
        f"nbjudge explain: There is no exercise 'tripel' in {LESSON!r}.\n"
        "  to cure it: the exercises are: double, total.\n"
    )
