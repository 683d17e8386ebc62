"""What does not belong beside a feedback page.

nbgrader copies every file of `autograded/` there, a megabyte of public examples for each
student among them. The page has all that it shows inside.
"""

from __future__ import annotations

from pathlib import Path

from nbjudge.questions.answers import SUFFIX as ANSWERS
from nbjudge.questions.quiz_file import SUFFIX as QUIZ
from nbjudge.student.quiz_folder import PRACTICE
from nbjudge.student.released import SUFFIX as PROBES


def leave_out(folder: Path, notebook: str) -> None:
    """Remove what nbjudge released, or wrote, beside a notebook; other files stay.

    Args:
        folder: A student's, in `feedback/`.
        notebook: Its name, without suffix.
    """
    for suffix in (PROBES, QUIZ, ANSWERS, PRACTICE):
        (folder / f"{notebook}{suffix}").unlink(missing_ok=True)
