"""What an instructor may set for the judge in `nbgrader_config.py`."""

from __future__ import annotations

from pathlib import Path

from traitlets import Unicode
from traitlets.config import Configurable

from nbjudge.grading import JudgeSettings
from nbjudge.sandbox.base import Isolation
from nbjudge.sandbox.registry import DEFAULT_WEAKEST


class NbJudge(Configurable):
    """`c.NbJudge.<name> = <value>`."""

    weakest_isolation = Unicode(
        DEFAULT_WEAKEST.value,
        help=(
            "The weakest isolation under which submissions may run, one of "
            f"{', '.join(Isolation)}. Where the machine offers less, nothing is judged."
        ),
    ).tag(config=True)

    def judge_settings(self, root: Path) -> JudgeSettings:
        """Return what a judge for the course below `root` needs; the judge checks it."""
        return JudgeSettings(root=root, weakest_isolation=self.weakest_isolation)
