import pytest

from nbjudge.errors import LessonError
from nbjudge.naming.bank import Bank, misconception, misconception_of

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


def test_forms_need_switches():
    with pytest.raises(LessonError) as caught:
        misconception("one", exercise="f", code=len, forms={"2": {"a": 2}}, **TEXTS)
    assert str(caught.value) == "Misconception 'one' must have switches, for it has forms."


def test_a_form_runs_the_variant_with_its_own_switches_and_acts_in_no_pair():
    one = misconception("one", exercise="f", switches={"a": 1}, forms={"2": {"a": 2}}, **TEXTS)
    two = misconception("two", exercise="f", switches={"b": 1}, **TEXTS)
    bank = Bank(
        entries={"f": {"one": one, "two": two}},
        variants={"f": lambda *, a=0, b=0: (a, b)},
        alternatives={},
    )
    assert bank.forms("f") == ("one: 2",)
    assert misconception_of("one: 2") == misconception_of("one") == "one"
    assert bank.wrong_code("f", "one: 2")() == (2, 0)
    assert bank.pairs("f") == ("one + two",)
    with pytest.raises(LessonError, match="f has no misconception 'one: 3'"):
        bank.wrong_code("f", "one: 3")
