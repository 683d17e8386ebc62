"""An exercise, as the instructor's notebook declares it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Exercise:
    """One graded definition: a solution cell, the points cell that follows it, a suite.

    The id is the name that the student implements and the `grade_id` of the
    solution cell.
    """

    id: str
    points: float
    points_cell: str
    """`grade_id` of the points cell: `test_<id>`."""

    def __post_init__(self) -> None:
        if not self.id.isidentifier():
            raise ValueError(f"an exercise id must be a Python name; got {self.id!r}")
        if not self.points >= 0:
            raise ValueError(f"points of {self.id} must be >= 0; got {self.points!r}")
