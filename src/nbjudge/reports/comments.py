"""What the gradebook says beside a mark, and how to read it back.

A comment is the one place in nbgrader's gradebook where words travel to the
formgrader, to the feedback page and to an exporter.
"""

from __future__ import annotations

from nbjudge.texts import later, say

NO_RESPONSE = later("No response.")
"""nbgrader's own words for an answer that was not touched."""
_PROBLEM = later(
    "Not judged: {problem}. This is about the file that was handed in. There is no mark yet; "
    "a person decides."
)
_NOT_JUDGED, _PROBLEM_END = _PROBLEM.split("{problem}")
_GRADER_FAILED = later("The grader failed here; the submission is not to blame.")
_NO_MARK = later("There is no mark yet; a person will look at it.")
_STALE_MARK = later("The mark shown is from an earlier grading; a person will look at it.")


def problem_comment(problem: str) -> str:
    """Word the submission's problem: nothing in it could be judged."""
    return f"{_NOT_JUDGED}{problem}{_PROBLEM_END}"


def fault_comment(*, has_earlier_mark: bool) -> str:
    """Word the grader's fault, without its details: students read this."""
    return f"{_GRADER_FAILED} " + (_STALE_MARK if has_earlier_mark else _NO_MARK)


def why_a_person(comment: str | None) -> str:
    """Return in short why a comment asks for a person; "" if it does not.

    Reads what `problem_comment` and `fault_comment` wrote.
    """
    text = comment or ""
    if text.startswith(_NOT_JUDGED):
        return text.removeprefix(_NOT_JUDGED).removesuffix(_PROBLEM_END)
    if text.startswith(_GRADER_FAILED):
        stale = "; the earlier mark is stale" if text.endswith(_STALE_MARK) else ""
        return f"the grader failed{stale}"
    return ""


def comment_said(comment: str) -> str:
    """Return a comment in the language in use, if the words are ours or nbgrader's.

    The gradebook holds them in English, for nbgrader and the instructor read them too.
    """
    if comment.startswith(_NOT_JUDGED) and comment.endswith(_PROBLEM_END):
        problem = comment.removeprefix(_NOT_JUDGED).removesuffix(_PROBLEM_END)
        return say(_PROBLEM, problem=problem)
    if comment == NO_RESPONSE:
        return say(NO_RESPONSE)
    for ending in (_NO_MARK, _STALE_MARK):
        if comment == f"{_GRADER_FAILED} {ending}":
            return f"{say(_GRADER_FAILED)} {say(ending)}"
    return comment
