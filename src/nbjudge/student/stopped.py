"""What `check` says of code that ended its process, or never came back."""

from __future__ import annotations

from collections.abc import Mapping

from nbjudge.naming.card import Part, Status, draw
from nbjudge.naming.probes import ExerciseProbes
from nbjudge.student.cards import STATES, Tried
from nbjudge.student.child import Ended
from nbjudge.student.describe import script_text
from nbjudge.texts import later, say

_STOPPED = later("stopped")
_DIED = later("Your code ended the whole process it ran in.")
_AFTER_DEATH = later(
    "It ran in a process of its own, so your notebook goes on as if nothing had happened. "
    "Try this example in a cell only after you have found the cause: there it would end the kernel."
)
_AFTER_TIMEOUT = later(
    "It was stopped, and your notebook goes on. Does every loop in it come to an end, on this "
    "example too?"
)
_CAUSES = {
    "SIGSEGV": later("segmentation fault, memory was read or written that is not yours"),
    "SIGBUS": later("bus error, memory was read or written that is not there"),
    "SIGKILL": later("killed, perhaps because too little memory was left"),
    "SIGABRT": later("aborted, a library found its own data spoiled"),
    "SIGFPE": later("a whole number was divided by zero in compiled code"),
}


def ended_trial(exercise: ExerciseProbes, names: Mapping[str, object], ended: Ended) -> Tried:
    """Say on which example the learner's code ended its process, or did not come back.

    Args:
        exercise: The exercise that was tried.
        names: The learner's names, for the words they used.
        ended: How it ended.
    """
    parts = [Part(title=_late(ended) if not ended.reason else say(_DIED))]
    if ended.step >= 0:
        probe = exercise.probes[ended.step]
        parts.append(Part(title=probe.title, code=script_text(probe.steps, names)))
    cause = say(_CAUSES[ended.reason]) if ended.reason in _CAUSES else ended.reason
    if cause:
        parts.append(Part(text=say("What the system said: {cause}.", cause=cause)))
    advice = _AFTER_DEATH if ended.reason else _AFTER_TIMEOUT
    card = draw(
        exercise.exercise,
        Status.NOT_YET,
        say(_STOPPED),
        [*parts, Part(text=say(advice))],
        state=say(STATES[Status.NOT_YET]),
    )
    return Tried(
        exercise=exercise.exercise,
        status=Status.NOT_YET,
        headline=say(_STOPPED),
        passes=False,
        card=card,
    )


def _late(ended: Ended) -> str:
    return say("Your code did not come back within {limit_s:g} s.", limit_s=ended.limit_s)
