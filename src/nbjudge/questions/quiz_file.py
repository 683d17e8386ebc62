"""`<slug>.quiz.json`: a lesson's questions as students get them.

Practice questions come with their keys, since they explain themselves at once; graded
ones never do, and a file in which one does is refused on both sides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from nbjudge.errors import UserError
from nbjudge.questions.draw import Drawable, Spread
from nbjudge.questions.question import AnswerKey, Criterion, Entry, Mistake, Question, Words
from nbjudge.texts import say

FORMAT = 1
SUFFIX = ".quiz.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quiz:
    """What is released of one lesson's bank."""

    lesson: str
    course: str
    """Public course id."""
    assignment: str
    title: str
    questions: tuple[Question, ...]
    practice_keys: Mapping[str, AnswerKey]
    digest: str = ""
    """Of everything in it; filled in by reading and writing."""

    def of_use(self, use: str) -> list[Question]:
        """Return the graded or the practice questions."""
        return [question for question in self.questions if question.use == use]

    @property
    def points(self) -> float:
        """What a paper's questions are worth that are marked without a person."""
        return points_of(q for q in self.of_use("graded") if q.kind != "written")


def points_of(questions: Iterable[Question]) -> float:
    """Add the points; of a group's variants only one counts."""
    return float(sum({q.group or f" {q.id}": q.points for q in questions}.values()))


def quiz_bytes(quiz: Quiz) -> bytes:
    """Encode a quiz; equal quizzes give equal bytes."""
    keys = dict(quiz.practice_keys)
    graded = {question.id for question in quiz.of_use("graded")}
    if graded & set(keys):
        raise ValueError(f"a released key must be of a practice question; got {graded & set(keys)}")
    content = {
        "format": FORMAT,
        "lesson": quiz.lesson,
        "course": quiz.course,
        "assignment": quiz.assignment,
        "title": quiz.title,
        "questions": [_question_json(question) for question in quiz.questions],
        "practice_keys": {name: _lean(asdict(key), AnswerKey) for name, key in keys.items()},
    }
    content["digest"] = _digest(content)
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def load_quiz(path: Path) -> Quiz:
    """Read a released quiz.

    Raises:
        UserError: If it is missing, damaged, of another format, or gives a graded key away.
    """
    hint = say("download the assignment again, or ask whoever released it.")
    try:
        content = json.loads(path.read_bytes())
        if content.get("format") != FORMAT:
            raise UserError(
                say(
                    "The quiz has format {format!r}; this nbjudge knows {known}.",
                    format=content.get("format"),
                    known=FORMAT,
                ),
                context=str(path),
                hint=say("install the nbjudge that the course asks for."),
            )
        quiz = Quiz(
            lesson=str(content["lesson"]),
            course=str(content["course"]),
            assignment=str(content["assignment"]),
            title=str(content["title"]),
            questions=tuple(_question(item) for item in content["questions"]),
            practice_keys={k: _key(v) for k, v in content["practice_keys"].items()},
            digest=str(content["digest"]),
        )
    except FileNotFoundError:
        raise UserError(say("There is no quiz here."), context=str(path), hint=hint) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            say("The quiz cannot be read: {error!r}.", error=error), context=str(path), hint=hint
        ) from None
    given_away = {q.id for q in quiz.of_use("graded")} & set(quiz.practice_keys)
    if given_away:
        raise UserError(
            say(
                "The quiz gives the key of a graded question away: {name}.",
                name=sorted(given_away)[0],
            ),
            context=str(path),
            hint=say("build it again, and never edit it by hand."),
        )
    return quiz


def _digest(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _question_json(question: Question) -> dict[str, Any]:
    flat = asdict(replace(question, drawable=Drawable(spreads={})))
    flat.pop("drawable")
    lean = _lean(flat, Question)
    if question.drawable.spreads:
        lean["draw"] = {name: _spread_json(s) for name, s in question.drawable.spreads.items()}
        lean["where"] = question.drawable.where
    return lean


def _spread_json(spread: Spread) -> Any:
    if isinstance(spread, range):
        return {"first": spread.start, "last": spread[-1], "step": spread.step}
    return list(spread)


def _lean(flat: dict[str, Any], kind: type) -> dict[str, Any]:
    """Leave out what is as it would be anyway."""
    defaults = {name: f.default for name, f in kind.__dataclass_fields__.items()}  # type: ignore[attr-defined]
    return {k: v for k, v in flat.items() if v != defaults[k] and v not in ({}, (), [])}


def _question(item: dict[str, Any]) -> Question:
    rest = dict(item)
    spreads = {name: _spread(value) for name, value in rest.pop("draw", {}).items()}
    drawable = Drawable(spreads=spreads, where=rest.pop("where", ""))
    entries = tuple(Entry(id=e["id"], words=Words(**e["words"])) for e in rest.pop("entries", ()))
    prompt = Words(**rest.pop("prompt"))
    return Question(**rest, prompt=prompt, entries=entries, drawable=drawable)


def _spread(value: Any) -> Spread:
    if isinstance(value, dict):
        return range(value["first"], value["last"] + 1, value["step"])
    return tuple(value)


def _key(item: dict[str, Any]) -> AnswerKey:
    rest = dict(item)
    explanation = rest.pop("explanation", None)
    mistakes = [
        Mistake(
            answer=m["answer"], accept=tuple(m["accept"]), explanation=Words(**m["explanation"])
        )
        for m in rest.pop("mistakes", ())
    ]
    return AnswerKey(
        question=rest.pop("question"),
        right=tuple(rest.pop("right", ())),
        also=tuple(tuple(order) for order in rest.pop("also", ())),
        accept=tuple(rest.pop("accept", ())),
        explanation=Words(**explanation) if explanation else None,
        entries={k: Words(**v) for k, v in rest.pop("entries", {}).items()},
        mistakes=tuple(mistakes),
        rubric=tuple(Criterion(**c) for c in rest.pop("rubric", ())),
        **rest,
    )
