"""Moodle's question XML. https://docs.moodle.org/en/Moodle_XML_format."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from defusedxml.ElementTree import fromstring

from nbjudge.exporters.quiz_exchange import (
    NO_EXPLANATION,
    Line,
    Mistake,
    Plain,
    Report,
    from_html,
    from_markdown_tex,
    identifier,
    unreadable,
    with_dollars,
    with_markdown_tex,
)

_TYPES = {
    "single": "multichoice",
    "multiple": "multichoice",
    "numeric": "numerical",
    "short": "shortanswer",
    "order": "ordering",
    "written": "essay",
}


def write_moodle(questions: list[Plain], report: Report) -> bytes:
    """Write questions; an ordering needs Moodle 4.4 or its plug-in, and says so."""
    root = ET.Element("quiz")
    for own in questions:
        item = ET.SubElement(root, "question", type=_TYPES[own.kind])
        ET.SubElement(ET.SubElement(item, "name"), "text").text = own.id
        _text(item, "questiontext", own.prompt)
        ET.SubElement(item, "defaultgrade").text = f"{own.points:g}"
        ET.SubElement(item, "idnumber").text = own.id
        _write_content(item, own, report)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _write_content(item: ET.Element, own: Plain, report: Report) -> None:
    match own.kind:
        case "single" | "multiple":
            _write_options(item, own)
        case "numeric":
            own_answer = _typed_answer(item, "100", repr(own.answer), own.explanation)
            ET.SubElement(own_answer, "tolerance").text = repr(own.tolerance)
            for mistake in own.mistakes:
                wrong = _typed_answer(item, "0", mistake.answer, mistake.explanation)
                ET.SubElement(wrong, "tolerance").text = repr(own.tolerance)
        case "short":
            ET.SubElement(item, "usecase").text = "0"
            for text in own.accept:
                _typed_answer(item, "100", text, own.explanation)
            for mistake in own.mistakes:
                _typed_answer(item, "0", mistake.answer, mistake.explanation)
            report.lost(own.id, "Moodle takes hyphens and spaces literally.")
        case "order":
            report.lost(own.id, "an ordering needs Moodle 4.4 or later, or its plug-in.")
            for line in own.lines:
                if line.correct:
                    _answer(item, "1", line.text, line.explanation)
                else:
                    report.lost(own.id, f"the line {line.id}, to be left out, is not carried.")
        case "written":
            rubric = "\n".join(f"{points:g}: {text}" for points, text in own.rubric)
            _text(item, "graderinfo", f"{own.model_answer}\n\n{rubric}")


def _write_options(item: ET.Element, own: Plain) -> None:
    """Right minus wrong, as in a bank: Moodle's sum of percent, never below zero."""
    several = own.kind == "multiple"
    ET.SubElement(item, "single").text = str(not several).lower()
    ET.SubElement(item, "shuffleanswers").text = "true"
    share = 100 / sum(line.correct for line in own.lines)
    for line in own.lines:
        percent = share if line.correct else -share * several
        _answer(item, f"{percent:.5f}", line.text, line.explanation)


def _text(parent: ET.Element, name: str, words: str) -> None:
    holder = ET.SubElement(parent, name, format="markdown")
    ET.SubElement(holder, "text").text = with_markdown_tex(words)


def _answer(item: ET.Element, fraction: str, words: str, feedback: str) -> ET.Element:
    answer = ET.SubElement(item, "answer", fraction=fraction, format="markdown")
    ET.SubElement(answer, "text").text = with_markdown_tex(words)
    _text(answer, "feedback", feedback)
    return answer


def _typed_answer(item: ET.Element, fraction: str, words: str, feedback: str) -> ET.Element:
    """Add what students type: no Markdown, and a `*` stands for anything unless it is escaped."""
    answer = ET.SubElement(item, "answer", fraction=fraction, format="moodle_auto_format")
    ET.SubElement(answer, "text").text = words.replace("*", r"\*")
    _text(answer, "feedback", feedback)
    return answer


def read_moodle(content: bytes, report: Report) -> list[Plain]:
    """Read questions.

    Raises:
        UserError: If the file is no such XML.
    """
    try:
        root = fromstring(content)
    except Exception as error:  # defusedxml refuses in classes of its own
        raise unreadable("Moodle XML", error) from None
    if root.tag != "quiz":
        raise unreadable("Moodle XML", f"it begins with <{root.tag}>")
    taken: set[str] = set()
    found = [_read(item, taken, report) for item in root if item.get("type") != "category"]
    return [own for own in found if own is not None]


def _read(item: Any, taken: set[str], report: Report) -> Plain | None:
    prompt = _words(item.find("questiontext"))
    name = identifier(item.findtext("idnumber") or item.findtext("name/text") or prompt, taken)
    kind = item.get("type")
    about: dict[str, Any] = {"id": name, "prompt": prompt}
    about["points"] = float(item.findtext("defaultgrade") or 1)
    answers = [(float(a.get("fraction", 0)), a) for a in item.findall("answer")]
    for name_of in ("hint", "generalfeedback"):
        if any(_words(part) for part in item.findall(name_of)):
            report.lost(name, f"its {name_of} is not carried.")
    match kind:
        case "multichoice" | "truefalse":
            several = item.findtext("single") == "false"
            return Plain(
                **about,
                kind="multiple" if several else "single",
                lines=_lines(answers, report, name),
            )
        case "ordering":
            lines = _lines([(1.0, answer) for _, answer in answers], report, name)
            return Plain(**about, kind="order", lines=lines)
        case "numerical" | "shortanswer":
            return _typed(about, kind, answers, report)
        case "essay":
            note, _, rubric = _words(item.find("graderinfo")).rpartition("\n\n")
            return Plain(
                **about, kind="written", model_answer=note or rubric, rubric=_rubric(rubric)
            )
    report.lost(name, f"questions of type {kind!r} are not known; it is left out.")
    return None


def _lines(answers: list[tuple[float, Any]], report: Report, name: str) -> tuple[Line, ...]:
    ids: set[str] = set()
    if len({fraction for fraction, _ in answers if fraction > 0}) > 1:
        report.lost(name, "different shares for different right options become equal.")
    return tuple(
        Line(
            id=identifier(_words(answer), ids),
            text=_words(answer),
            explanation=_words(answer.find("feedback")) or NO_EXPLANATION,
            correct=fraction > 0,
        )
        for fraction, answer in answers
    )


def _typed(
    about: dict[str, Any], kind: str, answers: list[tuple[float, Any]], report: Report
) -> Plain:
    right = [answer for fraction, answer in answers if fraction >= 100]
    partly = [answer for fraction, answer in answers if 0 < fraction < 100]
    if partly or not right:
        report.lost(about["id"], "answers that earn a share are not carried.")
    mistakes = tuple(
        Mistake(
            answer=_typed_words(answer),
            explanation=_words(answer.find("feedback")) or NO_EXPLANATION,
        )
        for fraction, answer in answers
        if fraction <= 0 and _words(answer) != "*"
    )
    first = right[0] if right else answers[0][1]
    explanation = _words(first.find("feedback")) or NO_EXPLANATION
    about |= {"explanation": explanation, "mistakes": mistakes}
    if kind == "shortanswer":
        return Plain(**about, kind="short", accept=tuple(map(_typed_words, right)))
    tolerance = float(first.findtext("tolerance") or 0)
    return Plain(**about, kind="numeric", answer=float(_words(first)), tolerance=tolerance)


def _rubric(text: str) -> tuple[tuple[float, str], ...]:
    found = []
    for line in text.splitlines():
        points, colon, words = line.partition(": ")
        if colon and points.replace(".", "", 1).isdigit():
            found.append((float(points), words))
    return tuple(found)


def _words(holder: Any) -> str:
    if holder is None:
        return ""
    words = str(holder.findtext("text") or "").strip()
    if holder.get("format") == "markdown":
        return from_markdown_tex(words)
    return with_dollars(from_html(words) if holder.get("format") == "html" else words)


def _typed_words(answer: Any) -> str:
    return _words(answer).replace(r"\*", "*")
