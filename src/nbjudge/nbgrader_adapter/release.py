"""What the release must not carry."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor


class ForgetBuild(NbGraderPreprocessor):
    """Removes the build's digests: they tell hand edits of a *source* notebook only."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Drop `metadata.nbjudge.built`."""
        about = nb.metadata.get("nbjudge")
        if isinstance(about, dict):
            about.pop("built", None)
        return nb, resources
