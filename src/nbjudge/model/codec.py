"""Results as JSON bytes and back: jobs cross process and machine boundaries as these."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any, TypeVar, cast

from nbjudge.model.outcome import Outcome
from nbjudge.model.quiz_result import QuestionResult, QuizResult
from nbjudge.model.result import (
    CaseResult,
    CellRun,
    ExerciseResult,
    GradingResult,
    NamedMistake,
)
from nbjudge.texts import from_plain, to_plain

_R = TypeVar(
    "_R", CaseResult, ExerciseResult, GradingResult, NamedMistake, QuestionResult, QuizResult
)

FORMAT = 1
"""Raised when a field changes its meaning; an unknown format is refused, never guessed."""


def result_to_json(result: GradingResult) -> bytes:
    """Encode a result as UTF-8 JSON with sorted keys."""
    return json.dumps(result_to_document(result), sort_keys=True, ensure_ascii=False).encode()


def result_to_document(result: GradingResult) -> dict[str, Any]:
    """Return a result as plain data, for a document that holds more than that."""
    document: dict[str, Any] = to_plain(asdict(result))
    return {"format": FORMAT, **document}


def result_from_json(data: bytes) -> GradingResult:
    """Decode what `result_to_json` wrote.

    Raises:
        ValueError: If `data` is no such document or has another format.
    """
    return result_from_document(json.loads(data))


def result_from_document(document: Any) -> GradingResult:
    """Build what `result_to_document` returned; the document is used up.

    Raises:
        ValueError: If `document` is no such document or has another format.
    """
    if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
        raise ValueError(f"a stored result must have format {FORMAT}")
    document["exercises"] = tuple(_exercise(item) for item in document["exercises"])
    document["quizzes"] = tuple(_quiz(item) for item in document.get("quizzes", ()))
    document["cells"] = tuple(CellRun(**item) for item in document["cells"])
    return _build(GradingResult, document)


def _exercise(item: dict[str, Any]) -> ExerciseResult:
    item["cases"] = tuple(
        _build(CaseResult, {**case, "outcome": Outcome(case["outcome"])}) for case in item["cases"]
    )
    item["named"] = tuple(_build(NamedMistake, mistake) for mistake in item["named"])
    return _build(ExerciseResult, item)


def _quiz(item: dict[str, Any]) -> QuizResult:
    item["questions"] = tuple(_question(question) for question in item["questions"])
    return _build(QuizResult, item)


def _question(item: dict[str, Any]) -> QuestionResult:
    for name in ("explanations", "rubric"):
        item[name] = tuple(tuple(pair) for pair in item[name])
    return _build(QuestionResult, item)


def _build(kind: Callable[..., _R], values: dict[str, Any]) -> _R:
    unknown = sorted(set(values) - {field.name for field in fields(cast("Any", kind))})
    if unknown:
        raise ValueError(
            f"a stored {cast('Any', kind).__name__} must not have {', '.join(unknown)}"
        )
    return kind(**{k: _field(v) for k, v in values.items()})


def _field(value: Any) -> Any:
    """Return a field's value: lists are tuples, and an object is a sentence."""
    if isinstance(value, list):
        return tuple(map(_field, value))
    return from_plain(value) if isinstance(value, dict) else value
