"""A solution module with a notebook's answers in it, every other line as it was."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from nbjudge.authoring.answers import Answers
from nbjudge.authoring.signatures import DEFINITION_KINDS, Definition, Function, is_docstring
from nbjudge.authoring.stubs import BEGIN, END, definitions_of, functions_of
from nbjudge.errors import LessonError


def edited_answers(
    answers: Answers, cells: Sequence[Mapping[str, Any]], notebook: str
) -> tuple[str, list[str]]:
    """Put the bodies of solution cells back where they came from.

    Args:
        answers: The module that the notebook was built from.
        cells: The notebook's solution cells that were edited or added.
        notebook: Its name, for messages.

    Returns:
        The module's text, and the names that were new and stand at its end.

    Raises:
        LessonError: If a cell does not say where its answer begins and ends.
    """
    lines, replacements, added = list(answers.lines), [], []
    for cell in cells:
        name, where = (
            str(cell["metadata"]["nbgrader"]["grade_id"]),
            f"{notebook}, cell {cell['id']}",
        )
        definition = _definition(name, cell["source"], where)
        if name not in answers.definitions:
            added.append((name, _appended(cell["source"], definition)))
            continue
        known = functions_of(answers.definitions[name])
        for key, function in functions_of(definition).items():
            if key in known:
                old, new = answers.body(known[key]), _region(cell["source"], function, where)
                replacements.append((old.start, old.end, new))
    for start, end, body in sorted(replacements, key=lambda item: item[0], reverse=True):
        lines[start:end] = body
    for _, definition_lines in added:
        while lines and not lines[-1].strip():
            lines.pop()
        lines += ["", "", *definition_lines, ""]
    return "\n".join(lines), [name for name, _ in added]


def _definition(name: str, source: str, where: str) -> Definition:
    found = definitions_of(name, source, where)
    if len(found) != 1:
        raise LessonError(
            f"The solution cell {name} must define {name} once.",
            context=where,
            hint="its grade_id is the name that the student implements.",
        )
    return found[0]


def _region(source: str, function: Function, where: str) -> list[str]:
    """Return the lines between a function's BEGIN and END SOLUTION."""
    lines = source.split("\n")
    docstring = function.body[0]
    at = (docstring.end_lineno or docstring.lineno) if is_docstring(docstring) else len(lines)
    stripped = [line.strip() for line in lines]
    while at < len(lines) and not stripped[at]:
        at += 1
    if at >= len(lines) or stripped[at] != BEGIN or END not in stripped[at:]:
        raise LessonError(
            f"The answer {function.name} does not say where it begins and ends.",
            context=where,
            hint=f"put it between `{BEGIN}` and `{END}`, right after the docstring.",
        )
    return lines[at + 1 : stripped.index(END, at)]


def _appended(source: str, definition: Definition) -> list[str]:
    """A new answer: markers out, docstrings cut to their first line, as answers have them."""
    lines: list[str | None] = list(source.split("\n"))
    for node in ast.walk(definition):
        if isinstance(node, DEFINITION_KINDS) and is_docstring(node.body[0]):
            first, last = node.body[0].lineno - 1, (node.body[0].end_lineno or 1) - 1
            if last > first:
                lines[first] = f'{(lines[first] or "").rstrip()}"""'
                lines[first + 1 : last + 1] = [None] * (last - first)
    start = min([definition.lineno, *(d.lineno for d in definition.decorator_list)]) - 1
    kept = [line for line in lines[start:] if line is not None and line.strip() not in {BEGIN, END}]
    while kept and not kept[-1].strip():
        kept.pop()
    return kept
