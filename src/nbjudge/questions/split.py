"""A bank split in two: what students may see, and the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from nbjudge.errors import LessonError, UserError
from nbjudge.questions import question as q
from nbjudge.questions.bank import Bank
from nbjudge.questions.bank import Question as BankQuestion
from nbjudge.questions.bank_fields import Item, Option
from nbjudge.questions.bank_kinds import Multiple, Numeric, Order, Short, Single, Written
from nbjudge.questions.markup import to_html

_Render = Callable[[str], q.Words]


def keys_of(bank: Bank) -> dict[str, q.AnswerKey]:
    """Return the keys by question, their texts as Markdown only: all that marking needs."""
    return {own.id: _key(own, lambda text: q.Words(text=text, html="")) for own in bank.questions}


def split(bank: Bank, folder: Path) -> tuple[list[q.Question], dict[str, q.AnswerKey]]:
    """Return the questions without keys, and the keys by question.

    Args:
        bank: The author's.
        folder: Where its figures lie.

    Raises:
        LessonError: If a formula or figure cannot be shown.
    """
    public, keys = [], {}
    for own in bank.questions:
        try:
            render = _renderer(folder)
            public.append(_public(own, render))
            keys[own.id] = _key(own, render)
        except UserError as error:
            where = f"{folder.name}/quiz.yaml, question {own.id}"
            raise LessonError(error.message, context=where, hint=error.hint) from None
    return public, keys


def _renderer(folder: Path) -> _Render:
    return lambda text: q.Words(text=text.strip(), html=to_html(text, folder))


def _public(own: BankQuestion, render: _Render) -> q.Question:
    entries: Iterable[Option | Item] = ()
    shuffle, code, unit, words = True, False, "", 0
    match own:
        case Single() | Multiple():
            entries, shuffle = own.options, own.shuffle
        case Order():
            entries, code = (*own.items, *own.distractors), own.code
        case Numeric():
            unit = own.unit
        case Written():
            words = own.words
    # By id: the file's order would tell the right order of lines.
    listed = entries if not shuffle else sorted(entries, key=lambda entry: entry.id)
    return q.Question(
        id=own.id,
        use=own.use,
        kind=own.kind,
        prompt=render(own.prompt),
        points=own.points,
        group=own.group or "",
        section=own.section,
        drawable=own.drawable,
        entries=tuple(q.Entry(id=e.id, words=_line(e.text, render, code)) for e in listed),
        shuffle=shuffle,
        code=code,
        unit=unit,
        words=words,
    )


def _line(text: str, render: _Render, code: bool) -> q.Words:
    return q.Words(text=text, html=_code(text)) if code else render(text)


def _code(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<code>{escaped}</code>"


def _key(own: BankQuestion, render: _Render) -> q.AnswerKey:
    match own:
        case Single() | Multiple():
            return q.AnswerKey(
                question=own.id,
                let=own.let,
                right=tuple(option.id for option in own.options if option.correct),
                entries={option.id: render(option.explanation) for option in own.options},
            )
        case Numeric():
            return q.AnswerKey(
                question=own.id,
                let=own.let,
                answer=own.answer,
                relative=own.tolerance.relative,
                absolute=own.tolerance.absolute,
                units={own.unit: 1.0, **own.units} if own.unit else own.units,
                explanation=render(own.explanation),
                mistakes=tuple(
                    q.Mistake(answer=w.answer, explanation=render(w.explanation)) for w in own.wrong
                ),
            )
        case Short():
            return q.AnswerKey(
                question=own.id,
                let=own.let,
                accept=own.accept,
                pattern=own.pattern,
                explanation=render(own.explanation),
                mistakes=tuple(
                    q.Mistake(accept=w.accept, explanation=render(w.explanation)) for w in own.wrong
                ),
            )
        case Order():
            everything = (*own.items, *own.distractors)
            return q.AnswerKey(
                question=own.id,
                let=own.let,
                right=tuple(item.id for item in own.items),
                also=own.also,
                entries={item.id: render(item.explanation) for item in everything},
            )
        case Written():
            return q.AnswerKey(
                question=own.id,
                rubric=tuple(q.Criterion(points=c.points, text=c.text) for c in own.rubric),
                model_answer=own.model_answer,
            )
