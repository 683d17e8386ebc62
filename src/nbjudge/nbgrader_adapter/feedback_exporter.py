"""Renders feedback pages: nbconvert's HTML exporter, made for a class's worth of pages."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat.notebooknode import NotebookNode

_PICTURE = re.compile(r'(<img\b[^<>]*\bsrc=")([\w -]+(?:/[\w -]+)*\.(?:png|jpe?g|gif|svg))"')
"""What `safe_markdown2html` leaves of pictures that lie beside the notebook."""
_KINDS = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",  # in an <img>, where no browser runs its scripts
}
_LARGEST = 4 << 20


class FeedbackExporter(HTMLExporter):
    """`c.GenerateFeedback.exporter_class`.

    nbconvert's parses the finished page once more, to describe pictures that have no
    description and to let its own page design scroll by keyboard: two thirds of the
    time. Here `safe_markdown2html` describes pictures, and the page is nbgrader's design.
    """

    def from_notebook_node(  # type: ignore[override] # as in HTMLExporter
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Render one notebook."""
        resources = self._init_resources(resources)
        about = nb.metadata.get("language_info", {})
        lexer = about.get("pygments_lexer") or about.get("name") or "ipython3"
        self.register_filter("highlight_code", partial(_highlighted, str(lexer)))
        data_types = WidgetsDataTypeFilter(
            notebook_metadata=self._nb_metadata, parent=self, resources=resources
        )
        self.register_filter("filter_data_type", data_types)
        # Past HTMLExporter's own: what follows in it is what this class leaves out.
        html, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
        folder = Path(resources.get("metadata", {}).get("path") or ".")
        return _with_pictures_inside(html, folder), resources


def _with_pictures_inside(html: str, folder: Path) -> str:
    """Put pictures that lie beside the notebook into the page: it may be all that is sent."""

    def inside(found: re.Match[str]) -> str:
        path = folder / found[2]
        kind = _KINDS[path.suffix.lower()]
        is_there = path.is_file() and not path.is_symlink()
        if not is_there or path.stat().st_size > _LARGEST or not _is_below(path, folder):
            return found[0]
        return f'{found[1]}data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"'

    return _PICTURE.sub(inside, html)


def _is_below(path: Path, folder: Path) -> bool:
    """A folder in between may be a link to anywhere."""
    return path.resolve().is_relative_to(folder.resolve())


def _highlighted(
    lexer: str, source: str, language: str | None = None, metadata: Mapping[str, Any] | None = None
) -> str:
    magic = (metadata or {}).get("magics_language")
    return _highlighted_once(source, language or lexer, magic if isinstance(magic, str) else None)


# Most cells of a class's notebooks are the lesson's, the same on every page.
@lru_cache(maxsize=512)
def _highlighted_once(source: str, language: str, magic: str | None) -> str:
    about = {} if magic is None else {"magics_language": magic}
    highlighted: str = Highlight2HTML()(source, language, about)
    return highlighted
