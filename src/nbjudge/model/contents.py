"""What a course says of itself beside its lessons: a syllabus and a glossary.

Both are files of `course/` that may be missing. They name sections of lessons by
their headings; whether a lesson has these is `nbjudge lint`'s to say, so that an
author can rename a heading without breaking the build.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from nbjudge.errors import UserError

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One thing that the course promises to teach."""

    text: str
    sections: tuple[str, ...] = ()
    """Headings of the topic's lesson, in lower case, words joined by hyphens."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """One lesson of the syllabus, written or not."""

    number: str
    """Of the syllabus: `1.4`."""
    title: str
    lesson: str
    """Its slug."""
    points: tuple[Point, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A word of the course, and where it is defined."""

    name: str
    text: str
    """What it means, in one or two sentences of Markdown."""
    lesson: str
    """The slug of the lesson that defines it."""
    section: str
    """The heading below which it stands in bold, in lower case, words joined by hyphens."""
    also: tuple[str, ...] = ()
    """Other names of the same thing."""


def load_syllabus(root: Path) -> tuple[Topic, ...]:
    """Read `course/syllabus.toml`; () if the course has none.

    Raises:
        UserError: If it breaks a rule; says where.
    """
    return _load(root / "course" / "syllabus.toml", "topics", _topic, key="lesson")


def load_glossary(root: Path) -> tuple[Term, ...]:
    """Read `course/glossary.toml`; () if the course has none.

    Raises:
        UserError: If it breaks a rule; says where.
    """
    return _load(root / "course" / "glossary.toml", "terms", _term, key="name")


def _load(
    path: Path, table: str, make: Callable[[dict[str, Any]], _T], *, key: str
) -> tuple[_T, ...]:
    """Read the entries of one table; no two have the same `key`."""
    if not path.exists():
        return ()
    try:
        items = tomllib.loads(path.read_text(encoding="utf-8")).get(table, [])
        if not all(isinstance(item, dict) for item in items):
            raise ValueError(f"{table} must be a list of tables; got {items!r}")
        made = tuple(map(make, items))
    except KeyError as error:
        raise UserError(
            f"An entry of {path.name} lacks {error.args[0]!r}.", context=str(path)
        ) from None
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise UserError(f"{path.name} cannot be read: {error}", context=str(path)) from None
    keys = [str(item[key]).lower() for item in items]
    for name in keys:
        if keys.count(name) > 1:
            raise UserError(f"{path.name} lists {name!r} twice.", context=str(path))
    return made


def _topic(item: dict[str, Any]) -> Topic:
    return Topic(
        number=str(item["number"]),
        title=str(item["title"]),
        lesson=str(item["lesson"]),
        points=tuple(
            Point(text=str(point["text"]), sections=_strings(point, "sections"))
            for point in item["points"]
        ),
    )


def _term(item: dict[str, Any]) -> Term:
    return Term(
        name=str(item["name"]),
        text=str(item["text"]),
        lesson=str(item["lesson"]),
        section=str(item["section"]),
        also=_strings(item, "also"),
    )


def _strings(item: dict[str, Any], key: str) -> tuple[str, ...]:
    value = item.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ValueError(f"{key} must be a list of strings; got {value!r}")
    return tuple(value)
