import pytest

from nbjudge.errors import LessonError
from nbjudge.naming.bank import misconception

TEXTS = {"belief": "b", "explanation": "e", "question": "q", "hint": "h"}


@pytest.mark.parametrize("name", TEXTS)
def test_a_misconception_without_a_text_is_refused(name):
    with pytest.raises(LessonError) as caught:
        misconception("one", exercise="f", switches={"a": 1}, **{**TEXTS, name: " "})
    assert str(caught.value) == f"The {name} of misconception 'one' must not be empty."


@pytest.mark.parametrize("code", [{}, {"switches": {"a": 1}, "code": len}])
def test_a_misconception_has_either_switches_or_code(code):
    with pytest.raises(LessonError) as caught:
        misconception("one", exercise="f", **code, **TEXTS)
    assert str(caught.value) == "Misconception 'one' must have either switches or code."
