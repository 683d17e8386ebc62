"""What `check` says: one exercise, or the progress over a lesson."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

from nbjudge.model import NamedMistake
from nbjudge.naming.card import Card, Part, Status, draw
from nbjudge.naming.ladder import LOWEST, ladder
from nbjudge.naming.match import name_mistakes, right
from nbjudge.naming.observe import NotAnswered, Observation, Silence
from nbjudge.naming.probes import ExerciseProbes
from nbjudge.student.describe import shortened
from nbjudge.student.difference import difference_parts, input_size
from nbjudge.texts import later, say

HIDDEN = later(
    "These are the public examples. Hidden tests still count: they try other numbers, "
    "shapes and dtypes."
)
_STUCK = later("Stuck? One step at a time.")
_NO_HELP = later(
    "No mistake that is known here behaves like this, so there is no hint about it. "
    "Follow the example above by hand: where do your numbers part from the expected ones?"
)
_NEAR = 0.8
"""How alike two names must be, from 0 to 1, for one to be taken for the other misspelt."""
_HARDLY_LARGER = 1.5
STATES = {
    Status.RIGHT: later("good so far"),
    Status.PARTLY: later("on the way"),
    Status.NOT_YET: later("not yet"),
    Status.OPEN: later("to do"),
}
"""A status in words of its own: only the hidden tests can say "right"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What the learner's code did on every public example of an exercise."""

    exercise: ExerciseProbes
    observed: tuple[Observation, ...]
    printed: tuple[str, ...]
    """What it printed, per example."""
    again: tuple[Observation, ...] = ()
    """What it did the second time, if that was tried."""

    @property
    def right(self) -> tuple[bool, ...]:
        """Which examples pass."""
        return right(self.exercise, self.observed)

    @property
    def silence(self) -> NotAnswered | None:
        """Why there is nothing to judge yet, if no example has an answer."""
        silent = [seen for seen in self.observed if isinstance(seen, NotAnswered)]
        return silent[0] if silent and len(silent) == len(self.observed) else None

    @property
    def passes(self) -> bool:
        """Whether nothing public speaks against the answer."""
        return self.silence is None and all(self.right)

    @property
    def status(self) -> Status:
        """Where the exercise stands, as far as the public examples tell."""
        if self.silence is not None or not self.observed:
            return Status.OPEN
        if self.passes:
            return Status.RIGHT
        return Status.PARTLY if any(self.right) else Status.NOT_YET

    @property
    def headline(self) -> str:
        """The status in numbers."""
        if self.silence is not None:
            missing = self.silence.reason is Silence.MISSING
            return say("not defined yet") if missing else say("not written yet")
        if not self.observed:
            return say("no public examples")
        return say(
            "{passed} of {number} public examples", passed=sum(self.right), number=len(self.right)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """What is known of one exercise after its examples were tried: plain data."""

    exercise: str
    status: Status
    headline: str
    passes: bool
    card: Card

    def as_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Tried:
        """Make one from what `as_json` returned."""
        return cls(
            **{
                **document,
                "status": Status(document["status"]),
                "card": Card(**document["card"]),
            }
        )


def finished_trial(checked: Checked, names: Mapping[str, object], rung: int) -> Tried:
    """Say what was observed.

    Args:
        checked: What was observed.
        names: The learner's names, for the words they used.
        rung: How far the learner climbs the ladder of help.
    """
    return Tried(
        exercise=checked.exercise.exercise,
        status=checked.status,
        headline=checked.headline,
        passes=checked.passes,
        card=exercise_card(checked, names, rung),
    )


def exercise_card(checked: Checked, names: Mapping[str, object], rung: int = LOWEST) -> Card:
    """Draw the card of one exercise.

    Args:
        checked: What was observed.
        names: The learner's names, for the words they used.
        rung: How far the learner climbs the ladder of help.
    """
    return draw(
        checked.exercise.exercise,
        checked.status,
        checked.headline,
        _parts(checked, names, rung),
        state=say(STATES[checked.status]),
    )


def problem_card(
    what: str, message: str, context: str, hint: str, *, headline: str = "", state: str = ""
) -> Card:
    """Draw the card of what could not be done.

    Args:
        what: It is about.
        message: What is in the way.
        context: Where it was looked for; "" for nowhere.
        hint: How to cure it; "" if nobody knows.
        headline: What could not be done; a check, if none is given.
        state: The same in a word or two.
    """
    where = Part(text=say("Looked in: {context}", context=context)) if context else None
    cure = Part(text=say("To cure it: {hint}", hint=hint)) if hint else None
    parts = [Part(title=message), *(part for part in (where, cure) if part)]
    headline = headline or say("could not be checked")
    return draw(what, Status.OPEN, headline, parts, state=state or say("not checked"))


def _parts(checked: Checked, names: Mapping[str, object], rung: int) -> list[Part]:
    if checked.silence is not None:
        return [_nothing_yet(checked.silence, checked.exercise.exercise, names)]
    if not checked.observed:
        return [Part(text=say(HIDDEN))]
    mistakes = name_mistakes(checked.exercise, checked.observed, checked.again)
    return [
        *_smallest_failing(checked, names),
        *_help(checked, mistakes, rung),
        *_examples(checked),
        Part(text=say(HIDDEN)),
    ]


def _nothing_yet(silence: NotAnswered, exercise: str, names: Mapping[str, object]) -> Part:
    if silence.reason is Silence.MISSING:
        own = [name for name, value in names.items() if callable(value) and name[:1] != "_"]
        for near in get_close_matches(silence.name, own, n=1, cutoff=_NEAR):
            return Part(
                title=say(
                    "{name} is not defined yet, but {near} is.", name=silence.name, near=near
                ),
                text=say("The name must be `{name}`, letter for letter.", name=silence.name),
            )
        return Part(
            title=say("{name} is not defined yet.", name=silence.name),
            text=say("Run the cell that defines it, then this one again."),
        )
    return Part(
        title=say("{exercise} is still waiting for you.", exercise=exercise),
        text=say(
            "Write your answer in place of `raise NotImplementedError()`, run its cell, "
            "then this one again. A first try that is wrong is a good start: you will see "
            "where."
        ),
    )


def _help(checked: Checked, mistakes: Sequence[NamedMistake], rung: int) -> list[Part]:
    """Return the ladder, as far as the learner climbs it; the text version says how to go on."""
    if not mistakes:
        return [Part(text=say(_NO_HELP))] if rung > LOWEST and not checked.passes else []
    rungs = ladder(mistakes[0])
    above = [item for item in rungs if item.number > rung]
    call = f'check("{checked.exercise.exercise}", hint={above[0].number})' if above else ""
    return [
        Part(
            title=say(_STUCK) if rungs else "",
            ladder=rungs,
            climbed=len(rungs) - len(above),
            plain=f"  {call} {above[0].promise}." if above else "",
        )
    ]


def _smallest_failing(checked: Checked, names: Mapping[str, object]) -> list[Part]:
    failing = [index for index, passed in enumerate(checked.right) if not passed]
    if not failing:
        return []
    # An example with an answer says more than one without.
    answered = [i for i in failing if not isinstance(checked.observed[i], NotAnswered)] or failing
    sizes = {i: input_size(checked.exercise.probes[i]) for i in answered}
    # The smallest, or one hardly larger that the lesson has earlier: simple ideas come first.
    index = next(i for i in answered if sizes[i] <= _HARDLY_LARGER * min(sizes.values()))
    probe, seen = checked.exercise.probes[index], checked.observed[index]
    if isinstance(seen, NotAnswered):
        return [Part(title=probe.title, text=say("Your code raised NotImplementedError here."))]
    printed = checked.printed[index].strip()
    output = [Part(folded=say("Your code printed"), code=shortened(printed))] if printed else []
    return [*difference_parts(probe, seen, names), *output]


def _examples(checked: Checked) -> list[Part]:
    titles = [probe.title for probe in checked.exercise.probes]
    return [
        Part(title=title, items=tuple(items), mark=mark)
        for title, mark, items in (
            (say("Passes"), Status.RIGHT, _where(titles, checked.right, True)),
            (say("Not yet"), Status.NOT_YET, _where(titles, checked.right, False)),
        )
        if items
    ]


def _where(titles: Iterable[str], passed: Iterable[bool], wanted: bool) -> list[str]:
    """Return each title once, in order, with the number of its examples: they add up."""
    chosen = Counter(title for title, ok in zip(titles, passed, strict=True) if ok is wanted)
    return [
        title if n == 1 else say("{title} ({n} examples)", title=title, n=n)
        for title, n in chosen.items()
    ]
