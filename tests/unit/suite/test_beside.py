"""Which of a suite's definitions can be put beside a student's code, and what is refused."""

import types

import numpy as np
import pytest

from nbjudge.errors import UserError
from nbjudge.suite.beside import beside

STUDENT = types.SimpleNamespace()


def doubled(x):
    return 2 * np.asarray(x)


def test_an_authors_own_code_gets_the_definition_itself():
    assert beside(STUDENT, doubled) is doubled


def test_a_nested_function_is_refused_to_an_author_too():
    def nested():
        return 1

    with pytest.raises(UserError) as caught:
        beside(STUDENT, nested)
    assert caught.value.message.startswith(
        "What is put beside a student's code must be defined at the top level of a module; got "
    )
    assert caught.value.hint == "define it there, without a lambda."


def test_what_uses_an_answer_is_refused(tmp_path, monkeypatch):
    (tmp_path / "suite_with_answer.py").write_text(
        "from solutions.m1_l04_variance_and_std import variance_two_pass\n"
        "def model(x):\n    return variance_two_pass(x)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    import suite_with_answer  # noqa: PLC0415 - written a line ago

    with pytest.raises(UserError) as caught:
        beside(STUDENT, suite_with_answer.model)
    assert caught.value.message == (
        "model cannot be put beside a student's code: it would take solutions, "
        "solutions.m1_l04_variance_and_std along, which the student's code could read."
    )
    assert caught.value.hint == "let it use nothing from solutions/ and grader_tests/."
