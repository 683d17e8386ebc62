from __future__ import annotations

from pathlib import Path

import pytest

from nbjudge.authoring.answers import parse_answers
from nbjudge.authoring.lesson_text import parse_text
from nbjudge.authoring.stubs import filled, without_answers
from nbjudge.errors import LessonError

STUB = '''def f(x, *rest, eps=1e-5):
    """Do it.

    At length.
    """'''
ANSWER = '''def f(x: int, *rest: int, eps: float = 1e-5) -> int:
    """Do it."""
    # Why.
    return x
'''
CLASS_STUB = '''class F(Base):
    """Counts."""

    step: int = 1

    @property
    def mean(self):
        """Read."""

    @mean.setter
    def mean(self, value):
        """Write."""'''
CLASS_ANSWER = '''class F(Base):
    """Counts."""

    step = 1

    @property
    def mean(self) -> float:
        """Read."""
        return self._mean

    @mean.setter
    def mean(self, value: float) -> None:
        """Write."""

        self._mean = value
        # Nothing else.

    # A note on the class.
'''


def fill(stub: str = STUB, answer: str = ANSWER, name: str = "f") -> str:
    text = parse_text(
        "# A\n\n```{code-cell}\n"
        f":nbgrader: {{grade_id: {name}, solution: true}}\n\n{stub}\n```\n",
        Path("course/m1_l01_a.md"),
    )
    return filled(text, text.cells[1], parse_answers(answer, Path("solutions/m1_l01_a.py")))


def test_the_body_stands_between_the_marks_under_the_full_docstring():
    assert fill() == STUB + (
        "\n    ### BEGIN SOLUTION\n    # Why.\n    return x\n    ### END SOLUTION"
    )


def test_a_class_is_filled_method_by_method():
    assert fill(CLASS_STUB, CLASS_ANSWER, "F") == (
        CLASS_STUB.replace(
            '"""Read."""',
            '"""Read."""\n        ### BEGIN SOLUTION\n        return self._mean\n'
            "        ### END SOLUTION",
        )
        + "\n        ### BEGIN SOLUTION\n        self._mean = value\n        # Nothing else.\n"
        "        ### END SOLUTION"
    )


@pytest.mark.parametrize(
    ("stub", "answer", "name"), [(STUB, ANSWER, "f"), (CLASS_STUB, CLASS_ANSWER, "F")]
)
def test_without_its_answers_a_cell_is_the_stub_again(stub, answer, name):
    assert without_answers(fill(stub, answer, name)) == stub


def test_what_else_the_stub_cell_says_stays():
    assert fill("import math\n\n" + STUB).startswith("import math\n\ndef f(")


def test_defaults_are_compared_by_value():
    assert "BEGIN" in fill(STUB.replace("1e-5", "0.00001"))


@pytest.mark.parametrize(
    ("stub", "answer", "text"),
    [
        (
            STUB,
            "def g(): pass",
            "The stub f has no answer.\n"
            "  where: course/m1_l01_a.md, line 6\n"
            "  to cure it: define f in solutions/m1_l01_a.py.",
        ),
        (
            STUB,
            ANSWER.replace("1e-5", "1e-6"),
            "The stub f and its answer disagree: "
            "the course has (x, *rest, eps=1e-05), the solution has (x, *rest, eps=1e-06).\n"
            "  where: course/m1_l01_a.md, line 6\n"
            "  to cure it: make it and solutions/m1_l01_a.py, line 1 agree.",
        ),
        (
            STUB,
            "@cache\n" + ANSWER,
            "The stub f and its answer disagree: the decorators differ.\n"
            "  where: course/m1_l01_a.md, line 6\n"
            "  to cure it: make it and solutions/m1_l01_a.py, line 2 agree.",
        ),
        (
            STUB,
            "async " + ANSWER,
            "The stub f and its answer disagree: one is a class or async, the other is not.\n"
            "  where: course/m1_l01_a.md, line 6\n"
            "  to cure it: make it and solutions/m1_l01_a.py, line 1 agree.",
        ),
        (
            STUB + "\n    return 1",
            ANSWER,
            "The stub f has a body.\n"
            "  where: course/m1_l01_a.md, line 11\n"
            "  to cure it: a stub is signature and docstring; the body goes to solutions/.",
        ),
        (
            "def f(x, *rest, eps=1e-5): ...",
            ANSWER,
            "The stub f has no docstring.\n"
            "  where: course/m1_l01_a.md, line 6\n"
            "  to cure it: say what it does, its arguments with shapes, and what it returns.",
        ),
        (
            "f = 1",
            ANSWER,
            "The stub cell f must define f once.\n"
            "  where: course/m1_l01_a.md, line 6\n"
            "  to cure it: its grade_id is the name that the student implements.",
        ),
        (
            STUB,
            ANSWER.replace('"""Do it."""', '"""Do it.\n\n    Twice.\n    """'),
            "The answer f needs a docstring of one line.\n"
            "  where: solutions/m1_l01_a.py, line 1\n"
            "  to cure it: the full one stands in the course's stub and nowhere else.",
        ),
        (
            STUB,
            ANSWER.replace("    # Why.\n    return x\n", ""),
            "The answer f has no body.\n"
            "  where: solutions/m1_l01_a.py, line 1\n"
            "  to cure it: write it on the lines after the docstring.",
        ),
        (
            STUB,
            ANSWER.replace("    # Why.\n    return x", "  # Why.\n    return x").replace(
                "    ", "  "
            ),
            "The answer f is indented differently from its stub.\n"
            "  where: course/m1_l01_a.md, line 6\n"
            "  to cure it: use the same spaces in solutions/m1_l01_a.py, line 1.",
        ),
        (
            STUB,
            ANSWER + ANSWER,
            "f is defined twice.\n"
            "  where: solutions/m1_l01_a.py, line 5\n"
            "  to cure it: each answer is written once.",
        ),
        (
            STUB,
            "def f(:",
            "This is no Python: invalid syntax.\n  where: solutions/m1_l01_a.py, line 1",
        ),
    ],
)
def test_what_does_not_fit_together_is_named(stub, answer, text):
    with pytest.raises(LessonError) as caught:
        fill(stub, answer)

    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("class F(Base):", "class F:", "the base classes differ"),
        ("step = 1", "step = 2", "the class attributes differ"),
        (
            "    @mean.setter",
            "    @other.setter",
            "only one of them has @mean.setter mean, @other.setter mean",
        ),
    ],
)
def test_classes_that_disagree_are_named(old, new, why):
    with pytest.raises(LessonError) as caught:
        fill(CLASS_STUB, CLASS_ANSWER.replace(old, new), "F")

    assert caught.value.message == f"The stub F and its answer disagree: {why}."


def test_a_method_that_disagrees_is_named():
    with pytest.raises(LessonError) as caught:
        fill(CLASS_STUB, CLASS_ANSWER.replace("self, value: float", "self, other: float"), "F")

    assert caught.value.message == (
        "The stub @mean.setter mean and its answer disagree: "
        "the course has (self, value), the solution has (self, other)."
    )
