"""How a card looks: one frame, a line that says where you stand, parts below it.

The same card is drawn by `check()` in the learner's notebook and by the judge in
their feedback. Everything that is drawn is escaped here; callers pass plain
text. No meaning is carried by colour alone, and the text version says the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from itertools import zip_longest
from urllib.parse import quote


class Status(StrEnum):
    """Where an exercise, or one of its cases, stands."""

    RIGHT = "right"
    PARTLY = "partly right"
    NOT_YET = "not yet"
    OPEN = "open"


_SYMBOLS = {Status.RIGHT: "✓", Status.PARTLY: "◐", Status.NOT_YET: "○", Status.OPEN: "?"}
_CLASSES = {
    Status.RIGHT: "right",
    Status.PARTLY: "partly",
    Status.NOT_YET: "notyet",
    Status.OPEN: "open",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """What was expected and what came, line by line, side by side."""

    expected: tuple[str, ...]
    got: tuple[str, ...]
    differs: tuple[bool, ...]
    """For each line, whether the two are different answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part of a card; whatever is empty is left out. Plain text throughout."""

    title: str = ""
    text: str = ""
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A card, ready for a cell's output."""

    html: str
    text: str


def draw(name: str, status: Status, headline: str, parts: Iterable[Part]) -> Card:
    """Draw a card.

    Args:
        name: What it is about: an exercise.
        status: Where it stands.
        headline: The same in numbers: "4 of 6 points".
        parts: What to say, in order.
    """
    shown = list(parts)
    return Card(
        html=_html(name, status, headline, shown), text=_text(name, status, headline, shown)
    )


def _html(name: str, status: Status, headline: str, parts: list[Part]) -> str:
    body = "".join(_part_html(part) for part in parts)
    return (
        f"<style>{_STYLE}</style>"
        f'<div class="nbjudge-card nbjudge-{_CLASSES[status]}" role="group" '
        f'aria-label="{escape(name)}: {escape(headline)}">'
        f'<div class="nbjudge-head"><span class="nbjudge-symbol" aria-hidden="true">'
        f"{_SYMBOLS[status]}</span><code>{escape(name)}</code>"
        f'<span class="nbjudge-state">{status.value}</span>'
        f'<span class="nbjudge-points">{escape(headline)}</span></div>'
        f"{body}</div>"
    )


def _part_html(part: Part) -> str:
    pieces = []
    if part.title:
        pieces.append(f'<div class="nbjudge-title">{escape(part.title)}</div>')
    if part.text:
        pieces.append(f'<div class="nbjudge-text">{escape(part.text)}</div>')
    if part.code:
        pieces.append(f"<pre>{escape(part.code)}</pre>")
    if part.comparison:
        pieces.append(_comparison_html(part.comparison))
    if part.items:
        symbol = _SYMBOLS[part.mark] if part.mark else "·"
        mark = f'<span class="nbjudge-symbol" aria-hidden="true">{symbol}</span>'
        items = "".join(f"<li>{mark}<span>{escape(item)}</span></li>" for item in part.items)
        kind = f" nbjudge-{_CLASSES[part.mark]}" if part.mark else ""
        pieces.append(f'<ul class="nbjudge-list{kind}">{items}</ul>')
    if part.hint:
        hint = f'<div class="nbjudge-text">{escape(part.hint)}</div>{_section_html(part)}'
        pieces.append(_folded_html("A hint", hint))
    elif part.section:
        pieces.append(_section_html(part))
    body = "".join(pieces)
    return f'<div class="nbjudge-part">{_folded_html(part.folded, body)}</div>'


def _folded_html(summary: str, body: str) -> str:
    if not summary:
        return body
    return f"<details><summary>{escape(summary)}</summary>{body}</details>"


def _section_html(part: Part) -> str:
    if not part.section:
        return ""
    words = escape(part.section.replace("-", " "))
    return f'<div>Read again: <a href="#{escape(quote(part.section))}">{words}</a></div>'


def _comparison_html(comparison: Comparison) -> str:
    rows = "".join(
        f"<tr><td>{escape(expected)}</td><td>{escape(got)}</td>"
        f"<td>{'≠ differs' if differs else ''}</td></tr>"
        for expected, got, differs in _rows(comparison)
    )
    head = '<tr><th scope="col">expected</th><th scope="col">your code</th><th></th></tr>'
    return f'<table class="nbjudge-compare"><thead>{head}</thead><tbody>{rows}</tbody></table>'


def _rows(comparison: Comparison) -> list[tuple[str, str, bool]]:
    lines = zip_longest(comparison.expected, comparison.got, fillvalue="")
    return [
        (expected, got, differs)
        for (expected, got), differs in zip_longest(lines, comparison.differs, fillvalue=True)
    ]


def _text(name: str, status: Status, headline: str, parts: list[Part]) -> str:
    lines = [f"{_SYMBOLS[status]} {name}: {headline} ({status.value})"]
    for part in parts:
        lines += ["", *part.folded.splitlines(), *part.title.splitlines()]
        lines += [f"  {line}" for line in [*part.text.splitlines(), *part.code.splitlines()]]
        lines += _comparison_text(part.comparison) if part.comparison else []
        symbol = _SYMBOLS[part.mark] if part.mark else "·"
        lines += [f"  {symbol} {item}" for item in part.items]
        lines += [f"  Hint: {line}" for line in part.hint.splitlines()]
        lines += [f"  Read again: {part.section.replace('-', ' ')}"] if part.section else []
    return "\n".join(lines)


def _comparison_text(comparison: Comparison) -> list[str]:
    rows = [("expected", "your code", False), *_rows(comparison)]
    left, right = (max(len(row[i]) for row in rows) for i in (0, 1))
    return [
        f"  {expected:<{left}}   {got:<{right}}{'   <- differs' if differs else ''}".rstrip()
        for expected, got, differs in rows
    ]


# `light-dark()` follows the page that the card is shown on; JupyterLab and VS Code say
# theirs in their own ways. A browser without it drops the second declaration and keeps
# the light colours, which are complete.
_STYLE = """
.nbjudge-card{--nbj:#57606a;max-width:46rem;margin:.5em 0;padding:.75em 1em;
border:1px solid #d0d7de;border-left:4px solid var(--nbj);border-radius:6px;
background:#fff;background:light-dark(#fff,#161b22);
border-color:light-dark(#d0d7de,#30363d);border-left-color:var(--nbj);
color:#1f2328;color:light-dark(#1f2328,#e6edf3);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;text-align:left}
[data-jp-theme-light="true"] .nbjudge-card,.vscode-light .nbjudge-card{color-scheme:light}
[data-jp-theme-light="false"] .nbjudge-card,.vscode-dark .nbjudge-card{color-scheme:dark}
.nbjudge-card.nbjudge-right,.nbjudge-card .nbjudge-right{--nbj:#116329}
.nbjudge-card.nbjudge-partly,.nbjudge-card .nbjudge-partly{--nbj:#8a4600}
.nbjudge-card.nbjudge-notyet,.nbjudge-card .nbjudge-notyet{--nbj:#57606a}
.nbjudge-card.nbjudge-open,.nbjudge-card .nbjudge-open{--nbj:#0550ae}
@supports (color:light-dark(#000,#fff)){
.nbjudge-card.nbjudge-right,.nbjudge-card .nbjudge-right{--nbj:light-dark(#116329,#56d364)}
.nbjudge-card.nbjudge-partly,.nbjudge-card .nbjudge-partly{--nbj:light-dark(#8a4600,#e3b341)}
.nbjudge-card.nbjudge-notyet,.nbjudge-card .nbjudge-notyet{--nbj:light-dark(#57606a,#9da7b3)}
.nbjudge-card.nbjudge-open,.nbjudge-card .nbjudge-open{--nbj:light-dark(#0550ae,#79c0ff)}}
.nbjudge-card .nbjudge-head{display:flex;flex-wrap:wrap;gap:.25em .6em;align-items:baseline}
.nbjudge-card .nbjudge-head code{font-size:1em;font-weight:600;padding:0;
background:none;color:inherit}
.nbjudge-card .nbjudge-symbol{color:var(--nbj);font-weight:700;min-width:1.1em}
.nbjudge-card .nbjudge-state{color:var(--nbj)}
.nbjudge-card .nbjudge-points{margin-left:auto;font-variant-numeric:tabular-nums}
.nbjudge-card .nbjudge-part{margin-top:.75em}
.nbjudge-card .nbjudge-title{font-weight:600;white-space:pre-line}
.nbjudge-card .nbjudge-text{margin-top:.15em;white-space:pre-line}
.nbjudge-card ul.nbjudge-list{list-style:none;margin:.15em 0 0;padding:0}
.nbjudge-card ul.nbjudge-list li{display:flex;gap:.35em;margin:0}
.nbjudge-card pre{margin:.35em 0 0;padding:.5em .7em;overflow-x:auto;white-space:pre-wrap;
border:0;border-radius:4px;font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,monospace;
background:#f6f8fa;background:light-dark(#f6f8fa,#0d1117);color:inherit}
.nbjudge-card table.nbjudge-compare{border-collapse:collapse;margin:.35em 0 0;max-width:100%;
display:block;overflow-x:auto;background:none;color:inherit;border:0;
font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,monospace}
.nbjudge-card table.nbjudge-compare :is(th,td){text-align:left;white-space:pre;
padding:.1em 1.2em .1em 0;border:0;background:none;color:inherit;font-weight:400}
.nbjudge-card table.nbjudge-compare th{border-bottom:1px solid currentColor;
font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.nbjudge-card a{color:#0550ae;color:light-dark(#0550ae,#79c0ff)}
.nbjudge-card details{margin-top:.35em}
.nbjudge-card summary{cursor:pointer;color:#0550ae;color:light-dark(#0550ae,#79c0ff);
display:list-item}
.nbjudge-card summary:focus-visible{outline:2px solid currentColor;outline-offset:2px}
""".replace("\n", "")
