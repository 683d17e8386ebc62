"""Markdown with math and figures to HTML that needs no script: MathML, pictures inside.

Runs at the author's and the judge's, never at a student's: they get its output.
"""

from __future__ import annotations

import base64
import html
import re
from pathlib import Path

import mistune
from latex2mathml.converter import convert
from mistune.plugins.math import math, math_in_list, math_in_quote
from mistune.plugins.table import table

from nbjudge.errors import UserError

_TEMPLATE = re.compile(r"@\{[^{}]*\}")
_COMMAND = re.compile(r">(\\\w+)")
_PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
}


def to_html(text: str, folder: Path | None = None) -> str:
    """Render Markdown.

    Args:
        text: Markdown with `$math$`; `@{...}` is kept, in formulas too.
        folder: Where pictures lie; without it a picture is left out, with its words kept.

    Raises:
        UserError: If a picture is missing, is none, or has no words.
    """
    marks: dict[str, str] = {}

    def mark(match: re.Match[str]) -> str:
        # A number, so that a formula around it stays one.
        name = f"7{len(marks):03d}0{7 * len(marks) + 1:05d}7"
        while name in text:
            name = f"7{name}"
        marks[name] = match[0]
        return name

    marked = _TEMPLATE.sub(mark, text)
    renderer = _Renderer(folder, list(marks))
    markdown = mistune.Markdown(renderer, plugins=[math, math_in_quote, math_in_list, table])
    done = str(markdown(marked)).strip()
    for name, template in marks.items():
        done = done.replace(name, template)
    is_one_paragraph = done.startswith("<p>") and done.count("<p>") == 1 and done.endswith("</p>")
    return done.removeprefix("<p>").removesuffix("</p>") if is_one_paragraph else done


class _Renderer(mistune.HTMLRenderer):
    """mistune's, with MathML and pictures as data."""

    def __init__(self, folder: Path | None, marks: list[str]) -> None:
        super().__init__(escape=True)
        self._folder = folder
        self._marks = marks

    def inline_math(self, text: str) -> str:
        return self._mathml(text, "inline")

    def block_math(self, text: str) -> str:
        return f"<div>{self._mathml(text.strip(), 'block')}</div>"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        words = html.escape(text)
        if self._folder is None:
            return f"<em>{words}</em>"
        path = self._folder / url
        kind = _PICTURES.get(path.suffix.lower())
        if not words or kind is None or "/" in url or not path.is_file():
            raise UserError(
                f"The picture {url} cannot be shown.",
                context=str(self._folder),
                hint="![what it shows](name), and the file (png, jpg, gif, svg) beside quiz.yaml.",
            )
        data = base64.b64encode(path.read_bytes()).decode()
        return f'<img src="data:{kind};base64,{data}" alt="{words}">'

    def _mathml(self, tex: str, display: str) -> str:
        for name in self._marks:
            tex = tex.replace(name, f"{{{name}}}")
        try:
            mathml = str(convert(tex.strip(), display=display))
            unknown = _COMMAND.search(mathml)
            if unknown:  # the converter passes it on as a word
                raise ValueError(unknown[1])
            return mathml
        except Exception as error:  # the converter has no common class for what it refuses
            raise UserError(f"The formula ${tex}$ is not understood: {error}.") from None
