"""`check("layer_norm")`: try the learner's code on the public examples and draw a card.

It runs in the learner's own kernel, needs no instructor and no network, and
decides no mark: in the judge it does nothing, and where stock nbgrader would
take its silence for full marks it raises.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

from IPython.core.getipython import get_ipython
from IPython.display import display

from nbjudge.errors import UserError
from nbjudge.naming.card import Card
from nbjudge.naming.ladder import HIGHEST, LOWEST
from nbjudge.student.cards import problem_card
from nbjudge.student.progress import progress_card
from nbjudge.student.quiz_state import is_quiz, quiz_state_card
from nbjudge.student.released import find_released, read_ahead
from nbjudge.student.trial import try_exercise

SANDBOX_VARIABLE = "NBJUDGE_SANDBOX"
"""Set in the judge's worker, where hidden tests decide and a card would be noise."""
NBGRADER_VARIABLE = "NBGRADER_EXECUTION"
"""Set by nbgrader while it executes a notebook: `autograde` or `validate`."""
_STOCK_NBGRADER = (
    "nbgrader's own autograde cannot judge this notebook: its tests are not in it. "
    "The instructor's nbgrader_config.py must install nbjudge, or `nbjudge grade` be used."
)
_LONGEST_NAME = 60


def check(exercise: str | Callable[..., object] | None = None, *, hint: int = LOWEST) -> None:
    """Check your answer on the public examples, and show a card.

    Args:
        exercise: The name that you implement: `check("layer_norm")`; what has
            that name will do as well. Without it, the progress over every
            exercise of the notebook is shown.
        hint: How far to climb where a mistake is known: 1 shows what differs,
            2 asks a question, 3 tells the idea, 4 works an example. On a card
            with buttons you climb by clicking.

    Raises:
        AssertionError: Under `nbgrader autograde` without the judge, always;
            under `nbgrader validate`, unless every public example passes.
    """
    nbgrader = os.environ.get(NBGRADER_VARIABLE, "")
    if nbgrader == "autograde":
        raise AssertionError(_STOCK_NBGRADER)
    if SANDBOX_VARIABLE in os.environ:
        return
    names = _learners_names()
    if exercise is not None and not isinstance(exercise, str):
        exercise = getattr(exercise, "__name__", None) or repr(exercise)[:_LONGEST_NAME]
    if exercise is not None and is_quiz(exercise):
        _show(quiz_state_card(names))
        return
    card, passes = _checked_card(exercise, names, _rung(hint))
    if nbgrader == "validate" and not passes:
        raise AssertionError(card.text)
    _show(card)


def _rung(hint: object) -> int:
    """Return the nearest rung: whoever asks for more help than there is gets what there is."""
    return min(max(hint, LOWEST), HIGHEST) if isinstance(hint, int) else LOWEST


def _checked_card(
    exercise: str | None, names: Mapping[str, object], rung: int
) -> tuple[Card, bool]:
    """Return the card to draw, and whether every public example passes."""
    try:
        released = find_released(names)
        if exercise is None:
            lesson = released.lesson()
            every = [try_exercise(item, names, rung) for item in lesson.exercises.values()]
            card = progress_card(lesson.lesson, every, names, released.folder)
            return card, all(item.passes for item in every)
        tried = try_exercise(released.exercise(exercise).exercises[exercise], names, rung)
    except UserError as error:
        return problem_card(exercise or "check", error.message, error.context, error.hint), False
    return tried.card, tried.passes


def _learners_names() -> Mapping[str, object]:
    shell = get_ipython()
    if shell is not None:
        names: Mapping[str, object] = shell.user_ns
        return names
    return vars(sys.modules["__main__"])


def _show(card: Card) -> None:
    if get_ipython() is None:
        sys.stdout.write(card.text + "\n")
        return
    display({"text/html": card.html, "text/plain": card.text}, raw=True)  # type: ignore[no-untyped-call]


# The cell that imports `check` takes a while anyway; a learner who checks waits for the answer.
if get_ipython() is not None and SANDBOX_VARIABLE not in os.environ:
    read_ahead()
