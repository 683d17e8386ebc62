"""What an answer to one question earns, and what to say about it.

The same rules run in the learner's kernel for practice and at the judge for marks. An
answer comes from outside: whatever its shape, it gets a sentence and no more than it earns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nbjudge.questions.expression import BadExpression, Number, evaluate, shown_number
from nbjudge.questions.number import NotANumber, read_number
from nbjudge.questions.paper import DrawnQuestion
from nbjudge.questions.question import CHOICES, AnswerKey, Words
from nbjudge.texts import say

Answer = str | Sequence[str]
LONGEST_SHORT = 200
LONGEST_WRITTEN = 20_000
_ROUNDING = 1e-9
"""Relative: what floating point may do to a key that is compared exactly."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """One question's verdict."""

    fraction: float | None
    """Of its points, in [0, 1]; None if a person marks it."""
    explanations: tuple[tuple[str, Words], ...] = ()
    """What each explanation is about (an option's text, or nothing), and the explanation."""
    problem: str = ""
    """Why the answer could not be read as one. Plain text."""


def score(drawn: DrawnQuestion, key: AnswerKey, answer: Answer | None) -> Scored:
    """Mark one answer.

    Args:
        drawn: The question as the student saw it.
        key: Its key.
        answer: Ids, or what was typed; None or empty if there is none.

    Raises:
        BadExpression: If the key itself has no value with these numbers.
    """
    kind = drawn.question.kind
    if not answer or (isinstance(answer, str) and not answer.strip()):
        return Scored(fraction=0.0)
    values = key_values(drawn, key)
    if kind == "written":
        return (
            Scored(fraction=None)
            if isinstance(answer, str)
            else _wrong_kind(say("the answer is not a text"))
        )
    if kind in ("numeric", "short"):
        if not isinstance(answer, str):
            return _wrong_kind(say("the answer is not a text"))
        return _number(key, values, answer) if kind == "numeric" else _short(key, values, answer)
    if kind == "single" and not isinstance(answer, str):
        return _wrong_kind(say("the answer is not the id of one option"))
    ids = [answer] if isinstance(answer, str) else list(answer)
    problem = _problem_with(drawn, ids)
    if problem:
        return Scored(fraction=0.0, problem=problem)
    if kind in CHOICES:
        fraction = _choice(key, ids)
    else:
        fraction = max(_order(right, ids) for right in (key.right, *key.also))
    return Scored(fraction=fraction, explanations=tuple(_of_entries(drawn, key, values, ids)))


def key_values(drawn: DrawnQuestion, key: AnswerKey) -> dict[str, Number]:
    """Return the drawn numbers and what the key's `let` makes of them.

    Raises:
        BadExpression: If one has no value.
    """
    values = dict(drawn.numbers)
    for name, expression in key.let.items():
        values[name] = evaluate(expression, values)
    return values


def right_answer(drawn: DrawnQuestion, key: AnswerKey) -> str:
    """Word the right answer, in Markdown."""
    kind = drawn.question.kind
    if kind == "numeric":
        unit = f" {drawn.question.unit}" if drawn.question.unit else ""
        return f"{shown_number(evaluate(key.answer, key_values(drawn, key)))}{unit}"
    if kind == "short":
        return key.accept[0] if key.accept else ""
    if kind == "written":
        return key.model_answer
    return worded(drawn, key.right)


def worded(drawn: DrawnQuestion, answer: Answer | None) -> str:
    """Word an answer, in Markdown: an option's text for its id."""
    if not answer:
        return ""
    texts = {entry.id: entry.words.text for entry in drawn.entries}
    if not texts:
        return answer if isinstance(answer, str) else ", ".join(answer)
    ids = [answer] if isinstance(answer, str) else list(answer)
    own = [texts.get(name, name) for name in ids]
    if drawn.question.kind == "order":
        return "\n".join(own)
    return "; ".join(own)


def _wrong_kind(problem: str) -> Scored:
    return Scored(fraction=0.0, problem=problem)


def _problem_with(drawn: DrawnQuestion, ids: list[str]) -> str:
    known = {entry.id for entry in drawn.entries}
    unknown = [name for name in ids if name not in known]
    if unknown:
        return say(
            "the answer names {name!r}, which this question does not have",
            name=unknown[0][:60],
        )
    return say("the answer names one line or option twice") if len(set(ids)) < len(ids) else ""


def _choice(key: AnswerKey, ids: list[str]) -> float:
    """Right ones minus wrong ones over all right ones, never below zero."""
    right = len(set(ids) & set(key.right))
    return max(0.0, (2 * right - len(ids)) / len(key.right))


def _order(right: Sequence[str], ids: list[str]) -> float:
    """Share of neighbours (both ends count as such) kept, less lines that do not belong."""
    if list(right) == ids:
        return 1.0
    foreign = len(set(ids) - set(right))
    ours = [None, *(name for name in ids if name in right), None]
    wanted = [None, *right, None]
    pairs = set(pairwise(wanted))
    kept = sum(pair in pairs for pair in pairwise(ours))
    return max(0.0, min(kept - foreign, len(pairs) - 1) / len(pairs))


def _of_entries(
    drawn: DrawnQuestion, key: AnswerKey, values: Mapping[str, Number], ids: Iterable[str]
) -> Iterable[tuple[str, Words]]:
    texts = {entry.id: entry.words.text for entry in drawn.entries}
    for name in ids:
        if name in key.entries:
            yield texts[name], key.entries[name].filled(values)


def _number(key: AnswerKey, values: Mapping[str, Number], answer: str) -> Scored:
    try:
        given = read_number(answer, key.units)
    except NotANumber as error:
        return Scored(fraction=0.0, problem=str(error))
    if is_near(given, evaluate(key.answer, values), key):
        return _explained(1.0, key.explanation, values)
    for mistake in key.mistakes:
        if _is_value_near(given, mistake.answer, values, key):
            return _explained(0.0, mistake.explanation, values)
    return _explained(0.0, key.explanation, values)


def is_near(given: float, wanted: float, key: AnswerKey) -> bool:
    """Say whether a number is within a key's tolerance, at the wider of both."""
    allowed = max(key.absolute, key.relative * abs(wanted), _ROUNDING * abs(wanted))
    # The rounding of the comparison itself is nobody's mistake.
    return abs(given - wanted) <= allowed * (1 + 1e-12)


def _is_value_near(
    given: float, expression: str, values: Mapping[str, Number], key: AnswerKey
) -> bool:
    try:
        return is_near(given, evaluate(expression, values), key)
    except BadExpression:  # a mistake need not have a value with all numbers
        return False


def _short(key: AnswerKey, values: Mapping[str, Number], answer: str) -> Scored:
    if len(answer) > LONGEST_SHORT:
        return Scored(
            fraction=0.0,
            problem=say("an answer has at most {count} characters", count=LONGEST_SHORT),
        )
    own = plain(answer)
    if own in {plain(text) for text in key.accept} or _matches(key.pattern, answer):
        return _explained(1.0, key.explanation, values)
    for mistake in key.mistakes:
        if own in {plain(text) for text in mistake.accept}:
            return _explained(0.0, mistake.explanation, values)
    return _explained(0.0, key.explanation, values)


def plain(text: str) -> str:
    """Bring a short answer to one form: letter case, spaces, hyphens, a final stop."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(" " if c.isspace() or c in "-_\u2010\u2013\u2014" else c for c in folded)
    return " ".join(words.strip(" .!?\"'").split())


def _matches(pattern: str, answer: str) -> bool:
    text = " ".join(unicodedata.normalize("NFKC", answer).split())
    return bool(pattern) and re.fullmatch(pattern, text, re.IGNORECASE) is not None


def _explained(fraction: float, explanation: Words | None, values: Mapping[str, Number]) -> Scored:
    said = (("", explanation.filled(values)),) if explanation else ()
    return Scored(fraction=fraction, explanations=said)
