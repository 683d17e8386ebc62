"""Which names a notebook's definition uses, directly or through others of its own."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable


def builds_on(name: str, others: Collection[str], cells: Iterable[str]) -> tuple[str, ...]:
    """Return those of `others` that the notebook's `name` uses, in their order.

    Reads the source and runs nothing: it may miss a use and is no ground for a mark.

    Args:
        name: A function or class that a cell defines.
        others: Other names, those of earlier exercises say.
        cells: Source of each cell, in order; one that does not parse is left out.
    """
    uses: dict[str, set[str]] = {}
    for source in cells:
        for statement in _statements(source):
            for defined in _defined(statement):
                uses[defined] = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        found = uses.get(waiting.pop(), set()) - reached
        reached |= found
        waiting += found
    return tuple(other for other in others if other in reached and other != name)


def _statements(source: str) -> list[ast.stmt]:
    lines = source.splitlines()
    python = ["" if line.lstrip().startswith(("%", "!", "?")) else line for line in lines]
    try:
        return ast.parse("\n".join(python)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return []
