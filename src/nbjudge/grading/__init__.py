"""One submission, and many."""

from nbjudge.grading.judge import Judge, JudgeSettings
from nbjudge.grading.many import grade_all, judge_for

__all__ = ["Judge", "JudgeSettings", "grade_all", "judge_for"]
