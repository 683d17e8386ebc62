"""Worked examples: the last rung of the ladder of help, `worked_examples.md`.

A section is named after a section of the lesson, or after a misconception, which then has
an example of its own. Indented lines are Python on small numbers; whatever is said to be
equal there is worked out, so that no example is wrong.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nbjudge.errors import LessonError
from nbjudge.model import Misconception

FILE = "worked_examples.md"
_SECTION = re.compile(r"^## +(.+?) *$", re.MULTILINE)
_INDENT = "    "
_EQUALS = " = "
_RTOL = 1e-3
"""Four digits are enough for an example."""
_NAMES = {name: getattr(np, name) for name in ("sqrt", "tanh", "exp", "log", "abs", "sum", "mean")}


def read_worked_examples(folder: Path) -> dict[str, str]:
    """Return the examples of a lesson's `worked_examples.md`; none without that file.

    Args:
        folder: `grader_tests/<slug>`.

    Raises:
        LessonError: If one is empty, or a line of it is not true.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    _, *parts = _SECTION.split(path.read_text(encoding="utf-8"))
    examples = {
        name: text.strip("\n").rstrip() for name, text in zip(parts[::2], parts[1::2], strict=True)
    }
    for name, text in examples.items():
        problems = [f"it says {line!r}" for line in untrue_lines(text)]
        if not text.strip():
            problems = ["it is empty"]
        if problems:
            raise LessonError(
                f"The worked example {name!r} is not true: {'; '.join(problems)}.",
                context=str(path),
                hint="work the line out again; four digits are enough.",
            )
    return examples


def with_example(misconception: Misconception, examples: Mapping[str, str]) -> Misconception:
    """Return it with the example named after it, else after its paragraph, if there is one."""
    example = examples.get(misconception.id) or examples.get(misconception.paragraph, "")
    return replace(misconception, example=example)


def require_used(examples: Mapping[str, str], known: Collection[str], folder: Path) -> None:
    """Refuse an example that belongs to nothing: its name is misspelt.

    Args:
        examples: As `read_worked_examples` returned them.
        known: The lesson's sections and misconceptions.
        folder: Where they were read.

    Raises:
        LessonError: If there is one.
    """
    for name in examples:
        if name not in known:
            raise LessonError(
                f"The worked example {name!r} belongs to no section and no misconception.",
                context=str(folder / FILE),
                hint=f"name it after one of these: {', '.join(sorted(known))}.",
            )


def untrue_lines(text: str) -> list[str]:
    """Return the indented lines whose sides are not equal, or cannot be worked out."""
    names: dict[str, Any] = dict(_NAMES)
    lines = [line.strip() for line in text.splitlines() if line.startswith(_INDENT)]
    return [line for line in lines if _EQUALS in line and not _is_true(line, names)]


def _is_true(line: str, names: dict[str, Any]) -> bool:
    """Say whether all sides are equal; a new name on the left stands for the value."""
    first, *others = line.split(_EQUALS)
    try:
        values = [_value(side, names) for side in others]
        if first.isidentifier():
            names[first] = values[0]
        else:
            values.append(_value(first, names))
        return all(_is_close(values[0], value) for value in values[1:])
    except Exception:  # the author's Python: whatever is wrong with it
        return False


def _value(side: str, names: dict[str, Any]) -> Any:
    tree = _Arrays().visit(ast.parse(side.strip(), mode="eval"))
    code = compile(ast.fix_missing_locations(tree), "<worked example>", "eval")
    return eval(code, {"__builtins__": {}, "array": np.array}, names)  # noqa: S307 - the author's


class _Arrays(ast.NodeTransformer):
    """Reads an outermost `[...]` as an array."""

    def visit_List(self, node: ast.List) -> ast.AST:
        return ast.Call(ast.Name("array", ast.Load()), [node], [])


def _is_close(one: Any, other: Any) -> bool:
    a, b = np.asarray(one, float), np.asarray(other, float)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=_RTOL, atol=1e-9))
