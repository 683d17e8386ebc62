"""Nothing that `check` and `quiz` show bypasses the catalogue."""

from __future__ import annotations

import re

import pytest
from IPython.core.interactiveshell import InteractiveShell

from nbjudge import check, quiz
from nbjudge.student.quiz_practice import practice_session
from nbjudge.student.quiz_session import GradedSession
from nbjudge.student.quiz_widget import QuizWidget, graded_page, practice_page
from nbjudge.texts import PSEUDO, VARIABLE
from tests.translation import bare_words
from tests.unit.student.test_check import BY_SUM, RIGHT, STUB, UNLISTED, Kernel, folder
from tests.unit.student.test_quiz import LESSON, released

__all__ = ["folder", "released"]

THEIRS = [
    *("scale_rows", "Welford", "m1_l01_rows", "np.array", "np.float32", "dtype", "gamma", "x = "),
    *("Rows of small", "Rows of two", "Rows of three", "A stream of", "by-sum", "I believe"),
    *("This behaves like", "Look at", "Why", "Half of", "The formula", "hint", "check", "typo"),
    *("return 1 / 0", "None", "mutates-input"),
    *("np.inf", "ZeroDivisionError", "division by zero", "values.append", "KeyError", "obj"),
]
RAISES = "def scale_rows(x, gamma):\n    return 1 / 0\n"
NOTHING = "def scale_rows(x, gamma):\n    pass\n"
IN_PLACE = (
    "def scale_rows(x, gamma):\n    x /= x.mean(axis=-1, keepdims=True)\n    return x * gamma\n"
)
DIES = "import os\ndef scale_rows(x, gamma):\n    os.abort()\n"


@pytest.fixture
def kernel(folder, monkeypatch):
    monkeypatch.setenv(VARIABLE, PSEUDO)
    yield Kernel()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("answer", [RIGHT, BY_SUM, UNLISTED, STUB, RAISES, NOTHING, IN_PLACE, DIES])
@pytest.mark.parametrize("call", ["check('scale_rows')", "check('scale_rows', hint=4)", "check()"])
def test_every_word_of_a_card_can_be_translated(kernel, answer, call):
    text = kernel.check(answer, call)
    html = re.sub(r"<style>.*?</style>", "", kernel.html, flags=re.DOTALL)
    labels = " ".join(re.findall(r'aria-label="([^"]*)"', html))

    assert bare_words(text, THEIRS) == []
    assert bare_words(re.sub(r"<[^>]*>", " ", html), THEIRS) == []
    assert bare_words(labels, THEIRS) == []


@pytest.mark.parametrize("call", ["check('scale_row')", "check('no_such_thing')"])
def test_a_check_that_cannot_be_made_can_be_translated(kernel, call):
    text = kernel.check("pass", call)
    theirs = [*THEIRS, "scale_row", "no_such_thing", *re.findall(r"/[\w/.-]+", text)]

    assert bare_words(text, theirs) == []


QUIZ = [LESSON, "ada", "quiz", "answers", "practice", "student", "True"]


def test_every_word_of_a_quizzes_frame_can_be_translated(
    released,
    tmp_path,
    monkeypatch,
    capsys,
):
    monkeypatch.setenv(VARIABLE, PSEUDO)
    session = GradedSession(released, "ada", tmp_path / LESSON)
    quiz("m1_l05")
    quiz("m1_l05", practice=True)
    check("quiz")
    quiz("m9_l09")
    shown = capsys.readouterr().out
    questions = [*session.paper.questions, *practice_session(released, tmp_path / LESSON).questions]
    theirs = [word for drawn in questions for word in words_of(drawn)]
    theirs += [*QUIZ, "m1_l05", "m9_l09", str(tmp_path), *re.findall(r"/[\w/.-]+", shown)]

    assert bare_words(shown, theirs) == []


def words_of(drawn):
    yield drawn.id
    yield from drawn.prompt.text.splitlines()
    for entry in drawn.entries:
        yield entry.id
        yield from entry.words.text.splitlines()


def test_the_browser_gets_all_of_its_words_from_the_catalogue(
    released,
    tmp_path,
    monkeypatch,
):
    monkeypatch.setenv(VARIABLE, PSEUDO)
    session = GradedSession(released, "ada", tmp_path / LESSON)
    practice = practice_session(released, tmp_path / LESSON)
    for page in (lambda: graded_page(session), lambda: practice_page(practice, "T")):
        widget = QuizWidget(page, lambda message: {}, "")
        assert [said for said in widget.words.values() if bare_words(said)] == []


def test_the_browsers_script_says_nothing_of_its_own():
    script = QuizWidget._esm.read_text() if hasattr(QuizWidget._esm, "read_text") else ""
    script = script or str(QuizWidget._esm)
    code = re.sub(r"//[^\n]*", "", script)
    strings = re.findall(r'"([^"\n]*)"|`([^`]*)`', code)
    words = [one or other for one, other in strings]

    assert len(words) > 50
    # A sentence has a capital letter and a space, or ends with a full stop.
    assert [w for w in words if re.search(r"[A-Z][a-z]+ [a-z]|[a-z]\.$", w)] == []
