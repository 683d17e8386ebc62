"""`check("layer_norm")`: try the learner's code on the public examples and draw a card.

It runs in the learner's own kernel, needs no instructor and no network, and
decides no mark: in the judge it does nothing, and where stock nbgrader would
take its silence for full marks it raises.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping

from IPython.core.getipython import get_ipython
from IPython.display import display

from nbjudge.errors import UserError
from nbjudge.naming.card import Card
from nbjudge.naming.observe import Observation, observe
from nbjudge.naming.probes import ExerciseProbes
from nbjudge.student.cards import Checked, exercise_card, problem_card, progress_card
from nbjudge.student.quiz_state import is_quiz, quiz_state_card
from nbjudge.student.released import find_released

SANDBOX_VARIABLE = "NBJUDGE_SANDBOX"
"""Set in the judge's worker, where hidden tests decide and a card would be noise."""
NBGRADER_VARIABLE = "NBGRADER_EXECUTION"
"""Set by nbgrader while it executes a notebook: `autograde` or `validate`."""
_PRINTED_CHARACTERS = 4000
_LONGEST_NAME = 60


def check(exercise: str | Callable[..., object] | None = None) -> None:
    """Check your answer on the public examples, and show a card.

    Args:
        exercise: The name that you implement: `check("layer_norm")`; what has
            that name will do as well. Without it, the progress over every
            exercise of the notebook is shown.

    Raises:
        AssertionError: Under `nbgrader autograde` without the judge, always;
            under `nbgrader validate`, unless every public example passes.
    """
    nbgrader = os.environ.get(NBGRADER_VARIABLE, "")
    if nbgrader == "autograde":
        raise AssertionError(
            "nbgrader's own autograde cannot judge this notebook: its tests are not in it. "
            "The instructor's nbgrader_config.py must install nbjudge, or `nbjudge grade` be used."
        )
    if SANDBOX_VARIABLE in os.environ:
        return
    names = _learners_names()
    if exercise is not None and not isinstance(exercise, str):
        exercise = getattr(exercise, "__name__", None) or repr(exercise)[:_LONGEST_NAME]
    if exercise is not None and is_quiz(exercise):
        _show(quiz_state_card(names))
        return
    card, passes = _checked_card(exercise, names)
    if nbgrader == "validate" and not passes:
        raise AssertionError(card.text)
    _show(card)


def _checked_card(exercise: str | None, names: Mapping[str, object]) -> tuple[Card, bool]:
    """Return the card to draw, and whether every public example passes."""
    try:
        released = find_released(names)
        if exercise is None:
            lesson = released.lesson()
            every = [_try(item, names) for item in lesson.exercises.values()]
            return progress_card(lesson.lesson, every), all(item.passes for item in every)
        checked = _try(released.exercise(exercise).exercises[exercise], names)
    except UserError as error:
        return problem_card(exercise or "check", error.message, error.context, error.hint), False
    return exercise_card(checked, names), checked.passes


def _try(exercise: ExerciseProbes, names: Mapping[str, object]) -> Checked:
    observed: list[Observation] = []
    printed: list[str] = []
    for probe in exercise.probes:
        with _caught_output() as output:
            observed.append(observe(names, probe))
        printed.append(output.getvalue()[:_PRINTED_CHARACTERS])
    return Checked(exercise=exercise, observed=tuple(observed), printed=tuple(printed))


@contextlib.contextmanager
def _caught_output() -> Iterator[io.StringIO]:
    """Keep what the learner's code prints off the card's page, and its warnings silent."""
    output = io.StringIO()
    with (
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield output


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
