"""Which names a cell binds and which it needs.

An answer may use only what stands in setup cells and answers above it: nothing
else has run when a submission is judged.
"""

from __future__ import annotations

import ast
import builtins
import symtable

from IPython.core.inputtransformer2 import TransformerManager

_ALWAYS = frozenset(dir(builtins)) | {"__name__", "__file__", "__annotations__", "get_ipython"}


def plain_python(source: str) -> str:
    """Turn a cell with magics into the Python that IPython runs."""
    manager = TransformerManager()  # type: ignore[no-untyped-call]  # IPython has no types here
    return str(manager.transform_cell(source))


def bound_names(source: str) -> set[str]:
    """Return the names that a cell gives a value at its top level.

    Raises:
        SyntaxError: If it is no Python even for IPython.
    """
    top = symtable.symtable(plain_python(source), "cell", "exec")
    return {
        symbol.get_name()
        for symbol in top.get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    }


def needed_names(source: str) -> set[str]:
    """Return the names that a cell takes from cells before it, builtins left out.

    Raises:
        SyntaxError: If it is no Python even for IPython.
    """
    top = symtable.symtable(plain_python(source), "cell", "exec")
    return {name for name in _globals(top) if name not in _ALWAYS} - bound_names(source)


def called_names(source: str) -> set[str]:
    """Return every name that a cell reads, inside functions too.

    Raises:
        SyntaxError: If it is no Python even for IPython.
    """
    nodes = ast.walk(ast.parse(plain_python(source)))
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def _globals(table: symtable.SymbolTable) -> set[str]:
    at_top = table.get_type() == "module"
    own = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (at_top or symbol.is_global())
    }
    return own.union(*(_globals(child) for child in table.get_children()))
