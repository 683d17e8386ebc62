"""Is an answer still the released stub?

Errs towards "touched": a wrong "untouched" would tell a student who worked that
they did not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

_MAX_SOURCE = 20_000
"""Characters; a stub is far below, and the parser is spared what is built to hurt it."""


def is_untouched(
    name: str, *, solution_cells: Iterable[str], other_cells: Iterable[str], answer: str
) -> bool:
    """Say whether `name` is nowhere more than a placeholder.

    Args:
        name: What the student implements, a function or a class.
        solution_cells: Sources of the submission's solution cell and its copies.
        other_cells: Sources of the other cells that run; any that may bind `name`
            counts as touched.
        answer: The instructor's solution cell; its decorators are allowed.
    """
    allowed = _decorators(answer, name)
    copies = list(solution_cells)
    try:
        return (
            bool(copies)
            and all(_is_stub(source, name, allowed) for source in copies)
            and not any(_may_bind(_parsed(source), source, name) for source in other_cells)
        )
    except RecursionError:  # an expression built too deep to be a stub
        return False


def _is_stub(source: str, name: str, allowed: set[str]) -> bool:
    tree = _parsed(source)
    if tree is None:
        return False
    definitions = _definitions(tree, name)
    rest = ast.Module(body=[n for n in tree.body if n not in definitions], type_ignores=[])
    return (
        bool(definitions)
        and all(_is_placeholder(node) and _dumped(node) <= allowed for node in definitions)
        and not _may_bind(rest, source, name)
    )


def _parsed(source: str) -> ast.Module | None:
    if len(source) > _MAX_SOURCE:
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _definitions(tree: ast.Module, name: str) -> list[ast.stmt]:
    """Return the functions and classes called `name` at the top of a module."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node for node in tree.body if isinstance(node, kinds) and node.name == name]


def _bindings(tree: ast.Module, name: str) -> Iterator[ast.AST]:
    """Every node that gives `name` a value; strings too, for `exec` and `globals()`."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if node.name == name:
                yield node
            case ast.Name(id=found, ctx=ast.Store() | ast.Del()) if found == name:
                yield node
            case ast.alias() if (node.asname or node.name) in {name, "*"}:
                yield node


def _may_bind(tree: ast.Module | None, source: str, name: str) -> bool:
    if tree is None:
        return name in source
    strings = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return any(True for _ in _bindings(tree, name)) or any(name in text for text in strings)


def _is_placeholder(node: ast.AST) -> bool:
    """A function without a body of its own, or a class of only such functions."""
    if isinstance(node, ast.ClassDef):
        functions = [n for n in node.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
        if functions:
            return all(_is_placeholder(function) for function in functions)
    body = getattr(node, "body", [])
    return all(_does_nothing(statement) for statement in body)


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass():
            return True
        case ast.Expr(value=ast.Constant(value=value)):
            return value is ... or isinstance(value, str)
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return False


def _decorators(answer: str, name: str) -> set[str]:
    tree = _parsed(answer)
    nodes = _definitions(tree, name) if tree else []
    return {dumped for node in nodes for dumped in _dumped(node)}


def _dumped(node: ast.AST) -> set[str]:
    return {ast.dump(decorator) for decorator in getattr(node, "decorator_list", [])}
