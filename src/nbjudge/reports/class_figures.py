"""The class report's figures: SVG that stands in the page, with its words.

Colours are Okabe and Ito's; shapes say the same as colours.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from html import escape

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nbjudge.reports.class_scores import Numbers
from nbjudge.reports.item_analysis import ItemStatistics

_BLUE, _ORANGE = "#0072B2", "#D55E00"
_SIZE_IN = (7.0, 3.2)


def distribution(marks: Numbers) -> str:
    """Draw how many students have which mark.

    Args:
        marks: Shape (students,), from 0 to 1.
    """
    counts, edges = np.histogram(100 * marks, bins=10, range=(0, 100))
    figure, axes = _figure()
    axes.bar(edges[:-1], counts, width=10, align="edge", color=_BLUE, edgecolor="white")
    axes.set(xlabel="mark (% of the points)", ylabel="students", xlim=(0, 100))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    told = ", ".join(
        f"{count} from {low:.0f} to {low + 10:.0f} %"
        for count, low in zip(counts, edges, strict=False)
        if count
    )
    return _svg(figure, f"Distribution of marks: {told or 'nobody has one'}.")


def difficulty_and_discrimination(items: Sequence[ItemStatistics]) -> str:
    """Draw each item by the share that passes it and by what it tells apart."""
    figure, axes = _figure()
    shown = [item for item in items if item.discrimination is not None]
    negative = [item for item in shown if item.is_negative]
    for name, marker, colour, chosen in (
        ("item", "o", _BLUE, [item for item in shown if not item.is_negative]),
        ("negative discrimination", "X", _ORANGE, negative),
    ):
        axes.scatter(
            [100 * item.difficulty for item in chosen],
            [item.discrimination or 0.0 for item in chosen],
            marker=marker,
            color=colour,
            alpha=0.6,
            label=name,
        )
    axes.axhline(0.0, color="#555555", linewidth=0.8)
    axes.set(
        xlabel="share of the points earned (%)",
        ylabel="discrimination (correlation, -1 to 1)",
        xlim=(-2, 102),
        ylim=(-1.05, 1.05),
    )
    axes.legend(loc="lower left", frameon=False)
    told = (
        f"{len(shown)} cases and questions by difficulty and discrimination; {len(negative)} have "
        "a negative one. The table below has every number."
    )
    return _svg(figure, told)


def _figure() -> tuple[Figure, Axes]:
    figure = Figure(figsize=_SIZE_IN, layout="constrained")
    axes = figure.subplots()
    axes.grid(alpha=0.3)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: Figure, told: str) -> str:
    drawn = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "nbjudge"}):
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    svg = drawn.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(told)}"', 1)
