"""Every row of a gradebook, with names in the place of ids."""

from __future__ import annotations

import sqlite3
from pathlib import Path

Rows = dict[str, list[tuple[object, ...]]]

_NAMED_BY = {
    "assignment": ("name",),
    "notebook": ("assignment_id", "name"),
    "base_cell": ("notebook_id", "name", "type"),
    "source_cell": ("notebook_id", "name"),
    "submitted_assignment": ("assignment_id", "student_id"),
    "submitted_notebook": ("assignment_id", "notebook_id"),
    "grade": ("notebook_id", "cell_id"),
    "comment": ("notebook_id", "cell_id"),
}
"""Table -> the columns that name a row; an id in them is named first."""

_SELECT = "select * from {}"


def gradebook_rows(path: Path) -> Rows:
    """Read all tables, every column; random ids become names, rows are sorted."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        tables = [
            name
            for (name,) in database.execute("select name from sqlite_master where type = 'table'")
        ]
        names: dict[object, str] = {}
        for table, naming in _NAMED_BY.items():
            columns = [row[1] for row in database.execute(f"pragma table_info({table})")]
            for row in database.execute(_SELECT.format(table)):
                values = dict(zip(columns, row, strict=True))
                parts = [str(names.get(values[key], values[key])) for key in naming]
                names[values["id"]] = f"{table}:{'/'.join(parts)}"
        return {
            table: sorted(
                (
                    tuple(names.get(v, v) for v in row)
                    for row in database.execute(_SELECT.format(table))
                ),
                key=repr,
            )
            for table in sorted(tables)
        }


def differences(ours: Rows, theirs: Rows) -> list[str]:
    """Say which rows are not in both."""
    found = []
    for table in sorted({*ours, *theirs}):
        mine, stock = set(ours.get(table, [])), set(theirs.get(table, []))
        found += [f"nbjudge {table}: {row}" for row in sorted(mine - stock, key=repr)]
        found += [f"stock   {table}: {row}" for row in sorted(stock - mine, key=repr)]
    return found
