"""One definition of the library as source that runs by itself, as if a student had written it."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from typing import TypeGuard

from nbjudge.errors import LessonError
from nbjudge.suite.hidden_source import names_bound_by


def standalone_source(module_source: str, name: str, *, called: str = "", context: str = "") -> str:
    """Return a definition with every import, constant and function of its module that it uses.

    Decorators are left out: they belong to the bank, not to the answer. A constant that is
    imported from another module of the course is written out.

    Args:
        module_source: The module's text.
        name: The definition's name.
        called: Another name to bind it to; empty for none.
        context: Where the module lies, for the error.

    Raises:
        LessonError: If the module does not define `name`, or `name` uses a function or
            class of another module of the course, which a student does not have.
    """
    statements = _statements(ast.parse(module_source))
    if name not in statements:
        raise LessonError(f"There is no definition of {name}.", context=context)
    needed = set(_reached_from(name, statements))
    pieces = []
    for statement in dict.fromkeys(statements.values()):
        if not needed & set(names_bound_by(statement)):
            continue
        if not _is_from_the_course(statement):
            pieces.append(_text(statement, module_source))
            continue
        try:
            pieces.append(_written_out(statement, needed))
        except ValueError:
            raise LessonError(
                f"{name} cannot stand alone: it uses `{ast.unparse(statement)}`.",
                context=context,
                hint="define what it needs in its own module.",
            ) from None
    if called not in ("", name):
        pieces.append(f"{called} = {name}")
    return "\n\n".join(pieces) + "\n"


def _statements(tree: ast.Module) -> dict[str, ast.stmt]:
    """Map every name that the module binds at its top level to its statement."""
    return {name: statement for statement in tree.body for name in names_bound_by(statement)}


def _reached_from(name: str, statements: dict[str, ast.stmt]) -> Iterator[str]:
    waiting, seen = [name], {name}
    while waiting:
        current = waiting.pop()
        yield current
        used = {node.id for node in _body_nodes(statements[current]) if isinstance(node, ast.Name)}
        new = (used & statements.keys()) - seen
        seen |= new
        waiting += sorted(new)


def _body_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    skipped = {id(node) for decorator in decorators for node in ast.walk(decorator)}
    return (node for node in ast.walk(statement) if id(node) not in skipped)


def _is_from_the_course(statement: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    if not isinstance(statement, ast.ImportFrom):
        return False
    return (statement.module or "").partition(".")[0] in {"grader_tests", "solutions", "nbjudge"}


def _written_out(statement: ast.ImportFrom, needed: set[str]) -> str:
    """Return assignments of the imported constants in place of the import."""
    module = importlib.import_module(statement.module or "")
    lines = []
    for alias in statement.names:
        bound = alias.asname or alias.name
        if bound in needed:
            text = repr(getattr(module, alias.name))
            try:
                ast.literal_eval(text)
            except SyntaxError as error:  # the text of a function or an object
                raise ValueError(text) from error
            lines.append(f"{bound} = {text}")
    return "\n".join(lines)


def _text(statement: ast.stmt, module_source: str) -> str:
    lines = module_source.splitlines()
    # lineno of a definition is that of `def` or `class`, behind its decorators.
    return "\n".join(lines[statement.lineno - 1 : statement.end_lineno])
