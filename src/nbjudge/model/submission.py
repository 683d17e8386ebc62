"""What a student handed in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """One notebook of one student, as bytes: nothing about it is trusted yet."""

    student: str
    assignment: str
    notebook: str
    """Name without `.ipynb`; the lesson's slug."""
    content: bytes
    """The file as submitted, before nbgrader touches it."""
    answers: bytes | None = None
    """The file with quiz answers beside it; None if there is none."""
    answers_problem: str = ""
    """Why what stands in the place of that file is not read; empty if nothing does."""
