"""Proves that no line of an answer or a hidden test is in what is public."""

from __future__ import annotations

import bisect
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbjudge.authoring.documents import Passage, files_below, passages
from nbjudge.authoring.secret_lines import secret_lines, without_spaces
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
    leaks = [
        leak
        for file in files
        for leak in _leaks(file, _shown(course, file), _held_against(file, named, secrets))
    ]
    return Audit(secrets=len(secrets), files=len(files), leaks=tuple(dict.fromkeys(leaks)))


def _held_against(
    file: Path, named: Collection[Path], secrets: Mapping[str, str]
) -> Mapping[str, str]:
    """Return the secrets that a file must not hold.

    A download of solutions, where somebody names it, may hold answers and nothing else of
    what is secret; in a folder that is public it is a leak like any other.
    """
    if file not in named or not is_download(file.read_bytes()):
        return secrets
    return {line: where for line, where in secrets.items() if not is_in_downloads(where)}


def _existing(path: Path) -> Path:
    if not path.exists():
        raise UserError("There is nothing to audit here.", context=str(path))
    return path.resolve()


def _shown(course: Course, path: Path) -> str:
    return str(path.relative_to(course.root) if path.is_relative_to(course.root) else path)


def _leaks(file: Path, name: str, secrets: Mapping[str, str]) -> Iterator[Leak]:
    """Each secret once per cell or member, at its most precise place."""
    found: dict[tuple[str, str], Leak] = {}
    for passage in passages(name, file.read_bytes()):
        dense = without_spaces(passage.text)
        for line, where in secrets.items():
            at = dense.find(line)
            if at >= 0 and (passage.place, where) not in found:
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
