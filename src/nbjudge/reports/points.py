"""Points, as learners read them."""

from __future__ import annotations


def number_text(value: float) -> str:
    """Write a number of points, with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
