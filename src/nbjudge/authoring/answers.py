"""The answers of `solutions/<slug>.py`: their definitions and where their bodies are.

Found by AST, copied by line, so that an answer's comments and layout survive.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from nbjudge.authoring.signatures import DEFINITION_KINDS, Definition, Function, is_docstring
from nbjudge.errors import LessonError


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """What stands after a function's docstring, as lines."""

    lines: tuple[str, ...]
    start: int
    """First line in the file, from 0."""
    end: int
    """Line after the last."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """One solution module as text and tree."""

    path: Path
    lines: tuple[str, ...]
    definitions: dict[str, Definition]

    @property
    def name(self) -> str:
        """The file, for messages."""
        return f"solutions/{self.path.name}"

    def definition(self, name: str, where: str) -> Definition:
        """Return the top-level function or class called `name`.

        Raises:
            LessonError: If there is none.
        """
        if name not in self.definitions:
            raise LessonError(
                f"The stub {name} has no answer.",
                context=where,
                hint=f"define {name} in {self.name}.",
            )
        return self.definitions[name]

    def body(self, function: Function) -> Body:
        """Return what follows the docstring, trailing comments included.

        Raises:
            LessonError: If the docstring is not one line, or nothing follows it.
        """
        where = f"{self.name}, line {function.lineno}"
        first = function.body[0]
        if not is_docstring(first) or first.lineno != first.end_lineno:
            raise LessonError(
                f"The answer {function.name} needs a docstring of one line.",
                context=where,
                hint="the full one stands in the course's stub and nowhere else.",
            )
        if len(function.body) == 1 or function.body[1].lineno == first.lineno:
            raise LessonError(
                f"The answer {function.name} has no body.",
                context=where,
                hint="write it on the lines after the docstring.",
            )
        start, end = first.lineno, function.end_lineno or first.lineno
        while not self.lines[start].strip():
            start += 1
        end = self._with_trailing_comments(end, indent=first.col_offset)
        return Body(lines=self.lines[start:end], start=start, end=end)

    def _with_trailing_comments(self, end: int, indent: int) -> int:
        for number in range(end, len(self.lines)):
            line = self.lines[number]
            if line.strip() and not line.startswith(" " * indent + "#"):
                break
            end = number + 1 if line.strip() else end
        return end


def read_answers(path: Path) -> Answers:
    """Read `solutions/<slug>.py`.

    Raises:
        LessonError: If it is missing, no Python, or defines a name twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LessonError(
            "The lesson has no solutions.", context=f"solutions/{path.name}"
        ) from None
    return parse_answers(text, path)


def parse_answers(text: str, path: Path) -> Answers:
    """Read a solution module that may not be on disk; `path` is for messages.

    Raises:
        LessonError: If it is no Python, or defines a name twice.
    """
    text = text.replace("\r\n", "\n")
    tree = parsed(text, f"solutions/{path.name}")
    definitions: dict[str, Definition] = {}
    for node in tree.body:
        if not isinstance(node, DEFINITION_KINDS):
            continue
        if node.name in definitions:
            raise LessonError(
                f"{node.name} is defined twice.",
                context=f"solutions/{path.name}, line {node.lineno}",
                hint="each answer is written once.",
            )
        definitions[node.name] = node
    return Answers(path=path, lines=tuple(text.split("\n")), definitions=definitions)


def parsed(source: str, where: str) -> ast.Module:
    """Parse Python of ours.

    Raises:
        LessonError: If it is none; says where.
    """
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise LessonError(
            f"This is no Python: {error.msg}.", context=f"{where}, line {error.lineno}"
        ) from None
