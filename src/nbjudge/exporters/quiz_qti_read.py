"""IMS QTI 2.1, as others write it: a package, or a single item."""

from __future__ import annotations

import io
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
)

_MOST_BYTES = 32 << 20


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
