"""The bodies of `solutions/<slug>.py`: where they are, and whose signature they have.

Found by AST, copied by line, so that an answer's comments and layout survive.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from pathlib import Path

from nbjudge.errors import LessonError

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
FUNCTION_KINDS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITION_KINDS = (*FUNCTION_KINDS, ast.ClassDef)
_KINDS = "one is a class or async, the other is not"


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


def is_docstring(statement: ast.stmt) -> bool:
    """Say whether a statement is a lone string."""
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def methods(definition: ast.ClassDef) -> dict[str, Function]:
    """Return a class's functions by key: a property's getter and setter share a name."""
    found: dict[str, Function] = {}
    for node in definition.body:
        if isinstance(node, FUNCTION_KINDS):
            found[method_key(node)] = node
    return found


def method_key(node: Function) -> str:
    """Tell `@mean.setter def mean` from `@property def mean`."""
    return " ".join([*(f"@{ast.unparse(d)}" for d in node.decorator_list), node.name])


def signature_difference(stub: Definition, answer: Definition) -> str:
    """Say in which point two definitions disagree, "" if in none.

    Names, order, kinds and defaults of parameters, decorators and bases count;
    annotations do not: they are for the type checker, not for the learner.
    """
    if _unparsed(stub.decorator_list) != _unparsed(answer.decorator_list):
        return "the decorators differ"
    if isinstance(stub, ast.ClassDef):
        return _class_difference(stub, answer) if isinstance(answer, ast.ClassDef) else _KINDS
    if isinstance(answer, ast.ClassDef) or type(stub) is not type(answer):
        return _KINDS
    wanted, got = _parameters(stub), _parameters(answer)
    return "" if wanted == got else f"the course has ({wanted}), the solution has ({got})"


def _class_difference(stub: ast.ClassDef, answer: ast.ClassDef) -> str:
    if _bases(stub) != _bases(answer):
        return "the base classes differ"
    if _attributes(stub) != _attributes(answer):
        return "the class attributes differ"
    wanted, got = set(methods(stub)), set(methods(answer))
    if wanted != got:
        return f"only one of them has {', '.join(sorted(wanted ^ got))}"
    return ""


def _unparsed(nodes: list[ast.expr]) -> list[str]:
    return [ast.unparse(node) for node in nodes]


def _bases(node: ast.ClassDef) -> list[str]:
    return [*_unparsed(node.bases), *(f"{k.arg}={ast.unparse(k.value)}" for k in node.keywords)]


def _attributes(node: ast.ClassDef) -> list[str]:
    """Class-level statements without annotations and docstrings."""
    found = []
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=target, value=value):
                found += [f"{ast.unparse(target)} = {ast.unparse(value)}"] if value else []
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Pass():
                pass
            case _ if not is_docstring(statement):
                found.append(ast.unparse(statement))
    return found


def _parameters(node: Function) -> str:
    """The parameter list as source, without annotations."""
    bare = copy.deepcopy(node.args)
    for argument in ast.walk(bare):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return ast.unparse(bare)
