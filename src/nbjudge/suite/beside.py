"""Things of a suite that live in the student's process, such as a model to work on.

A function that a suite passes is called where the suite is, on copies. Where an
exercise works on an object itself (it counts the parameters of a module,
replaces its layers, asks what a function keeps for its backward pass), the
object has to be where the student's code is.
"""

from __future__ import annotations

from typing import Any

from nbjudge.suite.hidden_source import ship
from nbjudge.suite.proxy import StudentProxy


def beside(student: object, definition: Any) -> Any:
    """Define a function or class of the suite's in the student's process.

    Its source goes there, with the statements of its module that it uses. Nothing about it is
    secret: the student's code can read and change it, so judge by values, not by what it reports.

    Args:
        student: The `student` of the case.
        definition: A function or class at the top level of the suite's module, or of a library.

    Returns:
        The definition there: call it to get an object to pass to the student's functions.

    Raises:
        UserError: If it is defined elsewhere, or uses an answer or a hidden test.
    """
    source = ship(definition, public=True)  # an author, who needs none, learns of its errors too
    return student._caller.define(source) if isinstance(student, StudentProxy) else definition
