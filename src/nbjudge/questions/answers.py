"""Answers as they are handed in: the file beside the notebook, and the quiz cell.

Both are the student's to edit. What is read from them is bounded and has one shape;
anything else is one sentence.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbjudge.questions.expression import Number
from nbjudge.questions.score import LONGEST_WRITTEN, Answer
from nbjudge.texts import say

FORMAT = 1
SUFFIX = ".answers.json"
"""`<slug>.answers.json`; never in `source/`: nbgrader would put it over the student's."""
QUIZ_CELL = "test_quiz"
"""`grade_id` of the points cell of all questions that no person marks."""
MAX_BYTES = 1 << 20
_MOST = 200
_LONGEST_ID = 64
_NO_VALUE = object()
"""What an expression in the quiz cell is, that would have to be run."""


class UnreadableAnswers(ValueError):
    """No answers can be read from it; `str` says why in one sentence for whoever handed it in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What somebody answered, and on which paper."""

    answers: Mapping[str, Answer]
    """Question id -> id, ids or text."""
    numbers: Mapping[str, Mapping[str, Number]] = field(default_factory=dict)
    """Question id -> the numbers that stood in it."""
    student: str = ""
    paper: str = ""
    """Id of the paper; empty if none is named."""
    lesson: str = ""
    quiz: str = ""
    """Digest of the released quiz."""
    unread: tuple[str, ...] = ()
    """What was left out because it is no answer, one sentence each."""

    @property
    def receipt(self) -> str:
        """8 hex digits that change with whatever is answered."""
        content = [self.paper, sorted((k, v) for k, v in self.answers.items() if v)]
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:8]


def answers_bytes(answers: Answers) -> bytes:
    """Encode answers for the file beside the notebook."""
    content = {
        "format": FORMAT,
        "lesson": answers.lesson,
        "student": answers.student,
        "paper": answers.paper,
        "quiz": answers.quiz,
        "receipt": answers.receipt,
        "answers": dict(answers.answers),
        "numbers": {name: dict(own) for name, own in answers.numbers.items()},
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def read_answers(content: bytes, *, salvage: bool = False) -> Answers:
    """Read the file beside the notebook.

    Args:
        content: The file.
        salvage: Leave out an answer that is none, rather than refuse them all.

    Raises:
        UnreadableAnswers: If that is impossible, and no other exception.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableAnswers(say("the file is larger than {size} MB", size=MAX_BYTES >> 20))
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UnreadableAnswers(say("the file is no JSON; it was edited or cut off")) from None
    if not isinstance(document, dict):
        raise UnreadableAnswers(say("the file holds no answers"))
    if type(document.get("format")) is not int or document["format"] != FORMAT:
        raise UnreadableAnswers(say("the file does not say a format that is known"))
    return checked_answers(document, salvage=salvage)


def checked_answers(document: Mapping[str, Any], *, salvage: bool = False) -> Answers:
    """Check what a file or a cell says.

    Args:
        document: Its fields.
        salvage: Leave out an answer that is none, rather than refuse them all.

    Raises:
        UnreadableAnswers: If it has another shape.
    """
    answers = document.get("answers", {})
    numbers = document.get("numbers", {})
    if not isinstance(answers, dict) or len(answers) > _MOST:
        raise UnreadableAnswers(say("its answers are no table of question and answer"))
    if not isinstance(numbers, dict) or len(numbers) > _MOST:
        raise UnreadableAnswers(say("its numbers are no table of question and numbers"))
    unread: list[str] = []
    return Answers(
        answers=dict(_each(answers, unread if salvage else None)),
        numbers={_id(name): _numbers(name, value) for name, value in numbers.items()},
        **{name: _label(document, name) for name in ("student", "paper", "lesson", "quiz")},
        unread=tuple(unread),
    )


def _each(
    answers: Mapping[object, object], unread: list[str] | None
) -> Iterator[tuple[str, Answer]]:
    for name, value in answers.items():
        try:
            yield _id(name), _answer(name, value)
        except UnreadableAnswers as error:
            if unread is None:
                raise
            unread.append(f"{error}; ignored")


@dataclass(frozen=True, kw_only=True, slots=True)
class QuizCell:
    """What the quiz cell of a notebook says."""

    answers: Answers | None = None
    """None if there is no cell, or it carries none."""
    problem: str = ""
    """Why its answers cannot be read."""


def answers_in_cells(sources: Iterable[str], lesson: str) -> QuizCell:
    """Find a lesson's graded answers in the code cells of a notebook; nothing is run.

    Of several cells the last that carries answers counts.

    Args:
        sources: The code cells.
        lesson: The slug; a cell names it or the beginning of it.
    """
    found = QuizCell()
    for source in sources:
        for call in quiz_calls(source, lesson):
            try:
                carried = _carried(call)
            except UnreadableAnswers as error:
                found = QuizCell(problem=str(error))
                continue
            if carried is not None:
                found = QuizCell(answers=carried)
    return found


def is_quiz_cell(grade_id: str) -> bool:
    """Say whether a `grade_id` is that of a quiz's points cell."""
    return grade_id == QUIZ_CELL or grade_id.startswith(f"{QUIZ_CELL}_")


def written_cell(question: str) -> str:
    """Return the `grade_id` of a written question's points cell."""
    return f"{QUIZ_CELL}_{question.replace('-', '_')}"


def quiz_calls(source: str, lesson: str) -> list[ast.Call]:
    """Return the calls of `quiz` for a lesson's graded paper that stand alone in a cell's lines.

    Args:
        source: A code cell; not trusted, not run.
        lesson: The slug; a call names it or the beginning of it.
    """
    return [call for call in _calls(source) if _is_about(call, lesson)]


def _calls(source: str) -> list[ast.Call]:
    if "quiz" not in source or len(source) > MAX_BYTES:
        return []
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [
        node.value
        for node in tree.body
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "quiz"
    ]


def _is_about(call: ast.Call, lesson: str) -> bool:
    is_practice = any(k.arg == "practice" and _is_true(k.value) for k in call.keywords)
    named = call.args[0] if call.args else None
    if is_practice or not isinstance(named, ast.Constant) or not isinstance(named.value, str):
        return False
    return named.value == lesson or lesson.startswith(f"{named.value}_")


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and bool(node.value)


def _carried(call: ast.Call) -> Answers | None:
    fields = {k.arg: _plain_value(k.value) for k in call.keywords if k.arg}
    if not fields.get("answers"):
        return None
    if any(value is _NO_VALUE for value in fields.values()):
        raise UnreadableAnswers(say("the answers in the quiz cell are no plain values"))
    return checked_answers(fields, salvage=True)


def _plain_value(node: ast.expr) -> object:
    """Return what a literal says; of a table, each entry by itself."""
    if isinstance(node, ast.Dict):
        keys = [_NO_VALUE if key is None else _plain_value(key) for key in node.keys]
        if all(isinstance(key, str) for key in keys):
            return dict(zip(keys, map(_plain_value, node.values), strict=True))
    try:
        value: object = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _NO_VALUE
    return value


def _id(name: object) -> str:
    if not isinstance(name, str) or not name or len(name) > _LONGEST_ID:
        raise UnreadableAnswers(say("one of its questions has no name that could be one"))
    return name.encode("utf-8", "replace").decode()


def _label(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name, "")
    if not isinstance(value, str) or len(value) > 200:
        raise UnreadableAnswers(say("its {name} is no short text", name=name))
    return value.encode("utf-8", "replace").decode()


def _answer(name: object, value: object) -> Answer:
    if type(value) in (int, float):
        value = repr(value)
    if value is None:
        return ""
    if isinstance(value, str) and len(value) <= LONGEST_WRITTEN:
        return value.encode("utf-8", "replace").decode()
    if (
        isinstance(value, (list, tuple))
        and len(value) <= _MOST
        and all(isinstance(item, str) and len(item) <= _LONGEST_ID for item in value)
    ):
        return [item.encode("utf-8", "replace").decode() for item in value]
    raise UnreadableAnswers(
        say("the answer to {name!r} is neither text nor a list of ids", name=str(name)[:60])
    )


def _numbers(name: object, value: object) -> dict[str, Number]:
    if isinstance(value, dict) and len(value) <= _MOST:
        own = {k: v for k, v in value.items() if isinstance(k, str) and _is_number(v)}
        if len(own) == len(value):
            return own
    raise UnreadableAnswers(say("the numbers of {name!r} are none", name=str(name)[:60]))


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and abs(value) < 1e300  # type: ignore[arg-type]
