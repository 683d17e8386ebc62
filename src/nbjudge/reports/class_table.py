"""The class report as CSV: one row per case, question, answer and belief."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from nbjudge.reports.class_report import ClassReport

COLUMNS = (
    "row",
    "part",
    "item",
    "about",
    "students",
    "tried",
    "share",
    "discrimination",
    "upper_27",
    "lower_27",
    "mean_mark",
)


def write_table(report: ClassReport, path: Path) -> None:
    """Write the table; it names no student.

    Shares and marks are from 0 to 1.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for row in _rows(report):
            writer.writerow({name: _cell(value) for name, value in row.items()})


def _rows(report: ClassReport) -> Iterator[dict[str, object]]:
    for one in report.items:
        yield {
            "row": "question" if one.item.part == "quiz" else "case",
            "part": one.item.part,
            "item": one.item.name,
            "about": one.item.about,
            "tried": one.tried,
            "share": one.difficulty,
            "discrimination": one.discrimination,
            "upper_27": one.upper,
            "lower_27": one.lower,
        }
    for question in report.questions:
        for choice in question.choices:
            yield {
                "row": "answer",
                "part": "quiz",
                "item": question.question,
                "about": choice.text,
                "students": choice.students,
                "share": choice.share,
                "mean_mark": choice.mean_mark,
            }
    for belief in (*report.beliefs, *report.pairs):
        yield {
            "row": "belief" if len(belief.ids) == 1 else "pair",
            "part": " ".join(belief.exercises),
            "item": " + ".join(belief.ids),
            "about": belief.belief,
            "students": belief.students,
            "tried": belief.of,
            "share": belief.share,
        }


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    # A spreadsheet runs a text cell that begins so.
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
