"""Proves that no line of an answer or a hidden test is in what is public."""

from __future__ import annotations

import bisect
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbjudge.authoring.documents import Passage, files_below, passages
from nbjudge.authoring.secret_lines import SHORTEST, secret_lines, without_spaces
from nbjudge.authoring.solutions_download import is_download, is_in_downloads
from nbjudge.errors import UserError
from nbjudge.model import Course

PUBLIC = ("course", "release", "src/nbjudge", "docs", "README.md", "CONTRIBUTING.md")
"""What may reach a student, relative to the course; what is missing is left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leak:
    """A secret line in a public place."""

    place: str
    secret: str
    """Where the line belongs: its file and line, never the line itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """What was compared, and what leaked."""

    secrets: int
    files: int
    leaks: tuple[Leak, ...]


def audit(course: Course, paths: Sequence[Path] = ()) -> Audit:
    """Search everything public, and `paths`, for secret lines.

    Args:
        course: The course.
        paths: Files, folders or archives to search as well.

    Raises:
        UserError: If a path does not exist, or there is nothing to compare: an audit
            that cannot fail proves nothing.
    """
    secrets = secret_lines(course)
    if not secrets:
        raise UserError(
            "There is no secret line to look for.",
            context=str(course.root),
            hint="run this where solutions/ and grader_tests/ are.",
        )
    public = [course.root / name for name in PUBLIC if (course.root / name).exists()]
    files = [file for path in [*public, *map(_existing, paths)] for file in files_below(path)]
    named = {file for path in map(_existing, paths) for file in files_below(path)}
    by_start = _by_start(secrets)
    leaks = [
        leak
        for file in files
        for leak in _leaks(file, _shown(course, file), by_start)
        if not _may_hold(file, named, leak)
    ]
    return Audit(secrets=len(secrets), files=len(files), leaks=tuple(dict.fromkeys(leaks)))


def _may_hold(file: Path, named: Collection[Path], leak: Leak) -> bool:
    """Say whether a secret is where it belongs.

    A download of solutions, where somebody names it, may hold answers and nothing else of
    what is secret; in a folder that is public it is a leak like any other.
    """
    return file in named and is_in_downloads(leak.secret) and is_download(file.read_bytes())


def _by_start(secrets: Mapping[str, str]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Group secrets by how they begin: a place in a text is looked up, not each secret in it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line, where in secrets.items():
        found.setdefault(line[:SHORTEST], []).append((line, where))
    return found


def _existing(path: Path) -> Path:
    if not path.exists():
        raise UserError("There is nothing to audit here.", context=str(path))
    return path.resolve()


def _shown(course: Course, path: Path) -> str:
    return str(path.relative_to(course.root) if path.is_relative_to(course.root) else path)


def _leaks(
    file: Path, name: str, by_start: Mapping[str, Sequence[tuple[str, str]]]
) -> Iterator[Leak]:
    """Each secret once per cell or member, at its most precise place."""
    found: dict[tuple[str, str], Leak] = {}
    for passage in passages(name, file.read_bytes()):
        dense = without_spaces(passage.text)
        for at in range(len(dense) - SHORTEST + 1):
            for line, where in by_start.get(dense[at : at + SHORTEST], ()):
                if dense.startswith(line, at) and (passage.place, where) not in found:
                    place = _place(passage, at)
                    found[passage.place, where] = Leak(place=place, secret=where)
    yield from found.values()


def _place(passage: Passage, at: int) -> str:
    if not passage.has_lines:
        return passage.place
    ends, length = [], 0
    for line in passage.text.split("\n"):
        length += len(without_spaces(line))
        ends.append(length)
    return f"{passage.place}, line {bisect.bisect_right(ends, at) + 1}"
