"""What a test cell's outputs are worth, where nbgrader's own rule is a trap.

nbgrader's `determine_grade` decides by the first error, stderr text or value among
the outputs, and gives full marks for any value that is no number. The rule here gives
the same marks wherever that rule does what its author meant.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_DRESSED = re.compile(
    r"(?:np\.|numpy\.)?(?:float|int|uint|longdouble|half)\w*\(([^()]+)\)"
    r"|(?:torch\.)?tensor\(([^(),]+)(?:,[^()]*)?\)"
    r"|array\(([^(),\[\]]+)(?:,[^()]*)?\)"
)
"""`np.float64(1.5)`, `tensor(1.5)`, `array(1.5)`: one number in a library's words."""
_WARNING = re.compile(r"^\S.*:\d+: \w*Warning: ")
_MESSAGE = re.compile(r"""^[bru]{0,2}["']""")


@dataclass(frozen=True, kw_only=True, slots=True)
class CellScore:
    """The points of one test cell."""

    points: float | None
    """None: a person decides."""
    why: str = ""
    """What a person should know, in plain text."""


def score_outputs(outputs: Sequence[Any], max_points: float) -> CellScore:
    """Score a code test cell.

    Args:
        outputs: nbformat's, in order.
        max_points: What the cell is worth.
    """
    if any(output["output_type"] == "error" for output in outputs):
        return CellScore(points=0.0)
    if any(_is_complaint(output) for output in outputs):
        return CellScore(points=0.0)
    values = [output for output in outputs if output["output_type"] == "execute_result"]
    if not values:
        return CellScore(points=max_points)
    return _score_value(str(values[-1]["data"].get("text/plain", "")).strip(), max_points)


def _is_complaint(output: Any) -> bool:
    """Say whether something else than Python's warnings is on stderr."""
    if output["output_type"] != "stream" or output["name"] != "stderr":
        return False
    lines = [line for line in output["text"].splitlines() if line.strip()]
    # A warning's line of code follows it, indented.
    return not all(_WARNING.match(line) or line.startswith("  ") for line in lines)


def _score_value(text: str, max_points: float) -> CellScore:
    truth = text.removeprefix("np.").removesuffix("_")  # `np.True_` is numpy's
    if truth in ("True", "False"):
        return CellScore(points=max_points if truth == "True" else 0.0)
    if _MESSAGE.match(text):
        return CellScore(points=max_points)  # "all tests passed", as nbgrader takes it
    value = _number(text)
    if value is None:
        shown = text if len(text) <= 60 else text[:57] + "..."
        return CellScore(points=None, why=f"the test cell's value is no number: {shown}")
    if not 0 <= value <= max_points:
        why = f"the test cell's value {text[:30]} is not between 0 and {max_points:g}"
        return CellScore(points=None, why=why)
    return CellScore(points=value)


def _number(text: str) -> float | None:
    """Return the number that a value's text says; nan for what is none to score with."""
    match = _DRESSED.fullmatch(text)
    plain = next(filter(None, match.groups()), text) if match else text
    try:
        value = float(plain)
    except ValueError:
        return None
    return -math.inf if math.isnan(value) else value
