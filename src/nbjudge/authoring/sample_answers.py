"""Quiz answers for a made-up class: right ones, or whatever stands first on the paper."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from nbjudge.authoring.sample_notebooks import Notebook, to_bytes
from nbjudge.model import Course
from nbjudge.questions.answers import Answers, quiz_calls
from nbjudge.questions.bank_file import read_bank
from nbjudge.questions.paper import DrawnQuestion, draw_paper
from nbjudge.questions.question import AnswerKey
from nbjudge.questions.quiz_file import load_quiz
from nbjudge.questions.score import right_answer
from nbjudge.questions.split import keys_of
from nbjudge.student.quiz_cell import cell_source


def with_quiz_answers(
    course: Course, slug: str, content: bytes, student: str, *, right: bool
) -> bytes:
    """Return a notebook whose quiz cell carries a student's answers on their own paper.

    Args:
        course: Has `source/` of the lesson.
        slug: The lesson; without a graded quiz the notebook stays as it is.
        content: A notebook; one that cannot be read stays as it is.
        student: Whose paper.
        right: Whether every answer is right.
    """
    released = course.quiz(course.lesson(slug).assignment, slug)
    if not released.exists():
        return content
    try:
        notebook: Notebook = json.loads(content)
    except ValueError:
        return content
    quiz = load_quiz(released)
    paper = draw_paper(quiz, student)
    if not paper.questions:
        return content
    keys = keys_of(read_bank(course.quiz_bank(slug), course.quiz_bank(slug).name))
    own = {drawn.id: _answer(drawn, keys[drawn.id], right=right) for drawn in paper.questions}
    given = Answers(
        answers=own,
        numbers={d.id: d.numbers for d in paper.questions if d.numbers},
        student=paper.student,
        paper=paper.id,
        lesson=slug,
        quiz=quiz.digest,
    )
    cells = [_carrying(cell, slug, given) for cell in notebook["cells"]]
    return to_bytes({**notebook, "cells": cells})


def _answer(drawn: DrawnQuestion, key: AnswerKey, *, right: bool) -> str | Sequence[str]:
    kind = drawn.question.kind
    if not drawn.entries:
        return right_answer(drawn, key) if right else "1"
    ids = key.right if right else (drawn.entries[0].id,)
    return ids[0] if kind == "single" else list(ids)


def _carrying(cell: dict[str, Any], slug: str, given: Answers) -> dict[str, Any]:
    source = "".join(cell["source"])
    if cell["cell_type"] != "code" or not quiz_calls(source, slug):
        return cell
    return {**cell, "source": cell_source("_".join(slug.split("_")[:2]), given)}
