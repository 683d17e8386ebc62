"""A worker's answer about a cell, brought to nbformat's shape; nothing in it is trusted."""

from __future__ import annotations

import json
from typing import Any

from nbjudge.cells.job import ExecutedCell

_MOST_OUTPUTS = 10_000
_MOST_DATA = 32 << 20
_NO_TRACEBACK = "ERROR: An error occurred while showtraceback was disabled"


class NotAnAnswer(ValueError):
    """The worker answered with what no honest worker sends."""


def executed_cell(answer: bytes) -> ExecutedCell:
    """Read an answer of `NotebookKernel.execute`.

    A cell that ended in an exception has an error among its outputs, whatever the
    student's code did to the display of tracebacks.

    Raises:
        NotAnAnswer: If it is none.
    """
    try:
        document = json.loads(answer)
        outputs = [_output(item) for item in document["outputs"][:_MOST_OUTPUTS]]
        error, timed_out = document["error"], document["timed_out"] is True
        if error is not None and not _shows(outputs, str(error["ename"])):
            outputs.append(error_output(str(error["ename"]), str(error["evalue"]), [_NO_TRACEBACK]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotAnAnswer("the process answered with something that is no cell") from None
    return ExecutedCell(outputs=tuple(outputs), timed_out=timed_out)


def error_output(name: str, value: str, traceback: list[str]) -> dict[str, Any]:
    """Make the output of an exception."""
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": traceback}


def _shows(outputs: list[dict[str, Any]], name: str) -> bool:
    return any(o["output_type"] == "error" and o["ename"] == name for o in outputs)


def _output(item: dict[str, Any]) -> dict[str, Any]:
    kind = item["output_type"]
    if kind == "stream":
        name = "stderr" if item["name"] == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": _text(item["text"])}
    if kind == "error":
        lines = [_text(line) for line in item["traceback"]]
        return error_output(_text(item["ename"]), _text(item["evalue"]), lines)
    if kind not in ("display_data", "execute_result"):
        raise ValueError(kind)
    shown: dict[str, Any] = {"output_type": kind, "data": _bundle(item["data"]), "metadata": {}}
    if kind == "execute_result":
        count = item["execution_count"]
        shown["execution_count"] = count if type(count) is int else None
    return shown


def _bundle(data: dict[str, Any]) -> dict[str, str]:
    """Keep the representations that are text; what is JSON becomes text."""
    bundle = {}
    for kind, value in data.items():
        text = value if isinstance(value, str) else json.dumps(value)
        if len(text) <= _MOST_DATA:
            bundle[_text(kind)] = _text(text)
    return bundle


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text must be text")
    # A lone surrogate can be written to no file.
    return value.encode("utf-8", "replace").decode("utf-8")
