"""What is run, and what came out of it; both cross processes as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from nbjudge.model import Limits

FORMAT = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class CellsJob:
    """The code cells of one notebook, with the files that lie beside it."""

    student: str
    notebook: str
    sources: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    """(path as the notebook sees it, path on this machine), sorted."""
    timeout_s: float
    """Wall seconds of one cell."""
    limits: Limits
    assignment: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExecutedCell:
    """One cell's outputs in nbformat's shape: checked, but still the student's words."""

    outputs: tuple[dict[str, Any], ...]
    timed_out: bool = False
    killed: bool = False
    """Its process ended, or had to be ended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExecutedCells:
    """All cells of a job, in its order."""

    cells: tuple[ExecutedCell, ...] = ()
    isolation: str = ""
    fault: str = ""
    """The grader's: the cells were not run, and no mark may be written."""

    @property
    def is_final(self) -> bool:
        """Say whether another try would end the same way."""
        return not self.fault and not any(cell.timed_out or cell.killed for cell in self.cells)

    def to_json(self) -> bytes:
        """Encode."""
        return json.dumps({"format": FORMAT, **asdict(self)}).encode()

    @classmethod
    def from_json(cls, data: bytes) -> ExecutedCells:
        """Decode what `to_json` wrote.

        Raises:
            ValueError: If it is something else.
        """
        document = json.loads(data)
        if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
            raise ValueError(f"executed cells must have format {FORMAT}")
        cells = tuple(
            replace(ExecutedCell(**cell), outputs=tuple(cell["outputs"]))
            for cell in document["cells"]
        )
        return cls(**{**document, "cells": cells})
