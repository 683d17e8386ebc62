"""What is said of notebooks without a suite."""

from __future__ import annotations

from collections.abc import Iterable

from nbjudge.reports.summary import left_open

_ISOLATED = ("no-namespaces", "namespaces")


def beside_the_tests(isolation: str, notebooks: Iterable[str]) -> str:
    """Say what isolation gives to notebooks without a suite, and what not.

    Args:
        isolation: The level reached.
        notebooks: Their names.
    """
    names = ", ".join(sorted(notebooks))
    gives = (
        "This machine, the gradebook and other students were out of reach."
        if isolation in _ISOLATED
        else left_open(isolation)
    )
    return (
        f"Isolation: {isolation}. {gives}\n"
        f"Without a suite: {names}. There the tests ran beside the student's code, which can read "
        "and fool them.\n`nbjudge suite-from-cells NOTEBOOK` drafts tests that are out of reach."
    )
