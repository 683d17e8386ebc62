"""What a lesson still lacks, each with its place and the cure.

The rules that make a lesson unbuildable are the build's own; what is added here
is what a lesson can be built without and should not be published without.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbjudge.authoring.answers import Answers, read_answers
from nbjudge.authoring.lesson_text import read_text
from nbjudge.authoring.lint_contents import contents_findings
from nbjudge.authoring.lint_model import Finding, finding_of
from nbjudge.authoring.lint_quiz import quiz_findings
from nbjudge.authoring.lint_suite import bank_findings, case_findings
from nbjudge.authoring.lint_text import text_findings
from nbjudge.authoring.quiz_cells import bank_name, quiz_points, with_quiz_points
from nbjudge.authoring.signatures import method_key
from nbjudge.authoring.source_notebook import source_notebook, suites
from nbjudge.authoring.stubs import functions_of
from nbjudge.errors import LessonError
from nbjudge.model import Course, Lesson

LONGEST_BODY = 40
"""Lines; a longer answer is an exercise in two parts."""


def lint_lesson(course: Course, lesson: Lesson) -> list[Finding]:
    """Return everything that a lesson lacks, text first; empty if it is complete."""
    found: list[Finding] = []
    try:
        text = read_text(course.text(lesson.slug))
    except LessonError as error:
        return [finding_of(error)]
    try:
        answers = read_answers(course.solution(lesson.slug))
        whole = with_quiz_points(text, quiz_points(course, lesson.slug))
        source_notebook(whole, answers, suites(course, lesson.slug))
        found += _long_bodies(answers)
    except LessonError as error:  # the build stops at its first rule
        if bank_name(lesson.slug) not in error.context:  # `quiz_findings` says all of those
            found.append(finding_of(error))
    found += text_findings(text)
    exercises = [c.grade_id for c in text.cells if c.nbgrader.get("solution")]
    found += bank_findings(course, lesson.slug, exercises)
    found += quiz_findings(course, lesson.slug)
    found += case_findings(course, lesson.slug, exercises)
    found += contents_findings(course, lesson.slug)
    return list(dict.fromkeys(found))


def _long_bodies(answers: Answers) -> Iterator[Finding]:
    for definition in answers.definitions.values():
        for function in functions_of(definition).values():
            length = len(answers.body(function).lines)
            if length > LONGEST_BODY:
                yield Finding(
                    place=f"{answers.name}, line {function.lineno}",
                    message=f"The body of {method_key(function)} has {length} lines.",
                    hint=f"{LONGEST_BODY} are enough for an exercise; make it two.",
                )
