"""Formulas in Markdown as MathML: readable without JavaScript and without a network."""

from __future__ import annotations

import html
import re
import secrets
from xml.etree import ElementTree

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer

_ELEMENTS_NAMED = """
math menclose mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom
mprescripts mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtext
mtr munder munderover none
"""
_ELEMENTS = frozenset(_ELEMENTS_NAMED.split())
_ATTRIBUTES_NAMED = """
accent columnalign columnspacing depth display displaystyle fence form height
largeop linethickness lspace mathvariant maxsize minsize movablelimits notation
rowspacing rspace scriptlevel separator stretchy symmetric width
"""
_ATTRIBUTES = frozenset(_ATTRIBUTES_NAMED.split())
_PLAIN_VALUE = re.compile(r"[\w .%+-]*")
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_LONGEST = 2000


class MathRenderer(IPythonRenderer):
    """Renders Markdown and keeps formulas aside until the page has been cleaned.

    Cleaning a page of what is harmful would clean it of MathML too.
    """

    def __init__(self, *, attachments: dict[str, dict[str, str]]) -> None:
        super().__init__(escape=False, embed_images=False, attachments=attachments)
        self._formulas: dict[str, str] = {}

    def inline_math(self, body: str) -> str:
        """Keep `$body$` aside."""
        return self._keep(body, "inline")

    def block_math(self, body: str) -> str:
        """Keep `$$body$$` aside."""
        return self._keep(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        """Keep an environment aside."""
        return self._keep(rf"\begin{{{name}}}{body}\end{{{name}}}", "block")

    def put_formulas_back(self, cleaned: str) -> str:
        """Return a cleaned page with its formulas as MathML."""
        for token, mathml in self._formulas.items():
            cleaned = cleaned.replace(token, mathml)
        return cleaned

    def _keep(self, tex: str, display: str) -> str:
        # Not to be guessed: nobody else can write where a formula goes.
        token = f"formula-{secrets.token_hex(16)}"
        self._formulas[token] = to_mathml(tex, display)
        return token


def to_mathml(tex: str, display: str) -> str:
    """Return a formula as MathML; as escaped TeX if it is not understood.

    Args:
        tex: Without the dollar signs; not trusted.
        display: `inline` or `block`.
    """
    try:
        if len(tex) > _LONGEST:
            raise ValueError("too long for a formula")
        return _only_mathml(str(convert(tex.strip(), display=display)))
    except Exception:  # noqa: BLE001, RUF100 - a student's TeX may break it in any way
        return f"<code>{html.escape(tex)}</code>"


def _only_mathml(converted: str) -> str:
    """Return the converter's output, rebuilt from what is known to be harmless.

    The converter passes the words of a text command and the address of a link on as they are.

    Raises:
        ValueError: If anything else than plain MathML is in it, or an unknown command.
    """
    ElementTree.register_namespace("", _NAMESPACE)
    root = ElementTree.fromstring(converted)  # noqa: S314 - no DTD: our own converter's output
    for element in root.iter():
        name = element.tag.removeprefix(f"{{{_NAMESPACE}}}")
        values_plain = all(
            key in _ATTRIBUTES and _PLAIN_VALUE.fullmatch(value)
            for key, value in element.attrib.items()
        )
        if name not in _ELEMENTS or not values_plain or (element.text or "").startswith("\\"):
            raise ValueError(f"{name} is no plain MathML")
    return ElementTree.tostring(root, encoding="unicode")
