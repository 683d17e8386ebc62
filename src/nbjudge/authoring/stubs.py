"""Stub plus answer: what a solution cell of the instructor's notebook holds."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from nbjudge.authoring.answers import Answers, parsed
from nbjudge.authoring.lesson_text import LessonText, TextCell
from nbjudge.authoring.signatures import (
    DEFINITION_KINDS,
    Definition,
    Function,
    is_docstring,
    method_key,
    methods,
    signature_difference,
)
from nbjudge.errors import LessonError

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_REGION = re.compile(rf"^ *{BEGIN}\n(.*?\n)?? *{END}(?:\n|$)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stub:
    """A stub cell of the text, with what messages need."""

    text: LessonText
    cell: TextCell

    def error(self, message: str, hint: str, line: int = 1) -> LessonError:
        return LessonError(message, context=self.text.where(self.cell, line), hint=hint)


def filled(text: LessonText, cell: TextCell, answers: Answers) -> str:
    """Put the answers' bodies under a stub, each between BEGIN and END SOLUTION.

    Raises:
        LessonError: If the stub is no stub, or it and its answer do not agree.
    """
    name, stub = cell.grade_id, _Stub(text=text, cell=cell)
    definition = _definition(name, stub)
    answer = answers.definition(name, text.where(cell, definition.lineno))
    _check_agreement(name, definition, answer, stub, answers)
    lines = cell.source.split("\n")
    # From the last to the first, so that line numbers above stay true.
    for function, solution in reversed(_pairs(definition, answer, stub, answers)):
        body = answers.body(solution).lines
        docstring = function.body[-1]
        indent = " " * docstring.col_offset
        if body and not all(line.startswith(indent) or not line.strip() for line in body[:1]):
            raise stub.error(
                f"The answer {solution.name} is indented differently from its stub.",
                f"use the same spaces in {answers.name}, line {solution.lineno}.",
                function.lineno,
            )
        end = docstring.end_lineno or docstring.lineno
        lines[end:end] = [indent + BEGIN, *body, indent + END]
    return "\n".join(lines)


def _definition(name: str, stub: _Stub) -> Definition:
    """Return the definition that a stub cell asks for."""
    found = definitions_of(name, stub.cell.source, stub.text.name)
    if len(found) != 1:
        raise stub.error(
            f"The stub cell {name} must define {name} once.",
            "its grade_id is the name that the student implements.",
        )
    return found[0]


def definitions_of(name: str, source: str, where: str) -> list[Definition]:
    """Return what a cell defines as `name` at its top level.

    Raises:
        LessonError: If it is no Python.
    """
    body = parsed(source, where).body
    return [n for n in body if isinstance(n, DEFINITION_KINDS) and n.name == name]


def functions_of(definition: Definition) -> dict[str, Function]:
    """Return a definition's functions, which have bodies: itself, or a class's methods."""
    if isinstance(definition, ast.ClassDef):
        return methods(definition)
    return {method_key(definition): definition}


def without_answers(source: str) -> str:
    """Take the answers out of a built solution cell: the stub as the text has it."""
    return _REGION.sub("", source + "\n").removesuffix("\n")


def _pairs(
    definition: Definition, answer: Definition, stub: _Stub, answers: Answers
) -> list[tuple[Function, Function]]:
    """Pair every function of a stub with its answer; methods by their key."""
    solutions = functions_of(answer)
    pairs = [(f, solutions[key]) for key, f in functions_of(definition).items()]
    for function, solution in pairs:
        _check_stub(function, stub)
        _check_agreement(method_key(function), function, solution, stub, answers)
    return pairs


def _check_agreement(
    name: str, definition: Definition, answer: Definition, stub: _Stub, answers: Answers
) -> None:
    difference = signature_difference(definition, answer)
    if difference:
        raise stub.error(
            f"The stub {name} and its answer disagree: {difference}.",
            f"make it and {answers.name}, line {answer.lineno} agree.",
            definition.lineno,
        )


def _check_stub(function: Function, stub: _Stub) -> None:
    if not is_docstring(function.body[0]):
        raise stub.error(
            f"The stub {function.name} has no docstring.",
            "say what it does, its arguments with shapes, and what it returns.",
            function.lineno,
        )
    if len(function.body) > 1:
        raise stub.error(
            f"The stub {function.name} has a body.",
            "a stub is signature and docstring; the body goes to solutions/.",
            function.body[1].lineno,
        )
