"""The JSON of jupyterquiz. https://github.com/jmshea/jupyterquiz."""

from __future__ import annotations

import json
from typing import Any

from nbjudge.exporters.quiz_exchange import (
    NO_EXPLANATION,
    Line,
    Mistake,
    Plain,
    Report,
    identifier,
    unreadable,
)

_KINDS = {"single": "multiple_choice", "multiple": "many_choice"}


def write_jupyterquiz(questions: list[Plain], report: Report) -> bytes:
    """Write questions; kinds that jupyterquiz has no word for are reported."""
    items = []
    for own in questions:
        answers = _answers(own)
        if answers is None:
            report.lost(own.id, f"jupyterquiz has no questions of kind {own.kind}; it is left out.")
            continue
        if own.use == "graded":
            report.lost(own.id, "jupyterquiz gives its key to every reader.")
        if own.points != 1:
            report.lost(own.id, f"its {own.points:g} points are not carried.")
        kind = _KINDS.get(own.kind, "numeric" if own.kind == "numeric" else "string")
        items.append({"id": own.id, "question": own.prompt, "type": kind, "answers": answers})
    return (json.dumps(items, indent=1, ensure_ascii=False) + "\n").encode()


def _answers(own: Plain) -> list[dict[str, Any]] | None:
    match own.kind:
        case "single" | "multiple":
            return [
                {"answer": line.text, "correct": line.correct, "feedback": line.explanation}
                for line in own.lines
            ]
        case "numeric":
            right: dict[str, Any] = {"type": "value", "value": own.answer}
            if own.tolerance:
                span = [own.answer - own.tolerance, own.answer + own.tolerance]
                right = {"type": "range", "range": span}
            wrong = [
                {
                    "type": "value",
                    "value": float(m.answer),
                    "correct": False,
                    "feedback": m.explanation,
                }
                for m in own.mistakes
            ]
            return [{**right, "correct": True, "feedback": own.explanation}, *wrong]
        case "short":
            right_ones = [
                {"answer": text, "correct": True, "feedback": own.explanation}
                for text in own.accept
            ]
            return right_ones + [
                {"answer": m.answer, "correct": False, "feedback": m.explanation}
                for m in own.mistakes
            ]
    return None


def read_jupyterquiz(content: bytes, report: Report) -> list[Plain]:
    """Read questions.

    Raises:
        UserError: If the file is no such JSON.
    """
    try:
        items = json.loads(content)
        taken: set[str] = set()
        found = [_read(item, taken, report) for item in items]
    except (ValueError, TypeError, KeyError, AttributeError, StopIteration) as error:
        raise unreadable("jupyterquiz JSON", repr(error)) from None
    return [own for own in found if own is not None]


def _read(item: dict[str, Any], taken: set[str], report: Report) -> Plain | None:
    prompt = str(item["question"])
    if item.get("code"):
        prompt = f"{prompt}\n\n```python\n{item['code']}\n```"
    name = identifier(str(item.get("id") or prompt), taken)
    answers = item["answers"]
    if item["type"] == "numeric":
        return _numeric(name, prompt, answers, report)
    if item["type"] == "string":
        right = [a for a in answers if a.get("correct")]
        return Plain(
            id=name,
            kind="short",
            prompt=prompt,
            accept=tuple(str(a["answer"]) for a in right),
            explanation=_feedback(right[0]) if right else NO_EXPLANATION,
            mistakes=tuple(
                Mistake(answer=str(a["answer"]), explanation=_feedback(a))
                for a in answers
                if not a.get("correct") and "answer" in a
            ),
        )
    kinds = {own: kind for kind, own in _KINDS.items()}
    if item["type"] not in kinds:
        report.lost(name, f"questions of type {item['type']!r} are not known; it is left out.")
        return None
    ids: set[str] = set()
    lines = (
        Line(
            id=identifier(str(a.get("answer") or a.get("code")), ids),
            text=str(a["answer"]) if "answer" in a else f"`{a['code']}`",
            correct=bool(a.get("correct")),
            explanation=_feedback(a),
        )
        for a in answers
    )
    return Plain(id=name, kind=kinds[item["type"]], prompt=prompt, lines=tuple(lines))


def _numeric(name: str, prompt: str, answers: list[dict[str, Any]], report: Report) -> Plain:
    right = next(a for a in answers if a.get("correct"))
    span = right.get("range", [right.get("value"), right.get("value")])
    low, high = float(span[0]), float(span[1])
    wrong = [a for a in answers if not a.get("correct") and a.get("type") == "value"]
    if any(a.get("type") == "range" for a in answers if not a.get("correct")):
        report.lost(name, "the feedback to a range of wrong numbers is not carried.")
    return Plain(
        id=name,
        kind="numeric",
        prompt=prompt,
        answer=(low + high) / 2,
        tolerance=(high - low) / 2,
        explanation=_feedback(right),
        mistakes=tuple(
            Mistake(answer=repr(float(a["value"])), explanation=_feedback(a)) for a in wrong
        ),
    )


def _feedback(answer: dict[str, Any]) -> str:
    return str(answer.get("feedback") or "").strip() or NO_EXPLANATION
