"""The texts of a bank as learners get them: with their examples, up to the course's rung."""

from __future__ import annotations

from collections.abc import Callable

from nbjudge.authoring.sections import section_anchors, with_anchor
from nbjudge.authoring.worked_examples import read_worked_examples, require_used, with_example
from nbjudge.model import Course, Lesson, Misconception
from nbjudge.naming.bank import Bank
from nbjudge.naming.ladder import up_to_rung


def learner_texts(
    course: Course, lesson: Lesson, bank: Bank
) -> Callable[[Misconception], Misconception]:
    """Return what puts a misconception's texts as learners get them.

    It raises LessonError if the misconception names no section of the lesson.

    Raises:
        LessonError: If a worked example is not true or belongs to nothing.
    """
    folder, text = course.suite_folder(lesson.slug), course.text(lesson.slug)
    examples = read_worked_examples(folder)
    names = {name for entries in bank.entries.values() for name in entries}
    require_used(examples, {*section_anchors(text), *names}, folder)

    def put(misconception: Misconception) -> Misconception:
        full = with_anchor(with_example(misconception, examples), text)
        return up_to_rung(full, lesson.rungs)

    return put
