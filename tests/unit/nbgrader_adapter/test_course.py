from __future__ import annotations

import logging
from pathlib import Path

import pytest

from nbjudge.nbgrader_adapter.course import NbgraderCourse

_FULL = Path("/dev/full")


@pytest.mark.skipif(not _FULL.exists(), reason="no device that is always full")
def test_a_log_on_a_full_disk_is_lost_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    course = NbgraderCourse()
    capsys.readouterr()  # it says that there is no configuration here
    with course.log_to(_FULL):
        logging.getLogger().error("no room for this")

    assert capsys.readouterr() == ("", "")
