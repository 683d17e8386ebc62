"""A bank made ready: the quiz as students get it, and the keys that stay behind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nbjudge.questions.bank import Bank
from nbjudge.questions.question import AnswerKey
from nbjudge.questions.quiz_file import Quiz, quiz_bytes
from nbjudge.questions.split import split


def release_quiz(bank: Bank, folder: Path, about: Quiz) -> tuple[Quiz, Mapping[str, AnswerKey]]:
    """Split a bank.

    Args:
        bank: The author's.
        folder: Where its figures lie.
        about: A quiz without questions: lesson, course, assignment and title.

    Returns:
        What may be released, and every key.

    Raises:
        LessonError: If a formula or figure cannot be shown.
    """
    questions, keys = split(bank, folder)
    practice = {q.id: keys[q.id] for q in questions if q.use == "practice"}
    quiz = replace(about, questions=tuple(questions), practice_keys=practice)
    return replace(quiz, digest=json.loads(quiz_bytes(quiz))["digest"]), keys
