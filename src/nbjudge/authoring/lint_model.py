"""One thing that a lesson lacks."""

from __future__ import annotations

from dataclasses import dataclass

from nbjudge.errors import UserError


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What is lacking, where, and how to cure it."""

    place: str
    """`course/<slug>.md, line 12`."""
    message: str
    hint: str


def finding_of(error: UserError) -> Finding:
    """Turn a broken rule of the build into a finding."""
    return Finding(place=error.context, message=error.message, hint=error.hint)
