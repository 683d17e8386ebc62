"""Finds submissions that are alike, for `nbjudge report --similar`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nbjudge.nbgrader_adapter.course import NbgraderCourse
from nbjudge.notebook import UnreadableNotebook, read_notebook
from nbjudge.notebook.lesson import nbgrader
from nbjudge.reports.similar import SimilarPair, similar_pairs


def similar_submissions(assignment: str) -> list[SimilarPair]:
    """Compare the answers in what was handed in, as it lies in the course's folder.

    Raises:
        UserError: If nothing was handed in, or copydetect is not installed.
    """
    course = NbgraderCourse()
    names = course.notebooks(assignment)
    code: dict[str, str] = {}
    for folder in course.submissions(assignment):
        contents = (folder.path / f"{name}.ipynb" for name in names)
        code[folder.student] = "\n".join(_answers(path) for path in contents)
    released = "\n".join(_answers(Path("release") / assignment / f"{name}.ipynb") for name in names)
    return similar_pairs({who: own for who, own in code.items() if own.strip()}, released)


def _answers(path: Path) -> str:
    """Return the code that a student wrote; "" where nothing can be read."""
    try:
        cells = read_notebook(path.read_bytes())["cells"]
    except (OSError, UnreadableNotebook):
        return ""
    return "\n\n".join(cell["source"] for cell in cells if _is_answer(cell))


def _is_answer(cell: Mapping[str, object]) -> bool:
    return cell["cell_type"] == "code" and nbgrader(cell).get("solution") is True
