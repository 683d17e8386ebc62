"""Take an answer of several entries apart, so that each can be compared by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from nbjudge.naming.values import arrays_in


class Missing:
    """Stands for an entry that the learner's answer does not have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry of an answer, beside the right one."""

    path: str
    """How to reach it: `result[1]["dx"]`."""
    got: object
    right: object


def has_entries(got: object, right: object) -> bool:
    """Say whether two answers are tuples, lists or dicts that can be compared by entry.

    They hold arrays, or are tuples or dicts of numbers with digits behind the point; a shape is
    read as a whole. A tuple of another length has no entries in common: nobody knows which is
    missing.
    """
    if type(got) is not type(right) or not (arrays_in(right) or _has_fractions(right)):
        return False
    if isinstance(right, (tuple, list)) and isinstance(got, (tuple, list)):
        return len(got) == len(right)
    return isinstance(right, dict)


def entries_of(got: object, right: object, path: str = "result") -> Iterator[Entry]:
    """Give every entry in the order of the right answer, those of entries too."""
    if not has_entries(got, right):
        yield Entry(path=path, got=got, right=right)
    elif isinstance(right, dict) and isinstance(got, dict):
        for key, value in right.items():
            yield from entries_of(got.get(key, Missing()), value, f"{path}[{_quoted(key)}]")
    elif isinstance(right, (tuple, list)) and isinstance(got, (tuple, list)):
        for index, (own, value) in enumerate(zip(got, right, strict=True)):
            yield from entries_of(own, value, f"{path}[{index}]")


def _has_fractions(value: object) -> bool:
    entries = value.values() if isinstance(value, dict) else value
    if not isinstance(value, (dict, tuple)) or not isinstance(entries, Iterable):
        return False
    return any(isinstance(entry, (float, np.floating)) for entry in entries)


def unasked(got: object, right: object) -> list[str]:
    """Name the keys of a dict that the right answer does not have."""
    if not isinstance(got, dict) or not isinstance(right, dict):
        return []
    return [_quoted(key) for key in got if key not in right]


def _quoted(key: object) -> str:
    return f'"{key}"' if isinstance(key, str) else repr(key)
