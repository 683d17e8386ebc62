"""How a card looks: one frame, a line that says where you stand, parts below it.

The same card is drawn by `check()` in the learner's notebook and by the judge in
their feedback. Everything that is drawn is escaped here; callers pass plain
text. No meaning is carried by colour alone, and the text version says the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from itertools import groupby
from textwrap import dedent
from urllib.parse import quote

from nbjudge.naming.card_style import STYLE
from nbjudge.naming.ladder import Rung
from nbjudge.texts import later, say


class Status(StrEnum):
    """Where an exercise, or one of its cases, stands."""

    RIGHT = later("right")
    PARTLY = later("partly right")
    NOT_YET = later("not yet")
    OPEN = later("open")


_SYMBOLS = {Status.RIGHT: "✓", Status.PARTLY: "◐", Status.NOT_YET: "○", Status.OPEN: "?"}
_CLASSES = {
    Status.RIGHT: "right",
    Status.PARTLY: "partly",
    Status.NOT_YET: "notyet",
    Status.OPEN: "open",
}


_INDENT = "    "
_COMPARED_CHARACTERS = 48
"""Of both sides of a comparison: so many fit on a card, however wide its letters are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What was expected and what came, line by line, side by side."""

    expected: tuple[str, ...]
    got: tuple[str, ...]
    differs: tuple[bool, ...]
    """For each line, whether the two are different answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part of a card; whatever is empty is left out.

    Plain text throughout; what stands between `backticks` is drawn as code.
    """

    title: str = ""
    text: str = ""
    rich: str = ""
    """`text` as HTML of our own making, drawn in its place."""
    code: str = ""
    """Shown as it stands, in a fixed-width font."""
    hint: str = ""
    """Folded away until asked for."""
    items: tuple[str, ...] = ()
    mark: Status | None = None
    """Symbol in front of each item."""
    comparison: Comparison | None = None
    section: str = ""
    """Anchor of the section of the notebook to read again."""
    folded: str = ""
    """A summary: the whole part is folded away behind it until asked for."""
    ladder: tuple[Rung, ...] = ()
    """Rungs of help, each folded away behind the one below it."""
    climbed: int = 0
    """How many of the rungs are open."""
    plain: str = ""
    """Said where there is nothing to click: in the text version only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A card, ready for a cell's output."""

    html: str
    text: str


def draw(
    name: str, status: Status, headline: str, parts: Iterable[Part], *, state: str = ""
) -> Card:
    """Draw a card.

    Args:
        name: What it is about: an exercise.
        status: Where it stands.
        headline: The same in numbers: "4 of 6 points".
        parts: What to say, in order.
        state: The status in other words, where its own would say too much.
    """
    shown = list(parts)
    state = state or say(status.value)
    return Card(
        html=_html(name, status, state, headline, shown),
        text=_text(name, status, state, headline, shown),
    )


def _html(name: str, status: Status, state: str, headline: str, parts: list[Part]) -> str:
    body = "".join(_part_html(part) for part in parts)
    return (
        f"<style>{STYLE}</style>"
        f'<div class="nbjudge-card nbjudge-{_CLASSES[status]}" role="group" '
        f'aria-label="{escape(name)}: {escape(headline)}">'
        f'<div class="nbjudge-head"><span class="nbjudge-symbol" aria-hidden="true">'
        f"{_SYMBOLS[status]}</span><code>{escape(name)}</code>"
        f'<span class="nbjudge-state">{escape(state)}</span>'
        f'<span class="nbjudge-points">{escape(headline)}</span></div>'
        f"{body}</div>"
    )


def _part_html(part: Part) -> str:
    pieces = []
    if part.title:
        pieces.append(f'<div class="nbjudge-title">{prose_html(part.title)}</div>')
    if part.rich:
        pieces.append(f'<div class="nbjudge-rich">{part.rich}</div>')
    elif part.text:
        pieces.append(f'<div class="nbjudge-text">{prose_html(part.text)}</div>')
    if part.code:
        pieces.append(f"<pre>{escape(part.code)}</pre>")
    if part.comparison:
        pieces.append(_comparison_html(part.comparison))
    if part.items:
        symbol = _SYMBOLS[part.mark] if part.mark else "·"
        mark = f'<span class="nbjudge-symbol" aria-hidden="true">{symbol}</span>'
        items = "".join(f"<li>{mark}<span>{prose_html(item)}</span></li>" for item in part.items)
        kind = f" nbjudge-{_CLASSES[part.mark]}" if part.mark else ""
        pieces.append(f'<ul class="nbjudge-list{kind}">{items}</ul>')
    if part.hint:
        hint = (
            f'<div class="nbjudge-text">{prose_html(part.hint)}</div>{_section_html(part.section)}'
        )
        pieces.append(_folded_html(say("A hint"), hint))
    elif part.section:
        pieces.append(_section_html(part.section))
    pieces.append(_ladder_html(part.ladder, part.climbed))
    body = "".join(pieces)
    return f'<div class="nbjudge-part">{_folded_html(part.folded, body)}</div>' if body else ""


def _ladder_html(rungs: tuple[Rung, ...], climbed: int) -> str:
    """Fold each rung away behind the one below it: nobody skips one unseen."""
    if not rungs:
        return ""
    rung, above = rungs[0], _ladder_html(rungs[1:], climbed - 1)
    section = _section_html(rung.section)
    return (
        f'<details class="nbjudge-rung"{" open" if climbed > 0 else ""}>'
        f"<summary>{escape(rung.invitation)}</summary>"
        f"{_blocks_html(rung.text)}{section}{above}</details>"
    )


def _blocks_html(text: str) -> str:
    """Draw prose as prose, and what is indented by 4 as code."""
    blocks = []
    for is_code, lines in groupby(text.splitlines(), key=lambda line: line.startswith(_INDENT)):
        block = "\n".join(lines)
        if is_code:
            blocks.append(f"<pre>{escape(dedent(block))}</pre>")
        elif block.strip():
            blocks.append(f'<div class="nbjudge-text">{prose_html(block.strip())}</div>')
    return "".join(blocks)


def prose_html(text: str) -> str:
    """Draw plain text; what stands between `backticks` is code."""
    return re.sub("`([^`\n]+)`", r"<code>\1</code>", escape(text))


def _folded_html(summary: str, body: str) -> str:
    if not summary:
        return body
    return f"<details><summary>{escape(summary)}</summary>{body}</details>"


def _section_html(section: str) -> str:
    if not section:
        return ""
    words = escape(section.replace("-", " "))
    link = f'<a href="#{escape(quote(section))}">{words}</a>'
    return f"<div>{escape(say('Read again:'))} {link}</div>"


def _comparison_html(comparison: Comparison) -> str:
    rows = "".join(
        f"<tr><td>{escape(expected)}</td><td>{escape(got)}</td>"
        f"<td>{escape(say('≠ differs')) if differs else ''}</td></tr>"
        for expected, got, differs in _rows(comparison)
    )
    heads = (say("expected"), say("your code"))
    head = "".join(f'<th scope="col">{escape(words)}</th>' for words in heads)
    head = f"<tr>{head}<td></td></tr>"
    # What may be wider than the card is scrolled, which must not need a mouse.
    widest = max(len(expected) + len(got) for expected, got, _ in _rows(comparison))
    focus = ' tabindex="0"' if widest > _COMPARED_CHARACTERS else ""
    return (
        f'<table class="nbjudge-compare"{focus}><thead>{head}</thead><tbody>{rows}</tbody></table>'
    )


def _rows(comparison: Comparison) -> list[tuple[str, str, bool]]:
    """Pair the lines; where one side has more of them, the rest differs."""
    count = max(len(comparison.expected), len(comparison.got))
    expected = [*comparison.expected, *[""] * count][:count]
    got = [*comparison.got, *[""] * count][:count]
    differs = [*comparison.differs, *[True] * count][:count]
    return list(zip(expected, got, differs, strict=True))


def _text(name: str, status: Status, state: str, headline: str, parts: list[Part]) -> str:
    lines = [f"{_SYMBOLS[status]} {name}: {headline} ({state})"]
    for part in parts:
        lines += ["", *part.folded.splitlines(), *part.title.splitlines()]
        lines += [f"  {line}" for line in [*part.text.splitlines(), *part.code.splitlines()]]
        lines += _comparison_text(part.comparison) if part.comparison else []
        symbol = _SYMBOLS[part.mark] if part.mark else "·"
        lines += [f"  {symbol} {item}" for item in part.items]
        lines += [f"  {say('Hint:')} {line}" for line in part.hint.splitlines()]
        lines += _section_text(part.section)
        for rung in part.ladder[: part.climbed]:
            lines += [rung.label, *(f"  {line}".rstrip() for line in rung.text.splitlines())]
            lines += [*_section_text(rung.section), ""]
        lines += part.plain.splitlines()
    return "\n".join(lines)


def _section_text(section: str) -> list[str]:
    return [f"  {say('Read again:')} {section.replace('-', ' ')}"] if section else []


def _comparison_text(comparison: Comparison) -> list[str]:
    rows = [(say("expected"), say("your code"), False), *_rows(comparison)]
    left = max(len(expected) for expected, _, _ in rows)
    right = max(len(got) for _, got, _ in rows)
    marked = say("<- differs")
    return [
        f"  {expected:<{left}}   {got:<{right}}{f'   {marked}' if differs else ''}".rstrip()
        for expected, got, differs in rows
    ]
