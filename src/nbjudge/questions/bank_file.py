"""Reads `quiz.yaml`; whatever is wrong with it is said with its line and the cure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from nbjudge.errors import LessonError
from nbjudge.questions import bank_fields, bank_kinds
from nbjudge.questions.bank import FORMAT, KINDS, Bank

_HOW_TO = "docs/how-to/write-a-quiz.md"
_NOUNS = {"questions": "question", "options": "option", "items": "item", "distractors": "item"}
_WORDS = {
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "too_short": "needs at least {min_length} entries",
    "string_too_short": "must not be empty",
    "string_too_long": "has more than {max_length} characters",
    "string_pattern_mismatch": "has letters that are not allowed",
    "model_type": "must be a block of fields",
    "model_attributes_type": "must be a block of fields",
    "dict_type": "must be a block of names",
    "tuple_type": "must be a list",
    "literal_error": "must be {expected}",
}


def read_bank(path: Path, name: str) -> Bank:
    """Read a bank.

    Args:
        path: The file.
        name: How messages call it: `grader_tests/<slug>/quiz.yaml`.

    Raises:
        LessonError: At the first thing that is wrong; says how many more there are.
    """
    found, errors = parse_bank(path.read_bytes(), name)
    if found is None:
        first, more = errors[0], len(errors) - 1
        rest = f" ({more} more: nbjudge lint)" if more else ""
        raise LessonError(first.message, context=first.context + rest, hint=first.hint)
    return found


def parse_bank(content: bytes, name: str) -> tuple[Bank | None, list[LessonError]]:
    """Return the bank, or None and everything that is wrong with it, by line."""
    try:
        text = content.decode("utf-8")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        return None, [
            _error("The file is not UTF-8.", f"{name}, byte {error.start + 1}", "save it as UTF-8.")
        ]
    except yaml.YAMLError as error:
        return None, [_yaml_error(error, name)]
    if tree is None or not isinstance(data, dict):
        return None, [_error("The file has no questions.", name, f"begin as in {_HOW_TO}.")]
    twice = _repeated_fields(tree, name)
    if twice:
        return None, twice
    if data.get("format") != FORMAT:
        message = f"The format {data.get('format')!r} is not known; it is {FORMAT}."
        return None, [_error(message, f"{name}, line 1", "begin the file with `format: 1`.")]
    try:
        return Bank.model_validate(data), []
    except ValidationError as error:
        details = _telling(error.errors(include_url=False))
        found = [(_line(tree, _location(item)), item) for item in details]
        found.sort(key=lambda pair: pair[0])
        return None, [_worded(item, data, f"{name}, line {line}") for line, item in found]


def _error(message: str, where: str, hint: str) -> LessonError:
    return LessonError(message, context=where, hint=hint)


def _yaml_error(error: yaml.YAMLError, name: str) -> LessonError:
    mark = getattr(error, "problem_mark", None)
    where = f"{name}, line {mark.line + 1}" if mark else name
    problem = getattr(error, "problem", None) or str(error)
    hint = "text with `: `, `#`, or a backslash between quotes is safe in a block: `text: |`."
    return _error(f"This is no YAML: {problem}.", where, hint)


def _repeated_fields(node: yaml.Node, name: str) -> list[LessonError]:
    """YAML takes the last of two equal fields in silence."""
    found: list[LessonError] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                where = f"{name}, line {key.start_mark.line + 1}"
                found.append(_error(f"{key.value} is there twice.", where, "drop one of them."))
            seen.add(key.value)
            found += _repeated_fields(value, name)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found += _repeated_fields(value, name)
    return found


def _telling(details: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out a list that is too short only because its entries are wrong."""
    return [
        item
        for item in details
        if item["type"] != "too_short"
        or not any(
            other["loc"][: len(item["loc"])] == item["loc"]
            for other in details
            if other is not item
        )
    ]


def _location(item: ErrorDetails) -> tuple[int | str, ...]:
    return (*item["loc"], *item.get("ctx", {}).get("at", ()))


def _line(node: yaml.Node, location: Sequence[int | str]) -> int:
    """Return the line, from 1, of the innermost part of the file that a location names."""
    line: int = node.start_mark.line + 1
    for step in location:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            entry = next(((k, v) for k, v in node.value if k.value == step), None)
            if entry is not None:  # else a kind, which pydantic puts between, or a missing field
                line, node = entry[0].start_mark.line + 1, entry[1]
    return line


def _worded(item: ErrorDetails, data: Mapping[str, Any], where: str) -> LessonError:
    kind, context = item["type"], item.get("ctx", {})
    place = _place(item["loc"], data)
    field = str(item["loc"][-1]) if item["loc"] else ""
    if kind == "rule":
        return _error(f"{place}{context['message']}", where, str(context["hint"]))
    if kind == "missing":
        hint = _WHY.get(field, f"{_HOW_TO} shows one of each kind.")
        return _error(f"{place}There is no {field}.", where, hint)
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(field, _FIELDS, n=1)
        hint = f"did you mean {close[0]}?" if close else f"{_HOW_TO} lists the fields of each kind."
        return _error(f"{place}The field {field} is not known here.", where, hint)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _error(
            f"{place}There is no such kind.", where, f"kind is one of: {', '.join(KINDS)}."
        )
    words = _WORDS.get(kind, "").format(**context) or item["msg"]
    hint = _WHY.get(field, f"{_HOW_TO} shows one of each kind.")
    return _error(f"{place}{field} {words}.", where, hint)


def _place(location: Sequence[int | str], data: Any) -> str:
    """Return "Question why-eps, option b: " for where an error is."""
    names: list[str] = []
    for before, step in zip(("", *location), location, strict=False):
        if isinstance(data, dict):
            data = data.get(step, data)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
            own = data.get("id") if isinstance(data, dict) else None
            if before in _NOUNS:
                names.append(f"{_NOUNS[str(before)]} {own if own else step + 1}")
    words = ", ".join(names)
    return f"{words[:1].upper()}{words[1:]}: " if names else ""


_FIELDS = sorted(
    {
        field
        for model in (
            bank_kinds.Single,
            bank_kinds.Numeric,
            bank_kinds.Short,
            bank_kinds.Order,
            bank_kinds.Written,
            bank_fields.Option,
            bank_fields.Drawn,
            bank_fields.Tolerance,
        )
        for field in model.model_fields
    }
)
_WHY = {
    "explanation": "say why it is right or wrong: whoever chooses it reads that.",
    "id": "small letters, digits and hyphens, for instance why-eps; answers name it for ever.",
    "use": "use: graded (marked, key kept secret) or use: practice (explained at once).",
    "kind": f"kind is one of: {', '.join(KINDS)}.",
    "tolerance": "write {relative: 0.001}, {absolute: 0.5} or exact.",
    "correct": "mark a right option with correct: true.",
}
