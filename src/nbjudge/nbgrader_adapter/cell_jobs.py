"""From a restored notebook to what its worker is told: sources, files, limits."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import Execute
from nbgrader.utils import find_all_files, is_grade

from nbjudge.cells import CellsJob
from nbjudge.errors import UserError
from nbjudge.nbgrader_adapter.settings import NbJudge
from nbjudge.nbgrader_adapter.submissions import is_plain_file

_UNLIMITED_S = 24 * 3600.0
"""For `c.Execute.timeout = None`: the limit of all cells together ends them."""
SKIP = "skip-execution"


def cells_to_run(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells that run, as Jupyter's own executor chooses them.

    The tag that has a cell skipped does not work on a test cell: one that does not
    run has no error, which would be full marks.
    """
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and cell.source.strip()
        and (is_grade(cell) or SKIP not in cell.metadata.get("tags", []))
    ]


def cells_job(
    notebook: NotebookNode,
    *,
    where: Mapping[str, str],
    coursedir: Any,
    settings: NbJudge,
    excluded: Iterable[str] = (),
) -> CellsJob:
    """Describe a notebook's run.

    Args:
        notebook: Restored: hidden tests are in it.
        where: `student`, `assignment`, `notebook`.
        coursedir: nbgrader's `CourseDirectory`.
        settings: The judge's, with the course's configuration.
        excluded: `c.Autograde.exclude_overwriting` of the assignment.
    """
    student, assignment = where["student"], where["assignment"]
    submitted = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
    source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
    files = {**_files(submitted, coursedir), **_instructors(source, coursedir, excluded)}
    seconds = Execute(parent=settings).timeout
    return CellsJob(
        student=student,
        assignment=assignment,
        notebook=where["notebook"],
        sources=tuple(cell.source for cell in cells_to_run(notebook)),
        files=tuple(sorted(files.items())),
        timeout_s=float(seconds) if seconds and seconds > 0 else _UNLIMITED_S,
        limits=settings.cell_limits(sum(os.path.getsize(path) for path in files.values())),
    )


def refuse_other_kernels(kernelspecs: Mapping[str, Mapping[str, str]], assignment: str) -> None:
    """Refuse notebooks that only an ordinary kernel can run.

    Args:
        kernelspecs: Of the released notebooks, by name.
        assignment: Theirs.

    Raises:
        UserError: If one is not for Python; says how nbgrader runs it all the same.
    """
    for name, spec in sorted(kernelspecs.items()):
        language = spec.get("language") or ("python" if _sounds_like_python(spec) else "")
        if language.lower() != "python":
            raise UserError(
                f"{name}.ipynb is for the kernel {spec.get('name', '')!r} "
                f"({spec.get('display_name', language)}); nbjudge isolates Python only.",
                context=f"assignment {assignment}",
                hint="to have nbgrader itself run it, in an ordinary kernel without isolation, "
                f"add c.NbJudge.leave_to_nbgrader = ['{assignment}/{name}'] to nbgrader_config.py.",
            )


def _sounds_like_python(spec: Mapping[str, str]) -> bool:
    name = spec.get("name", "")
    return not name or name.startswith("python")


def _files(folder: Path, coursedir: Any) -> dict[str, str]:
    """Return the files beside a notebook, by their path below its folder; no links."""
    found = find_all_files(str(folder), [*coursedir.ignore, "*.ipynb"])
    return {str(Path(path).relative_to(folder)): path for path in found if is_plain_file(path)}


def _instructors(folder: Path, coursedir: Any, excluded: Iterable[str]) -> dict[str, str]:
    files = _files(folder, coursedir)
    for name in excluded:
        files.pop(name, None)
    return files
