"""Public probes as data: what right and wrong answers do on fixed public inputs.

`docs/formats.md` describes the file. Here it becomes records and back; the same
records always become the same bytes, one behaviour to a line, so that a change
can be read in a diff.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nbjudge.errors import UserError
from nbjudge.model import Misconception
from nbjudge.naming.values import EXACT, decode, encode

FORMAT = 1
WRONG_DIGITS = 9
"""Enough to tell a misconception; wrong numbers are most of the file."""
_EXPANDED_LEVELS = 6
"""Document, exercises, exercise, probes, probe, behaviours; deeper is one line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One call, or one reading of an attribute.

    A target is a name of the learner's (`layer_norm`), or `$0.update`: an
    attribute of what step 0 returned.
    """

    target: str
    is_call: bool = True
    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Behaviour:
    """What one step did.

    Arguments are named by their position (`"0"`) or keyword.
    """

    kind: Literal["value", "object", "raised"]
    value: object
    """The value; the type's name of an object; the class name of an exception."""
    changed: Mapping[str, object] = field(default_factory=dict)
    """Arguments that the call changed, as they are afterwards."""
    shares: tuple[str, ...] = ()
    """Arguments whose memory the result shares, sorted."""
    error: BaseException | None = None
    """The exception itself, where it was raised in this process; never stored."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Probe:
    """One public case as a call script, with what the right and wrong answers do."""

    case: str
    title: str
    kind: str = ""
    rtol: float
    """Relative to the largest finite entry of a row."""
    atol: float
    """In units of the result."""
    steps: tuple[Step, ...]
    right: tuple[Behaviour, ...]
    wrong: Mapping[str, tuple[Behaviour, ...]] = field(default_factory=dict)
    """Misconception, or pair of them, -> behaviour; absent where it is as `right`."""

    def behaviour(self, name: str) -> tuple[Behaviour, ...]:
        """Return what the misconception or pair `name` does here."""
        return self.wrong.get(name, self.right)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ExerciseProbes:
    """Everything public about one exercise's behaviour."""

    exercise: str
    probes: tuple[Probe, ...]
    misconceptions: Mapping[str, Misconception] = field(default_factory=dict)
    """In the order of their ids; without switches: these are instructor only."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ProbeFile:
    """The public probes of one lesson."""

    lesson: str
    exercises: Mapping[str, ExerciseProbes]


def load_probes(path: Path) -> ProbeFile:
    """Read a `.nbjudge.json`.

    Raises:
        UserError: If it is absent, is no such file or has another format.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            "The public probes cannot be read.",
            context=f"{path}: {error.strerror}",
            hint="put the file that was released with the notebook back beside it.",
        ) from None
    return parse_probes(data, context=str(path))


def parse_probes(data: bytes, *, context: str) -> ProbeFile:
    """Read the bytes of a `.nbjudge.json`; `context` says where they are from.

    Raises:
        UserError: If they are no such file or have another format.
    """
    hint = "take the released file again, or `nbjudge build` the lesson again."
    try:
        document = json.loads(data)
        number = document["format"]
        if number == FORMAT:
            return _file(document)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(
            f"This is no file of public probes: {type(error).__name__}: {error}",
            context=context,
            hint=hint,
        ) from None
    raise UserError(
        f"The public probes have format {number!r}; this nbjudge reads format {FORMAT}.",
        context=context,
        hint="install the nbjudge that the course names, or " + hint,
    )


def dump_probes(probes: ProbeFile) -> bytes:
    """Write the file's bytes: UTF-8, sorted keys, a newline at the end."""
    document = {
        "format": FORMAT,
        "lesson": probes.lesson,
        "exercises": {name: _exercise_json(item) for name, item in probes.exercises.items()},
    }
    return (_text(document, 0) + "\n").encode()


def _text(value: Any, level: int) -> str:
    if level >= _EXPANDED_LEVELS or not isinstance(value, (dict, list)) or not value:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)
    margin = "\n" + " " * (level + 1)
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {_text(value[key], level + 1)}" for key in sorted(value)]
    else:
        items = [_text(item, level + 1) for item in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return opening + margin + ("," + margin).join(items) + margin[:-1] + closing


_TEXTS = ("belief", "explanation", "question", "hint", "paragraph", "example")

_NO_TEXTS = dict.fromkeys(_TEXTS, "")


def _exercise_json(item: ExerciseProbes) -> dict[str, Any]:
    texts = {
        name: {
            text: getattr(misconception, text) for text in _TEXTS if getattr(misconception, text)
        }
        for name, misconception in item.misconceptions.items()
    }
    return {"probes": [_probe_json(probe) for probe in item.probes], "misconceptions": texts}


def _probe_json(probe: Probe) -> dict[str, Any]:
    return {
        "case": probe.case,
        "title": probe.title,
        "kind": probe.kind,
        "rtol": probe.rtol,
        "atol": probe.atol,
        "steps": [_step_json(step) for step in probe.steps],
        "right": [_behaviour_json(b, EXACT) for b in probe.right],
        "wrong": _wrong_json(probe.wrong),
    }


def _wrong_json(wrong: Mapping[str, tuple[Behaviour, ...]]) -> dict[str, Any]:
    """Write each behaviour once; who else behaves so names the first: most of a bank does."""
    first: dict[str, str] = {}
    document: dict[str, Any] = {}
    for name in sorted(wrong):
        behaviours = [_behaviour_json(b, WRONG_DIGITS) for b in wrong[name]]
        original = first.setdefault(json.dumps(behaviours), name)
        document[name] = behaviours if original == name else original
    return document


def _step_json(step: Step) -> dict[str, Any]:
    if not step.is_call:
        return {"get": step.target}
    args = [encode(value) for value in step.args]
    kwargs = {name: encode(value) for name, value in step.kwargs.items()}
    return {"call": step.target, "args": args, "kwargs": kwargs}


def _behaviour_json(behaviour: Behaviour, digits: int) -> dict[str, Any]:
    is_value = behaviour.kind == "value"
    value = encode(behaviour.value, digits=digits) if is_value else behaviour.value
    document: dict[str, Any] = {behaviour.kind: value}
    if behaviour.changed:
        document["changed"] = {k: encode(v, digits=digits) for k, v in behaviour.changed.items()}
    if behaviour.shares:
        document["shares"] = list(behaviour.shares)
    return document


def _file(document: dict[str, Any]) -> ProbeFile:
    exercises = {name: _exercise(name, item) for name, item in document["exercises"].items()}
    return ProbeFile(lesson=str(document["lesson"]), exercises=exercises)


def _exercise(name: str, item: dict[str, Any]) -> ExerciseProbes:
    misconceptions = {
        key: Misconception(id=key, exercise=name, **{**_NO_TEXTS, **texts})
        for key, texts in item["misconceptions"].items()
    }
    return ExerciseProbes(
        exercise=name,
        probes=tuple(_probe(probe) for probe in item["probes"]),
        misconceptions=misconceptions,
    )


def _probe(item: dict[str, Any]) -> Probe:
    return Probe(
        case=str(item["case"]),
        title=str(item["title"]),
        kind=str(item["kind"]),
        rtol=float(item["rtol"]),
        atol=float(item["atol"]),
        steps=tuple(_step(step) for step in item["steps"]),
        right=tuple(_behaviour(b) for b in item["right"]),
        wrong=_Recorded(item["wrong"]),
    )


def _step(item: dict[str, Any]) -> Step:
    if "get" in item:
        return Step(target=str(item["get"]), is_call=False)
    return Step(
        target=str(item["call"]),
        args=tuple(decode(value) for value in item["args"]),
        kwargs={name: decode(value) for name, value in item["kwargs"].items()},
    )


class _Recorded(Mapping[str, tuple[Behaviour, ...]]):
    """Wrong behaviours, read when they are asked for: of most, the first probe is enough."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._read: dict[str, tuple[Behaviour, ...]] = {}

    def __getitem__(self, name: str) -> tuple[Behaviour, ...]:
        found = self._document[name]
        if isinstance(found, str):  # exactly as that one
            return self[found]
        if name not in self._read:
            self._read[name] = tuple(_behaviour(b) for b in found)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._document)

    def __len__(self) -> int:
        return len(self._document)


def _behaviour(item: dict[str, Any]) -> Behaviour:
    changed = {name: decode(value) for name, value in item.get("changed", {}).items()}
    shares = tuple(item.get("shares", ()))
    if "value" in item:
        value = decode(item["value"])
        return Behaviour(kind="value", value=value, changed=changed, shares=shares)
    if "raised" in item:
        return Behaviour(kind="raised", value=str(item["raised"]), changed=changed)
    return Behaviour(kind="object", value=str(item["object"]), changed=changed, shares=shares)
