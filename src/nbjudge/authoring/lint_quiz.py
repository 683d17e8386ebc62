"""What a question bank lacks that can be read but should not be published."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from nbjudge.authoring.lint_model import Finding, finding_of
from nbjudge.authoring.quiz_cells import bank_name
from nbjudge.authoring.sections import section_anchors
from nbjudge.errors import LessonError
from nbjudge.model import Course
from nbjudge.questions.bank import Bank, Question
from nbjudge.questions.bank_file import parse_bank
from nbjudge.questions.bank_kinds import Choice, Multiple, Numeric, Order, Short, Single
from nbjudge.questions.expression import (
    BadExpression,
    Number,
    evaluate,
    fill,
    names_in,
    templates_in,
)
from nbjudge.questions.score import plain
from nbjudge.questions.split import split

SHORTEST_EXPLANATION = 15
"""Characters: less explains nothing."""
_SHOWN = 200
"""Draws that are looked at."""
_FAVOURED = 0.6
"""Share of keys at one place, or that are the longest option, that a guesser would notice."""
_LEAST_KEYS = 5
_TELLING_ID = re.compile(r"\b(right|correct|true|key|wrong|false|incorrect|distractor)\b")


def quiz_findings(course: Course, slug: str) -> Iterator[Finding]:
    """Say what a lesson's bank lacks, by line where the file itself is wrong."""
    path = course.quiz_bank(slug)
    if not path.exists():
        return
    name = bank_name(slug)
    bank, errors = parse_bank(path.read_bytes(), name)
    if bank is None:
        yield from map(finding_of, errors)
        return
    lines = _lines(path)
    sections = section_anchors(course.text(slug))
    try:
        split(bank, path.parent)
    except LessonError as error:
        yield finding_of(error)
    for question in bank.questions:
        place = f"{name}, line {lines.get(question.id, 1)}"
        for message, hint in _of_question(question):
            yield Finding(place=place, message=f"Question {question.id}: {message}", hint=hint)
        if question.section and question.section not in sections:
            yield Finding(
                place=place,
                message=f"Question {question.id}: the lesson has no section {question.section!r}.",
                hint="a section's anchor is its heading in lower case, words joined by hyphens.",
            )
    yield from (Finding(place=name, message=m, hint=h) for m, h in _of_bank(bank))


def _lines(path: Path) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        match = re.match(r"\s*-\s+\{?\s*id:\s*([\w-]+)", line)
        if match:
            found.setdefault(match[1], number)
    return found


def _of_question(question: Question) -> Iterator[tuple[str, str]]:
    for at, text in question.key_texts():
        if at[-1] == "explanation" and len(text) < SHORTEST_EXPLANATION:
            hint = "say why: which thought leads there, and where it goes wrong or right."
            yield f"the explanation {text!r} explains nothing.", hint
    match question:
        case Single() | Multiple():
            yield from _telling_ids(option.id for option in question.options)
            yield from _colliding_options(question)
        case Order():
            yield from _telling_ids(i.id for i in (*question.items, *question.distractors))
            ids = [item.id for item in question.items]
            if ids == sorted(ids):
                hint = "students see ids: choose some whose alphabet is not the right order."
                yield "the ids of its items are in the right order.", hint
        case Numeric():
            yield from _numeric(question)
        case Short():
            right = {plain(text) for text in question.accept}
            for mistake in question.wrong:
                for text in mistake.accept:
                    if plain(text) in right:
                        yield f"{text!r} is right and wrong at once.", "drop one of the two."


def _telling_ids(ids: Iterator[str] | Sequence[str]) -> Iterator[tuple[str, str]]:
    for own in ids:
        if _TELLING_ID.search(own.replace("-", " ")):
            yield f"the id {own!r} gives the key away.", "name what the option says."


def _colliding_options(question: Choice) -> Iterator[tuple[str, str]]:
    for numbers in question.sample(_SHOWN):
        texts = [fill(option.text, numbers) for option in question.options]
        for (i, one), (j, other) in combinations(enumerate(texts), 2):
            if one == other:
                names = f"{question.options[i].id} and {question.options[j].id}"
                yield f"{names} read the same with {_shown(numbers)}.", _EXCLUDE
                return


def _numeric(question: Numeric) -> Iterator[tuple[str, str]]:
    used = {name for text in templates_in(question.explanation) for name in names_in(text)}
    if question.draw and not used:
        hint = "work it out with the student's own numbers: @{a}."
        yield "its explanation names none of the drawn numbers.", hint
    for numbers in question.sample(_SHOWN):
        values = question.values(numbers)
        right = evaluate(question.answer, values)
        relative, absolute = question.tolerance.relative, question.tolerance.absolute
        if relative and not absolute and not right:
            yield f"the answer is 0 with {_shown(numbers)}, and no number is near it.", _EXCLUDE
            return
        allowed = max(absolute, relative * abs(right), 1e-9 * abs(right))
        for wrong in question.wrong:
            try:
                given = evaluate(wrong.answer, values)
            except BadExpression:
                continue
            if abs(given - right) <= allowed:
                yield f"`{wrong.answer}` is right with {_shown(numbers)}.", _EXCLUDE
                return


_EXCLUDE = "exclude such numbers with `where`."


def _shown(numbers: dict[str, Number]) -> str:
    return ", ".join(f"{name} = {value:g}" for name, value in numbers.items()) or "any numbers"


def _of_bank(bank: Bank) -> Iterator[tuple[str, str]]:
    prompts: dict[str, Question] = {}
    for question in bank.questions:
        twin = prompts.setdefault(plain(question.prompt), question)
        if twin.use != question.use:
            message = (
                f"{twin.id} and {question.id} ask the same, once for marks and once with its key."
            )
            yield message, "write another question on the idea for practice."
    singles = [q for q in bank.questions if isinstance(q, Single)]
    if len(singles) < _LEAST_KEYS:
        return
    places = Counter([o.correct for o in q.options].index(True) + 1 for q in singles)
    place, count = places.most_common(1)[0]
    if count > _FAVOURED * len(singles):
        message = f"The right option is number {place} in {count} of {len(singles)} questions."
        yield message, "move some: the file's order is what is seen where nothing shuffles."
    longest = sum(_is_key_longest(q) for q in singles)
    if longest > _FAVOURED * len(singles):
        message = f"The right option is the longest in {longest} of {len(singles)} questions."
        yield message, "say as much in the wrong ones, or less in the right ones."


def _is_key_longest(question: Single) -> bool:
    key = next(len(option.text) for option in question.options if option.correct)
    # A guesser sees a clear difference only.
    return all(key > 1.2 * len(o.text) for o in question.options if not o.correct)
