"""Moodle's GIFT: text that people type. https://docs.moodle.org/en/GIFT_format."""

from __future__ import annotations

import re

from nbjudge.exporters.quiz_exchange import (
    NO_EXPLANATION,
    Line,
    Mistake,
    Plain,
    Report,
    from_markdown_tex,
    identifier,
    unreadable,
    with_markdown_tex,
)

_SPECIAL = re.compile(r"([~=#{}:\\])")
_ESCAPED = re.compile(r"\\([n~=#{}:\\])")
_QUESTION = re.compile(
    r"(?:::(?P<title>(?:\\.|[^:\\])*)::)?(?P<prompt>(?:\\.|[^{}\\])*)\{(?P<body>(?:\\.|[^{}\\])*)\}"
    r"(?P<rest>.*)",
    re.DOTALL,
)
_ANSWER = re.compile(r"(?P<sign>[=~])(?P<text>(?:\\.|[^=~\\])*)", re.DOTALL)
_PERCENT = re.compile(r"%(-?[\d.]+)%")


def write_gift(questions: list[Plain], report: Report) -> bytes:
    """Write questions; kinds that GIFT has no word for are reported."""
    blocks = ["// Written by nbjudge. Math is TeX in Markdown, between \\\\\\\\( and \\\\\\\\)."]
    for own in questions:
        body = _body(own, report)
        if body is None:
            report.lost(own.id, f"GIFT has no questions of kind {own.kind}; it is left out.")
            continue
        if own.points != 1:
            report.lost(own.id, f"its {own.points:g} points are not carried.")
        blocks.append(f"::{own.id}::[markdown]{_escaped(own.prompt)} {{{body}}}")
    return ("\n\n".join(blocks) + "\n").encode()


def _body(own: Plain, report: Report) -> str | None:
    match own.kind:
        case "single":
            return "\n" + "".join(
                f"{'~='[line.correct]}{_escaped(line.text)}#{_escaped(line.explanation)}\n"
                for line in own.lines
            )
        case "multiple":
            # Right minus wrong, as in a bank.
            share = 100 / sum(line.correct for line in own.lines)
            weights = {True: share, False: -share}
            return "\n" + "".join(
                f"~%{weights[line.correct]:.5f}%{_escaped(line.text)}#{_escaped(line.explanation)}\n"
                for line in own.lines
            )
        case "numeric":
            return f"#\n={own.answer!r}:{own.tolerance!r}#{_escaped(own.explanation)}\n" + "".join(
                f"=%0%{m.answer}:{own.tolerance!r}#{_escaped(m.explanation)}\n"
                for m in own.mistakes
            )
        case "short":
            return "\n" + "".join(
                [f"={_typed(text)}#{_escaped(own.explanation)}\n" for text in own.accept]
                + [f"=%0%{_typed(m.answer)}#{_escaped(m.explanation)}\n" for m in own.mistakes]
            )
        case "written":
            report.lost(own.id, "rubric and model answer are not carried.")
            return ""
    return None


def read_gift(content: bytes, report: Report) -> list[Plain]:
    """Read questions.

    Raises:
        UserError: If the text is no GIFT.
    """
    text = re.sub(r"^[ \t]*(//|\$CATEGORY).*$", "", content.decode("utf-8-sig"), flags=re.MULTILINE)
    taken: set[str] = set()
    found = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
        if not block.strip():
            continue
        match = _QUESTION.fullmatch(block.strip())
        if match is None:
            raise unreadable("GIFT", f"no braces in {block.strip()[:40]!r}")
        own = _read(match, taken, report)
        if own is not None:
            found.append(own)
    return found


def _read(match: re.Match[str], taken: set[str], report: Report) -> Plain | None:
    prompt = re.sub(r"^\s*\[(markdown|html|plain|moodle)\]", "", match["prompt"])
    prompt = _plain(
        f"{prompt.rstrip()} ____ {match['rest'].strip()}" if match["rest"].strip() else prompt
    )
    name = identifier(match["title"] or prompt, taken)
    body = re.sub(r"####.*$", "", match["body"], flags=re.DOTALL).strip()
    if not body:
        return Plain(id=name, kind="written", prompt=prompt)
    if body.upper() in ("T", "F", "TRUE", "FALSE") or body.upper().startswith(
        ("T#", "F#", "TRUE#", "FALSE#")
    ):
        return _true_or_false(name, prompt, body)
    if body.startswith("#"):
        return _numeric(name, prompt, body[1:], report)
    answers = [_answer(item) for item in _ANSWER.finditer(body)]
    if any("->" in text for _, _, text, _ in answers):
        report.lost(name, "a matching question cannot be carried; it is left out.")
        return None
    signs = {sign for sign, *_ in answers}
    if signs == {"="}:
        return _short(name, prompt, answers)
    lines: list[Line] = []
    ids: set[str] = set()
    several = "=" not in signs
    for sign, percent, text, feedback in answers:
        is_right = sign == "=" or (percent or 0) > 0
        explanation = feedback or NO_EXPLANATION
        own = identifier(text, ids)
        lines.append(Line(id=own, text=text, explanation=explanation, correct=is_right))
    kind = "multiple" if several and any(line.correct for line in lines) else "single"
    return Plain(id=name, kind=kind, prompt=prompt, lines=tuple(lines))


def _answer(item: re.Match[str]) -> tuple[str, float | None, str, str]:
    text, _, feedback = _split(item["text"])
    percent = _PERCENT.match(text.strip())
    if percent:
        text = text.strip()[percent.end() :]
    return item["sign"], float(percent[1]) if percent else None, _plain(text), _plain(feedback)


def _split(text: str) -> tuple[str, str, str]:
    match = re.search(r"(?<!\\)#", text)
    return (text[: match.start()], "#", text[match.end() :]) if match else (text, "", "")


def _short(name: str, prompt: str, answers: list[tuple[str, float | None, str, str]]) -> Plain:
    right = [a for a in answers if a[1] is None or a[1] > 0]
    return Plain(
        id=name,
        kind="short",
        prompt=prompt,
        accept=tuple(text.replace(r"\*", "*") for _, _, text, _ in right),
        explanation=next((f for *_, f in right if f), NO_EXPLANATION),
        mistakes=tuple(
            Mistake(answer=text.replace(r"\*", "*"), explanation=feedback or NO_EXPLANATION)
            for _, percent, text, feedback in answers
            if percent is not None and percent <= 0
        ),
    )


def _numeric(name: str, prompt: str, body: str, report: Report) -> Plain:
    items = [_answer(item) for item in _ANSWER.finditer(body)]
    if not items:
        text, _, feedback = _split(body)
        items = [("=", None, _plain(text), _plain(feedback))]
    right = next(item for item in items if item[1] is None or item[1] > 0)
    answer, tolerance = _range(right[2])
    if len([i for i in items if i[1] is None or i[1] > 0]) > 1:
        report.lost(name, "only the first of several right numbers is carried.")
    return Plain(
        id=name,
        kind="numeric",
        prompt=prompt,
        answer=answer,
        tolerance=tolerance,
        explanation=right[3] or NO_EXPLANATION,
        mistakes=tuple(
            Mistake(answer=repr(_range(text)[0]), explanation=feedback or NO_EXPLANATION)
            for _, percent, text, feedback in items
            if percent is not None and percent <= 0
        ),
    )


def _range(text: str) -> tuple[float, float]:
    try:
        if ".." in text:
            low, high = (float(part) for part in text.split(".."))
            return (low + high) / 2, (high - low) / 2
        value, _, tolerance = text.partition(":")
        return float(value), float(tolerance or 0)
    except ValueError:
        raise unreadable("GIFT", f"{text[:40]!r} is no number") from None


def _true_or_false(name: str, prompt: str, body: str) -> Plain:
    word, *feedback = (_plain(part) for part in re.split(r"(?<!\\)#", body))
    is_true = word.strip().upper().startswith("T")
    wrong, right = [*feedback, "", ""][:2]
    lines = tuple(
        Line(
            id=own,
            text=text,
            correct=is_right,
            explanation=(right if is_right else wrong) or NO_EXPLANATION,
        )
        for own, text, is_right in (("yes", "True", is_true), ("no", "False", not is_true))
    )
    return Plain(id=name, kind="single", prompt=prompt, lines=lines)


def _escaped(text: str) -> str:
    return _literal(with_markdown_tex(text.strip()))


def _typed(text: str) -> str:
    """Write what students type: no Markdown, and a `*` would stand for anything."""
    return _literal(text.strip().replace("*", r"\*"))


def _literal(text: str) -> str:
    # A blank line would end the question.
    return _SPECIAL.sub(r"\\\1", text).replace("\n", "\\n")


def _plain(text: str) -> str:
    # In one go: of `\\nu` the first backslash belongs to the second.
    opened = _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], text.strip())
    return from_markdown_tex(opened).strip()
