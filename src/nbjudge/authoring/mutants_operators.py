"""The kinds of small change that make a mutant, on libcst's syntax tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

_BINARY: Mapping[type[cst.BaseBinaryOp], cst.BaseBinaryOp] = {
    cst.Add: cst.Subtract(),
    cst.Subtract: cst.Add(),
    cst.Multiply: cst.Divide(),
    cst.Divide: cst.Multiply(),
    cst.FloorDivide: cst.Divide(),
    cst.Modulo: cst.Multiply(),
    cst.Power: cst.Multiply(),
    cst.MatrixMultiply: cst.Multiply(),
    cst.BitAnd: cst.BitOr(),
    cst.BitOr: cst.BitAnd(),
}
_AUGMENTED: Mapping[type[cst.BaseAugOp], cst.BaseAugOp] = {
    cst.AddAssign: cst.SubtractAssign(),
    cst.SubtractAssign: cst.AddAssign(),
    cst.MultiplyAssign: cst.DivideAssign(),
    cst.DivideAssign: cst.MultiplyAssign(),
}
_COMPARISON: Mapping[type[cst.BaseCompOp], Sequence[cst.BaseCompOp]] = {
    cst.LessThan: (cst.LessThanEqual(), cst.GreaterThanEqual()),
    cst.LessThanEqual: (cst.LessThan(), cst.GreaterThan()),
    cst.GreaterThan: (cst.GreaterThanEqual(), cst.LessThanEqual()),
    cst.GreaterThanEqual: (cst.GreaterThan(), cst.LessThan()),
    cst.Equal: (cst.NotEqual(),),
    cst.NotEqual: (cst.Equal(),),
    cst.Is: (cst.IsNot(),),
    cst.IsNot: (cst.Is(),),
    cst.In: (cst.NotIn(),),
    cst.NotIn: (cst.In(),),
}
_NAMES = {"True": "False", "False": "True"}
_NEIGHBOURS = {
    **{"mean": "sum", "sum": "mean", "min": "max", "max": "min", "var": "std", "std": "var"},
    **{"zeros": "ones", "ones": "zeros", "zeros_like": "ones_like", "ones_like": "zeros_like"},
    **{"minimum": "maximum", "maximum": "minimum", "any": "all", "all": "any"},
    **{"argmin": "argmax", "argmax": "argmin", "sin": "cos", "cos": "sin", "exp": "expm1"},
    **{"amin": "amax", "amax": "amin", "floor": "ceil", "ceil": "floor", "sqrt": "square"},
}
"""Functions and methods that are taken for one another."""
_MODULES = frozenset({"np", "numpy", "math", "torch", "F", "functools", "itertools", "operator"})
"""Names that a call is looked up in, and that are no receiver of a method."""
_TIGHT = (cst.Name, cst.Call, cst.Attribute, cst.Subscript, cst.Integer, cst.Float, cst.Tuple)
"""Expressions that bind more tightly than any operator around them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One node of the solution and what stands in its place."""

    node: cst.CSTNode
    replacement: cst.CSTNode
    kind: str


def changes(definition: cst.CSTNode) -> list[Change]:
    """Return every small change of a definition, in the order of the tree."""
    collector = _Collector()
    definition.visit(collector)
    return collector.found


class _Collector(cst.CSTVisitor):
    """Collects changes; annotations and decorators say nothing about behaviour."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Change] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Decorator | cst.BaseString):
            return False
        for replacement, kind in _replacements(node):
            self.found.append(Change(node=node, replacement=replacement, kind=kind))
        return True


def _replacements(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, str]]:
    if isinstance(node, cst.BaseSmallStatement | cst.If | cst.While):
        yield from _statement(node)
    elif isinstance(node, cst.ComparisonTarget):
        for other in _COMPARISON.get(type(node.operator), ()):
            yield node.with_changes(operator=other), "comparison"
    elif isinstance(node, cst.BaseExpression):
        yield from _expression(node)


def _statement(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, str]]:
    match node:
        case cst.If(test=test) | cst.While(test=test):
            yield node.with_changes(test=_negated(test)), "negated condition"
        case cst.AugAssign(operator=operator):
            if type(operator) in _AUGMENTED:
                yield node.with_changes(operator=_AUGMENTED[type(operator)]), "arithmetic operator"
            yield cst.Pass(), "removed statement"
        case cst.Assign() | cst.AnnAssign(value=cst.BaseExpression()) | cst.Raise() | cst.Del():
            yield cst.Pass(), "removed statement"
        case cst.Expr(value=cst.Call()):
            yield cst.Pass(), "removed statement"


def _expression(node: cst.BaseExpression) -> Iterator[tuple[cst.CSTNode, str]]:
    match node:
        case cst.BinaryOperation(operator=operator, left=left, right=right):
            if type(operator) in _BINARY:
                yield node.with_changes(operator=_BINARY[type(operator)]), "arithmetic operator"
            yield _enclosed(left, node), "dropped operand"
            if isinstance(operator, cst.Add | cst.Multiply):
                yield _enclosed(right, node), "dropped operand"
        case cst.BooleanOperation(operator=operator):
            other = cst.Or() if isinstance(operator, cst.And) else cst.And()
            yield node.with_changes(operator=other), "logical operator"
        case cst.UnaryOperation(expression=expression):
            yield _enclosed(expression, node), "sign or negation"
        case cst.Integer() | cst.Float():
            yield from _constants(node)
        case cst.Name(value=value) if value in _NAMES:
            yield cst.Name(_NAMES[value]), "keyword value or constant"
        case cst.IfExp(test=test):
            yield node.with_changes(test=_negated(test)), "negated condition"
        case cst.Call():
            yield from _arguments(node)
            yield from _callees(node)


def _constants(node: cst.Integer | cst.Float) -> Iterator[tuple[cst.CSTNode, str]]:
    """One more and one less: also what turns an axis into its neighbour, a ddof 0 into 1."""
    value = node.evaluated_value
    is_fraction = isinstance(value, float) and not value.is_integer()
    for changed in (value + 1, value - 1, *([value * 10] if is_fraction else [])):
        replacement = cst.parse_expression(f"({changed!r})" if changed < 0 else repr(changed))
        yield replacement, "keyword value or constant"


def _negated(test: cst.BaseExpression) -> cst.BaseExpression:
    inside = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.UnaryOperation(operator=cst.Not(), expression=inside)


def _arguments(node: cst.Call) -> Iterator[tuple[cst.CSTNode, str]]:
    arguments = list(node.args)
    for i, argument in enumerate(arguments):
        if argument.keyword is not None:
            rest = [*arguments[:i], *arguments[i + 1 :]]
            yield node.with_changes(args=_without_last_comma(rest)), "removed keyword"
        elif i and _is_plain(argument) and _is_plain(arguments[i - 1]):
            swapped = list(arguments)
            swapped[i - 1] = arguments[i - 1].with_changes(value=argument.value)
            swapped[i] = argument.with_changes(value=arguments[i - 1].value)
            yield node.with_changes(args=swapped), "swapped arguments"


def _callees(node: cst.Call) -> Iterator[tuple[cst.CSTNode, str]]:
    """Another function in the place of the one called, or none: `sqrt(v)` becomes `v`."""
    name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    if not isinstance(name, cst.Name):
        return
    if name.value in _NEIGHBOURS:
        other = name.with_changes(value=_NEIGHBOURS[name.value])
        func = node.func.with_changes(attr=other) if name is not node.func else other
        yield node.with_changes(func=func), "another function"
    is_method = isinstance(node.func, cst.Attribute) and not _is_module(node.func.value)
    if is_method and isinstance(node.func, cst.Attribute):
        yield _enclosed(node.func.value, node), "dropped call"
    elif node.args and _is_plain(node.args[0]):
        yield _enclosed(node.args[0].value, node), "dropped call"


def _is_module(node: cst.BaseExpression) -> bool:
    names = (node.value if isinstance(node, cst.Attribute) else node,)
    return all(isinstance(name, cst.Name) and name.value in _MODULES for name in names)


def _enclosed(expression: cst.BaseExpression, parent: cst.BaseExpression) -> cst.BaseExpression:
    """Return an expression that can stand where `parent` stood, in brackets if it may need them."""
    left, right = [*parent.lpar, *expression.lpar], [*expression.rpar, *parent.rpar]
    if not left and not isinstance(expression, _TIGHT):
        left, right = [cst.LeftParen()], [cst.RightParen()]
    return expression.with_changes(lpar=left, rpar=right).deep_clone()


def _is_plain(argument: cst.Arg) -> bool:
    return argument.keyword is None and argument.star == ""


def _without_last_comma(arguments: list[cst.Arg]) -> list[cst.Arg]:
    if not arguments:
        return []
    last = arguments[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return [*arguments[:-1], last]
