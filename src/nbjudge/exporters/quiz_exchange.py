"""Questions on their way to and from other systems: one plain shape between all formats.

What a format cannot carry is a sentence in the report; nothing is dropped in silence.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from nbjudge.errors import UserError
from nbjudge.questions.bank import Bank, Question
from nbjudge.questions.bank_fields import Item, Option
from nbjudge.questions.bank_kinds import Numeric
from nbjudge.questions.expression import Number, evaluate, fill

NO_EXPLANATION = "No explanation came with this; say why it is right or wrong."
_FIGURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)[^)]*\)")
_MATH = re.compile(r"(?<!\\)\$(?!\$)([^$\n]+?)(?<!\\)\$")
_TEX = re.compile(r"\\\((.+?)\\\)", re.DOTALL)
_MARK = re.compile(r"([\\`*_{}\[\]()>#+\-.!:|])")
_MARKED = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!:|])")
_BACKSLASHED, _FIRST = r"\\\1", r"\1"
_MARKDOWN_TEX = re.compile(r"\\\\\((.+?)\\\\\)", re.DOTALL)
_TAG = re.compile(r"<[^<>]+>")
_BREAK = re.compile(r"<(?:/p|br ?/?|/div|/li)>\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """A known wrong number or text, with what to say about it."""

    answer: str
    explanation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """An option, or a line to order."""

    id: str
    text: str
    explanation: str
    correct: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Plain:
    """A question without anything drawn: what other systems know."""

    id: str
    kind: str
    prompt: str
    use: str = "practice"
    points: float = 1.0
    lines: tuple[Line, ...] = ()
    """Options; or what is to be ordered, in order, `correct`, then what does not belong."""
    answer: float = 0.0
    tolerance: float = 0.0
    """Absolute."""
    accept: tuple[str, ...] = ()
    explanation: str = ""
    mistakes: tuple[Mistake, ...] = ()
    model_answer: str = ""
    rubric: tuple[tuple[float, str], ...] = ()


@dataclass(kw_only=True, slots=True)
class Report:
    """What did not fit."""

    losses: list[str] = field(default_factory=list)

    def lost(self, question: str, what: str) -> None:
        """Note a loss."""
        self.losses.append(f"{question}: {what}")


def plain_questions(bank: Bank, report: Report) -> list[Plain]:
    """Settle a bank's questions: numbers are drawn once and stay."""
    return [_plain(question, report) for question in bank.questions]


def _plain(own: Question, report: Report) -> Plain:
    numbers = next(own.sample())
    values = own.values(numbers)
    if numbers:
        shown = ", ".join(f"{name} = {value:g}" for name, value in numbers.items())
        report.lost(own.id, f"its numbers are fixed, for everybody, to {shown}.")
    if own.group:
        report.lost(own.id, f"it is one of the variants {own.group!r}; here it stands by itself.")
    about: dict[str, Any] = {"id": own.id, "kind": own.kind, "use": own.use, "points": own.points}
    about["prompt"] = fill(own.prompt, values)
    made = Plain(**about, **_content(own, values, report))
    texts = [made.prompt, made.explanation, made.model_answer]
    texts += [text for line in made.lines for text in (line.text, line.explanation)]
    for name in dict.fromkeys(_FIGURE.findall("\n".join(texts))):
        report.lost(own.id, f"the figure {name} is not carried.")
    return made


def _content(own: Question, values: dict[str, Number], report: Report) -> dict[str, Any]:
    if isinstance(own, Numeric):
        return _numeric(own, values, report)
    match own.kind:
        case "single" | "multiple":
            lines: list[tuple[Option | Item, bool]] = [(o, o.correct) for o in own.options]
        case "order":
            lines = [(i, True) for i in own.items]
            lines += [(i, False) for i in own.distractors]
            if own.also:
                report.lost(own.id, "other right orders are not carried.")
        case "short":
            if own.pattern:
                report.lost(own.id, f"the pattern {own.pattern!r} is not carried.")
            wrong = [
                Mistake(answer=text, explanation=fill(w.explanation, values))
                for w in own.wrong
                for text in w.accept
            ]
            explanation = fill(own.explanation, values)
            return {"accept": own.accept, "explanation": explanation, "mistakes": tuple(wrong)}
        case "written":
            rubric = tuple((c.points, c.text) for c in own.rubric)
            return {"model_answer": own.model_answer, "rubric": rubric}
    return {
        "lines": tuple(
            Line(
                id=item.id,
                text=fill(item.text, values),
                explanation=fill(item.explanation, values),
                correct=is_right,
            )
            for item, is_right in lines
        )
    }


def _numeric(own: Numeric, values: dict[str, Number], report: Report) -> dict[str, Any]:
    answer = float(evaluate(own.answer, values))
    if own.units or own.unit:
        report.lost(own.id, f"the unit {own.unit or next(iter(own.units))!r} is not carried.")
    wrong = (
        Mistake(
            answer=repr(float(evaluate(w.answer, values))),
            explanation=fill(w.explanation, values),
        )
        for w in own.wrong
    )
    return {
        "answer": answer,
        "tolerance": max(own.tolerance.absolute, own.tolerance.relative * abs(answer)),
        "explanation": fill(own.explanation, values),
        "mistakes": tuple(wrong),
    }


def bank_document(questions: Iterable[Plain]) -> dict[str, Any]:
    """Return questions in the shape of `quiz.yaml`."""
    return {"format": 1, "questions": [_document(question) for question in questions]}


def _document(own: Plain) -> dict[str, Any]:
    made: dict[str, Any] = {"id": own.id, "use": own.use, "kind": own.kind, "prompt": own.prompt}
    if own.points != 1:
        made["points"] = own.points
    lines = [{"id": i.id, "text": i.text, "explanation": i.explanation} for i in own.lines]
    match own.kind:
        case "single" | "multiple":
            marks = [{"correct": True} if line.correct else {} for line in own.lines]
            made["options"] = [line | mark for line, mark in zip(lines, marks, strict=True)]
        case "order":
            pairs = list(zip(lines, own.lines, strict=True))
            made["items"] = [line for line, i in pairs if i.correct]
            made |= {"distractors": d} if (d := [n for n, i in pairs if not i.correct]) else {}
        case "numeric":
            tolerance: Any = {"absolute": own.tolerance} if own.tolerance else "exact"
            made |= {"answer": own.answer, "tolerance": tolerance, "explanation": own.explanation}
            wrong = [{"answer": m.answer, "explanation": m.explanation} for m in own.mistakes]
            made |= {"wrong": wrong} if wrong else {}
        case "short":
            made |= {"accept": list(own.accept), "explanation": own.explanation}
            texts = [{"accept": [m.answer], "explanation": m.explanation} for m in own.mistakes]
            made |= {"wrong": texts} if texts else {}
        case "written":
            rubric = own.rubric or ((own.points, "What a good answer says."),)
            made["rubric"] = [{"points": points, "text": text} for points, text in rubric]
            made["model_answer"] = own.model_answer or NO_EXPLANATION
    return made


def with_tex(text: str) -> str:
    r"""Write `$x$` as `\(x\)`, which most systems know."""
    return _MATH.sub(r"\\(\1\\)", text)


def with_dollars(text: str) -> str:
    r"""Write `\(x\)` as `$x$`."""
    return _TEX.sub(r"$\1$", text)


def with_markdown_tex(text: str) -> str:
    r"""Write `$x_1$` as `\\(x\_1\\)`: Markdown takes the backslash before a mark away.

    Left alone it would make a plain bracket of `\(` and italics of what stands between
    two `_`. Moodle renders Markdown first, and looks for math in what comes out.
    """
    return _MATH.sub(lambda found: rf"\\({_MARK.sub(_BACKSLASHED, found[1])}\\)", text)


def from_markdown_tex(text: str) -> str:
    r"""Write math of Markdown text, `\\(x\_1\\)` or `\(x_1\)`, as `$x_1$`."""
    opened = _MARKDOWN_TEX.sub(lambda found: f"${_MARKED.sub(_FIRST, found[1])}$", text)
    return with_dollars(opened)


def from_html(text: str) -> str:
    """Return the words of HTML, a line for each paragraph."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text))).strip()


def identifier(wanted: str, taken: set[str]) -> str:
    """Return an id made of `wanted` that is not taken yet, and take it."""
    words = re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:40].strip("-")
    base = words if words[:1].isalpha() else f"q-{words}".rstrip("-")
    name, count = base, 2
    while name in taken:
        name, count = f"{base}-{count}", count + 1
    taken.add(name)
    return name


def unreadable(what: str, why: object) -> UserError:
    """Say that a file is none of its format."""
    return UserError(
        f"The file is no {what}: {why}.", hint="export it again from where it comes from."
    )
