"""IMS QTI 2.1: a zip with a manifest and one file per question.

https://www.imsglobal.org/question/qtiv2p1/imsqti_implv2p1.html
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from typing import Any

from defusedxml.ElementTree import fromstring

from nbjudge.exporters.quiz_exchange import (
    NO_EXPLANATION,
    Line,
    Mistake,
    Plain,
    Report,
    identifier,
    unreadable,
    with_dollars,
    with_tex,
)

_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
_MOST_BYTES = 32 << 20
_SAME_TIME = (1980, 1, 1, 0, 0, 0)
"""So that equal banks give equal files."""


def write_qti(questions: list[Plain], report: Report) -> bytes:
    """Write a package; what its response processing cannot say is reported."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "imsmanifest.xml", _manifest(questions))
        for own in questions:
            _add(archive, f"{own.id}.xml", _item(own, report))
    return out.getvalue()


def _add(archive: zipfile.ZipFile, name: str, root: ET.Element) -> None:
    ET.indent(root)
    content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    archive.writestr(zipfile.ZipInfo(name, _SAME_TIME), content)


def _manifest(questions: list[Plain]) -> ET.Element:
    root = ET.Element("manifest", xmlns=_CP, identifier="nbjudge")
    ET.SubElement(root, "organizations")
    resources = ET.SubElement(root, "resources")
    for own in questions:
        resource = ET.SubElement(
            resources,
            "resource",
            identifier=f"r-{own.id}",
            type="imsqti_item_xmlv2p1",
            href=f"{own.id}.xml",
        )
        ET.SubElement(resource, "file", href=f"{own.id}.xml")
    return root


def _item(own: Plain, report: Report) -> ET.Element:
    root = ET.Element(
        "assessmentItem",
        xmlns=_QTI,
        identifier=own.id,
        title=own.id,
        adaptive="false",
        timeDependent="false",
    )
    cardinality = {"single": "single", "multiple": "multiple", "order": "ordered"}
    base = {"numeric": "float", "short": "string", "written": "string"}
    declaration = ET.SubElement(
        root,
        "responseDeclaration",
        identifier="RESPONSE",
        cardinality=cardinality.get(own.kind, "single"),
        baseType=base.get(own.kind, "identifier"),
    )
    _key(declaration, own)
    _outcome(root, "SCORE", "float", "0")
    _outcome(root, "MAXSCORE", "float", f"{own.points:g}")
    ET.SubElement(
        root,
        "outcomeDeclaration",
        identifier="FEEDBACK",
        cardinality="multiple",
        baseType="identifier",
    )
    body = ET.SubElement(root, "itemBody")
    _paragraphs(body, own.prompt)
    _interaction(body, own)
    _processing(root, own, report)
    _feedback(root, own)
    return root


def _outcome(root: ET.Element, name: str, base: str, value: str) -> None:
    outcome = ET.SubElement(
        root, "outcomeDeclaration", identifier=name, cardinality="single", baseType=base
    )
    ET.SubElement(ET.SubElement(outcome, "defaultValue"), "value").text = value


def _key(declaration: ET.Element, own: Plain) -> None:
    right = [line.id for line in own.lines if line.correct]
    if own.kind == "numeric":
        right = [repr(own.answer)]
    if own.kind == "short":
        right = [own.accept[0]] if own.accept else []
    if right:
        correct = ET.SubElement(declaration, "correctResponse")
        for value in right:
            ET.SubElement(correct, "value").text = value
    if own.kind == "multiple":
        share = own.points / max(1, len(right))
        mapping = ET.SubElement(
            declaration, "mapping", lowerBound="0", upperBound=f"{own.points:g}", defaultValue="0"
        )
        for line in own.lines:
            value = repr(share if line.correct else -share)
            ET.SubElement(mapping, "mapEntry", mapKey=line.id, mappedValue=value)
    if own.kind == "short":
        mapping = ET.SubElement(declaration, "mapping", defaultValue="0")
        for text in own.accept:
            ET.SubElement(
                mapping,
                "mapEntry",
                mapKey=text,
                mappedValue=f"{own.points:g}",
                caseSensitive="false",
            )


def _interaction(body: ET.Element, own: Plain) -> None:
    if own.kind in ("single", "multiple"):
        most = "1" if own.kind == "single" else "0"
        choice = ET.SubElement(
            body,
            "choiceInteraction",
            responseIdentifier="RESPONSE",
            shuffle="true",
            maxChoices=most,
        )
        for line in own.lines:
            ET.SubElement(choice, "simpleChoice", identifier=line.id).text = with_tex(line.text)
    elif own.kind == "order":
        order = ET.SubElement(
            body, "orderInteraction", responseIdentifier="RESPONSE", shuffle="true"
        )
        # By id: the file's order is not to be the right one.
        for line in sorted(own.lines, key=lambda line: line.id):
            if line.correct:
                ET.SubElement(order, "simpleChoice", identifier=line.id).text = with_tex(line.text)
    elif own.kind == "written":
        ET.SubElement(body, "extendedTextInteraction", responseIdentifier="RESPONSE")
    else:
        paragraph = ET.SubElement(body, "p")
        ET.SubElement(paragraph, "textEntryInteraction", responseIdentifier="RESPONSE")


def _processing(root: ET.Element, own: Plain, report: Report) -> None:
    rule = ET.SubElement(root, "responseProcessing")
    template = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
    if own.kind in ("multiple", "short"):
        rule.set("template", f"{template}map_response")
    elif own.kind == "numeric":
        condition = ET.SubElement(ET.SubElement(rule, "responseCondition"), "responseIf")
        tolerance = repr(own.tolerance)
        equal = ET.SubElement(
            condition, "equal", toleranceMode="absolute", tolerance=f"{tolerance} {tolerance}"
        )
        ET.SubElement(equal, "variable", identifier="RESPONSE")
        ET.SubElement(equal, "correct", identifier="RESPONSE")
        value = ET.SubElement(condition, "setOutcomeValue", identifier="SCORE")
        ET.SubElement(value, "baseValue", baseType="float").text = f"{own.points:g}"
    elif own.kind != "written":
        rule.set("template", f"{template}match_correct")
        if own.points != 1:
            report.lost(own.id, f"the standard rule gives 1 point, not {own.points:g}.")
    if own.kind == "order":
        report.lost(own.id, "an order that is nearly right earns nothing.")
        for line in own.lines:
            if not line.correct:
                report.lost(own.id, f"the line {line.id}, to be left out, is not carried.")
    if own.kind == "short":
        report.lost(own.id, "hyphens and spaces are taken literally.")


def _feedback(root: ET.Element, own: Plain) -> None:
    if own.kind == "written":
        rubric = ET.SubElement(root.find("itemBody") or root, "rubricBlock", view="scorer")
        _paragraphs(rubric, own.model_answer)
        for points, text in own.rubric:
            ET.SubElement(rubric, "p").text = f"{points:g}: {with_tex(text)}"
        return
    texts = [
        (line.id, line.explanation) for line in own.lines if line.correct or own.kind != "order"
    ]
    if not own.lines:
        texts = [("correct", own.explanation)]
        texts += [
            (f"mistake_{i}", f"{m.answer}\n{m.explanation}") for i, m in enumerate(own.mistakes)
        ]
    for name, text in texts:
        feedback = ET.SubElement(
            root, "modalFeedback", outcomeIdentifier="FEEDBACK", identifier=name, showHide="show"
        )
        _paragraphs(feedback, text)


def _paragraphs(parent: ET.Element, text: str) -> None:
    for line in with_tex(text).split("\n"):
        ET.SubElement(parent, "p").text = line


def read_qti(content: bytes, report: Report) -> list[Plain]:
    """Read a package, or a single item.

    Raises:
        UserError: If it is neither.
    """
    try:
        roots = [fromstring(data) for data in _files(content)]
        items = [root for root in map(_without_namespaces, roots) if root.tag == "assessmentItem"]
        taken: set[str] = set()
        found = [_read(root, taken, report) for root in items]
    except Exception as error:  # zip, XML and defusedxml have no common class
        raise unreadable("QTI 2.1", repr(error)) from None
    if not items:
        raise unreadable("QTI 2.1", "there is no assessmentItem in it")
    return [own for own in found if own is not None]


def _files(content: bytes) -> list[bytes]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = [info for info in archive.infolist() if info.filename.endswith(".xml")]
        if sum(info.file_size for info in infos) > _MOST_BYTES:
            raise ValueError("it is larger than 32 MB")
        return [archive.read(info) for info in infos]


def _without_namespaces(root: Any) -> Any:
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]
    return root


def _read(root: Any, taken: set[str], report: Report) -> Plain | None:
    name = identifier(root.get("identifier") or root.get("title") or "question", taken)
    body = root.find("itemBody")
    feedback = {f.get("identifier"): _words(f) for f in root.findall("modalFeedback")}
    right = [
        value.text or "" for value in root.findall("responseDeclaration/correctResponse/value")
    ]
    about: dict[str, Any] = {"id": name, "prompt": _prompt(body)}
    points = root.find("outcomeDeclaration[@identifier='MAXSCORE']/defaultValue/value")
    about["points"] = float(points.text) if points is not None else 1.0
    choice = body.find(".//choiceInteraction")
    ordered = body.find(".//orderInteraction")
    if choice is not None or ordered is not None:
        several = choice is not None and choice.get("maxChoices") != "1"
        kind = "order" if choice is None else "multiple" if several else "single"
        options = (choice if choice is not None else ordered).findall("simpleChoice")
        return Plain(**about, kind=kind, lines=_lines(options, right, feedback, kind))
    if body.find(".//extendedTextInteraction") is not None:
        return _written(about, body)
    if body.find(".//textEntryInteraction") is not None:
        return _typed(about, root, right, feedback)
    report.lost(name, "its kind of interaction is not known; it is left out.")
    return None


def _prompt(body: Any) -> str:
    lines = []
    for element in body:
        is_rest = element.tag.endswith("Interaction") or element.tag == "rubricBlock"
        if not is_rest and element.find(".//textEntryInteraction") is None:
            lines.append("".join(element.itertext()).strip())
        prompt = element.find("prompt")
        if prompt is not None:
            lines.append("".join(prompt.itertext()).strip())
    return with_dollars("\n".join(lines).strip())


def _words(element: Any) -> str:
    lines = ["".join(part.itertext()).strip() for part in element] or [element.text or ""]
    return with_dollars("\n".join(lines).strip())


def _lines(options: Any, right: list[str], feedback: dict[str, str], kind: str) -> tuple[Line, ...]:
    ids: set[str] = set()
    made = {}
    for option in options:
        own = str(option.get("identifier"))
        made[own] = Line(
            id=identifier(own, ids),
            text=with_dollars("".join(option.itertext()).strip()),
            explanation=feedback.get(own) or NO_EXPLANATION,
            correct=own in right,
        )
    if kind == "order":
        return tuple(made[own] for own in right if own in made)
    return tuple(made.values())


def _written(about: dict[str, Any], body: Any) -> Plain:
    lines = ["".join(p.itertext()).strip() for p in body.findall("rubricBlock/p")]
    rubric = []
    model = []
    for line in lines:
        points, colon, words = line.partition(": ")
        if colon and points.replace(".", "", 1).isdigit():
            rubric.append((float(points), with_dollars(words)))
        else:
            model.append(line)
    return Plain(
        **about, kind="written", model_answer=with_dollars("\n".join(model)), rubric=tuple(rubric)
    )


def _typed(about: dict[str, Any], root: Any, right: list[str], feedback: dict[str, str]) -> Plain:
    mistakes = []
    for name, text in feedback.items():
        if name.startswith("mistake_"):
            answer, _, explanation = text.partition("\n")
            mistakes.append(Mistake(answer=answer, explanation=explanation))
    about |= {"explanation": feedback.get("correct") or NO_EXPLANATION, "mistakes": tuple(mistakes)}
    declaration = root.find("responseDeclaration")
    if declaration.get("baseType") in ("float", "integer"):
        equal = root.find(".//equal")
        tolerance = str(equal.get("tolerance", "0")).split()[0] if equal is not None else "0"
        return Plain(**about, kind="numeric", answer=float(right[0]), tolerance=float(tolerance))
    mapped = [e.get("mapKey") for e in declaration.findall("mapping/mapEntry")]
    accept = tuple(dict.fromkeys([*right, *mapped]))
    return Plain(**about, kind="short", accept=accept)
