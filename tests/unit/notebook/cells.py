"""Code cells as a notebook file has them."""

from __future__ import annotations

from typing import Any


def code(
    cell_id: str, source: str, *, tags: tuple[str, ...] = (), **nbgrader: object
) -> dict[str, Any]:
    """Return a code cell.

    Args:
        cell_id: Its id.
        source: Its source.
        tags: Its tags; without any there is no such key.
        **nbgrader: What its metadata say to nbgrader, but for the version of the schema.
    """
    metadata: dict[str, Any] = {"tags": list(tags)} if tags else {}
    if nbgrader:
        metadata["nbgrader"] = {"schema_version": 3, **nbgrader}
    return {"cell_type": "code", "id": cell_id, "metadata": metadata, "source": source}
