"""The quiz in a lesson: its points cells in the text, its public part beside the notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nbjudge.authoring.lesson_text import LessonText, TextCell
from nbjudge.authoring.sections import section_anchors
from nbjudge.errors import LessonError
from nbjudge.model import Course, Lesson
from nbjudge.questions.answers import QUIZ_CELL, is_quiz_cell, quiz_calls, written_cell
from nbjudge.questions.bank import Bank
from nbjudge.questions.bank_file import read_bank
from nbjudge.questions.quiz_file import Quiz, quiz_bytes
from nbjudge.questions.release import release_quiz


def load_quiz_bank(course: Course, slug: str) -> Bank | None:
    """Read a lesson's bank; None if it has none.

    Raises:
        LessonError: If it breaks a rule.
    """
    path = course.quiz_bank(slug)
    return read_bank(path, bank_name(slug)) if path.exists() else None


def bank_name(slug: str) -> str:
    """Name a lesson's bank for messages."""
    return f"grader_tests/{slug}/quiz.yaml"


def quiz_files(course: Course, lesson: Lesson) -> dict[str, bytes]:
    """Return what of a lesson's bank goes into `source/<assignment>/`; {} without a bank.

    Raises:
        LessonError: If the bank breaks a rule or cannot be shown.
    """
    bank = load_quiz_bank(course, lesson.slug)
    if bank is None:
        return {}
    about = Quiz(
        lesson=lesson.slug,
        course=course.id,
        assignment=lesson.assignment,
        title=lesson.title,
        questions=(),
        practice_keys={},
    )
    quiz, _ = release_quiz(bank, course.suite_folder(lesson.slug), about)
    anchors = section_anchors(course.text(lesson.slug))
    questions = (replace(q, section=anchors.get(q.section, q.section)) for q in quiz.questions)
    quiz = replace(quiz, questions=tuple(questions))
    return {course.quiz(lesson.assignment, lesson.slug).name: quiz_bytes(quiz)}


def quiz_points(course: Course, slug: str) -> dict[str, float]:
    """Return the points of each quiz points cell that a lesson must have.

    Raises:
        LessonError: If the bank breaks a rule.
    """
    bank = load_quiz_bank(course, slug)
    graded = bank.of_use("graded") if bank else []
    one_each = {question.group or f" {question.id}": question for question in graded}.values()
    marked = [question.points for question in one_each if question.kind != "written"]
    points = {QUIZ_CELL: float(sum(marked))} if marked else {}
    written = (question for question in graded if question.kind == "written")
    return points | {written_cell(question.id): float(question.points) for question in written}


def with_quiz_points(text: LessonText, points: Mapping[str, float]) -> LessonText:
    """Put the bank's points into the quiz's points cells, which say none.

    Args:
        text: The lesson's text.
        points: What `quiz_points` returned.

    Raises:
        LessonError: If a points cell is missing, is one too many or says something else.
    """
    own = {cell.grade_id: cell for cell in text.cells if is_quiz_cell(cell.grade_id)}
    for name, cell in own.items():
        _check_cell(text, name, cell, points)
    for name in points:
        if name not in own:
            raise LessonError(
                f"The quiz has no points cell {name}.",
                context=text.name,
                hint=f"below the cell with quiz(...) put one: grade_id {name}, "
                f'source check("{name.removeprefix("test_")}").',
            )
    _check_quiz_cell(text, own)
    filled = (
        replace(cell, metadata=_with_points(cell, points[cell.grade_id]))
        if is_quiz_cell(cell.grade_id)
        else cell
        for cell in text.cells
    )
    return replace(text, cells=tuple(filled))


def _with_points(cell: TextCell, points: float) -> dict[str, object]:
    whole = int(points) if points.is_integer() else points
    return {**cell.metadata, "nbgrader": {**cell.nbgrader, "points": whole}}


def _check_cell(text: LessonText, name: str, cell: TextCell, points: Mapping[str, float]) -> None:
    bank = bank_name(text.path.stem)
    if name not in points:
        raise LessonError(
            f"The points cell {name} has no graded question.",
            context=text.where(cell),
            hint=f"write the question in {bank}, or take the cell out.",
        )
    if "points" in cell.nbgrader:
        raise LessonError(
            f"The points cell {name} says its points, which the bank decides.",
            context=text.where(cell),
            hint=f"take `points` out; {bank} gives {points[name]:g}.",
        )
    if cell.kind != "code" or cell.source.strip() != f'check("{name.removeprefix("test_")}")':
        raise LessonError(
            f'The points cell {name} must say only check("{name.removeprefix("test_")}").',
            context=text.where(cell),
        )


def _check_quiz_cell(text: LessonText, own: Mapping[str, TextCell]) -> None:
    """A graded quiz is answered above its points cells, in a cell that is its own."""
    slug = text.path.stem
    quizzes = [c for c in text.cells if c.kind == "code" and quiz_calls(c.source, slug)]
    for name, cell in own.items():
        if not any(quiz.start < cell.start for quiz in quizzes):
            raise LessonError(
                f"No quiz stands above the points cell {name}.",
                context=text.where(cell),
                hint=f'put a cell above it that says only quiz("{"_".join(slug.split("_")[:2])}").',
            )
    for quiz in quizzes:
        if quiz.nbgrader or quiz.is_setup or len(quiz.source.strip().splitlines()) > 1:
            raise LessonError(
                "The quiz shares its cell with other code.",
                context=text.where(quiz),
                hint="give it a cell of its own, without nbgrader's metadata: running it "
                "writes the answers into it.",
            )
