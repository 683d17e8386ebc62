from dataclasses import replace

import pytest

from nbjudge.model import NamedMistake
from nbjudge.naming.ladder import HIGHEST, ladder, up_to_rung
from tests.unit.naming.sample import texts

FULL = NamedMistake(
    ids=("one",),
    belief="I believe.",
    explanation="This behaves like one.",
    question="Why?",
    hint="Look.",
    paragraph="The-formula",
    example="1 + 1 = 2",
)


def test_three_rungs_stand_above_the_first():
    rungs = ladder(FULL)

    assert [rung.number for rung in rungs] == [2, 3, HIGHEST]
    assert [rung.text for rung in rungs] == [
        "Why?",
        "This behaves like one.\nA thought that leads there: I believe.\nLook.",
        "1 + 1 = 2",
    ]
    assert [rung.section for rung in rungs] == ["", "The-formula", ""]


def test_what_the_course_keeps_back_is_no_rung():
    question_only = replace(FULL, belief="", explanation="", hint="", paragraph="", example="")

    assert [rung.label for rung in ladder(question_only)] == ["A question"]
    assert [rung.label for rung in ladder(replace(FULL, example=""))] == ["A question", "The idea"]
    assert ladder(replace(question_only, question="")) == ()


@pytest.mark.parametrize(
    ("highest", "left"),
    [
        (1, set()),
        (2, {"question"}),
        (3, {"question", "belief", "explanation", "hint", "paragraph"}),
        (4, {"question", "belief", "explanation", "hint", "paragraph", "example"}),
    ],
)
def test_texts_above_the_rung_of_the_course_are_taken_away(highest, left):
    kept = up_to_rung(texts("by-sum", "scale_rows"), highest)

    words = ["question", "belief", "explanation", "hint", "paragraph", "example"]
    assert {name for name in words if getattr(kept, name)} == left
    assert (kept.id, kept.exercise) == ("by-sum", "scale_rows")
