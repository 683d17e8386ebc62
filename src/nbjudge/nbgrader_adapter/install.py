"""The settings that put the judge into nbgrader.

A list that the instructor's file set before keeps its entries and their order:
only nbgrader's own classes that would run or score student code are replaced.
Whatever the file sets after the line wins.
"""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from traitlets.config.loader import Config, LazyConfigValue

_HERE = "nbjudge.nbgrader_adapter"
_STOCK = "nbgrader.preprocessors"

SANITIZE = (
    f"{_HERE}.restore.RestoreCells",
    f"{_STOCK}.OverwriteKernelspec",
    f"{_STOCK}.CheckCellMetadata",
)
"""Submitted notebook -> the same notebook with nothing forged in it."""

AUTOGRADE = (
    f"{_HERE}.judging.JudgeSubmission",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    f"{_HERE}.marks.SaveJudgedGrades",
    f"{_STOCK}.AssignLatePenalties",
    f"{_STOCK}.CheckCellMetadata",
)
"""`LimitOutput` and `IgnorePattern` are left out: no output of a student's remains."""

GENERATE_ASSIGNMENT: tuple[str, ...] = (
    f"{_HERE}.release.ForgetBuild",
    f"{_STOCK}.IncludeHeaderFooter",
    f"{_STOCK}.InstantiateTests",
    f"{_STOCK}.LockCells",
    f"{_STOCK}.ClearSolutions",
    f"{_STOCK}.ClearOutput",
    f"{_STOCK}.CheckCellMetadata",
    f"{_STOCK}.ComputeChecksums",
    f"{_STOCK}.SaveCells",
    f"{_STOCK}.ClearHiddenTests",
    f"{_STOCK}.ClearMarkScheme",
    f"{_STOCK}.ComputeChecksums",
    f"{_STOCK}.CheckCellMetadata",
)
"""nbgrader's own list behind ours."""

GENERATE_FEEDBACK: tuple[str, ...] = (
    f"{_HERE}.feedback.HideTests",
    f"{_HERE}.feedback_page.DescribePage",
)
"""The second gets the grades too; the page brings its own style."""

_TEMPLATES = str(Path(__file__).parent / "templates")
"""What nbgrader's pages use in the place of a template of nbconvert's with the same name."""

_REPLACES = {
    "ClearOutput": "",  # `RestoreCells` does it, for every cell
    "DeduplicateIds": "",
    "OverwriteCells": SANITIZE[0],
    "Execute": AUTOGRADE[0],
    "SaveAutoGrades": AUTOGRADE[2],
}
"""When grading: nbgrader's class -> ours; empty for what one of ours does as well."""

_IGNORED_FILES = (
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    ".nbjudge",
    ".pytest_cache",
    ".git",
    ".venv",
)
"""nbgrader's own four, then what must never be copied to or from a student."""


def install(c: Config) -> None:
    """Make stock nbgrader judge with nbjudge: call once in `nbgrader_config.py`.

    Changes settings only; `c.NbJudge.weakest_isolation` may be set before or after.

    Args:
        c: nbgrader's configuration object, from `get_config()`.
    """
    _merge_list(c, "Autograde", "sanitize_preprocessors", SANITIZE, required=SANITIZE[:1])
    _merge_list(c, "Autograde", "autograde_preprocessors", AUTOGRADE, required=AUTOGRADE[:1])
    for section, ours, required in (
        ("GenerateAssignment", GENERATE_ASSIGNMENT, 1),
        ("GenerateFeedback", GENERATE_FEEDBACK, 2),
    ):
        _merge_list(c, section, "preprocessors", ours, required=ours[:required])
    basedirs = (_TEMPLATES, *_nbgrader_templates())
    _merge_list(c, "HTMLExporter", "extra_template_basedirs", basedirs, required=(_TEMPLATES,))
    _merge_list(c, "CourseDirectory", "ignore", _IGNORED_FILES, required=_IGNORED_FILES[4:])
    _set_unless_set(c, "Autograde", "exporter_class", f"{_HERE}.exporter.SubmissionExporter")
    exporter = f"{_HERE}.feedback_exporter.FeedbackExporter"
    _set_unless_set(c, "GenerateFeedback", "exporter_class", exporter)
    _set_unless_set(c, "ExportApp", "plugin_class", "nbjudge.exporters.marks.MarksExporter")
    _add_filter(c, "markdown2html", f"{_HERE}.feedback.safe_markdown2html")
    _add_filter(c, "fit_into_page", f"{_HERE}.feedback_page.fit_into_page")


def _merge_list(
    c: Config, section: str, name: str, ours: tuple[str, ...], *, required: tuple[str, ...]
) -> None:
    """Set a list to ours, or put what is required at the front of the instructor's.

    `c.X.y.append(z)` on an unset list leaves a lazy value that applies to a default: ours.
    """
    theirs = c[section].get(name)
    if theirs is None:
        merged: list[Any] = list(ours)
    elif isinstance(theirs, LazyConfigValue):
        merged = list(theirs.get_value(list(ours)))
    else:
        merged = list(theirs)
        if section == "Autograde":
            merged = [new for entry in theirs if (new := _replacement(entry)) != ""]
        merged = [*(entry for entry in required if entry not in merged), *merged]
    c[section][name] = merged


def _nbgrader_templates() -> list[str]:
    """Return the folder of nbgrader's own templates, which it leaves out once another is set.

    Found without importing nbgrader, which takes two seconds.
    """
    package = importlib.util.find_spec("nbgrader")
    folders = (package and package.submodule_search_locations) or []
    return [str(Path(f) / "server_extensions" / "formgrader" / "templates") for f in folders]


def _replacement(entry: Any) -> Any:
    """Return what stands in for an entry of the instructor's list; "" for nothing.

    An entry is an import path, a class or an instance.
    """
    kind = entry if isinstance(entry, (str, type)) else type(entry)
    path = kind if isinstance(kind, str) else f"{kind.__module__}.{kind.__qualname__}"
    name = path.rpartition(".")[2]
    return _REPLACES.get(name, entry) if path.startswith("nbgrader.") else entry


def _set_unless_set(c: Config, section: str, name: str, value: str) -> None:
    if name not in c[section]:
        c[section][name] = value
    elif c[section][name] != value:
        logging.getLogger(__name__).warning(
            "nbgrader_config.py sets c.%s.%s itself: nbjudge leaves it, and %s is not used.",
            section,
            name,
            value,
        )


def _add_filter(c: Config, name: str, value: str) -> None:
    theirs = c.HTMLExporter.get("filters")
    if isinstance(theirs, LazyConfigValue):
        theirs = theirs.get_value({})
    filters = dict(theirs) if isinstance(theirs, Mapping) else {}
    c.HTMLExporter.filters = {name: value, **filters}
