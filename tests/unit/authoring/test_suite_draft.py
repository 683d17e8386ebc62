from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from nbjudge.authoring.suite_draft import Draft, draft_suite
from nbjudge.errors import UserError

ANSWER = """def squares(n):
    ### BEGIN SOLUTION
    return [i**2 for i in range(1, n + 1)]
    ### END SOLUTION"""


def cell(name: str, source: str, **about: Any) -> Any:
    return new_code_cell(source, metadata={"nbgrader": {"grade_id": name, **about}})


def drafted(*cells: Any) -> Draft:
    return draft_suite(nbformat.writes(new_notebook(cells=list(cells))).encode())


def answer(name: str = "squares", source: str = ANSWER) -> Any:
    return cell(name, source, solution=True, grade=False)


def checks(name: str, source: str, points: float = 2) -> Any:
    return cell(name, source, solution=False, grade=True, points=points)


def run(draft: Draft) -> None:
    """Run every case of a draft against the draft's own answers."""
    answers: dict[str, Any] = {}
    exec(draft.solutions(), answers)  # noqa: S102 - our own draft
    for exercise in draft.exercises:
        suite: dict[str, Any] = {}
        exec(draft.suite(exercise), suite)  # noqa: S102 - our own draft
        for name, case in list(suite.items()):
            if name.startswith("test_"):
                case(SimpleNamespace(**answers))


def test_what_students_define_is_called_on_the_student() -> None:
    draft = drafted(
        new_code_cell("import math"),
        answer(),
        checks(
            "check_it", "# why\nfor squared in squares(2):  # é squares\n    assert squared > 0"
        ),
        checks(
            "hidden", "### BEGIN HIDDEN TESTS\nassert squares(1) == [1]\n### END HIDDEN TESTS", 3
        ),
    )
    suite = draft.suite(draft.exercises[0])

    assert "import math\n" in suite
    assert "    # why\n    for squared in student.squares(2):  # é squares\n" in suite
    assert "@pytest.mark.weight(3)\ndef test_hidden(student):" in suite
    assert "HIDDEN" not in suite
    run(draft)


def test_partial_credit_becomes_a_case_and_a_todo() -> None:
    draft = drafted(answer(), checks("partly", "ok = squares(1) == [1]\n2.0 * ok"))

    assert (
        "    value = 2.0 * ok\n"
        "    # TODO: gave partial credit by this value; split it into cases with weights.\n"
        "    assert value == 2\n"
    ) in draft.suite(draft.exercises[0])
    run(draft)


def test_what_comes_from_elsewhere_is_named() -> None:
    draft = drafted(
        new_code_cell("data = [1]"), answer(), checks("t", "assert squares(1) == data, str(data)")
    )

    assert "# TODO: from other cells of the notebook: data." in draft.suite(draft.exercises[0])


def test_ipythons_own_syntax_is_kept_as_a_comment() -> None:
    draft = drafted(answer(), checks("t", "%time squares(1)"))
    suite = draft.suite(draft.exercises[0])

    assert "# TODO: no plain Python." in suite
    assert "# %time squares(1)" in suite
    with pytest.raises(pytest.fail.Exception, match="a draft"):
        run(draft)


def test_a_test_belongs_to_what_it_uses() -> None:
    cube = answer("cube", "def cube(x):\n    return x**3")
    draft = drafted(
        answer(), cube, checks("late", "assert squares(1)"), checks("test_cube", "cube(1)")
    )

    assert {e.name: [t.name for t in e.tests] for e in draft.exercises} == {
        "squares": ["late"],
        "cube": ["test_cube"],
    }


def test_a_cell_without_points_says_that_it_would_count() -> None:
    draft = drafted(answer(), checks("t", "assert squares(1)", 0))

    assert "# TODO: worth no points in the notebook; every case of a suite counts." in draft.suite(
        draft.exercises[0]
    )


def test_a_notebook_without_tests_is_refused() -> None:
    with pytest.raises(UserError) as refused:
        drafted(answer())
    assert str(refused.value) == (
        "The notebook has no answer cell with a test cell behind it.\n"
        "  to cure it: give the instructor's notebook, from source/: the release has no hidden "
        "tests."
    )
    with pytest.raises(UserError, match=r"^The notebook cannot be read: the file is empty"):
        draft_suite(b"")
