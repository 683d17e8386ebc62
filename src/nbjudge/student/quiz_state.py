"""`check("quiz")`: what is answered, what is saved, and whether the notebook carries it.

Nothing is marked here: there is no key on this machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbjudge.errors import UserError
from nbjudge.naming.card import Card, Part, Status, draw
from nbjudge.notebook.read import UnreadableNotebook, read_notebook
from nbjudge.questions.answers import Answers, QuizCell, answers_in_cells, is_quiz_cell
from nbjudge.questions.mark import code_cells
from nbjudge.questions.quiz_file import SUFFIX, Quiz, load_quiz
from nbjudge.student.cards import problem_card
from nbjudge.student.quiz_identity import known_student
from nbjudge.student.quiz_session import GradedSession
from nbjudge.student.released import open_notebook
from nbjudge.texts import later, say

_NAME = "quiz"
_NOT_BEGUN = later("not begun")


def is_quiz(exercise: str) -> bool:
    """Say whether `check` was called in a quiz's points cell."""
    return is_quiz_cell(f"test_{exercise}")


@dataclass(frozen=True, kw_only=True, slots=True)
class QuizState:
    """How far the quiz of the open notebook is."""

    status: Status
    headline: str
    answered: int
    open: tuple[str, ...]
    """Questions without an answer."""
    is_carried: bool
    """Whether the saved notebook carries the saved answers."""


def quiz_state(names: Mapping[str, object]) -> QuizState | None:
    """Return how far the quiz is; None if the notebook has none that can be read.

    Args:
        names: The learner's names, where editors leave the notebook's path.
    """
    folder, notebook = Path.cwd(), open_notebook(names)
    try:
        quiz = _quiz(folder, notebook)
    except UserError:
        return None
    student = known_student()
    if not student:
        return QuizState(
            status=Status.OPEN, headline=say(_NOT_BEGUN), answered=0, open=(), is_carried=False
        )
    session = GradedSession(quiz, student, folder)
    return _state(session, _in_notebook(folder, notebook or quiz.lesson, quiz.lesson))


def quiz_state_card(names: Mapping[str, object]) -> Card:
    """Draw the card of the open notebook's quiz.

    Args:
        names: The learner's names, where editors leave the notebook's path.
    """
    folder, notebook = Path.cwd(), open_notebook(names)
    try:
        quiz = _quiz(folder, notebook)
    except UserError as error:
        return problem_card(_NAME, error.message, error.context, error.hint)
    student = known_student()
    if not student:
        text = say("Run the quiz above: it asks whose paper it is.")
        return draw(_NAME, Status.OPEN, say(_NOT_BEGUN), [Part(text=text)], state=say("to do"))
    session = GradedSession(quiz, student, folder)
    return _card(session, _in_notebook(folder, notebook or quiz.lesson, quiz.lesson))


def _quiz(folder: Path, notebook: str) -> Quiz:
    there = sorted(folder.glob(f"*{SUFFIX}"))
    own = folder / f"{notebook}{SUFFIX}"
    if own in there or len(there) != 1:
        return load_quiz(own)
    return load_quiz(there[0])


def _in_notebook(folder: Path, notebook: str, lesson: str) -> QuizCell | None:
    """Return what the saved notebook carries; None if it cannot be looked into."""
    try:
        content = read_notebook((folder / f"{notebook}.ipynb").read_bytes())
    except (OSError, UnreadableNotebook):
        return None
    return answers_in_cells(code_cells(content["cells"]), lesson)


def _state(session: GradedSession, carried: QuizCell | None) -> QuizState:
    count = len(session.paper.questions)
    is_carried = bool(carried and _is_same(session.saved, carried.answers))
    status = Status.PARTLY if session.answered else Status.OPEN
    if session.answered == count and is_carried:
        status = Status.RIGHT
    return QuizState(
        status=status,
        headline=say("{answered} of {count} answered", answered=session.answered, count=count),
        answered=session.answered,
        open=tuple(d.id for d in session.paper.questions if not session.answers.get(d.id)),
        is_carried=is_carried,
    )


def _card(session: GradedSession, carried: QuizCell | None) -> Card:
    state = _state(session, carried)
    parts = [Part(text=message) for message in session.messages]
    if state.open:
        parts.append(Part(title=say("Without an answer"), items=state.open, mark=Status.OPEN))
    if session.answered:
        parts += _where(session, carried, state.is_carried)
    words = {
        Status.RIGHT: say("ready to hand in"),
        Status.PARTLY: say("on the way"),
        Status.OPEN: say("to do"),
    }
    return draw(_NAME, state.status, state.headline, parts, state=words[state.status])


def _where(session: GradedSession, carried: QuizCell | None, is_carried: bool) -> list[Part]:
    saved = say(
        "Saved in {file_name}, receipt {receipt}. It is marked when you hand in.",
        file_name=session.file_name,
        receipt=session.receipt,
    )
    if is_carried:
        return [Part(text=say("{saved} The notebook carries the same answers.", saved=saved))]
    if carried is None:
        warning = say(
            "The notebook could not be looked into: hand in the answers file together with it."
        )
    else:
        warning = say(
            "The notebook alone does not carry these answers yet. Run the quiz cell again, "
            "save the notebook, and hand in both files; then nothing is lost if one is."
        )
    return [Part(text=saved), Part(title=say("Not yet in the notebook"), text=warning)]


def _is_same(saved: Answers | None, carried: Answers | None) -> bool:
    return saved is not None and carried is not None and saved.receipt == carried.receipt
