"""What `--impl` means in a lesson of several exercises."""

import textwrap
from itertools import count
from types import SimpleNamespace

import pytest

from nbjudge.errors import LessonError
from nbjudge.model import Course
from nbjudge.naming.bank import Bank
from nbjudge.suite.implementation import bank_of, local_implementation

# Imported lessons stay in `sys.modules`: every course made here has its own slug.
_NUMBERS = count(1)

FILES = {
    "solutions/{}.py": """
        def halve(x):
            return x / 2

        def double(x):
            return x * 2
    """,
    "grader_tests/{}/misconceptions.py": """
        from nbjudge.naming.bank import misconception

        def halve_variant(x, *, by=2, more=0):
            return x / by + more

        def double_variant(x, *, more=0):
            return x * 2 + more

        TEXTS = dict(belief="b", explanation="e", question="q", hint="h")
        THIRD = misconception("third", exercise="halve", switches={"by": 3}, **TEXTS)
        PLUS = misconception("plus", exercise="halve", switches={"more": 1}, **TEXTS)
        AGAIN = misconception("plus", exercise="double", switches={"more": 1}, **TEXTS)
    """,
    "grader_tests/{}/alternatives.py": """
        from nbjudge.naming.bank import alternative

        @alternative("double")
        def added(x):
            return x + x + 0
    """,
}


@pytest.fixture
def slug(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    name = f"m9_l{next(_NUMBERS):02}_implementations"
    for path, text in FILES.items():
        file = tmp_path / path.format(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))
    return name


def answers(slug, spec, exercise):
    student = local_implementation(slug, spec)(SimpleNamespace(exercise=exercise))
    return student.halve(6.0), student.double(6.0)


def test_only_the_exercise_under_test_is_replaced(slug):
    assert answers(slug, "misconception:plus", "halve") == (4.0, 12.0)
    assert answers(slug, "misconception:plus", "double") == (3.0, 13.0)


def test_an_exercise_without_that_name_gets_its_solution(slug):
    assert answers(slug, "misconception:third + plus", "halve") == (3.0, 12.0)
    assert answers(slug, "misconception:third + plus", "double") == (3.0, 12.0)
    make = local_implementation(slug, "alternative:added")
    used = [make(SimpleNamespace(exercise=name)).double.__name__ for name in ("halve", "double")]
    assert used == ["double", "added"]


def test_a_name_that_no_exercise_has_is_said_at_once(slug):
    with pytest.raises(LessonError) as caught:
        local_implementation(slug, "misconception:fourth")
    assert str(caught.value) == (
        "No exercise has the misconception 'fourth'.\n"
        "  to cure it: there are halve: plus, third; double: plus."
    )
    with pytest.raises(LessonError, match="No exercise has the alternative 'fourth'"):
        local_implementation(slug, "alternative:fourth")


def test_a_file_runs_behind_the_setup_cell_and_gets_no_answer(slug, tmp_path):
    (tmp_path / f"grader_tests/{slug}/test_halve.py").touch()
    mine = tmp_path / "mine.py"
    mine.write_text("def twice_doubled(x):\n    return double(double(x))\n")
    student = local_implementation(slug, str(mine))(SimpleNamespace(exercise="halve"))
    assert student.twice_doubled(3.0) == 12.0  # no suite judges `double`: it is setup
    assert not hasattr(student, "halve")


def test_a_lesson_without_misconceptions_has_an_empty_bank(tmp_path, slug):
    course = Course.find(tmp_path)
    assert bank_of(course, slug).entries.keys() == {"halve", "double"}
    assert bank_of(course, "m9_l00_none_yet") == Bank(entries={}, variants={}, alternatives={})
