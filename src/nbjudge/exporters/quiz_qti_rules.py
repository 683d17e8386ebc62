"""What a QTI player does with an answer: what it earns, and which explanations are shown."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from nbjudge.exporters.quiz_exchange import Plain, Report


def add_rules(root: ET.Element, own: Plain, report: Report) -> None:
    """Say what is earned and which explanations are shown, in rules that any player can run.

    The standard's own templates give one point whatever the question is worth, and set no
    outcome that would show an explanation.

    Args:
        root: The item.
        own: The question.
        report: What the rules cannot say.
    """
    if own.kind == "order":
        report.lost(own.id, "an order that is nearly right earns nothing.")
        for line in own.lines:
            if not line.correct:
                report.lost(own.id, f"the line {line.id}, to be left out, is not carried.")
    if own.kind == "short":
        report.lost(own.id, "hyphens and spaces are taken literally.")
    if own.kind == "written":
        return
    rules = ET.SubElement(root, "responseProcessing")
    if own.kind in ("multiple", "short"):
        score = ET.SubElement(rules, "setOutcomeValue", identifier="SCORE")
        ET.SubElement(score, "mapResponse", identifier="RESPONSE")
    else:
        condition = ET.SubElement(ET.SubElement(rules, "responseCondition"), "responseIf")
        _is_right(condition, own)
        score = ET.SubElement(condition, "setOutcomeValue", identifier="SCORE")
        _value(score, "float", f"{own.points:g}")
    _show_explanations(rules, own)


def _is_right(parent: ET.Element, own: Plain) -> None:
    if own.kind == "numeric":
        _equal(parent, own, ET.Element("correct", identifier="RESPONSE"))
        return
    match = ET.SubElement(parent, "match")
    ET.SubElement(match, "variable", identifier="RESPONSE")
    ET.SubElement(match, "correct", identifier="RESPONSE")


def _equal(parent: ET.Element, own: Plain, other: ET.Element) -> None:
    tolerance = repr(own.tolerance)
    equal = ET.SubElement(
        parent, "equal", toleranceMode="absolute", tolerance=f"{tolerance} {tolerance}"
    )
    ET.SubElement(equal, "variable", identifier="RESPONSE")
    equal.append(other)


def _value(parent: ET.Element, base: str, value: str) -> None:
    ET.SubElement(parent, "baseValue", baseType=base).text = value


def _show_explanations(rules: ET.Element, own: Plain) -> None:
    """Set the outcome that decides which of the explanations are shown."""
    if own.kind in ("single", "multiple"):  # those of what was chosen
        shown = ET.SubElement(rules, "setOutcomeValue", identifier="FEEDBACK")
        ET.SubElement(shown, "variable", identifier="RESPONSE")
        return
    if own.kind == "order":
        shown = ET.SubElement(rules, "setOutcomeValue", identifier="FEEDBACK")
        every = ET.SubElement(shown, "multiple")
        for line in own.lines:
            if line.correct:
                _value(every, "identifier", line.id)
        return
    cases = ET.SubElement(rules, "responseCondition")
    case = ET.SubElement(cases, "responseIf")
    if own.kind == "numeric":
        _is_right(case, own)
    else:
        earns = ET.SubElement(case, "gt")
        ET.SubElement(earns, "variable", identifier="SCORE")
        _value(earns, "float", "0")
    _shows(case, "correct")
    for number, mistake in enumerate(own.mistakes):
        case = ET.SubElement(cases, "responseElseIf")
        if own.kind == "numeric":
            wrong = ET.Element("baseValue", baseType="float")
            wrong.text = mistake.answer
            _equal(case, own, wrong)
        else:
            same = ET.SubElement(case, "stringMatch", caseSensitive="false", substring="false")
            ET.SubElement(same, "variable", identifier="RESPONSE")
            _value(same, "string", mistake.answer)
        _shows(case, f"mistake_{number}")


def _shows(case: ET.Element, name: str) -> None:
    _value(ET.SubElement(case, "setOutcomeValue", identifier="FEEDBACK"), "identifier", name)
