from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import nbgrader
import pytest
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, GetGrades, LimitOutput, SaveAutoGrades
from traitlets.config import Config

from nbjudge.nbgrader_adapter.feedback_page import DescribePage
from nbjudge.nbgrader_adapter.install import (
    AUTOGRADE,
    GENERATE_ASSIGNMENT,
    GENERATE_FEEDBACK,
    SANITIZE,
    install,
)


def installed(c: Config | None = None) -> Config:
    c = Config() if c is None else c
    install(c)
    return c


def paths(classes: list[type]) -> list[str]:
    return [f"{c.__module__.split('.')[0]}.preprocessors.{c.__name__}" for c in classes]


def test_loading_the_configuration_does_not_import_nbgrader():
    code = (
        "import sys; from traitlets.config import Config; import nbjudge.nbgrader_adapter as a;"
        "a.install(Config()); print([m for m in sys.modules if m.split('.')[0] == 'nbgrader'])"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_judging_and_saving_take_the_place_of_execution_and_of_scoring_outputs():
    c = installed()
    assert c.Autograde.sanitize_preprocessors == list(SANITIZE)
    assert c.Autograde.autograde_preprocessors == list(AUTOGRADE)
    assert not [path for path in AUTOGRADE if path.endswith((".Execute", "SaveAutoGrades"))]


def test_every_name_in_the_settings_can_be_imported_by_nbgrader():
    c = installed()
    autograde = Autograde(config=c)
    autograde.exporter = autograde.exporter_class()
    for pp in (*SANITIZE, *AUTOGRADE, *GENERATE_ASSIGNMENT, *GENERATE_FEEDBACK):
        autograde.exporter.register_preprocessor(pp)


def test_nbgraders_own_steps_are_all_kept_behind_ours():
    assert list(GENERATE_ASSIGNMENT[1:]) == paths(GenerateAssignment.preprocessors.default_args[0])
    # It gets the grades; nbconvert's style sheets are of another design.
    stock = [GetGrades, CSSHTMLHeaderPreprocessor]
    assert GenerateFeedback.preprocessors.default_args[0] == stock
    assert issubclass(DescribePage, GetGrades)
    ignored = CourseDirectory.ignore.default_args[0]
    assert installed().CourseDirectory.ignore[: len(ignored)] == ignored


def test_a_list_set_before_keeps_its_own_steps_in_their_order():
    c = Config()
    c.Autograde.autograde_preprocessors = [
        "mine.First",
        Execute,
        LimitOutput(),
        "nbgrader.preprocessors.SaveAutoGrades",
    ]
    steps = installed(c).Autograde.autograde_preprocessors
    assert [steps[0], steps[1], steps[3]] == ["mine.First", AUTOGRADE[0], AUTOGRADE[2]]
    assert isinstance(steps[2], LimitOutput)
    assert SaveAutoGrades not in steps


def test_a_list_set_before_without_our_step_gets_it_at_the_front():
    c = Config()
    c.GenerateFeedback.preprocessors = ["mine.First"]
    expected = [*GENERATE_FEEDBACK, "mine.First"]
    assert installed(c).GenerateFeedback.preprocessors == expected


def test_a_step_appended_before_or_after_the_line_is_kept():
    c = Config()
    c.GenerateAssignment.preprocessors.append("mine.Before")
    install(c)
    c.GenerateAssignment.preprocessors.append("mine.After")
    expected = [*GENERATE_ASSIGNMENT, "mine.Before", "mine.After"]
    assert c.GenerateAssignment.preprocessors == expected


def test_installing_twice_changes_nothing():
    once, twice = installed(), installed(installed())
    assert once == twice


def test_an_exporter_of_the_instructors_is_left_and_said_so(caplog: pytest.LogCaptureFixture):
    c = Config()
    c.ExportApp.plugin_class = "mine.Canvas"
    with caplog.at_level(logging.WARNING):
        assert installed(c).ExportApp.plugin_class == "mine.Canvas"
    assert caplog.messages == [
        "nbgrader_config.py sets c.ExportApp.plugin_class itself: nbjudge leaves it, "
        "and nbjudge.exporters.marks.MarksExporter is not used."
    ]


def test_filters_of_the_instructors_are_kept():
    c = Config()
    c.HTMLExporter.filters = {"shout": "mine.shout"}
    filters = installed(c).HTMLExporter.filters
    assert set(filters) == {"shout", "markdown2html", "fit_into_page"}


def test_pages_take_ours_first_and_the_rest_from_nbgraders_templates():
    ours, theirs = installed().HTMLExporter.extra_template_basedirs
    assert (Path(ours) / "feedback" / "index.html.j2").exists()
    assert Path(theirs).is_relative_to(Path(nbgrader.__file__).parent)
    assert (Path(theirs) / "feedback" / "index.html.j2").exists()


def test_a_folder_of_templates_of_the_instructors_is_kept():
    c = Config()
    c.HTMLExporter.extra_template_basedirs = ["mine"]
    assert installed(c).HTMLExporter.extra_template_basedirs[1:] == ["mine"]
