"""Which cells of a submission run, and where each exercise is judged.

Roles come from the released lesson, by cell id and source; of a submission's own
metadata only a known `grade_id` counts. Whatever a student does to the cells,
every exercise is judged exactly once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbjudge.model import Exercise
from nbjudge.notebook.lesson import LessonNotebook, comparable, grade_id
from nbjudge.notebook.untouched import is_untouched
from nbjudge.texts import say


@dataclass(frozen=True, kw_only=True, slots=True)
class RunCell:
    """Run one cell."""

    position: int
    """Counted from 1 over all submitted cells; 0 for a setup cell that was put back."""
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgeExercise:
    """Judge an exercise in the state reached here."""

    exercise: Exercise
    untouched: bool
    """The answer is still the released stub."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CellPlan:
    """What to do with one submission, from left to right."""

    steps: tuple[RunCell | JudgeExercise, ...]
    notes: tuple[str, ...]
    """What was odd and how it was read, for a person. Plain text."""


def plan_cells(lesson: LessonNotebook, submitted: Mapping[str, Any]) -> CellPlan:
    """Decide what runs and where each exercise is judged.

    Setup, solution and student-added code cells run, and demonstrations that differ
    from every released one; unchanged demonstrations and points cells do not.

    Args:
        lesson: The released lesson.
        submitted: What `read_notebook` returned.
    """
    roles = _Roles(lesson, submitted["cells"])
    places, notes = _judging_places(lesson, roles)
    missing = [cell for cell in lesson.setup if cell.id not in roles.setup_ids]
    steps: list[RunCell | JudgeExercise] = [RunCell(position=0, source=c.source) for c in missing]
    for position in range(len(roles.cells) + 1):
        if position in roles.running:
            steps.append(RunCell(position=position, source=roles.source(position)))
        steps += [_judged(lesson, roles, e) for e in lesson.exercises if places[e.id] == position]
    put_back = [say("a setup cell was deleted; put back at the front")] * bool(missing)
    return CellPlan(steps=tuple(steps), notes=(*put_back, *roles.notes, *notes))


class _Roles:
    """Every submitted cell's role; positions count from 1."""

    def __init__(self, lesson: LessonNotebook, cells: list[dict[str, Any]]) -> None:
        self.cells = cells
        self.notes: list[str] = []
        self.setup_ids: set[str] = set()
        self.solutions: dict[str, list[int]] = {e.id: [] for e in lesson.exercises}
        self.points: dict[str, list[int]] = {e.id: [] for e in lesson.exercises}
        self.running: list[int] = []
        for position, cell in enumerate(cells, start=1):
            self._assign(lesson, position, cell)
        for exercise in lesson.exercises:
            self._leave_out_points_cells(exercise)

    def source(self, position: int) -> str:
        return str(self.cells[position - 1]["source"])

    def _assign(self, lesson: LessonNotebook, position: int, cell: dict[str, Any]) -> None:
        claimed, is_code = grade_id(cell), cell["cell_type"] == "code"
        setup = _setup_id(lesson, cell)
        if setup:
            self.setup_ids.add(setup)
        elif claimed in self.solutions:
            self.solutions[claimed].append(position)
            if not is_code:
                self.notes.append(
                    say(
                        "the solution cell of {name} was turned into a {kind} cell; read as code",
                        name=claimed,
                        kind=cell["cell_type"],
                    )
                )
                is_code = True
        elif claimed in lesson.points_cells:
            self.points[lesson.points_cells[claimed].id].append(position)
        elif comparable(cell["source"]) in lesson.demonstrations:
            return
        if is_code and cell["source"].strip():
            self.running.append(position)

    def _leave_out_points_cells(self, exercise: Exercise) -> None:
        """Copies with other code in them are the student's own cells; the rest do not run."""
        places = self.points[exercise.id]
        call = f"check({exercise.id})"
        for position in places:
            plain = "".join(self.source(position).split()).replace('"', "").replace("'", "")
            if position in self.running and (position == places[-1] or plain == call):
                self.running.remove(position)


def _setup_id(lesson: LessonNotebook, cell: dict[str, Any]) -> str:
    """Return the id of the setup cell that this one is, "" if none; emptied means deleted."""
    source = comparable(cell["source"])
    if cell["cell_type"] != "code" or not source.strip():
        return ""
    for setup in lesson.setup:
        if cell["id"] == setup.id or source == comparable(setup.source):
            return setup.id
    return ""


def _judging_places(lesson: LessonNotebook, roles: _Roles) -> tuple[dict[str, int], list[str]]:
    """Return after which position each exercise is judged, and what was odd about it."""
    places: dict[str, int] = {}
    notes: list[str] = []
    for exercise in lesson.exercises:
        name, points, solutions = (
            exercise.id,
            roles.points[exercise.id],
            roles.solutions[exercise.id],
        )
        if not solutions:
            notes.append(say("the solution cell of {name} was deleted", name=name))
        elif len(solutions) > 1:
            notes.append(
                say(
                    "the solution cell of {name} is there {count} times; all ran",
                    name=name,
                    count=len(solutions),
                )
            )
        if not points:
            places[name] = solutions[-1] if solutions else len(roles.cells)
            notes.append(
                say(
                    "the points cell of {name} was deleted; judged after its solution cell",
                    name=name,
                )
                if solutions
                else say("the points cell of {name} was deleted; judged at the end", name=name)
            )
            continue
        places[name] = points[-1]
        if len(points) > 1:
            notes.append(
                say(
                    "the points cell of {name} is there {count} times; the last counts",
                    name=name,
                    count=len(points),
                )
            )
        if solutions and solutions[0] > points[-1]:
            places[name] = solutions[0]
            notes.append(
                say(
                    "the points cell of {name} stands above its solution cell; judged below",
                    name=name,
                )
            )
    return places, notes


def _judged(lesson: LessonNotebook, roles: _Roles, exercise: Exercise) -> JudgeExercise:
    own = roles.solutions[exercise.id]
    released = {comparable(setup.source) for setup in lesson.setup}
    others = [roles.source(p) for p in roles.running if p not in own]
    untouched = is_untouched(
        exercise.id,
        solution_cells=[roles.source(p) for p in own],
        other_cells=[source for source in others if comparable(source) not in released],
        answer=lesson.solutions[exercise.id],
    )
    return JudgeExercise(exercise=exercise, untouched=untouched)
