"""The class report as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import jinja2
import markupsafe
import numpy as np

from nbjudge.errors import UserError
from nbjudge.questions.markup import to_html
from nbjudge.reports.class_figures import difficulty_and_discrimination, distribution
from nbjudge.reports.class_history import Change
from nbjudge.reports.class_report import ClassReport
from nbjudge.reports.class_scores import Numbers
from nbjudge.reports.item_analysis import LEAST
from nbjudge.reports.similar import SimilarPair

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """The middle of the class; shares of the points, from 0 to 1."""

    mean: float
    low: float
    """A quarter of the class has less."""
    high: float
    """A quarter has more."""


def report_page(
    report: ClassReport,
    *,
    title: str,
    day: date,
    table: str,
    change: Change | None,
    names: bool,
    similar: Sequence[SimilarPair] | None,
) -> str:
    """Return the page.

    Args:
        report: What there is to say.
        title: The lesson's title.
        day: Today.
        table: The name of the CSV file beside it.
        change: Since the last report; None for the first one.
        names: Whether students are named.
        similar: Pairs of submissions, the most alike first; None if nobody asked.
    """
    # Answers are students' words, and notes quote file names: everything is escaped.
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=False
    )
    environment.filters |= {"markup": _markup, "thousands": "{:,}".format}
    parts = [
        (part, list(items)) for part, items in groupby(report.items, key=lambda i: i.item.part)
    ]
    return environment.get_template("class_report.html.j2").render(
        report=report,
        title=title,
        day=day.isoformat(),
        table=table,
        change=change,
        names=names,
        similar=similar,
        spread=_spread(report.marks),
        distribution=distribution(report.marks),
        scatter=difficulty_and_discrimination(report.items),
        parts=parts,
        least=LEAST,
        count=_count,
        style=(_TEMPLATES / "class_report.css").read_text(encoding="utf-8"),
    )


def _spread(marks: Numbers) -> Spread | None:
    known = marks[~np.isnan(marks)]
    if not len(known):
        return None
    low, high = np.quantile(known, [0.25, 0.75])
    return Spread(mean=float(known.mean()), low=float(low), high=float(high))


def _markup(text: str) -> markupsafe.Markup:
    """Render a question's words; `to_html` escapes what is none of its own."""
    try:
        return markupsafe.Markup(to_html(text))  # noqa: S704 - as above
    except UserError:  # lint has said so; the words are there all the same
        return markupsafe.escape(text)


def _count(what: str, number: int) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
