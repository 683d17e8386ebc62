"""Renders feedback pages: nbconvert's HTML exporter, made for a class's worth of pages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat.notebooknode import NotebookNode


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
        rendered: tuple[str, dict[str, Any]] = TemplateExporter.from_notebook_node(
            self, nb, resources, **kw
        )
        return rendered


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
