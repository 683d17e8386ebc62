"""Cases that pytest has run once, called again without it.

Three quarters of the time of a short case are pytest's: finding its fixtures,
calling hooks, making reports. A class runs the same cases three hundred times, a
proof a thousand times.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from nbjudge.suite import plugin
from nbjudge.suite.case import CaseInfo
from nbjudge.suite.implementation import MakeStudent

CallAgain = Callable[[MakeStudent, CaseInfo], BaseException | None]
"""Runs a case against an implementation; returns what it raised."""

_OURS = {name: f"{plugin.__name__}.{name}" for name in ("student", "rng")}
_PYTESTS_BUSINESS = ("skip", "skipif", "xfail", "usefixtures", "filterwarnings")


def call_again(
    item: pytest.Item, fixtures: Mapping[str, Callable[..., object]]
) -> CallAgain | None:
    """Return a short cut to a case; None if pytest does more for it than to call it.

    Args:
        item: A case that pytest has run, here or in a fork of this process.
        fixtures: What it asked for, by name, if it ran here; else empty.
    """
    if not isinstance(item, pytest.Function) or item.cls is not None:
        return None
    code: Any = item.obj
    parameters: dict[str, object] = dict(item.callspec.params) if hasattr(item, "callspec") else {}
    wanted = set(inspect.signature(code).parameters)
    if (
        inspect.iscoroutinefunction(code)
        or hasattr(code, "hypothesis")
        or any(item.get_closest_marker(name) for name in _PYTESTS_BUSINESS)
        or not wanted <= {*_OURS, *parameters}
        or not all(_is_known(name, code, parameters) for name, code in fixtures.items())
    ):
        return None

    def run(make_student: MakeStudent, case: CaseInfo) -> BaseException | None:
        arguments = {name: value for name, value in parameters.items() if name in wanted}
        try:
            if "student" in wanted:
                arguments["student"] = make_student(case)
            if "rng" in wanted:
                arguments["rng"] = plugin.random_numbers(item)
            code(**arguments)
        except (KeyboardInterrupt, pytest.exit.Exception):
            raise
        except BaseException as error:  # noqa: BLE001, RUF100 - as pytest does
            return error
        return None

    return run


def _is_known(name: str, code: Callable[..., object], parameters: Mapping[str, object]) -> bool:
    """Tell our fixtures and plain parameters from what a suite defines."""
    home = f"{code.__module__}.{code.__qualname__}"
    return home == _OURS.get(name) or (name in parameters and home.startswith("_pytest."))
