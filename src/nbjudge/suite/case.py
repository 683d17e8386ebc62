"""A case of a hidden suite, as its marks declare it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from nbjudge.errors import LessonError
from nbjudge.model import Limits

MARKERS = (
    "weight(n): what this case counts, relative to the others; default 1",
    "property: pays only once a hidden case without this mark has passed",
    "public(**options): recorded with fixed arguments as a public probe; learners see its input",
    "limits(**values): other limits than the default, e.g. limits(call_cpu_s=10)",
)


_CASE: pytest.StashKey[CaseInfo] = pytest.StashKey()


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseInfo:
    """What is known about a case before it runs."""

    id: str
    """`test_function[parameters]`, unique within the suite."""
    exercise: str
    title: str
    """First line of the test's docstring: the kind of input. Learners see it, of hidden cases
    too, so it names no hidden value; whatever else there is to say goes below it."""
    weight: float
    is_property: bool
    is_public: bool
    public_options: Mapping[str, Any]
    limits: Mapping[str, Any]
    is_random: bool = True
    """Its inputs may differ from round to round."""

    @property
    def key(self) -> str:
        """Unique within the lesson: `layer_norm::test_worked_example`."""
        return f"{self.exercise}::{self.id}"

    @property
    def kind(self) -> str:
        """The kind of input, for the learner, until a check says it more exactly."""
        return self.title.rstrip(".")

    def apply(self, limits: Limits) -> Limits:
        """Return `limits` with the suite's overrides.

        Raises:
            LessonError: If the suite names a limit that does not exist.
        """
        try:
            return replace(limits, **self.limits)
        except (TypeError, ValueError) as error:
            raise LessonError(
                f"Case {self.id} sets an impossible limit: {error}.",
                hint="the limits are the fields of nbjudge.model.Limits.",
            ) from None


def describe_case(item: pytest.Item) -> CaseInfo:
    """Read a collected item's name, docstring and marks; once.

    Raises:
        LessonError: If a weight is no positive number.
    """
    known = item.stash.get(_CASE, None)
    if known is None:
        known = item.stash[_CASE] = _described(item)
    return known


def _described(item: pytest.Item) -> CaseInfo:
    weight = _first_argument(item, "weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not weight > 0:
        raise LessonError(
            f"The weight of case {item.name} must be a positive number; got {weight!r}.",
            context=str(item.path),
        )
    public = item.get_closest_marker("public")
    limits: dict[str, Any] = {}
    for mark in reversed(list(item.iter_markers("limits"))):
        limits.update(mark.kwargs)
    function = getattr(item, "function", None)
    lines = (function.__doc__ or "").strip().splitlines() if function else []
    return CaseInfo(
        id=item.name,
        exercise=item.path.stem.removeprefix("test_"),
        title=lines[0] if lines else item.name,
        weight=float(weight),
        is_property=item.get_closest_marker("property") is not None,
        is_public=public is not None,
        public_options=dict(public.kwargs) if public else {},
        limits=limits,
        is_random="rng" in getattr(item, "fixturenames", ())
        or hasattr(function, "is_hypothesis_test"),
    )


def _first_argument(item: pytest.Item, name: str, default: Any) -> Any:
    mark = item.get_closest_marker(name)
    return mark.args[0] if mark is not None and mark.args else default
