"""The bank of one lesson: wrong and right implementations that authors declare.

`grader_tests/<slug>/misconceptions.py` holds, per exercise, one
`<exercise>_variant` with its classic mistakes behind switches and a
`misconception(...)` per mistake; `alternatives.py` holds right answers written
differently, each under `@alternative("<exercise>")`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any, TypeVar

from nbjudge.errors import LessonError
from nbjudge.model import Misconception

PAIR = " + "
"""Joins the ids of two misconceptions that act together."""
FORM = ": "
"""Between the id of a misconception and one of its other forms."""

Code = Callable[..., Any]
_C = TypeVar("_C", bound=Code)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A misconception together with its code, if that is a free function."""

    misconception: Misconception
    code: Code | None
    forms: Mapping[str, Mapping[str, object]]
    """Its other forms: name -> switches."""


def misconception(  # noqa: PLR0913 - a keyword per fact
    id: str,  # noqa: A002 - the field's name
    *,
    exercise: str,
    belief: str,
    explanation: str,
    question: str,
    hint: str,
    paragraph: str = "",
    switches: Mapping[str, object] | None = None,
    code: Code | None = None,
    forms: Mapping[str, Mapping[str, object]] | None = None,
) -> Entry:
    """Declare a misconception: by `switches` of the variant, or by its own `code`.

    Args:
        id: Kebab-case, unique within the exercise.
        exercise: Whose variant has the switches.
        belief: As of `Misconception`, like the texts that follow.
        explanation: True of every form.
        question: One that points to the idea.
        hint: Where to look.
        paragraph: Anchor of the lesson's section.
        switches: Of its usual form; pairs act in this one.
        code: A free function, if no switch does it.
        forms: The same belief with other numbers, each by its name with switches of its own:
            `{"1e-8": {"eps_added": "as 1e-8"}}`. Learners are told of one mistake.

    Raises:
        LessonError: If it has both or neither, forms without switches, or an empty text.
    """
    texts = {"belief": belief, "explanation": explanation, "question": question, "hint": hint}
    for name, text in {"id": id, "exercise": exercise, **texts}.items():
        if not text or not text.strip():
            raise LessonError(f"The {name} of misconception {id!r} must not be empty.")
    if bool(switches) == (code is not None):
        raise LessonError(f"Misconception {id!r} must have either switches or code.")
    if forms and not switches:
        raise LessonError(f"Misconception {id!r} must have switches, for it has forms.")
    return Entry(
        misconception=Misconception(
            id=id,
            exercise=exercise,
            belief=belief,
            explanation=explanation,
            question=question,
            hint=hint,
            paragraph=paragraph,
            switches=dict(switches or {}),
        ),
        code=code,
        forms=dict(forms or {}),
    )


def misconception_of(name: str) -> str:
    """Return the id of the misconception that `name` is a form of, or is."""
    return name.partition(FORM)[0]


def alternative(exercise: str) -> Callable[[_C], _C]:
    """Mark a right answer to `exercise` that is written differently from the solution."""

    def mark(code: _C) -> _C:
        code.__nbjudge_alternative__ = exercise  # type: ignore[attr-defined]
        return code

    return mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Bank:
    """Every implementation that a lesson declares, by exercise and name."""

    entries: Mapping[str, Mapping[str, Entry]]
    """Exercise -> misconception id -> entry."""
    variants: Mapping[str, Code]
    """Exercise -> the variant with switches."""
    alternatives: Mapping[str, Mapping[str, Code]]
    """Exercise -> name -> code."""

    @classmethod
    def from_modules(cls, misconceptions: ModuleType, alternatives: ModuleType) -> Bank:
        """Collect what two imported modules declare.

        Raises:
            LessonError: If an id is used twice or a switch has no variant.
        """
        entries: dict[str, dict[str, Entry]] = {}
        variants = {
            name.removesuffix("_variant"): value
            for name, value in vars(misconceptions).items()
            if name.endswith("_variant") and callable(value)
        }
        for value in vars(misconceptions).values():
            if not isinstance(value, Entry):
                continue
            item = value.misconception
            if item.id in entries.setdefault(item.exercise, {}):
                raise LessonError(
                    f"Misconception {item.id!r} of {item.exercise} is declared twice.",
                    context=str(misconceptions.__file__),
                )
            if value.code is None and item.exercise not in variants:
                raise LessonError(
                    f"Misconception {item.id!r} sets switches of {item.exercise}_variant, "
                    "which does not exist.",
                    context=str(misconceptions.__file__),
                )
            entries[item.exercise][item.id] = value
        right: dict[str, dict[str, Code]] = {}
        for name, value in vars(alternatives).items():
            exercise = getattr(value, "__nbjudge_alternative__", None)
            if exercise is not None:
                right.setdefault(exercise, {})[name] = value
        return cls(entries=entries, variants=variants, alternatives=right)

    def misconceptions(self, exercise: str) -> tuple[Misconception, ...]:
        """Return the exercise's misconceptions in the order of their declaration."""
        return tuple(entry.misconception for entry in self.entries.get(exercise, {}).values())

    def pairs(self, exercise: str) -> tuple[str, ...]:
        """Name the pairs that can act together: both by switches, no switch in common."""
        single = [m for m in self.misconceptions(exercise) if m.switches]
        return tuple(
            first.id + PAIR + second.id
            for first, second in itertools.combinations(single, 2)
            if not set(first.switches) & set(second.switches)
        )

    def forms(self, exercise: str) -> tuple[str, ...]:
        """Name the other forms of the exercise's misconceptions: `id: form`."""
        entries = self.entries.get(exercise, {}).items()
        return tuple(name + FORM + form for name, entry in entries for form in entry.forms)

    def wrong_code(self, exercise: str, name: str) -> Code:
        """Return the code of a misconception `id`, its form `id: form`, or a pair `id + id`.

        Raises:
            LessonError: If the bank has no such entry.
        """
        entries = self.entries.get(exercise, {})
        try:
            if name in self.forms(exercise):
                own, _, form = name.partition(FORM)
                return partial(self.variants[exercise], **entries[own].forms[form])
            chosen = [entries[part] for part in name.split(PAIR)]
        except KeyError as error:
            raise LessonError(
                f"{exercise} has no misconception {error.args[0]!r}.",
                hint=f"it has: {', '.join(entries)}.",
            ) from None
        if len(chosen) == 1 and chosen[0].code is not None:
            return chosen[0].code
        switches: dict[str, object] = {}
        for entry in chosen:
            switches.update(entry.misconception.switches)
        return partial(self.variants[exercise], **switches)
