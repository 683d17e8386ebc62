"""What the judge's processes say in English is said in the learner's language on a card."""

from __future__ import annotations

import numpy as np
import pytest
from bs4 import BeautifulSoup

from nbjudge.expect import Mismatch, expect_close, expect_raises, expect_unchanged
from nbjudge.model import CaseResult, ExerciseResult, GradingResult, Outcome
from nbjudge.model.codec import result_from_json, result_to_json
from nbjudge.naming.match import _named
from nbjudge.naming.traits import not_deterministic
from nbjudge.notebook.read import UnreadableNotebook, read_notebook
from nbjudge.reports.card import feedback_card
from nbjudge.reports.comments import comment_said, fault_comment, problem_comment
from nbjudge.sandbox.base import WorkerLost
from nbjudge.suite.case import CaseInfo
from nbjudge.suite.errors import student_error
from nbjudge.suite.verdict import verdict
from nbjudge.texts import PSEUDO, in_language, say
from tests.translation import bare_words

TWO = np.array([1.0, 2.0])
CASE = CaseInfo(
    id="test_kind",
    exercise="my_function",
    title="KIND",
    weight=1.0,
    is_property=False,
    is_public=True,
    public_options={},
    limits={},
)


def refuse(value: object = 3) -> object:
    raise KeyError("MESSAGE")


ANSWERS = {
    "type": lambda: expect_close([1.0], TWO),
    "shape": lambda: expect_close(np.ones(3), TWO),
    "dtype": lambda: expect_close(np.ones(2, int), TWO),
    "finite": lambda: expect_close(np.array([1.0, np.nan]), TWO),
    "value": lambda: expect_close(TWO + 1, TWO),
    "empty": lambda: expect_close(np.ones(0), np.ones((0, 2))),
    "number": lambda: expect_close("text", 3.0),
    "bool": lambda: expect_close(1, True),
    "tuple": lambda: expect_close((TWO,), (TWO, TWO)),
    "in a tuple": lambda: expect_close((TWO, None), (TWO, TWO)),
    "dict": lambda: expect_close({"KEY": 1.0}, {"OTHER": 1.0}),
    "no dict": lambda: expect_close(None, {"OTHER": 1.0}),
    "changed": lambda: expect_unchanged(TWO + 1, TWO, name="x"),
    "no exception": lambda: expect_raises((ValueError, TypeError), lambda: 3, valid=lambda: 3),
    "another": lambda: expect_raises(ValueError, refuse, valid=lambda: 3),
}
ERRORS = {
    "raised": student_error({"type": "ValueError", "bases": ["ValueError"], "message": "MESSAGE"}),
    "missing": student_error({"missing": "my_function"}),
    "lost": WorkerLost(say("no answer after {seconds} s", seconds="2"), Outcome.TIMED_OUT),
    "said nothing": AssertionError(),
}
_NAMES = ("my_function", "KIND", "MESSAGE", "KEY", "OTHER", "text", "x", "True", "None", "nan")
_TYPES = ("float64", "int64", "numpy.ndarray", "numpy", "str", "list", "tuple", "dict", "int")
_CLASSES = ("NoneType", "ValueError", "TypeError", "KeyError")
THEIRS = [*_NAMES, *_TYPES, *_CLASSES]


def mismatch(name: str) -> BaseException:
    with pytest.raises(Mismatch) as caught:
        ANSWERS[name]()
    return caught.value


def drawn(result: GradingResult) -> list[str]:
    """Return the bare words of a card whose result was stored in English."""
    stored = result_from_json(result_to_json(result))
    assert stored == result
    with in_language(PSEUDO):
        card = feedback_card(stored, "test_my_function")
    soup = BeautifulSoup(card.html, features="html.parser")
    soup.style.decompose()
    return bare_words(soup.get_text(" "), THEIRS) + bare_words(card.text, THEIRS)


def result(*cases: CaseResult, **about: object) -> GradingResult:
    exercise = ExerciseResult(exercise="my_function", points=1, cases=cases, **about)  # type: ignore[arg-type]
    return GradingResult(student="s", assignment="a", notebook="n", exercises=(exercise,))


@pytest.mark.parametrize("name", [*ANSWERS, *ERRORS])
def test_a_message_of_a_suite_is_translated_when_it_is_shown(name: str):
    error = ERRORS[name] if name in ERRORS else mismatch(name)
    assert drawn(result(verdict(CASE, error, 0.0))) == []


def test_a_message_that_an_author_wrote_stays_as_it_is():
    found = verdict(CASE, AssertionError("my own words"), 0.0)
    assert set(drawn(result(found))) == {"my", "own", "words"}


def test_a_trait_and_a_note_are_translated_when_they_are_shown():
    failed = verdict(CASE, mismatch("value"), 0.0)
    note = say("It builds on {names}, which is not right yet: start there.", names="my_function")
    assert drawn(result(failed, named=(_named([not_deterministic()]),), notes=(note,))) == []


def test_what_is_wrong_with_a_file_is_translated_when_it_is_shown():
    with pytest.raises(UnreadableNotebook) as caught:
        read_notebook(b"{")
    whole = GradingResult(student="s", assignment="a", notebook="n", problem=str(caught.value))
    assert drawn(whole) == []


def test_a_result_that_was_stored_as_plain_text_is_read_as_it_was():
    old = result_to_json(result(CaseResult(id="c", outcome=Outcome.FAILED, message="MESSAGE")))
    assert b'"message": "MESSAGE"' in old
    assert result_from_json(old).exercises[0].cases[0].message == "MESSAGE"


@pytest.mark.parametrize(
    "comment",
    [
        problem_comment("MESSAGE"),
        fault_comment(has_earlier_mark=True),
        fault_comment(has_earlier_mark=False),
        "No response.",
    ],
)
def test_a_comment_of_the_gradebook_is_translated_when_it_is_shown(comment: str):
    assert comment_said(comment) == comment
    with in_language(PSEUDO):
        assert bare_words(comment_said(comment), THEIRS) == []
        assert comment_said("A person's words.") == "A person's words."
