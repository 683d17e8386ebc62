"""IMS QTI 2.1: a zip with a manifest and one file per question.

https://www.imsglobal.org/question/qtiv2p1/imsqti_implv2p1.html
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile

from nbjudge.exporters.quiz_exchange import Plain, Report, with_tex
from nbjudge.exporters.quiz_qti_rules import add_rules

_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_QTI_XSD = "http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
_CP_XSD = "http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd"
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
    root = ET.Element("manifest", {"xmlns": _CP, "identifier": "nbjudge", **_schema(_CP, _CP_XSD)})
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "QTIv2.1 Package"
    ET.SubElement(metadata, "schemaversion").text = "1.0.0"
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
    about = {"identifier": own.id, "title": own.id, "adaptive": "false", "timeDependent": "false"}
    root = ET.Element("assessmentItem", {"xmlns": _QTI, **about, **_schema(_QTI, _QTI_XSD)})
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
    if own.kind != "written":
        ET.SubElement(
            root,
            "outcomeDeclaration",
            identifier="FEEDBACK",
            cardinality="multiple" if own.kind in ("multiple", "order") else "single",
            baseType="identifier",
        )
    body = ET.SubElement(root, "itemBody")
    _paragraphs(body, own.prompt)
    _interaction(body, own)
    add_rules(root, own, report)
    _feedback(root, own)
    return root


def _schema(namespace: str, location: str) -> dict[str, str]:
    """Return the attribute by which validators find the schema."""
    return {f"{{{_XSI}}}schemaLocation": f"{namespace} {location}"}


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
