"""A quiz as plain text: for GitHub, e-mail, a terminal, and editors without widgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nbjudge.questions.paper import DrawnQuestion
from nbjudge.texts import later, say

_HOW = {
    "single": later('answer with one id: "{first}"'),
    "multiple": later('answer with ids: ["{first}", ...]'),
    "numeric": later('answer with a number in quotes: "-0.25"'),
    "short": later('answer with a word or two: "..."'),
    "order": later('answer with ids in the right order, some may be left out: ["{first}", ...]'),
    "written": later('answer with a text of about {words} words: "..."'),
}


def quiz_text(
    title: str,
    questions: Iterable[DrawnQuestion],
    answers: Mapping[str, str | Sequence[str]],
    call: str,
    remarks: Iterable[str] = (),
) -> str:
    """Write a quiz so that it can be read and answered without its buttons.

    Args:
        title: What it is.
        questions: In the paper's order.
        answers: What is answered already.
        call: The call to answer with, up to its closing parenthesis.
        remarks: What else to say, above the questions.
    """
    lines = [title, *remarks]
    shown = list(questions)
    for number, drawn in enumerate(shown, start=1):
        lines += ["", f"{number}. {drawn.id} ({_points(drawn.question.points)})", ""]
        lines += [f"   {line}" for line in drawn.prompt.text.splitlines()]
        chosen = answers.get(drawn.id) or ()
        ids = [chosen] if isinstance(chosen, str) else list(chosen)
        for entry in drawn.entries:
            mark = _mark(drawn, entry.id, ids)
            lines.append(f"   {mark} {entry.id}: {entry.words.text}")
        if not drawn.entries and ids:
            lines.append("   " + say("your answer: {answer}", answer=ids[0]))
        first = drawn.entries[0].id if drawn.entries else ""
        how = say(_HOW[drawn.question.kind], first=first, words=drawn.question.words)
        unit = ", " + say("in {unit}", unit=drawn.question.unit) if drawn.question.unit else ""
        lines.append(f"   ({how}{unit})")
    if shown:
        lines += [
            "",
            say("Without buttons: {call}", call=f'{call}, answers={{"{shown[0].id}": ...}})'),
        ]
    return "\n".join(lines)


def _points(points: float) -> str:
    return say("1 point") if points == 1 else say("{points:g} points", points=points)


def _mark(drawn: DrawnQuestion, name: str, ids: list[str]) -> str:
    if drawn.question.kind == "order":
        return f"[{ids.index(name) + 1}]" if name in ids else "[ ]"
    return "(x)" if name in ids else "( )"
