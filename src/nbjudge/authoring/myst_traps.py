"""What MyST reads differently from what an author sees."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from nbjudge.errors import LessonError

_CODE_CELL = re.compile(r"\W*(`{3,}|~{3,})\s*\{code-cell\}")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_BREAK = re.compile(r"\+\+\+\s*(\{.*\})?")


def check_breaks(lines: Sequence[str], name: str) -> None:
    """Refuse a `+++` that an author may have meant as text: it would split the cell.

    Raises:
        LessonError: Naming the line of the file `name`.
    """
    fence = ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark.group(1)
        elif mark and line.strip() == mark.group(1) and mark.group(1).startswith(fence):
            fence = ""
        if fence or not line.startswith("+++"):
            continue
        around = [*lines[max(number - 1, 0) : number], *lines[number + 1 : number + 2]]
        if any(other.strip() for other in around) or not _BREAK.fullmatch(line.rstrip()):
            raise LessonError(
                "A line that starts with +++ ends a cell in MyST.",
                context=f"{name}, line {number + 1}",
                hint="to break the cell, give it a line of its own between blank lines; "
                "to show it, write &#43;++ or put it into a fenced block.",
            )


def check_fences(lines: Sequence[str], cells: Collection[int], name: str) -> None:
    """Refuse a code-cell fence that MyST takes for text.

    Args:
        lines: The text.
        cells: Where MyST found code cells, as line numbers from 0.
        name: The file, for messages.

    Raises:
        LessonError: Naming the line.
    """
    for number, line in enumerate(lines):
        if _CODE_CELL.match(line) and number not in cells:
            raise LessonError(
                "A {code-cell} fence inside text or another block is no cell.",
                context=f"{name}, line {number + 1}",
                hint="start it at the line's beginning, outside of lists, quotes and fences; "
                "to show one as text, write the directive in words.",
            )
