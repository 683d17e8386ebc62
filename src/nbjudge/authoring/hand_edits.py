"""Which cells of a source notebook somebody edited by hand since it was built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbjudge.authoring.source_notebook import FORMAT, authored, digest, settled
from nbjudge.errors import UserError
from nbjudge.notebook import UnreadableNotebook, read_notebook


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceNotebook:
    """A notebook in `source/`, with what the build noted in it."""

    cells: Sequence[dict[str, Any]]
    lesson: str
    """The slug it was built from; empty for a hand-made notebook."""
    built: Mapping[str, str]
    """Id -> digest of every cell at the build, in order."""

    @property
    def is_hand_made(self) -> bool:
        """Say whether no build made it: it is the instructor's alone."""
        return not self.lesson

    def edited(self) -> set[str]:
        """Return the ids of cells that were changed since the build; moved ones are none."""
        return {
            cell["id"]
            for cell in self.cells
            if cell["id"] in self.built and digest(cell) != self.built[cell["id"]]
        }

    def added(self) -> list[int]:
        """Return the positions, from 0, of cells that the build did not make."""
        ids = [cell["id"] for cell in self.cells]
        return [i for i, own in enumerate(ids) if own not in self.built or own in ids[:i]]

    def deleted(self) -> set[str]:
        """Return the ids of built cells that are gone."""
        return set(self.built) - {cell["id"] for cell in self.cells}

    def is_reordered(self) -> bool:
        """Say whether the cells that are left stand in another order."""
        ids = list(dict.fromkeys(cell["id"] for cell in self.cells))
        return [i for i in self.built if i in ids] != [i for i in ids if i in self.built]

    def edits(self) -> list[str]:
        """Describe every edit in a few words, by id and heading; [] for none."""
        added, heading, found = self.added(), "", []
        edited = self.edited()
        for i, cell in enumerate(self.cells):
            if cell["cell_type"] == "markdown" and cell["source"].startswith("#"):
                heading = cell["source"].split("\n")[0].lstrip("# ")
            place = f' ("{heading}")' if heading else ""
            if i in added:
                found.append(f"added: a {cell['cell_type']} cell{place}")
            elif cell["id"] in edited:
                found.append(f"changed: {cell['id']}{place}")
        found += [f"deleted: {own}" for own in self.built if own in self.deleted()]
        return [*found, "moved: some cells"] if self.is_reordered() else found

    def says_the_same(self, cells: Sequence[Mapping[str, Any]]) -> bool:
        """Say whether its cells are these, ids and outputs aside."""
        return [_content(cell) for cell in self.cells] == [_content(cell) for cell in cells]


def read_source(path: Path, name: str) -> SourceNotebook:
    """Read a notebook in `source/`, built or hand-made; `name` is for messages.

    Raises:
        UserError: If it cannot be read or was built by a newer nbjudge.
    """
    try:
        notebook = read_notebook(path.read_bytes())
    except UnreadableNotebook as error:
        raise UserError(
            f"The source notebook cannot be read: {error}.",
            context=name,
            hint="delete it to have it built anew, or restore it.",
        ) from None
    about = notebook["metadata"].get("nbjudge")
    if not isinstance(about, dict):
        return SourceNotebook(cells=notebook["cells"], lesson="", built={})
    if about.get("format") != FORMAT:
        raise UserError(
            f"The source notebook has format {about.get('format')!r} of metadata.nbjudge; "
            f"known is {FORMAT}.",
            context=name,
            hint="use the nbjudge that built it.",
        )
    pairs = (str(line).partition(" ") for line in about.get("built") or ())
    built = {own: mark for own, _, mark in pairs}
    # Jupyter leaves empty cells behind; MyST has none.
    cells = [c for c in notebook["cells"] if c["id"] in built or c["source"].strip()]
    return SourceNotebook(cells=cells, lesson=str(about.get("lesson", "")), built=built)


def _content(cell: Mapping[str, Any]) -> tuple[Any, ...]:
    return cell["cell_type"], authored(cell["metadata"]), settled(cell["source"])
