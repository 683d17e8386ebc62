"""Definitions as a learner sees them, and whether two of them agree."""

from __future__ import annotations

import ast
import copy

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
FUNCTION_KINDS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITION_KINDS = (*FUNCTION_KINDS, ast.ClassDef)

_KINDS = "one is a class or async, the other is not"


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
