"""The same answer in other people's styles, made automatically with libcst.

A style rewrites how an answer is written and not what it does: other names, other operators for
the same algebra, helpers that loop, torch for numpy. Only the bodies of functions change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import libcst as cst
import libcst.matchers as m

_NUMPY = m.Name("np")
_REDUCTIONS = {"mean": "_styled_mean", "sum": "_styled_sum", "var": "_styled_var"}


class _InFunctions(cst.CSTTransformer):
    """Changes nothing outside of functions: the texts of a bank are no code."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802 - libcst's name
        self._depth += 1

    def leave_FunctionDef(  # noqa: N802
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        self._depth -= 1
        return updated_node

    @property
    def inside(self) -> bool:
        return self._depth > 0


class _Swapped(_InFunctions):
    """`a * b` as `b * a`, and `a + b` as `b + a`; not where a text or a tuple may be meant."""

    def leave_BinaryOperation(  # noqa: N802
        self, original_node: cst.BinaryOperation, updated_node: cst.BinaryOperation
    ) -> cst.BaseExpression:
        if not self.inside or not isinstance(updated_node.operator, cst.Multiply | cst.Add):
            return updated_node
        left, right = _closed(updated_node.right), _closed(updated_node.left)
        return updated_node.with_changes(left=left, right=right)


class _Powers(_InFunctions):
    """`np.square(a)` as `a * a` or `a ** 2`; `np.sqrt(a)` as `a ** 0.5`; `a ** 2` as `a * a`."""

    def leave_Call(  # noqa: N802
        self, original_node: cst.Call, updated_node: cst.Call
    ) -> cst.BaseExpression:
        if not self.inside:
            return updated_node
        for name, power in (("square", "2"), ("sqrt", "0.5")):
            if m.matches(updated_node.func, m.Attribute(_NUMPY, m.Name(name))):
                return _power(_closed(updated_node.args[0].value), power)
        return updated_node

    def leave_BinaryOperation(  # noqa: N802
        self, original_node: cst.BinaryOperation, updated_node: cst.BinaryOperation
    ) -> cst.BaseExpression:
        square = m.BinaryOperation(operator=m.Power(), right=m.Integer("2"))
        if not self.inside or not m.matches(original_node, square):
            return updated_node
        base = _closed(updated_node.left)
        return _binary(base, cst.Multiply(), base)


class _Reciprocals(_InFunctions):
    """`a / b` as `a * (1 / b)`, and `a - b` as `-b + a`."""

    def leave_BinaryOperation(  # noqa: N802
        self, original_node: cst.BinaryOperation, updated_node: cst.BinaryOperation
    ) -> cst.BaseExpression:
        if not self.inside:
            return updated_node
        left, right = _closed(updated_node.left), _closed(updated_node.right)
        if isinstance(updated_node.operator, cst.Divide):
            # A number divided by nothing raises; an array does not. Keep that apart.
            one_over = _binary(left, cst.Multiply(), _call("_styled_one_over", right))
            return one_over
        if isinstance(updated_node.operator, cst.Subtract):
            minus = cst.UnaryOperation(
                cst.Minus(), right, lpar=[cst.LeftParen()], rpar=[cst.RightParen()]
            )
            return _binary(minus, cst.Add(), left)
        return updated_node


class _Reductions(_InFunctions):
    """`x.mean(...)`, `x.sum(...)` and `x.var(...)` as calls of helpers."""

    def leave_Call(  # noqa: N802
        self, original_node: cst.Call, updated_node: cst.Call
    ) -> cst.BaseExpression:
        func = updated_node.func
        if not self.inside or not isinstance(func, cst.Attribute):
            return updated_node
        helper = _REDUCTIONS.get(func.attr.value)
        if helper is None:
            return updated_node
        if m.matches(func.value, _NUMPY):
            return updated_node.with_changes(func=cst.Name(helper))
        args = [cst.Arg(_closed(func.value)), *updated_node.args]
        return updated_node.with_changes(func=cst.Name(helper), args=args)


class _Renamed(_InFunctions):
    """Other names for what a function assigns."""

    def __init__(self) -> None:
        super().__init__()
        self._known: list[dict[str, str]] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802
        super().visit_FunctionDef(node)
        targets = m.findall(node.body, m.AssignTarget())
        names = [n.value for t in targets for n in m.findall(t, m.Name()) if _is_bound(t, n)]
        taken = {p.name.value for p in m.findall(node, m.Param())}
        own = dict.fromkeys(name for name in names if name not in taken)
        self._known.append({name: f"tmp_{i}" for i, name in enumerate(own)})

    def leave_FunctionDef(  # noqa: N802
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        known = self._known.pop()
        super().leave_FunctionDef(original_node, updated_node)
        return updated_node.with_changes(body=updated_node.body.visit(_Names(known)))


class _Names(cst.CSTTransformer):
    """Renames names, but neither attributes nor keywords."""

    def __init__(self, new: dict[str, str]) -> None:
        super().__init__()
        self._new = new

    def leave_Attribute(  # noqa: N802
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.Attribute:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(  # noqa: N802
        self, original_node: cst.Arg, updated_node: cst.Arg
    ) -> cst.Arg:
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Name(  # noqa: N802
        self, original_node: cst.Name, updated_node: cst.Name
    ) -> cst.Name:
        return updated_node.with_changes(
            value=self._new.get(updated_node.value, updated_node.value)
        )


def _is_bound(target: cst.CSTNode, name: cst.Name) -> bool:
    """Say whether a target binds the name itself, not an attribute or an entry of it."""
    parts = [target.target] if isinstance(target, cst.AssignTarget) else []
    bound = []
    while parts:
        part = parts.pop()
        if isinstance(part, cst.Tuple | cst.List):
            parts += [element.value for element in part.elements]
        elif isinstance(part, cst.Name):
            bound.append(part)
    return any(part is name for part in bound)


class _Torch(_InFunctions):
    """Leaves out what torch's numpy does not know: `copy=`."""

    def leave_Call(  # noqa: N802
        self, original_node: cst.Call, updated_node: cst.Call
    ) -> cst.BaseExpression:
        kept = [a for a in updated_node.args if not (a.keyword and a.keyword.value == "copy")]
        return updated_node.with_changes(args=kept)


def _closed(node: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(node, cst.Name | cst.Call | cst.Attribute | cst.Subscript) or node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _binary(
    left: cst.BaseExpression, operator: cst.BaseBinaryOp, right: cst.BaseExpression
) -> cst.BinaryOperation:
    return cst.BinaryOperation(
        left, operator, right, lpar=[cst.LeftParen()], rpar=[cst.RightParen()]
    )


def _power(base: cst.BaseExpression, power: str) -> cst.BaseExpression:
    number = cst.Float(power) if "." in power else cst.Integer(power)
    return _binary(base, cst.Power(), number)


def _call(name: str, *args: cst.BaseExpression) -> cst.Call:
    return cst.Call(cst.Name(name), [cst.Arg(arg) for arg in args])


_ONE_OVER = """
def _styled_one_over(value):
    return 1 / value
"""
_BY_COUNTS = """
import math


def _styled_count(x, axis):
    axes = range(x.ndim) if axis is None else (axis if isinstance(axis, tuple) else (axis,))
    return math.prod(x.shape[a] for a in axes)


def _styled_sum(x, axis=None, keepdims=False, dtype=None):
    return np.sum(x, axis=axis, keepdims=keepdims, dtype=dtype)


def _styled_mean(x, axis=None, keepdims=False, dtype=None):
    return np.sum(x, axis=axis, keepdims=keepdims, dtype=dtype) / _styled_count(x, axis)


def _styled_var(x, axis=None, keepdims=False, dtype=None, ddof=0):
    c = x - _styled_mean(x, axis, True, dtype)
    total = np.sum(c * c, axis=axis, keepdims=keepdims, dtype=dtype)
    return total / (_styled_count(x, axis) - ddof)
"""
_BY_LOOPS = """
import math


def _styled_axes(x, axis):
    axes = range(x.ndim) if axis is None else (axis if isinstance(axis, tuple) else (axis,))
    if any(not -x.ndim <= a < x.ndim for a in axes):
        raise IndexError(axis)
    return {a % x.ndim for a in axes}


def _styled_sum(x, axis=None, keepdims=False, dtype=None):
    axes = _styled_axes(x, axis)
    kept = tuple(1 if i in axes else n for i, n in enumerate(x.shape))
    total = np.zeros(kept, dtype or x.dtype)
    for place in np.ndindex(x.shape):
        total[tuple(0 if i in axes else p for i, p in enumerate(place))] += x[place]
    if keepdims:
        return total
    flat = total.reshape([n for i, n in enumerate(kept) if i not in axes])
    return flat[()] if flat.ndim == 0 else flat


def _styled_mean(x, axis=None, keepdims=False, dtype=None):
    count = math.prod(x.shape[a] for a in _styled_axes(x, axis))
    return _styled_sum(x, axis, keepdims, dtype) / count


def _styled_var(x, axis=None, keepdims=False, dtype=None, ddof=0):
    deviations = x - _styled_mean(x, axis, True, dtype)
    count = math.prod(x.shape[a] for a in _styled_axes(x, axis))
    return _styled_sum(deviations * deviations, axis, keepdims, dtype) / (count - ddof)
"""
_TORCH = """
import functools
import numpy as real_numpy
import torch
import torch._numpy as np

np.errstate, np.ndindex = real_numpy.errstate, real_numpy.ndindex


def finished(code):
    if isinstance(code, type):  # plain numbers go in and out of a class
        return code

    def tensor(v):
        if isinstance(v, (tuple, list)):
            return type(v)(map(tensor, v))
        if callable(v):  # it was written for NumPy
            return lambda *args: tensor(v(*map(array, args)))
        return np.asarray(v) if isinstance(v, real_numpy.ndarray) else v

    def array(v):
        if isinstance(v, (tuple, list)):
            return type(v)(map(array, v))
        if isinstance(v, dict):
            return {k: array(item) for k, item in v.items()}
        return v.tensor.numpy() if isinstance(v, np.ndarray) else v

    @functools.wraps(code)
    def answer(*args, **kwargs):
        args = [tensor(v) for v in args]
        result = code(*args, **{k: tensor(v) for k, v in kwargs.items()})
        return array(result)

    return answer
"""

Change = Callable[[], cst.CSTTransformer]
STYLES: dict[str, tuple[tuple[Change, ...], str]] = {
    "as in the bank": ((), ""),
    "other names, operands swapped": ((_Renamed, _Swapped), ""),
    "powers and products": ((_Powers,), ""),
    "reciprocals": ((_Reciprocals,), _ONE_OVER),
    "sums over counts": ((_Reductions,), _BY_COUNTS),
    "loops": ((_Reductions,), _BY_LOOPS),
    "all of these": (
        (_Renamed, _Swapped, _Powers, _Reciprocals, _Reductions),
        _ONE_OVER + _BY_COUNTS,
    ),
    "torch": ((_Torch,), _TORCH),
}
"""Name -> the changes, in order, and the helpers that they call."""


def restyled(source: str, style: str) -> str:
    """Return the text of a module in one of `STYLES`."""
    changes, helpers = STYLES[style]
    return _changed(cst.parse_module(source), [change() for change in changes], helpers).code


def _changed(module: cst.Module, changes: Sequence[cst.CSTTransformer], helpers: str) -> cst.Module:
    if not changes:
        return module
    module = reduce(lambda done, change: done.visit(change), changes, module)
    added = cst.parse_module(helpers).body
    # After the imports: a style may replace numpy.
    last = max(i for i, s in enumerate(module.body) if m.matches(s, _IMPORT))
    return module.with_changes(body=[*module.body[: last + 1], *added, *module.body[last + 1 :]])


_IMPORT = m.SimpleStatementLine(body=[m.Import() | m.ImportFrom()])
