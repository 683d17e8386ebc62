"""Show that the suites of a lesson accept what is right and refuse what is wrong.

The suites are collected once; every implementation meets its own in a fork.
"""

from __future__ import annotations

from collections.abc import Sequence

from nbjudge.authoring.prove_exercise import ExerciseProver, Progress
from nbjudge.authoring.prove_model import ExerciseProof
from nbjudge.errors import LessonError
from nbjudge.model import Course, Lesson
from nbjudge.suite.session import SuiteSession, with_suite


def prove_lesson(
    course: Course,
    lesson: Lesson,
    exercises: Sequence[str] = (),
    *,
    rounds: int = 20,
    progress: Progress = lambda *_: None,
) -> list[ExerciseProof]:
    """Prove the suites of a lesson.

    Args:
        course: The course.
        lesson: Its lesson.
        exercises: Which of its exercises; all of them by default.
        rounds: Rounds of random inputs for right answers.
        progress: Called after each implementation.

    Raises:
        LessonError: If the lesson has no such exercise or its bank contradicts itself.
        GraderFault: If the suite cannot be collected.
    """
    proofs: list[ExerciseProof] = []

    def use(suite: SuiteSession) -> None:
        known = list(dict.fromkeys(case.exercise for case in suite.cases))
        for exercise in exercises or known:
            if exercise not in known:
                raise LessonError(
                    f"{lesson.slug} has no suite of {exercise!r}.",
                    context=str(course.suite_folder(lesson.slug)),
                    hint=f"it has: {', '.join(known)}.",
                )
            prover = ExerciseProver(course, lesson, suite, exercise, progress=progress)
            proofs.append(prover.prove(rounds))

    with_suite(course.root, lesson.slug, use)
    return proofs
