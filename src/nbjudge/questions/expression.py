"""Arithmetic as text: answers, conditions and the numbers in a question's words.

Only what `evaluate` names is evaluated; there is no attribute, index or name of Python's
within reach, and no power grows without bound.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping

Number = int | float

_LONGEST = 500
_LARGEST_EXPONENT = 1000
_FUNCTIONS: Mapping[str, Callable[..., Number]] = {
    "abs": abs,
    "ceil": math.ceil,
    "cos": math.cos,
    "exp": math.exp,
    "floor": math.floor,
    "log": math.log,
    "log10": math.log10,
    "log2": math.log2,
    "max": max,
    "min": min,
    "round": round,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
}
_CONSTANTS: Mapping[str, Number] = {"pi": math.pi, "e": math.e}
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Number, Number], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
RESERVED = frozenset({*_FUNCTIONS, *_CONSTANTS})
"""Names that mean something already."""

_TEMPLATE = re.compile(r"@\{([^{}]*)\}")
_FORMAT = re.compile(r"[+]?(?:\.\d{1,2})?[defg]?")


class BadExpression(ValueError):
    """The text is no arithmetic, or has no value; `str` says why in one sentence."""


def evaluate(expression: str, names: Mapping[str, Number]) -> Number:
    """Evaluate arithmetic: numbers, `names`, + - * / // % **, comparisons, and, or, not.

    Functions: abs ceil cos exp floor log log10 log2 max min round sin sqrt tanh;
    constants: pi, e.

    Args:
        expression: The text; need not be trusted.
        names: What its names stand for.

    Returns:
        A finite number; a condition gives 1 or 0.

    Raises:
        BadExpression: If it is no such arithmetic, names something else, or has no finite value.
    """
    if len(expression) > _LONGEST:
        raise BadExpression(f"an expression has at most {_LONGEST} characters")
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
        value = _value(tree, {**_CONSTANTS, **names})
    except SyntaxError:
        raise BadExpression(f"`{expression}` is no arithmetic") from None
    except ZeroDivisionError:
        raise BadExpression(f"`{expression}` divides by zero") from None
    except (ArithmeticError, RecursionError, TypeError, ValueError) as error:
        raise BadExpression(f"`{expression}` has no value: {error}") from None
    if not math.isfinite(value):
        raise BadExpression(f"`{expression}` is not finite")
    return value


def names_in(expression: str) -> set[str]:
    """Return the names an expression needs, functions and constants aside.

    Raises:
        BadExpression: If it cannot be parsed.
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        raise BadExpression(f"`{expression}` is no arithmetic") from None
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - RESERVED


def templates_in(text: str) -> list[str]:
    """Return the expressions between `@{` and `}` in a text, formats left out."""
    return [_parts(match[1])[0] for match in _TEMPLATE.finditer(text)]


def fill(text: str, names: Mapping[str, Number]) -> str:
    """Put values in the place of `@{expression}` and `@{expression:.3f}`.

    Raises:
        BadExpression: If one of them has no value or no such format.
    """

    def shown(match: re.Match[str]) -> str:
        expression, form = _parts(match[1])
        return shown_number(evaluate(expression, names), form)

    return _TEMPLATE.sub(shown, text)


def shown_number(value: Number, form: str = "") -> str:
    """Write a number as people do: six digits, and 0.00001 rather than 1e-05.

    Raises:
        BadExpression: If `form` is no format such as `.3f` or `d`.
    """
    if form:
        if not _FORMAT.fullmatch(form):
            raise BadExpression(f"{form!r} is no format; write for instance .3f")
        whole = int(value) if form.endswith("d") else value
        return format(whole, form)
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    text = f"{value:.6g}"
    if "e" not in text or not 1e-9 <= abs(value) < 1e15:
        return text
    digits = max(0, 5 - math.floor(math.log10(abs(value))))
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")


def _parts(inside: str) -> tuple[str, str]:
    expression, _, form = inside.partition(":")
    return expression.strip(), form.strip()


def _value(node: ast.expr, names: Mapping[str, Number]) -> Number:
    match node:
        case ast.Constant(value=bool() | int() | float() as value):
            return value
        case ast.Name(id=name):
            if name not in names:
                raise ValueError(f"{name} is not known")
            return names[name]
        case ast.UnaryOp(op=op, operand=operand):
            return _unary(op, _value(operand, names))
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(op, _value(left, names), _value(right, names))
        case ast.BoolOp(op=op, values=values):
            truths = [bool(_value(value, names)) for value in values]
            return int(all(truths) if isinstance(op, ast.And) else any(truths))
        case ast.Compare(left=left, ops=ops, comparators=rights):
            return _compared(ops, [_value(each, names) for each in (left, *rights)])
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            if name not in _FUNCTIONS:
                raise ValueError(f"there is no function {name}")
            return _FUNCTIONS[name](*(_value(each, names) for each in arguments))
    raise ValueError("only arithmetic is allowed")


def _unary(op: ast.unaryop, value: Number) -> Number:
    if isinstance(op, ast.Not):
        return int(not value)
    return -value if isinstance(op, ast.USub) else +value


def _binary(op: ast.operator, left: Number, right: Number) -> Number:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
        case ast.FloorDiv():
            return left // right
        case ast.Mod():
            return left % right
        case ast.Pow():
            return _power(left, right)
    raise ValueError("only + - * / // % ** are allowed")


def _power(left: Number, right: Number) -> Number:
    if abs(right) > _LARGEST_EXPONENT or abs(left) > 1e100:
        raise ValueError("the power is too large")
    value = left**right
    if isinstance(value, complex):
        raise ValueError("a root of a negative number")
    return float(value) if isinstance(value, float) else int(value)


def _compared(ops: list[ast.cmpop], values: list[Number]) -> Number:
    for op, left, right in zip(ops, values, values[1:], strict=False):
        compare = _COMPARISONS.get(type(op))
        if compare is None:
            raise ValueError("only == != < <= > >= compare")
        if not compare(left, right):
            return 0
    return 1
