"""What students receive, made by nbgrader's own `generate_assignment`.

It runs in a scratch course folder without a database: a build never touches the
real gradebook, and an assignment that has submissions can still be compared.
"""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log
from traitlets.config.loader import Config, PyFileConfigLoader

from nbjudge.errors import UserError

CONFIG = "nbgrader_config.py"
_EXCEPTION = re.compile(r"[\w.]*(Error|Exception)\b: ")


def release_files(root: Path, assignment: str, source: Mapping[str, bytes]) -> dict[str, bytes]:
    """Release one assignment in a scratch folder.

    Args:
        root: The course, for its `nbgrader_config.py` and what lies loose in `source/`
            (headers and footers). The user's own Jupyter configuration does not count,
            so that every machine builds the same.
        assignment: nbgrader's name for it.
        source: Everything in `source/<assignment>/`, by path relative to it.

    Returns:
        Everything in `release/<assignment>/`, by path relative to it.

    Raises:
        UserError: If nbgrader refuses; says what it said.
    """
    with tempfile.TemporaryDirectory(prefix="nbjudge-release-") as scratch:
        folder = Path(scratch).resolve()
        loose = {p.name: p.read_bytes() for p in (root / "source").glob("*") if p.is_file()}
        _write(folder / "source", loose)
        _write(folder / "source" / assignment, source)
        _generate(_config(root, folder), assignment)
        return read_folder(folder / "release" / assignment)


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, by path relative to it; {} if it is missing."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _config(root: Path, scratch: Path) -> Config:
    config = Config()
    if (root / CONFIG).exists():
        config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    config.CourseDirectory.root = str(scratch)
    config.CourseDirectory.source_directory = "source"
    config.CourseDirectory.release_directory = "release"
    # What `nbgrader generate_assignment --no-db` sets.
    config.SaveCells.enabled = False
    config.GenerateAssignment.no_database = True
    return config


def _generate(config: Config, assignment: str) -> None:
    log = logging.Logger("nbjudge.release")
    folder = CourseDirectory(config=config, log=log)
    folder.assignment_id = assignment
    outcome = capture_log(GenerateAssignment(coursedir=folder, config=config, log=log))
    if not outcome["success"]:
        raise UserError(
            f"nbgrader could not make the release of {assignment}.",
            context=_reason(outcome.get("log", ""), outcome.get("error", "")),
            hint=f"`nbgrader generate_assignment {assignment} --no-db --force` says more.",
        )


def _reason(log: str, error: str) -> str:
    """Find the line that says why: the first exception, below nbgrader's own words."""
    lines = [line.removeprefix("[ERROR] ").strip() for line in f"{log}\n{error}".splitlines()]
    reasons = [line for line in lines if _EXCEPTION.match(line)]
    return reasons[0] if reasons else next((line for line in reversed(lines) if line), "")
