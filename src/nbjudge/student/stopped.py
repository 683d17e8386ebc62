"""What `check` says of code that ended its process, or never came back."""

from __future__ import annotations

from collections.abc import Mapping

from nbjudge.naming.card import Part, Status, draw
from nbjudge.naming.probes import ExerciseProbes
from nbjudge.student.cards import STATES, Tried
from nbjudge.student.child import Ended
from nbjudge.student.describe import script_text

_STOPPED = "stopped"
_DIED = "Your code ended the whole process it ran in."
_AFTER_DEATH = (
    "It ran in a process of its own, so your notebook goes on as if nothing had happened. "
    "Try this example in a cell only after you have found the cause: there it would end the kernel."
)
_AFTER_TIMEOUT = (
    "It was stopped, and your notebook goes on. Does every loop in it come to an end, on this "
    "example too?"
)
_CAUSES = {
    "SIGSEGV": "segmentation fault, memory was read or written that is not yours",
    "SIGBUS": "bus error, memory was read or written that is not there",
    "SIGKILL": "killed, perhaps because too little memory was left",
    "SIGABRT": "aborted, a library found its own data spoiled",
    "SIGFPE": "a whole number was divided by zero in compiled code",
}


def ended_trial(exercise: ExerciseProbes, names: Mapping[str, object], ended: Ended) -> Tried:
    """Say on which example the learner's code ended its process, or did not come back.

    Args:
        exercise: The exercise that was tried.
        names: The learner's names, for the words they used.
        ended: How it ended.
    """
    parts = [Part(title=_late(ended) if not ended.reason else _DIED)]
    if ended.step >= 0:
        probe = exercise.probes[ended.step]
        parts.append(Part(title=probe.title, code=script_text(probe.steps, names)))
    cause = _CAUSES.get(ended.reason, ended.reason)
    if cause:
        parts.append(Part(text=f"What the system said: {cause}."))
    advice = _AFTER_DEATH if ended.reason else _AFTER_TIMEOUT
    card = draw(
        exercise.exercise,
        Status.NOT_YET,
        _STOPPED,
        [*parts, Part(text=advice)],
        state=STATES[Status.NOT_YET],
    )
    return Tried(
        exercise=exercise.exercise,
        status=Status.NOT_YET,
        headline=_STOPPED,
        passes=False,
        card=card,
    )


def _late(ended: Ended) -> str:
    return f"Your code did not come back within {ended.limit_s:g} s."
