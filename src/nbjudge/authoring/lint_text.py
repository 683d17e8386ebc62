"""What a lesson's text lacks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import jupytext

from nbjudge.authoring.lesson_text import LessonText, TextCell
from nbjudge.authoring.lint_model import Finding
from nbjudge.authoring.signatures import Definition, Function
from nbjudge.authoring.stubs import definitions_of, functions_of
from nbjudge.errors import LessonError

_REFERENCES = re.compile(r"^#{1,6} +.*\b(references|further reading|literature)\b", re.IGNORECASE)
_IMAGE_WITHOUT_WORDS = re.compile(r"!\[\s*\]\(|<img\b(?![^>]*\balt=\"[^\"]+\")")
_DRAWS = re.compile(r"\bplt\.|\bmatplotlib\b")
_FIGURE_IN_WORDS = re.compile(r"\bthe figure\b", re.IGNORECASE)


def text_findings(text: LessonText) -> Iterator[Finding]:
    """Say what the text lacks, from its first line to its last."""
    yield from _unstable(text)
    if not any(cell.is_setup for cell in text.cells):
        yield Finding(
            place=text.name,
            message="The lesson has no setup cell.",
            hint="give the cell with the imports the tag setup: it runs before every answer.",
        )
    for i, cell in enumerate(text.cells):
        if cell.nbgrader.get("solution"):
            yield from _docstrings(text, cell)
        elif cell.kind == "markdown":
            yield from _images(text, cell)
        elif not cell.nbgrader and not cell.is_setup:
            around = [text.cells[j] for j in (i - 1, i + 1) if 0 <= j < len(text.cells)]
            yield from _figure(text, cell, around)
    if not any(map(_REFERENCES.match, text.lines)):
        yield Finding(
            place=f"{text.name}, line {len(text.lines)}",
            message="The lesson names no references.",
            hint="end it with a section References, each of which you have read.",
        )


def _unstable(text: LessonText) -> Iterator[Finding]:
    """Find where jupytext would write the text in another way."""
    own = "\n".join(text.lines)
    theirs = jupytext.writes(jupytext.reads(own, "md:myst"), "md:myst").split("\n")
    if theirs == list(text.lines):
        return
    pairs = zip(text.lines, theirs, strict=False)
    same = min(len(text.lines), len(theirs))
    line = next((i for i, (a, b) in enumerate(pairs) if a != b), same)
    wanted = repr(theirs[line]) if line < len(theirs) else "the end of the file"
    yield Finding(
        place=f"{text.name}, line {line + 1}",
        message="jupytext would write this line in another way.",
        hint=f"write {wanted}, so that `nbjudge absorb` changes nothing but what was edited.",
    )


def _docstrings(text: LessonText, cell: TextCell) -> Iterator[Finding]:
    name = cell.grade_id
    try:
        definitions = definitions_of(name, cell.source, text.name)
    except LessonError:  # the build says so
        return
    for definition in definitions:
        for function in functions_of(definition).values():
            is_method = isinstance(definition, ast.ClassDef)
            yield from _sections(text, cell, function, _wanted(function, is_method=is_method))
        yield from _sections(text, cell, definition, ["Source"])


def _wanted(function: Function, *, is_method: bool) -> list[str]:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs][is_method:]
    wanted = ["Args"] if named or arguments.vararg or arguments.kwarg else []
    return wanted if is_method else [*wanted, "Returns"]


def _sections(
    text: LessonText, cell: TextCell, node: Definition, wanted: list[str]
) -> Iterator[Finding]:
    docstring = ast.get_docstring(node) or ""
    for section in wanted:
        if not re.search(rf"^{section}:", docstring, re.MULTILINE):
            yield Finding(
                place=text.where(cell, node.lineno),
                message=f"The docstring of {node.name} has no {section}.",
                hint=_WHY[section],
            )


_WHY = {
    "Args": "name each argument with its shape and unit.",
    "Returns": "say shape and dtype of the result.",
    "Source": "name the paper and equation that the formula is from.",
}


def _images(text: LessonText, cell: TextCell) -> Iterator[Finding]:
    for number, line in enumerate(cell.source.split("\n"), start=1):
        if _IMAGE_WITHOUT_WORDS.search(line):
            yield Finding(
                place=text.where(cell, number),
                message="The image has no alternative text.",
                hint="say in words what it shows: ![what it shows](file).",
            )


def _figure(text: LessonText, cell: TextCell, around: list[TextCell]) -> Iterator[Finding]:
    words = [c for c in around if c.kind == "markdown" and _FIGURE_IN_WORDS.search(c.source)]
    if _DRAWS.search(cell.source) and not words:
        yield Finding(
            place=text.where(cell),
            message="The figure is not told in words.",
            hint='say what it shows in the text next to the cell: "The figure: ...".',
        )
