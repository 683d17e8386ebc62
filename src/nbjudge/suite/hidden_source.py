"""The source of one definition with all that it needs, to be run in another process.

Of the function's own module only the statements that it uses are taken: a suite
imports pytest, which students' processes do not have. Other modules of the
course are shipped whole; everything else must be importable there.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from nbjudge.errors import UserError

_COURSE = ("solutions", "grader_tests")
_MARKERS = ("hidden", "alternative")
"""Decorators that are left behind."""
_KINDS = (FunctionType, type)
_OWN_NAMES = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
"""What their loops bind is gone after them."""
_CELL = """
import sys as _sys, types as _types
for _name, _source in {modules!r}:
    _module = _types.ModuleType(_name)
    _sys.modules[_name] = _module
    _package, _, _leaf = _name.rpartition(".")
    if _package:
        setattr(_sys.modules[_package], _leaf, _module)
    if _source is None:
        _module.__path__ = []
    else:
        exec(compile(_source, "<" + _name + ">", "exec"), _module.__dict__)
_entry = getattr(_sys.modules[{home!r}], {entry!r})
"""


def ship(definition: Any, *, public: bool = False) -> str:
    """Return a cell that makes a definition `_entry`, with whatever it uses.

    Args:
        definition: A function or class at the top level of a module.
        public: A student may read it: nothing of the course's may go along.

    Raises:
        UserError: If it is no such definition, or would take an answer along.
    """
    module = sys.modules.get(getattr(definition, "__module__", ""))
    name = getattr(definition, "__name__", "")
    is_known = isinstance(definition, _KINDS) and definition.__qualname__.isidentifier()
    if not is_known or module is None:
        what, cure = (
            ("What is put beside a student's code", "define it there, without a lambda.")
            if public
            else (
                "A hidden function",
                'define it there, or name it: hidden("solutions.<slug>", "<name>").',
            )
        )
        raise UserError(
            f"{what} must be defined at the top level of a module; got {definition!r}.", hint=cure
        )
    if _is_installed(module):
        return f"from {module.__name__} import {name} as _entry"
    sliced = _slice(module, name)
    home = f"_home_of_{name}"
    modules: dict[str, str | None] = {}
    _add_imports(sliced, modules)
    if public and modules:
        raise UserError(
            f"{name} cannot be put beside a student's code: it would take "
            f"{', '.join(modules)} along, which the student's code could read.",
            context=module.__name__,
            hint="let it use nothing from solutions/ and grader_tests/.",
        )
    modules[home] = sliced
    return _CELL.format(modules=list(modules.items()), home=home, entry=name)


def _is_installed(module: ModuleType) -> bool:
    """Tell a library's module, which is there too, from the course's."""
    file = getattr(module, "__file__", None)
    if file is None:
        return True  # built into the interpreter
    folders = {Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")}
    return not folders.isdisjoint(Path(file).parents)


def _slice(module: ModuleType, name: str) -> str:
    """Return the statements of a module that one of its definitions uses, in order."""
    statements = ast.parse(inspect.getsource(module)).body
    defined: dict[str, list[int]] = {}
    for index, statement in enumerate(statements):
        for bound in names_bound_by(statement):
            defined.setdefault(bound, []).append(index)
    if name not in defined:
        raise UserError(f"{module.__name__} defines no {name} at its top level.")
    waiting, chosen = [name], set[int]()
    while waiting:
        for index in defined.get(waiting.pop(), ()):
            if index not in chosen:
                chosen.add(index)
                statement = statements[index]
                if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                    _drop_markers(statement)
                waiting += _used_names(statement)
    future = [s for s in statements if isinstance(s, ast.ImportFrom) and s.module == "__future__"]
    body = future + [statements[index] for index in sorted(chosen)]
    return ast.unparse(ast.Module(body=list(body), type_ignores=[]))


def _drop_markers(definition: ast.FunctionDef | ast.ClassDef) -> None:
    definition.decorator_list = [
        mark for mark in definition.decorator_list if not set(_used_names(mark)) & set(_MARKERS)
    ]


def names_bound_by(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a top-level statement defines, in its branches and loops too."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif not isinstance(node, _OWN_NAMES):
            waiting += ast.iter_child_nodes(node)


def _used_names(node: ast.AST) -> list[str]:
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return sorted(names - set(vars(builtins)))


def _add_imports(source: str, modules: dict[str, str | None]) -> None:
    """Add every module of the course that a source imports, dependencies first."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            if name.partition(".")[0] in _COURSE:
                _add_module(name, modules)


def _add_module(name: str, modules: dict[str, str | None]) -> None:
    module = sys.modules.get(name)
    if module is None or name in modules:
        return  # a name imported from a module, or already shipped
    if package := name.rpartition(".")[0]:
        _add_module(package, modules)
    if hasattr(module, "__path__"):
        modules[name] = None
        return
    source = inspect.getsource(module)
    _add_imports(source, modules)
    modules[name] = source
