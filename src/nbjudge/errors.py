"""Whose problem it is: the three kinds of error, for three audiences.

A *submission's* problem is never an exception here: it is an `Outcome` and a
sentence in the result (`nbjudge.model`). What remains is either something the
person at the keyboard can cure (`UserError`) or a failure of the grader itself
(`GraderFault`), which must never cost a student a mark.

This module imports nothing else of nbjudge.
"""

from __future__ import annotations


class NbJudgeError(Exception):
    """Base of every error that nbjudge raises on purpose."""


class UserError(NbJudgeError):
    """Something an instructor, author or administrator can cure.

    Shown without a traceback; the command line exits with code 2.

    Args:
        message: What is wrong, in one sentence.
        context: Where: a file and line, a cell, a setting. May be empty.
        hint: How to cure it. May be empty, if the message already says it.
    """

    def __init__(self, message: str, *, context: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.context = context
        self.hint = hint

    def __str__(self) -> str:
        lines = [self.message]
        if self.context:
            lines.append(f"  where: {self.context}")
        if self.hint:
            lines.append(f"  to cure it: {self.hint}")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the parts when the error crosses a process boundary."""
        return (_rebuild_user_error, (type(self), self.message, self.context, self.hint))


def _rebuild_user_error(kind: type[UserError], message: str, context: str, hint: str) -> UserError:
    return kind(message, context=context, hint=hint)


class SandboxUnavailable(UserError):
    """This host cannot isolate as strongly as was asked for."""


class LessonError(UserError):
    """A lesson's files contradict each other or break a rule of the course."""


class GraderFault(NbJudgeError):
    """The grader failed, not the submission: no mark may be written.

    Only what does *not* depend on bytes from the worker may become a fault.
    """
