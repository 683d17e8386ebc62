"""Notebooks as data: reading them, their cells by role, what to run and when."""

from nbjudge.notebook.lesson import LessonNotebook, SetupCell, read_lesson
from nbjudge.notebook.plan import CellPlan, JudgeExercise, RunCell, plan_cells
from nbjudge.notebook.read import UnreadableNotebook, read_notebook

__all__ = [
    "CellPlan",
    "JudgeExercise",
    "LessonNotebook",
    "RunCell",
    "SetupCell",
    "UnreadableNotebook",
    "plan_cells",
    "read_lesson",
    "read_notebook",
]
