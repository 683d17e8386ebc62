from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nbjudge.sandbox.base import View
from nbjudge.sandbox.linux.view import view_paths

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the view is Linux's")


def names(view: View) -> set[str]:
    return {Path(path).name for path in view_paths(view).shown}


def test_a_notebook_without_a_suite_can_import_what_is_installed() -> None:
    assert {"numpy", "nbformat", "pytest"} <= names(View.INSTALLED)
    assert "nbformat" not in names(View.NUMPY)


def test_what_the_working_folder_calls_a_package_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "course-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: course\nVersion: 1\n")
    (info / "RECORD").write_text("source/ps1/p1.ipynb,,\n")
    (tmp_path / "source").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))

    assert not any(path.startswith(str(tmp_path)) for path in view_paths(View.INSTALLED).shown)
